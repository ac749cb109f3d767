// MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381) at width α = 0.35, as Keras Applications builds it: 224 × 224 × 3 in, 1280
// features out. Inference only; BatchNorm is folded into the convolutions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "nn/net.h"
#include "nn/tensor_file.h"

namespace handful::nn {

inline constexpr float kAlpha = 0.35F;  // the width multiplier
inline constexpr int kMobileNetSide = 224;
inline constexpr int kMobileNetFeatures = 1280;

struct TensorSpec {
  std::string name;  // "<Keras layer>/<weight>", e.g. "block_1_expand_BN/gamma"
  std::vector<int64_t> shape;
};

// The backbone's tensors in Keras layer order (260 of them): each convolution's kernel, then its BatchNorm's gamma, beta,
// moving_mean, moving_variance.
std::vector<TensorSpec> BackboneTensorSpecs();

// Layers bear their Keras names; a folded BatchNorm and ReLU6 are part of the convolution before ("Conv1" is Conv1_relu's output).
// The last layer is "global_average_pooling2d", 1280 features.
Result<Net> BuildMobileNetV2(const TensorFile& weights, bool keep_activations = false);

}  // namespace handful::nn
