// Altered copies of a training picture: mirrored, turned, enlarged or shrunk, lighter or darker, of another tint.
//
// One affine map with bilinear filtering, what lies outside repeating the edge, and one 3 × 3 matrix on the colours;
// both in whole numbers, so that the same seed gives the same bytes on every platform.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "image/image.h"

namespace handful::image {

// How much at most; each copy draws its own amounts, evenly. All zero: the picture itself.
struct AugmentSettings {
  bool flip = false;          // half of the copies are mirrored, left to right
  double rotate_degrees = 0;  // either way, about the centre; 0 … 180
  double zoom = 0;            // part of the side, either way; 0 … 0.9
  double light = 0;           // part of the contrast, and of half the brightness range, either way; 0 … 1
  // part of the saturation, either way, and a quarter as much warmer or cooler, greener or pinker; 0 … 1
  double color = 0;
  bool invert = false;  // half of the copies are negatives: for things that stand dark before light one day, light
                        // before dark another
};

// `square` is RGB8. Errors: not square, settings out of range, too little memory.
Result<Image> Augment(const Image& square, const AugmentSettings& settings, uint64_t seed);

}  // namespace handful::image
