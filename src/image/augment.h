// Altered copies of a training picture.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "image/image.h"

namespace handful::image {

struct AugmentSettings {
  bool flip = false;         // half of the copies are mirrored
  double rotate_degrees = 0; // at most, either way
  double zoom = 0;           // part of the side, either way
  double light = 0;          // part of brightness and contrast, either way
  double color = 0;          // part of saturation and tint, either way
};

// `square` is RGB8. The same seed gives the same bytes on every platform.
Result<Image> Augment(const Image& square, const AugmentSettings& settings, uint64_t seed);

}  // namespace handful::image
