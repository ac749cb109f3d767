// Resampling of RGB8, the same bits on every platform.
//
// The filter is antialiased bilinear: a triangle whose base is two source pixels when enlarging, two target pixels when
// shrinking (Pillow's BILINEAR, torchvision's antialias=True). What is more than four times too large is first averaged
// in boxes of k × k, k the largest integer that leaves at least twice the target (Pillow's reducing_gap=2).
// Boxes are integer arithmetic; the rest is stb_image_resize2's scalar code without fused multiply-adds.
#pragma once

#include <cstdint>

#include "base/status.h"

namespace handful::image {

// A rectangle of RGB8 pixels inside a larger picture.
struct SourceRgb8 {
  const uint8_t* pixels;  // the rectangle's first pixel
  int width, height;
  int64_t row_bytes;  // from one row to the next
};
struct TargetRgb8 {
  uint8_t* pixels;
  int width, height;
  int64_t row_bytes;
};

Status Resize(const SourceRgb8& source, const TargetRgb8& target);

}  // namespace handful::image
