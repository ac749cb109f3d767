#include "image/orient.h"

#include <cstring>

namespace handful::image {
namespace {

// Where the stored pixel (0, 0) lands in the upright picture, and how far apart (in pixels of the upright picture) the
// stored neighbours to the right and below lie. EXIF 2.32, table 7: the value names the edges that row 0 and column 0
// are.
struct Placement {
  int64_t first, right, down;
};

Placement PlacementOf(int orientation, int64_t w, int64_t h) {
  switch (orientation) {
    case 2: return {w - 1, -1, w};        // row 0 top, column 0 right: mirrored
    case 3: return {w * h - 1, -1, -w};   // bottom, right: half a turn
    case 4: return {w * (h - 1), 1, -w};  // bottom, left
    case 5: return {0, h, 1};             // left, top: transposed
    case 6: return {h - 1, h, -1};        // right, top: a quarter turn clockwise
    case 7: return {w * h - 1, -h, -1};   // right, bottom
    case 8: return {h * (w - 1), -h, 1};  // left, bottom: a quarter turn anticlockwise
    default: return {0, 1, w};
  }
}

uint8_t OverWhite(int colour, int alpha) {
  return static_cast<uint8_t>((colour * alpha + 255 * (255 - alpha) + 127) / 255);
}

}  // namespace

Result<Image> UprightOverWhite(const uint8_t* pixels, int width, int height, int channels, int orientation,
                               bool& had_alpha) {
  const int64_t count = int64_t{width} * height;
  Image upright;
  const bool turned = orientation >= 5;
  upright.width = turned ? height : width;
  upright.height = turned ? width : height;
  Result<Buffer<uint8_t>> buffer = Buffer<uint8_t>::Zeroed(static_cast<size_t>(count) * 3);
  if (!buffer.ok()) return buffer.status();
  upright.pixels_rgb8 = *std::move(buffer);
  uint8_t* const out = upright.pixels_rgb8.data();
  had_alpha = false;
  if (channels == 3 && orientation == 1) {
    std::memcpy(out, pixels, static_cast<size_t>(count) * 3);
    return upright;
  }
  const Placement place = PlacementOf(orientation, width, height);
  for (int y = 0; y < height; ++y) {
    const uint8_t* from = pixels + int64_t{y} * width * channels;
    int64_t to = place.first + y * place.down;
    for (int x = 0; x < width; ++x, from += channels, to += place.right) {
      uint8_t* const target = out + to * 3;
      const int alpha = channels == 4 ? from[3] : 255;
      if (alpha == 255) {
        std::memcpy(target, from, 3);
      } else {
        had_alpha = true;
        for (int c = 0; c < 3; ++c) target[c] = OverWhite(from[c], alpha);
      }
    }
  }
  return upright;
}

}  // namespace handful::image
