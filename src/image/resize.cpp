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

void AddRow(const uint8_t* row, int values, uint16_t* sums) {
  for (int i = 0; i < values; ++i) sums[i] = static_cast<uint16_t>(sums[i] + row[i]);
}

// Adds `box` neighbouring pixels' sums to each of `boxes`; the last box may be narrower.
void AddBoxes(const uint16_t* sums, int width, int box, uint64_t* boxes) {
  for (int x = 0; x < width; x += box, boxes += kChannels) {
    uint32_t r = 0;
    uint32_t g = 0;
    uint32_t b = 0;
    const uint16_t* const end = sums + std::ptrdiff_t{kChannels} * std::min(box, width - x);
    for (; sums < end; sums += kChannels) {
      r += sums[0];
      g += sums[1];
      b += sums[2];
    }
    boxes[0] += r;
    boxes[1] += g;
    boxes[2] += b;
  }
}

// Means over boxes of box_x × box_y pixels, rounded to the nearest; boxes at the right and lower edge may be smaller.
// Rows are summed first, value by value, which compilers turn into SIMD; neighbours within a box only once a box row.
Result<Buffer<uint8_t>> Reduce(const SourceRgb8& source, int box_x, int box_y) {
  constexpr int kMaxRows = 257;  // 257 · 255 is the largest sum that fits 16 bits
  const int out_width = CeilDiv(source.width, box_x);
  const int out_height = CeilDiv(source.height, box_y);
  const int row_values = source.width * kChannels;
  Result<Buffer<uint8_t>> out =
      Buffer<uint8_t>::Zeroed(static_cast<size_t>(out_width) * static_cast<size_t>(out_height) * kChannels);
  if (!out.ok()) return out.status();
  Result<Buffer<uint16_t>> columns = Buffer<uint16_t>::Zeroed(static_cast<size_t>(row_values));
  if (!columns.ok()) return columns.status();
  Result<Buffer<uint64_t>> boxes = Buffer<uint64_t>::Zeroed(static_cast<size_t>(out_width) * kChannels);
  if (!boxes.ok()) return boxes.status();
  uint8_t* to = out->data();
  for (int first = 0; first < source.height; first += box_y) {
    const int last = std::min(first + box_y, source.height);
    std::ranges::fill(boxes->span(), uint64_t{0});
    for (int y = first; y < last;) {
      std::ranges::fill(columns->span(), uint16_t{0});
      for (const int end = std::min(last, y + kMaxRows); y < end; ++y) {
        AddRow(source.pixels + y * source.row_bytes, row_values, columns->data());
      }
      AddBoxes(columns->data(), source.width, box_x, boxes->data());
    }
    for (int x = 0; x < out_width; ++x) {
      const auto area =
          static_cast<uint64_t>(last - first) * static_cast<uint64_t>(std::min(box_x, source.width - x * box_x));
      for (int c = 0; c < kChannels; ++c, ++to) {
        *to = static_cast<uint8_t>(((*boxes)[static_cast<size_t>(x * kChannels + c)] + area / 2) / area);
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
