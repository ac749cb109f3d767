#include <algorithm>
#include <cstring>

#include "image/image.h"
#include "image/resize.h"

namespace handful::image {
namespace {

constexpr uint8_t kBorderGrey = 128;

Result<Image> NewImage(int width, int height) {
  Image image;
  image.width = width;
  image.height = height;
  Result<Buffer<uint8_t>> pixels =
      Buffer<uint8_t>::Zeroed(size_t{3} * static_cast<size_t>(width) * static_cast<size_t>(height));
  if (!pixels.ok()) return pixels.status();
  image.pixels_rgb8 = *std::move(pixels);
  return image;
}

int64_t RowBytes(const Image& image) { return int64_t{3} * image.width; }

// `length` scaled by to / from, to the nearest pixel, at least one.
int Scaled(int length, int to, int from) {
  return static_cast<int>(std::max<int64_t>(1, (2 * int64_t{length} * to + from) / (2 * int64_t{from})));
}

}  // namespace

CropRect CropFor(int width, int height, CropMode mode) {
  const int shorter = std::min(width, height);
  const int longer = std::max(width, height);
  const int side = mode == CropMode::kCenter ? shorter : longer;
  if (mode == CropMode::kCenter) return {(width - side) / 2, (height - side) / 2, side};
  return {-((side - width) / 2), -((side - height) / 2), side};
}

Result<Image> CropAndResize(const Image& picture, CropMode mode, int side) {
  Result<Image> square = NewImage(side, side);
  if (!square.ok()) return square.status();
  if (mode == CropMode::kCenter) {
    const CropRect crop = CropFor(picture.width, picture.height, mode);
    const uint8_t* const first = picture.pixels_rgb8.data() + crop.y * RowBytes(picture) + int64_t{3} * crop.x;
    HANDFUL_TRY(Resize({first, crop.side, crop.side, RowBytes(picture)},
                       {square->pixels_rgb8.data(), side, side, RowBytes(*square)}));
    return square;
  }
  const int longer = std::max(picture.width, picture.height);
  const int width = Scaled(picture.width, side, longer);
  const int height = Scaled(picture.height, side, longer);
  std::ranges::fill(square->pixels_rgb8.span(), kBorderGrey);
  uint8_t* const first =
      square->pixels_rgb8.data() + (side - height) / 2 * RowBytes(*square) + int64_t{3} * ((side - width) / 2);
  HANDFUL_TRY(Resize({picture.pixels_rgb8.data(), picture.width, picture.height, RowBytes(picture)},
                     {first, width, height, RowBytes(*square)}));
  return square;
}

Result<Image> Thumbnail(const Image& picture, int max_side) {
  const int longer = std::max(picture.width, picture.height);
  const int to = std::min(longer, max_side);
  Result<Image> small = NewImage(Scaled(picture.width, to, longer), Scaled(picture.height, to, longer));
  if (!small.ok()) return small.status();
  HANDFUL_TRY(Resize({picture.pixels_rgb8.data(), picture.width, picture.height, RowBytes(picture)},
                     {small->pixels_rgb8.data(), small->width, small->height, RowBytes(*small)}));
  return small;
}

}  // namespace handful::image
