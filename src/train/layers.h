// Layers for training, forward and backward side by side, in the manner of llm.c: flat arrays, shapes in the comments.
// B pictures a batch, I inputs, U units. Gradients are written, not accumulated, unless said otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/rng.h"

namespace handful::train {

// out (B,U) = in (B,I) · kernel (I,U) + bias (U). An empty bias is zero.
void DenseForward(size_t batch, std::span<const float> in, std::span<const float> kernel, std::span<const float> bias,
                  std::span<float> out);
// d_kernel (I,U) = inᵀ · d_out; d_bias (U) = Σ_B d_out; d_in (B,I) = d_out · kernelᵀ, where asked for (not empty).
// `accumulate`: d_kernel and d_bias are added to.
void DenseBackward(size_t batch, std::span<const float> in, std::span<const float> kernel, std::span<const float> d_out,
                   std::span<float> d_kernel, std::span<float> d_bias, std::span<float> d_in, bool accumulate = false);

// values = max(values, 0), in place.
void ReluForward(std::span<float> values);
// gradient = 0 where the layer's output was 0, in place.
void ReluBackward(std::span<const float> out, std::span<float> gradient);

// Inverted dropout (Srivastava et al. 2014): mask = 0 with probability `rate`, else 1/(1 − rate).
void DropoutMask(double rate, Rng& rng, std::span<float> mask);
// values *= mask, in place: dropout forward and backward alike.
void ApplyMask(std::span<const float> mask, std::span<float> values);

// Glorot & Bengio 2010: uniform in ±√(6/(fan_in + fan_out)).
std::vector<float> GlorotUniform(size_t fan_in, size_t fan_out, size_t count, Rng& rng);

struct BatchLoss {
  double loss = 0;  // Σ over the batch of −ln p(label)
  int correct = 0;
};
// Softmax and categorical cross-entropy. logits (B,C) become d_logits = (p − onehot)/B in place where `backward`, else
// p.
BatchLoss SoftmaxCrossEntropy(std::span<float> logits, std::span<const int> labels, bool backward);

}  // namespace handful::train
