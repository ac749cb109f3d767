// A TensorFlow Lite model as plain structs, and its FlatBuffer.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "export/tflite_schema.h"

namespace handful::exporters::tflite {

// value = scale × (stored − zero point); one for all, or one for each index of dimension `dimension`.
struct Quantization {
  std::vector<float> scale;  // empty: it is not quantised
  std::vector<int64_t> zero_point;
  int32_t dimension = 0;
};

struct Tensor {
  std::string name;
  std::vector<int32_t> shape;
  TensorType type = TensorType::kFloat32;
  std::vector<uint8_t> data = {};  // of a constant, little-endian; empty: it is computed
  Quantization quantization = {};
};

// A field of an operator's options.
struct Option {
  int field = 0;
  enum class Type { kByte, kInt, kFloat } type = Type::kInt;
  float value = 0;
};

struct Operator {
  BuiltinOperator code = BuiltinOperator::kAdd;
  int version = 1;                       // of the operator: what its types need
  std::vector<int32_t> inputs, outputs;  // tensors; −1: none
  BuiltinOptions options_type = BuiltinOptions::kNone;
  std::vector<Option> options = {};
};

struct Model {
  std::string description;
  std::vector<Tensor> tensors;
  std::vector<Operator> operators;  // in the order in which they run
  int32_t input = 0, output = 0;
  std::map<std::string, std::vector<uint8_t>> metadata;
};

std::vector<uint8_t> Serialize(const Model& model);

}  // namespace handful::exporters::tflite
