// Adam, Kingma & Ba 2015, arXiv:1412.6980, algorithm 1, in the form Keras uses:
//   αₜ = α·√(1 − β₂ᵗ)/(1 − β₁ᵗ),  θ ← θ − αₜ·m/(√v + ε).
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "train/simd.h"

namespace handful::train {

struct AdamSettings {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-7;
};

// What one step does to a parameter and its two moments, given its gradient. `step` counts from 1.
class AdamStep {
 public:
  AdamStep(const AdamSettings& settings, int64_t step)
      : rate_(static_cast<float>(settings.learning_rate *
                                 std::sqrt(1.0 - std::pow(settings.beta2, static_cast<double>(step))) /
                                 (1.0 - std::pow(settings.beta1, static_cast<double>(step))))),
        fade1_(1.0F - static_cast<float>(settings.beta1)),
        fade2_(1.0F - static_cast<float>(settings.beta2)),
        epsilon_(static_cast<float>(settings.epsilon)) {}

  // Four parameters at once. (Of a local copy the constants stay in registers: what is stored cannot alias them.)
  void Update(F4 gradient, float* parameter, float* moment1, float* moment2) const {
    F4 m = Load(moment1);
    F4 v = Load(moment2);
    m += (gradient - m) * fade1_;
    v += (gradient * gradient - v) * fade2_;
    Store(moment1, m);
    Store(moment2, v);
    Store(parameter, Load(parameter) - rate_ * m / (SquareRoot(v) + epsilon_));
  }

  void Update(float gradient, float* parameter, float* moment1, float* moment2) const {
    *moment1 += (gradient - *moment1) * fade1_;
    *moment2 += (gradient * gradient - *moment2) * fade2_;
    *parameter -= rate_ * *moment1 / (std::sqrt(*moment2) + epsilon_);
  }

 private:
  float rate_, fade1_, fade2_, epsilon_;
};

// A parameter tensor with its two moments.
struct AdamParameter {
  AdamParameter() = default;
  explicit AdamParameter(size_t size) : value(size), moment1(size), moment2(size) {}

  void Update(const AdamStep& step, std::span<const float> gradient) {
    size_t i = 0;
    for (; i + 4 <= value.size(); i += 4) step.Update(Load(gradient.data() + i), &value[i], &moment1[i], &moment2[i]);
    for (; i < value.size(); ++i) step.Update(gradient[i], &value[i], &moment1[i], &moment2[i]);
  }

  std::vector<float> value, moment1, moment2;
};

}  // namespace handful::train
