#include "ui/toolkit/pixels.h"

#include <algorithm>

namespace handful::ui {

Pixels Shrink(const Pixels& picture, int side) {
  const int longer = std::max(picture.width, picture.height);
  if (longer <= side) return picture;
  Pixels small;
  small.width = std::max(1, picture.width * side / longer);
  small.height = std::max(1, picture.height * side / longer);
  small.rgba8.resize(static_cast<size_t>(small.width) * static_cast<size_t>(small.height) * 4);
  uint8_t* out = small.rgba8.data();
  for (int y = 0; y < small.height; ++y) {
    const int y0 = y * picture.height / small.height, y1 = std::max(y0 + 1, (y + 1) * picture.height / small.height);
    for (int x = 0; x < small.width; ++x) {
      const int x0 = x * picture.width / small.width, x1 = std::max(x0 + 1, (x + 1) * picture.width / small.width);
      uint32_t sum[4] = {};
      for (int v = y0; v < y1; ++v) {
        const uint8_t* in = picture.rgba8.data() +
                            (static_cast<size_t>(v) * static_cast<size_t>(picture.width) + static_cast<size_t>(x0)) * 4;
        for (int u = x0; u < x1; ++u) {
          for (uint32_t& channel : sum) channel += *in++;
        }
      }
      const auto n = static_cast<uint32_t>((y1 - y0) * (x1 - x0));
      for (const uint32_t channel : sum) *out++ = static_cast<uint8_t>((channel + n / 2) / n);
    }
  }
  return small;
}

}  // namespace handful::ui
