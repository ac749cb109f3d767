// Feature vectors with their labels: what a head learns from.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace handful::train {

// `count` floats that several owners may hold; nobody changes them.
using FeatureRow = std::shared_ptr<const float[]>;

inline FeatureRow MakeFeatureRow(std::span<const float> values) {
  std::shared_ptr<float[]> row = std::make_shared<float[]>(values.size());
  std::copy(values.begin(), values.end(), row.get());
  return row;
}

// Cheap to copy: the numbers are shared, so that samples may come and go while a training holds a copy of its own.
struct Dataset {
  size_t dim = 0;                   // numbers a sample
  std::vector<FeatureRow> rows;     // a sample: dim floats
  std::vector<int> labels;          // index into classes
  std::vector<std::string> groups;  // capture session of each sample; "" for none
  std::vector<std::string> classes;

  // Features of augmented copies, for the training part only. One entry a sample: copies_per_sample × dim floats, or
  // null where there are none (yet); the vector may also be shorter than `rows`.
  std::vector<FeatureRow> copies;
  size_t copies_per_sample = 0;

  size_t size() const { return labels.size(); }
  std::span<const float> row(size_t i) const { return {rows[i].get(), dim}; }
  size_t copies_of(size_t i) const { return i < copies.size() && copies[i] != nullptr ? copies_per_sample : 0; }
  std::span<const float> copy(size_t i, size_t c) const { return {copies[i].get() + c * dim, dim}; }
};

}  // namespace handful::train
