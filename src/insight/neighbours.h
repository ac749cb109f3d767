// An answer without training: the most similar samples vote. From two samples a class on it is a useful guess.
#pragma once

#include <span>
#include <vector>

#include "train/dataset.h"

namespace handful::insight {

class Neighbours {
 public:
  explicit Neighbours(train::Dataset data);

  // Whether each of at least two classes has two samples or more.
  bool can_answer() const { return can_answer_; }

  // features: dim floats. One probability a class, summing to 1: the softmax over classes of s̄/kTemperature, s̄ being
  // the mean cosine similarity to the class's kPerClass most similar samples, so that a class with many samples is not
  // favoured.
  std::vector<float> Classify(std::span<const float> features) const;

  const std::vector<std::string>& classes() const { return data_.classes; }

 private:
  train::Dataset data_;
  std::vector<float> inverse_norms_;
  bool can_answer_ = false;
};

}  // namespace handful::insight
