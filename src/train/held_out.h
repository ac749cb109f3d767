// What a training says of the pictures it did not learn from: the one record that its accuracy, the confusions of its
// classes and every later figure are counted from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "nn/tensor_file.h"

namespace handful::train {

struct HeldOut {
  std::vector<int64_t> samples;      // indices into the Dataset; whoever keeps the record puts ids in their place
  std::vector<int> labels;           // their classes as they were when it began
  std::vector<float> probabilities;  // (samples, classes), row-major; a row sums to 1
  int classes = 0;
  // The probabilities are those of the weights that were kept. Else of the last whole epoch's: a network from scratch
  // that is stopped amid an epoch is not looked at once more, since that takes seconds.
  bool of_kept_weights = true;

  std::span<const float> row(size_t i) const {
    const auto n = static_cast<size_t>(classes);
    return std::span<const float>(probabilities).subspan(i * n, n);
  }
  // Another fold's, of the same classes.
  void Append(const HeldOut& other);
};

// How many rows are largest at their label; the first of equals counts.
int RightOf(const HeldOut& record);

// As tensors "probabilities" (samples, classes) and "labels" (samples), with the samples' numbers in the metadata: they
// may be larger than a float holds exactly.
nn::TensorFile ToTensors(const HeldOut& record);
// Errors: not such a file; labels that are no classes; numbers of samples, labels and rows that differ.
Result<HeldOut> HeldOutFromTensors(const nn::TensorFile& file);

}  // namespace handful::train
