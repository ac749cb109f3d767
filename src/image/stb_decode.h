// The one door to stb_image's decoders.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "image/inspect.h"

namespace handful::image {

struct StbFree {
  void operator()(uint8_t* block) const { std::free(block); }
};

struct StbPicture {
  std::unique_ptr<uint8_t, StbFree> pixels;  // width × height × channels; null where it failed
  int width = 0;
  int height = 0;
  const char* failure = nullptr;  // stb_image's few words; beside pixels: it gave up half-way (JPEG only)
};

// channels: 3 (RGB) or 4 (RGBA, not premultiplied).
StbPicture StbDecode(std::span<const uint8_t> bytes, PictureFormat format, int channels);

}  // namespace handful::image
