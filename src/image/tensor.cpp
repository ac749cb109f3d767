#include <array>
#include <cassert>

#include "image/image.h"

namespace handful::image {

// Two roundings to float32, of the product and of the sum; a fused multiply-add would round once. With 256 different
// pixels a table is both exact and fast.
void ToTensor(const Image& picture, const InputRange& range, std::span<float> out_hwc) {
  assert(out_hwc.size() == picture.pixels_rgb8.size());
  std::array<float, 256> value_of;
  for (size_t pixel = 0; pixel < value_of.size(); ++pixel) {
    const float product = static_cast<float>(pixel) * range.scale;
    value_of[pixel] = product + range.offset;
  }
  const uint8_t* const pixels = picture.pixels_rgb8.data();
  for (size_t i = 0; i < out_hwc.size(); ++i) out_hwc[i] = value_of[pixels[i]];
}

}  // namespace handful::image
