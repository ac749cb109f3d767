// Whether a Keras model's description computes what one of our networks does: the weights alone do not tell strides,
// padding, activations and what reads what.
#pragma once

#include "base/status.h"
#include "import/json_access.h"
#include "nn/graph.h"

namespace handful::importers {

// Name of a layer that a TensorFlow.js export may begin with: value · scale + offset, as a depthwise convolution of 1
// × 1.
inline constexpr char kRescaleLayer[] = "input_rescale";

// `config`: a Functional or Sequential model as Keras 2, Keras 3 or TensorFlow.js describe it, without models inside.
// Its layers bear the names of `graph`'s operations; Dropout counts as nothing, and so does a kRescaleLayer, whose
// numbers the caller has seen. Errors name the layer, what it says and what it should say.
Status CheckTopology(const Json& config, const nn::Graph& graph);

// Height and width of the pictures that it takes; (0, 0): it does not say.
struct PictureSize {
  uint64_t height = 0, width = 0;
};
PictureSize InputSizeOf(const Json& config);

}  // namespace handful::importers
