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
  double ms = 0;  // mean over the faster half of several runs: clocks of browsers are coarse, and machines have other
                  // things to do
  std::vector<float> values;  // H × W × C
};

// The kernel of a convolution.
struct Filters {
  std::string name;
  int height = 0, width = 0, inputs = 0, outputs = 0;
  std::vector<float> values;  // H × W × inputs × outputs
};

// A model built once more, this time so that it keeps every activation: some 10 MB and 40 ms for MobileNetV2, so keep
// it while the same model is looked at. Its weights may go afterwards.
class Inspector {
 public:
  // A model that wants a backbone runs on `backbone`'s weights; else that may be null.
  static Result<Inspector> Create(const Model& model, const TensorFile* backbone);

  // `square` is side × side. The layers come in the order in which they run, the head's after the backbone's; the last
  // are logits, or a backbone's features.
  Result<std::vector<LayerOutput>> Layers(const image::Image& square, const image::InputRange& range);
  // Those of the layer that sees the pixels.
  const Filters& filters() const { return filters_; }

 private:
  int side_ = 0;
  std::vector<Net> nets_;  // the second runs on what the first gives
  Filters filters_;
};

}  // namespace handful::nn
