// Adam, Kingma & Ba 2015, arXiv:1412.6980, algorithm 1, in the form Keras uses:
//   αₜ = α·√(1 − β₂ᵗ)/(1 − β₁ᵗ),  θ ← θ − αₜ·m/(√v + ε).
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace handful::train {

struct AdamSettings {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-7;
};

// The two moments of one parameter tensor.
class AdamMoments {
 public:
  explicit AdamMoments(size_t parameters) : m_(parameters), v_(parameters) {}

  // One step. `step` counts from 1.
  void Update(const AdamSettings& settings, int64_t step, std::span<const float> gradient, std::span<float> parameters) {
    const double t = static_cast<double>(step);
    const auto rate = static_cast<float>(settings.learning_rate * std::sqrt(1.0 - std::pow(settings.beta2, t)) /
                                         (1.0 - std::pow(settings.beta1, t)));
    const auto beta1 = static_cast<float>(settings.beta1);
    const auto beta2 = static_cast<float>(settings.beta2);
    const auto epsilon = static_cast<float>(settings.epsilon);
    float* m = m_.data();
    float* v = v_.data();
    for (size_t i = 0; i < parameters.size(); ++i) {
      const float g = gradient[i];
      m[i] += (g - m[i]) * (1.0F - beta1);
      v[i] += (g * g - v[i]) * (1.0F - beta2);
      parameters[i] -= rate * m[i] / (std::sqrt(v[i]) + epsilon);
    }
  }

 private:
  std::vector<float> m_, v_;
};

}  // namespace handful::train
