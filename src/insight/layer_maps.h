// A layer's activation maps, or a convolution's filters, as one picture: tiles side by side.
#pragma once

#include <cstdint>
#include <vector>

#include "nn/inspect.h"

namespace handful::insight {

struct Sheet {
  int width = 0, height = 0;   // px
  int shown = 0;               // tiles
  int columns = 0;             // tiles in a row
  std::vector<uint8_t> rgba8;  // between tiles it is transparent
};

// At most `most` maps, those that vary most, in the order of their channels. All have one scale: black is 0, towards
// white it is positive, towards blue negative; the strongest half percent of the layer's values is cut off. A layer of
// 1 × 1 outputs becomes rows of cells, all of them.
Sheet MapSheet(const nn::LayerOutput& layer, int most);

// Filters of three inputs as colours, others as grey; mid-grey is 0, all have one scale.
Sheet FilterSheet(const nn::Filters& filters);

}  // namespace handful::insight
