#include "insight/neighbours.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace handful::insight {
namespace {

constexpr size_t kPerClass = 3;
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
  const float inverse_norm = InverseNorm(features);
  std::vector<std::vector<float>> similarities(data_.classes.size());
  for (size_t i = 0; i < data_.size(); ++i) {
    similarities[static_cast<size_t>(data_.labels[i])].push_back(Dot(features, data_.row(i)) * inverse_norm *
                                                                 inverse_norms_[i]);
  }
  std::vector<double> means;
  for (std::vector<float>& of_class : similarities) {
    const size_t n = std::min(kPerClass, of_class.size());
    std::ranges::partial_sort(of_class, of_class.begin() + static_cast<ptrdiff_t>(n), std::greater());
    means.push_back(n == 0 ? -1.0
                           : std::accumulate(of_class.begin(), of_class.begin() + static_cast<ptrdiff_t>(n), 0.0) /
                                 static_cast<double>(n));
  }
  const double greatest = means.empty() ? 0 : *std::ranges::max_element(means);
  std::vector<float> probabilities;
  double total = 0;
  for (const double mean : means) {
    probabilities.push_back(static_cast<float>(std::exp((mean - greatest) / kTemperature)));
    total += probabilities.back();
  }
  for (float& p : probabilities) p = static_cast<float>(p / total);
  return probabilities;
}

}  // namespace handful::insight
