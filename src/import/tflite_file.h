// A TensorFlow Lite file (tensorflow/lite/schema/schema.fbs, version 3) as it stands: tensors and operators of its one
// subgraph. Names and data point into the file's bytes, which must outlive this.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "nn/model.h"

namespace handful::importers {

// By their numbers in the schema.
enum class TfliteType : uint8_t { kFloat32 = 0, kInt32 = 2, kUint8 = 3, kInt8 = 9 };
enum class TfliteOp : uint32_t {
  kAdd = 0,
  kAveragePool2D = 1,
  kConv2D = 3,
  kDepthwiseConv2D = 4,
  kFullyConnected = 9,
  kMaxPool2D = 17,
  kReshape = 22,
  kSoftmax = 25,
  kMean = 40,
  kQuantize = 114,
};

struct TfliteTensor {
  std::string_view name;
  std::vector<int32_t> shape;  // each ≥ 1
  TfliteType type = TfliteType::kFloat32;
  std::span<const uint8_t> data;    // of a constant: all of it, little-endian; else empty
  std::vector<float> scale;         // empty: not quantised; one, or one for each index of `dimension`
  std::vector<int32_t> zero_point;  // as many
  int32_t dimension = 0;
  size_t elements = 0;  // product(shape)
};

struct TfliteOperator {
  TfliteOp code = TfliteOp::kAdd;
  std::vector<int32_t> inputs;  // tensors; −1: left out
  int32_t output = 0;
  // Of its options, those that it has.
  bool is_same = false;  // padding SAME, else VALID
  int stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1;
  int filter_h = 1, filter_w = 1, depth_multiplier = 1;
  int activation = 0;  // 0 none, 1 ReLU, 3 ReLU6
  float beta = 1;
};

struct TfliteFile {
  std::vector<TfliteTensor> tensors;
  std::vector<TfliteOperator> operators;  // in the order in which they run
  int32_t input = 0, output = 0;
  nn::Facts facts;  // the metadata buffer "handful"; empty where there is none
};

bool LooksLikeTflite(std::span<const uint8_t> bytes);

// Errors say what is wrong with which tensor or operator, or at which byte. Weights behind the FlatBuffer (large files)
// are refused.
Result<TfliteFile> ReadTfliteFile(std::span<const uint8_t> bytes);

}  // namespace handful::importers
