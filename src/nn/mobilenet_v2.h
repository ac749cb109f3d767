// MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381) at width α = 0.35, as Keras Applications builds it: 224 × 224 × 3
// in, 1280 features out.
#pragma once

#include "nn/graph.h"

namespace handful::nn {

inline constexpr float kAlpha = 0.35F;  // the width multiplier
inline constexpr int kMobileNetSide = 224;
inline constexpr int kMobileNetFeatures = 1280;

// Layers bear their Keras names; ReLU6 is part of the convolution before ("Conv1" is Conv1_relu's output). The last one
// is "global_average_pooling2d". Its 260 tensors come in Keras' layer order.
Graph MobileNetV2Graph();

}  // namespace handful::nn
