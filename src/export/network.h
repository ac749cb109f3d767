// A model as every target sees it: one list of layers from pixels to logits, with their weights. Each writer is a view
// of it; it knows operations, not networks, so that another network exports without new code.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "nn/fold.h"
#include "nn/graph.h"
#include "nn/model.h"

namespace handful::exporters {

struct Layer {
  nn::Operation operation;
  std::vector<nn::Shape> inputs;  // as many as operation.inputs
  nn::Shape output;
  nn::LayerWeights folded;  // empty where it has no kernel; BatchNorm is in it
};

struct Network {
  nn::Shape input;            // of a tensor (H,W,C) whose values are pixel × model.input_range
  std::vector<Layer> layers;  // in the order in which they run; the last gives logits, one a class: softmax follows

  // The layer of that name; null: it is nn::kInput.
  const Layer* Find(const std::string& name) const;
  // How many layers read that layer's output.
  int Readers(const std::string& name) const;
};

// Errors: it is a backbone, which answers nothing; it wants a backbone that is not inside; its tensors do not fit.
Result<Network> NetworkOf(const nn::Model& model);

}  // namespace handful::exporters
