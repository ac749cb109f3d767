// Named float32 tensors and their metadata: what every weight container is read into.
// The container of Handful's own is safetensors (huggingface/safetensors, format description in its README).
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"

namespace handful::nn {

struct NamedTensor {
  std::string name;
  std::vector<int64_t> shape;  // empty for a scalar
  std::vector<float> values;   // product(shape) of them, row-major
};

enum class StorageType { kFloat32, kFloat16 };

struct TensorFile {
  std::vector<NamedTensor> tensors;             // in the order of the file
  std::map<std::string, std::string> metadata;  // free strings
  // Whether the file's data section is these tensors' float32 numbers one after the other and nothing else.
  bool is_plain_float32 = false;

  const NamedTensor* Find(const std::string& name) const;
  // The tensor of that name, or an error if it is missing, has another shape or holds a NaN or infinity.
  Result<const NamedTensor*> Get(const std::string& name, std::span<const int64_t> shape) const;
};

// Reads F32, F16 and BF16. Every offset, shape and length is checked against the bytes before it is used.
Result<TensorFile> ReadSafetensors(std::span<const uint8_t> bytes);
std::vector<uint8_t> WriteSafetensors(const TensorFile& file, StorageType type = StorageType::kFloat32);

// IEEE 754 binary16.
float HalfToFloat(uint16_t half);

bool LooksLikeSafetensors(std::span<const uint8_t> bytes);

}  // namespace handful::nn
