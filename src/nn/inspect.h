// Under the hood: what every layer of a model makes of one picture, and how long it takes.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "image/image.h"
#include "nn/model.h"
#include "nn/net.h"

namespace handful::nn {

struct LayerOutput {
  std::string name;
  Shape shape;
  double ms = 0;
  std::vector<float> values;  // H × W × C
};

// `square` is side × side. A model that has no backbone of its own wants `backbone`'s weights; else that may be null.
// The layers come in the order in which they run, the head's after the backbone's; the last are logits.
Result<std::vector<LayerOutput>> InspectLayers(const Model& model, const TensorFile* backbone, const image::Image& square);

}  // namespace handful::nn
