// An ONNX file (onnx.proto, github.com/onnx/onnx) as it stands: nodes, initializers, inputs. Names and numbers point
// into the file's bytes, which must outlive this.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "nn/model.h"

namespace handful::importers {

struct OnnxTensor {
  std::vector<int64_t> dims;               // all ≥ 0
  std::span<const uint8_t> float32_bytes;  // little-endian, product(dims) of them
  size_t size() const { return float32_bytes.size() / sizeof(float); }
  std::vector<float> Values() const;
};

struct OnnxAttribute {
  float number = 0;
  int64_t integer = 0;
  std::vector<int64_t> integers;
  std::string_view text;
};

struct OnnxNode {
  std::string_view op_type, name;
  std::vector<std::string_view> inputs, outputs;
  std::map<std::string_view, OnnxAttribute> attributes;
};

struct OnnxInput {
  std::string_view name;
  std::vector<int64_t> dims;  // -1 where it is left open
};

struct OnnxFile {
  int64_t opset = 0;  // of the standard's operators
  std::vector<OnnxNode> nodes;
  std::map<std::string_view, OnnxTensor> initializers;  // those of float32
  size_t elements = 0;                                  // of all of them
  std::vector<OnnxInput> inputs;                        // initializers may be among them
  std::vector<std::string_view> outputs;
  nn::Facts metadata;
};

// Whether its first fields are those of an ONNX model.
bool LooksLikeOnnx(std::span<const uint8_t> bytes);

// Errors say which message is cut short at which byte, or which tensor is not within the file, of another type or
// larger than its bytes. Subgraphs and weights in other files are refused.
Result<OnnxFile> ReadOnnxFile(std::span<const uint8_t> bytes);

}  // namespace handful::importers
