#include "insight/layer_maps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace handful::insight {
namespace {

using Rgb = std::array<float, 3>;

constexpr int kFew = 32;                        // tiles that can be large
constexpr int kLarge = 56, kSmall = 28;         // px of a map's side …
constexpr int kLargeCell = 14, kSmallCell = 7;  // … and of a single value's; either way a full row is about as wide
constexpr int kGap = 1;

// Where tiles stand in a sheet, and how they are filled.
class Tiles {
 public:
  Tiles(int count, int columns, int width, int height, int gap) : width_(width), height_(height), gap_(gap) {
    sheet_.shown = count;
    sheet_.columns = std::min(count, columns);
    const int rows = (count + columns - 1) / std::max(columns, 1);
    sheet_.width = sheet_.columns * (width + gap) - gap;
    sheet_.height = rows * (height + gap) - gap;
    sheet_.rgba8.assign(static_cast<size_t>(sheet_.width) * static_cast<size_t>(sheet_.height) * 4, 0);
  }

  // `color(x, y)` of every pixel of the tile.
  template <class Color>
  void Fill(int tile, Color color) {
    const int left = tile % sheet_.columns * (width_ + gap_), top = tile / sheet_.columns * (height_ + gap_);
    for (int y = 0; y < height_; ++y) {
      uint8_t* out =
          &sheet_.rgba8[(static_cast<size_t>(top + y) * static_cast<size_t>(sheet_.width) + static_cast<size_t>(left)) *
                        4];
      for (int x = 0; x < width_; ++x, out += 4) {
        const Rgb rgb = color(x, y);
        for (size_t i = 0; i < 3; ++i) out[i] = static_cast<uint8_t>(std::lround(std::clamp(rgb[i], 0.0F, 1.0F) * 255));
        out[3] = 255;
      }
    }
  }

  Sheet Take() { return std::move(sheet_); }

 private:
  Sheet sheet_;
  int width_, height_, gap_;
};

Rgb Between(const Rgb& a, const Rgb& b, float t) {
  return {a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t};
}

// v is in [-1, 1].
Rgb Heat(float v) {
  constexpr Rgb kZero = {0.05F, 0.05F, 0.07F}, kWarm = {0.96F, 0.55F, 0.13F}, kMost = {1, 0.98F, 0.88F},
                kLeast = {0.35F, 0.65F, 1};
  if (v < 0) return Between(kZero, kLeast, std::min(-v, 1.0F));
  return v < 0.6F ? Between(kZero, kWarm, v / 0.6F) : Between(kWarm, kMost, std::min((v - 0.6F) / 0.4F, 1.0F));
}

float ScaleOf(const std::vector<float>& values) {
  std::vector<float> sizes(values.size());
  std::ranges::transform(values, sizes.begin(), [](float v) { return std::abs(v); });
  if (sizes.empty()) return 1;
  const auto cut = sizes.begin() + static_cast<ptrdiff_t>((sizes.size() - 1) * 995 / 1000);
  std::ranges::nth_element(sizes, cut);
  if (*cut > 0) return *cut;
  const float most = std::ranges::max(sizes);  // almost all are 0
  return most > 0 ? most : 1;
}

std::vector<int> MostVaried(const nn::LayerOutput& layer, int most) {
  const auto channels = static_cast<size_t>(layer.shape.channels);
  const auto pixels = static_cast<double>(layer.values.size()) / layer.shape.channels;
  std::vector<double> sums(channels), squares(channels), variances(channels);
  for (size_t i = 0; i < layer.values.size(); ++i) {
    const auto v = static_cast<double>(layer.values[i]);
    sums[i % channels] += v;
    squares[i % channels] += v * v;
  }
  for (size_t i = 0; i < channels; ++i) variances[i] = squares[i] - sums[i] * sums[i] / pixels;
  std::vector<int> order(channels);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(
      order, [&](int a, int b) { return variances[static_cast<size_t>(a)] > variances[static_cast<size_t>(b)]; });
  order.resize(std::min(channels, static_cast<size_t>(std::max(most, 0))));
  std::ranges::sort(order);
  return order;
}

// The mean of one channel over the pixels that a tile's pixel stands for: several where the map is larger, one where it
// is smaller.
float MeanAt(const nn::LayerOutput& layer, int channel, int x, int y, int width, int height) {
  const nn::Shape& s = layer.shape;
  const int left = x * s.width / width, right = std::max(left + 1, (x + 1) * s.width / width);
  const int top = y * s.height / height, bottom = std::max(top + 1, (y + 1) * s.height / height);
  float sum = 0;
  for (int j = top; j < bottom; ++j) {
    for (int i = left; i < right; ++i)
      sum += layer.values[static_cast<size_t>((j * s.width + i) * s.channels + channel)];
  }
  return sum / static_cast<float>((right - left) * (bottom - top));
}

}  // namespace

Sheet MapSheet(const nn::LayerOutput& layer, int most) {
  const float scale = ScaleOf(layer.values);
  if (layer.shape.height == 1 && layer.shape.width == 1) {
    const bool few = layer.shape.channels <= kFew;
    const int cell = few ? kLargeCell : kSmallCell;
    Tiles tiles(layer.shape.channels, few ? 32 : 64, cell, cell, 0);
    for (int i = 0; i < layer.shape.channels; ++i) {
      const Rgb color = Heat(layer.values[static_cast<size_t>(i)] / scale);
      tiles.Fill(i, [&color](int, int) { return color; });
    }
    return tiles.Take();
  }
  const std::vector<int> channels = MostVaried(layer, most);
  const bool few = channels.size() <= kFew;
  const int side = few ? kLarge : kSmall;
  Tiles tiles(static_cast<int>(channels.size()), few ? 8 : 16, side, side, kGap);
  for (size_t i = 0; i < channels.size(); ++i) {
    tiles.Fill(static_cast<int>(i),
               [&](int x, int y) { return Heat(MeanAt(layer, channels[i], x, y, side, side) / scale); });
  }
  return tiles.Take();
}

Sheet FilterSheet(const nn::Filters& filters) {
  const int zoom = std::max(1, kLarge / std::max(filters.width, filters.height));
  float scale = 0;
  for (const float v : filters.values) scale = std::max(scale, std::abs(v));
  Tiles tiles(filters.outputs, 8, filters.width * zoom, filters.height * zoom, kGap);
  for (int output = 0; output < filters.outputs; ++output) {
    tiles.Fill(output, [&](int x, int y) {
      const auto at = [&](int input) {
        const int pixel = y / zoom * filters.width + x / zoom;
        const float v =
            filters.values[static_cast<size_t>((pixel * filters.inputs + input) * filters.outputs + output)];
        return 0.5F + (scale > 0 ? v / scale / 2 : 0);
      };
      if (filters.inputs == 3) return Rgb{at(0), at(1), at(2)};
      float mean = 0;
      for (int input = 0; input < filters.inputs; ++input) mean += at(input) / static_cast<float>(filters.inputs);
      return Rgb{mean, mean, mean};
    });
  }
  return tiles.Take();
}

}  // namespace handful::insight
