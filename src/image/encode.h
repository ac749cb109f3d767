// Pictures to files: what a project keeps.
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "image/image.h"

namespace handful::image {

// Lossless: Decode gives the same pixels back.
Result<std::vector<uint8_t>> EncodePng(const Image& picture);

// For showing only. quality 1 … 100.
Result<std::vector<uint8_t>> EncodeJpeg(const Image& picture, int quality);

}  // namespace handful::image
