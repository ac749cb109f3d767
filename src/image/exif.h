// The orientation tag of an EXIF block (EXIF 2.32, TIFF 6.0): the one thing in it that changes what a picture shows.
#pragma once

#include <cstdint>
#include <span>

namespace handful::image {

// 1 to 8; 1 where the block has no such tag or is damaged. `tiff` begins with "II*\0" or "MM\0*".
int ExifOrientation(std::span<const uint8_t> tiff);

}  // namespace handful::image
