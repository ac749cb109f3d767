// From a network as data to one that runs.
#pragma once

#include "base/status.h"
#include "nn/graph.h"
#include "nn/net.h"
#include "nn/tensor_file.h"

namespace handful::nn {

// The layers bear the operations' names. `weights` may go afterwards, and may hold more than the graph wants.
// Errors name the tensor that is missing, of another shape or no number, a negative variance, or an operation that
// reads what does not come before it.
Result<Net> BuildNet(const Graph& graph, const TensorFile& weights, bool keep_activations = false);

}  // namespace handful::nn
