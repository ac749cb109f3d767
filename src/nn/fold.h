// A layer's weights as it computes with them: BatchNorm folded into its kernel and bias.
#pragma once

#include <vector>

#include "base/status.h"
#include "nn/graph.h"
#include "nn/tensor_file.h"

namespace handful::nn {

struct LayerWeights {
  std::vector<float> kernel;  // as Operation says it is stored: HWIO, HWC, (inputs, outputs)
  std::vector<float> bias;    // one an output channel; empty where a kGemm has none
};

// `input`: the shape of what `op`, which has_kernel(), reads. w·s in double, with s = γ/√(σ²+ε) and b = β − μ·s of a
// BatchNorm; else s = 1. Errors name the tensor that is missing, of another shape or no number, or a negative variance.
Result<LayerWeights> FoldedWeights(const Operation& op, const Shape& input, const TensorFile& weights);

}  // namespace handful::nn
