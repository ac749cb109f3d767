// Feature vectors with their labels: what a head learns from.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace handful::train {

struct Dataset {
  size_t dim = 0;                     // numbers a sample
  std::vector<float> features;        // samples × dim
  std::vector<int> labels;            // index into classes
  std::vector<std::string> groups;    // capture session of each sample; "" for none
  std::vector<std::string> classes;

  size_t size() const { return labels.size(); }
  std::span<const float> row(size_t i) const { return {features.data() + i * dim, dim}; }
};

}  // namespace handful::train
