#include "insight/neighbours.h"

#include <algorithm>
#include <cmath>

namespace handful::insight {
namespace {

constexpr size_t kNeighbours = 9;
constexpr double kTemperature = 0.03;  // cosines of alike pictures lie within a few hundredths
constexpr int kLeastPerClass = 2;

float Dot(std::span<const float> a, std::span<const float> b) {
  constexpr size_t kLanes = 8;
  float sums[kLanes] = {};
  size_t i = 0;
  for (; i + kLanes <= a.size(); i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  float sum = 0;
  for (const float s : sums) sum += s;
  for (; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

float InverseNorm(std::span<const float> a) {
  const float square = Dot(a, a);
  return square > 0 ? 1.0F / std::sqrt(square) : 0.0F;
}

}  // namespace

Neighbours::Neighbours(train::Dataset data) : data_(std::move(data)) {
  std::vector<int> per_class(data_.classes.size(), 0);
  for (size_t i = 0; i < data_.size(); ++i) {
    inverse_norms_.push_back(InverseNorm(data_.row(i)));
    ++per_class[static_cast<size_t>(data_.labels[i])];
  }
  can_answer_ = per_class.size() >= 2 && std::ranges::all_of(per_class, [](int n) { return n >= kLeastPerClass; });
}

std::vector<float> Neighbours::Classify(std::span<const float> features) const {
  struct Vote {
    float similarity = 0;
    int label = 0;
  };
  const float inverse_norm = InverseNorm(features);
  std::vector<Vote> votes(data_.size());
  for (size_t i = 0; i < data_.size(); ++i) {
    votes[i] = {Dot(features, data_.row(i)) * inverse_norm * inverse_norms_[i], data_.labels[i]};
  }
  const size_t k = std::min(kNeighbours, votes.size());
  std::ranges::partial_sort(votes, votes.begin() + static_cast<ptrdiff_t>(k),
                            [](const Vote& a, const Vote& b) { return a.similarity > b.similarity; });
  std::vector<float> probabilities(data_.classes.size(), 0.0F);
  double total = 0;
  for (size_t i = 0; i < k; ++i) {
    const double weight = std::exp((votes[i].similarity - votes[0].similarity) / kTemperature);
    probabilities[static_cast<size_t>(votes[i].label)] += static_cast<float>(weight);
    total += weight;
  }
  for (float& p : probabilities) p = total > 0 ? static_cast<float>(p / total) : 0;
  return probabilities;
}

}  // namespace handful::insight
