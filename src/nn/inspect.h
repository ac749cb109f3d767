// Under the hood: what the first layer looks for, what every layer makes of one picture, and how long it takes.
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
  double ms = 0;  // mean over the faster half of several runs: clocks of browsers are coarse, and machines have other things to do
  std::vector<float> values;  // H × W × C
};

// The kernel of a convolution.
struct Filters {
  std::string name;
  int height = 0, width = 0, inputs = 0, outputs = 0;
  std::vector<float> values;  // H × W × inputs × outputs
};

// `square` is side × side. A model that has no backbone of its own wants `backbone`'s weights; else that may be null.
// The layers come in the order in which they run, the head's after the backbone's; the last are logits.
Result<std::vector<LayerOutput>> InspectLayers(const Model& model, const TensorFile* backbone, const image::Image& square);

// Those of the layer that sees the pixels. `backbone` as above.
Result<Filters> FirstFilters(const Model& model, const TensorFile* backbone);

}  // namespace handful::nn
