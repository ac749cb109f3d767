#include "image/resize.h"

#include <algorithm>
#include <cstring>

#include "base/buffer.h"

// Its SIMD variants sum in other orders than its scalar code.
#define STBIR_NO_SIMD
#define STBIR_ASSERT(condition) static_cast<void>(0)
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STB_IMAGE_RESIZE_STATIC
#include "stb_image_resize2.h"

namespace handful::image {
namespace {

constexpr int kChannels = 3;
constexpr int kReducingGap = 2;

int CeilDiv(int a, int b) { return (a + b - 1) / b; }

// Adds `box` neighbouring pixels of each box of a row to `sums`; the last box may be narrower.
void AddRow(const uint8_t* row, int width, int box, uint32_t* sums) {
  int x = 0;
  for (; x + box <= width; x += box, sums += kChannels) {
    uint32_t r = 0;
    uint32_t g = 0;
    uint32_t b = 0;
    for (int i = 0; i < box; ++i, row += kChannels) {
      r += row[0];
      g += row[1];
      b += row[2];
    }
    sums[0] += r;
    sums[1] += g;
    sums[2] += b;
  }
  for (; x < width; ++x, row += kChannels) {
    for (int c = 0; c < kChannels; ++c) sums[c] += row[c];
  }
}

// Means over boxes of box_x × box_y pixels, rounded to the nearest; boxes at the right and lower edge may be smaller.
Result<Buffer<uint8_t>> Reduce(const SourceRgb8& source, int box_x, int box_y) {
  const int out_width = CeilDiv(source.width, box_x);
  const int out_height = CeilDiv(source.height, box_y);
  const size_t row_values = static_cast<size_t>(out_width) * kChannels;
  Result<Buffer<uint8_t>> out = Buffer<uint8_t>::Zeroed(row_values * static_cast<size_t>(out_height));
  if (!out.ok()) return out.status();
  Result<Buffer<uint32_t>> sums = Buffer<uint32_t>::Zeroed(row_values);
  if (!sums.ok()) return sums.status();
  for (int oy = 0; oy < out_height; ++oy) {
    const int first_row = oy * box_y;
    const int rows = std::min(box_y, source.height - first_row);
    std::ranges::fill(sums->span(), 0U);
    for (int y = first_row; y < first_row + rows; ++y) {
      AddRow(source.pixels + y * source.row_bytes, source.width, box_x, sums->data());
    }
    uint8_t* const out_row = out->data() + static_cast<size_t>(oy) * row_values;
    for (int ox = 0; ox < out_width; ++ox) {
      const auto area = static_cast<uint32_t>(rows * std::min(box_x, source.width - ox * box_x));
      for (int c = 0; c < kChannels; ++c) {
        const int i = ox * kChannels + c;
        out_row[i] = static_cast<uint8_t>(((*sums)[static_cast<size_t>(i)] + area / 2) / area);
      }
    }
  }
  return out;
}

// `right` and `lower`: how much of the source's width and height counts, as a part of 1 (a reduced picture's last
// column and row may stand for less than a whole box).
Status Resample(const SourceRgb8& source, double right, double lower, const TargetRgb8& target) {
  STBIR_RESIZE resize;
  stbir_resize_init(&resize, source.pixels, source.width, source.height, static_cast<int>(source.row_bytes),
                    target.pixels, target.width, target.height, static_cast<int>(target.row_bytes), STBIR_RGB,
                    STBIR_TYPE_UINT8);
  stbir_set_filters(&resize, STBIR_FILTER_TRIANGLE, STBIR_FILTER_TRIANGLE);
  stbir_set_edgemodes(&resize, STBIR_EDGE_CLAMP, STBIR_EDGE_CLAMP);
  stbir_set_input_subrect(&resize, 0.0, 0.0, right, lower);
  if (stbir_resize_extended(&resize) == 0) {
    return Errorf("not enough memory to resize a picture from %d × %d to %d × %d", source.width, source.height,
                  target.width, target.height);
  }
  return Status::Ok();
}

}  // namespace

Status Resize(const SourceRgb8& source, const TargetRgb8& target) {
  if (source.width == target.width && source.height == target.height) {
    for (int y = 0; y < source.height; ++y) {
      std::memcpy(target.pixels + y * target.row_bytes, source.pixels + y * source.row_bytes,
                  static_cast<size_t>(source.width) * kChannels);
    }
    return Status::Ok();
  }
  const int box_x = std::max(1, source.width / (target.width * kReducingGap));
  const int box_y = std::max(1, source.height / (target.height * kReducingGap));
  if (box_x == 1 && box_y == 1) return Resample(source, 1.0, 1.0, target);

  Result<Buffer<uint8_t>> reduced = Reduce(source, box_x, box_y);
  if (!reduced.ok()) return reduced.status();
  const int width = CeilDiv(source.width, box_x);
  const int height = CeilDiv(source.height, box_y);
  return Resample({reduced->data(), width, height, int64_t{width} * kChannels},
                  static_cast<double>(source.width) / box_x / width,
                  static_cast<double>(source.height) / box_y / height, target);
}

}  // namespace handful::image
