// The write-up's CNN: Conv 6@3×3 → MaxPool 2×2 → Conv 16@4×4 → MaxPool 4×4 s2 → Conv 16@5×5 → MaxPool 2×2 → Flatten →
// Dense 256 → Dense 128 → Dense n. All SAME, ReLU between. Other sizes of input and other dense layers run too: they are
// read off the weights.
#pragma once

#include <vector>

#include "base/status.h"
#include "nn/model.h"
#include "nn/net.h"

namespace handful::nn {

// A convolution with ReLU and the max pooling after it.
struct CnnStage {
  int kernel, filters;
  int pool_size, pool_stride;
};
inline constexpr CnnStage kCnnStages[] = {{3, 6, 2, 2}, {4, 16, 4, 2}, {5, 16, 2, 2}};

// Shape of the feature maps that are flattened into the first dense layer.
Shape CnnFeatureShape(int input_side);

// Layers "conv1", "pool1", … "dense1", …, "output" (logits).
Result<Net> BuildFingerCnn(const Model& model, bool keep_activations = false);

}  // namespace handful::nn
