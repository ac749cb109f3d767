#include "image/augment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/rng.h"

namespace handful::image {
namespace {

constexpr int kPlaceBits = 16;  // of source coordinates
constexpr int kColorBits = 12;  // of the colour matrix

int32_t Fixed(double value, int bits) { return static_cast<int32_t>(std::lround(value * (1 << bits))); }

// sin and cos by their power series at an eighth of the angle, |angle| <= π: the library's differ between platforms.
std::pair<double, double> SinCos(double angle) {
  const double x = angle / 8;
  const double q = x * x;
  double s = x * (1 - q / 6 * (1 - q / 20 * (1 - q / 42 * (1 - q / 72 * (1 - q / 110)))));
  double c = 1 - q / 2 * (1 - q / 12 * (1 - q / 30 * (1 - q / 56 * (1 - q / 90))));
  for (int doubling = 0; doubling < 3; ++doubling) {
    const double twice_s = 2 * s * c;
    c = c * c - s * s;
    s = twice_s;
  }
  return {s, c};
}

// Where a target pixel's centre comes from, in source pixels: x = x0 + dx_dx·column + dx_dy·row, likewise y.
struct PlaceMap {
  int64_t x0, y0;
  int32_t dx_dx, dx_dy, dy_dx, dy_dy;
};

PlaceMap MakePlaceMap(int side, bool mirrored, double angle, double factor) {
  const auto [s, c] = SinCos(angle);
  const double sign = mirrored ? -1 : 1;
  PlaceMap map{};
  map.dx_dx = Fixed(sign * c / factor, kPlaceBits);
  map.dx_dy = Fixed(sign * s / factor, kPlaceBits);
  map.dy_dx = Fixed(-s / factor, kPlaceBits);
  map.dy_dy = Fixed(c / factor, kPlaceBits);
  // The centre stays where it is; in halves of a pixel, as it may lie between two.
  const int64_t center = int64_t{side - 1} << (kPlaceBits - 1);
  map.x0 = center - (int64_t{map.dx_dx} + map.dx_dy) * (side - 1) / 2;
  map.y0 = center - (int64_t{map.dy_dx} + map.dy_dy) * (side - 1) / 2;
  return map;
}

// out = matrix · (r, g, b, 1).
using ColorMatrix = std::array<std::array<int32_t, 4>, 3>;

ColorMatrix MakeColorMatrix(double contrast, double brightness, double saturation, const std::array<double, 3>& gains) {
  constexpr std::array<double, 3> kLuma = {0.299, 0.587, 0.114};
  ColorMatrix matrix{};
  for (size_t out = 0; out < 3; ++out) {
    for (size_t in = 0; in < 3; ++in) {
      const double mix = kLuma[in] * (1 - saturation) + (in == out ? saturation : 0);
      matrix[out][in] = Fixed(contrast * mix * gains[in], kColorBits);
    }
    matrix[out][3] = Fixed(128 * (1 - contrast) + brightness, kColorBits) + (1 << (kColorBits - 1));
  }
  return matrix;
}

Status CheckRange(const char* name, double value, double most) {
  if (value >= 0 && value <= most) return {};
  return Errorf("\"%s\" of the altered copies is %g, outside 0 … %g", name, value, most);
}

}  // namespace

Result<Image> Augment(const Image& square, const AugmentSettings& settings, uint64_t seed) {
  if (square.width != square.height || square.width < 1)
    return Errorf("a picture of %d × %d is no square", square.width, square.height);
  HANDFUL_TRY(CheckRange("rotate", settings.rotate_degrees, 180));
  HANDFUL_TRY(CheckRange("zoom", settings.zoom, 0.9));
  HANDFUL_TRY(CheckRange("light", settings.light, 1));
  HANDFUL_TRY(CheckRange("color", settings.color, 1));
  const int side = square.width;
  Result<Buffer<uint8_t>> pixels = Buffer<uint8_t>::Zeroed(square.pixels_rgb8.size());
  if (!pixels.ok()) return pixels.status();

  // Every amount is drawn whatever the settings, so that changing one leaves the others as they were.
  Rng rng(seed);
  const auto either_way = [&](double most) { return most * static_cast<double>(rng.Uniform(-1, 1)); };
  const bool mirrored = (rng.Next() >> 31U) != 0 && settings.flip;
  const double angle = either_way(settings.rotate_degrees) * (3.14159265358979323846 / 180);
  const PlaceMap place = MakePlaceMap(side, mirrored, angle, 1 + either_way(settings.zoom));
  const double contrast = 1 + either_way(settings.light);
  const double brightness = 128 * either_way(settings.light);
  const double saturation = 1 + either_way(settings.color);
  const double warmth = either_way(settings.color / 4);
  const double green = either_way(settings.color / 4);
  const bool inverted = (rng.Next() >> 31U) != 0 && settings.invert;
  const ColorMatrix color =
      MakeColorMatrix(inverted ? -contrast : contrast, brightness, saturation, {1 + warmth, 1 + green, 1 - warmth});

  const int64_t last = int64_t{side - 1} << kPlaceBits;
  const uint8_t* source = square.pixels_rgb8.data();
  uint8_t* out = pixels->data();
  const auto row_bytes = static_cast<size_t>(side) * 3;
  for (int row = 0; row < side; ++row) {
    int64_t x = place.x0 + int64_t{place.dx_dy} * row;
    int64_t y = place.y0 + int64_t{place.dy_dy} * row;
    for (int column = 0; column < side; ++column, x += place.dx_dx, y += place.dy_dx, out += 3) {
      const auto fx = static_cast<uint32_t>(std::clamp<int64_t>(x, 0, last));
      const auto fy = static_cast<uint32_t>(std::clamp<int64_t>(y, 0, last));
      const size_t left = fx >> kPlaceBits;
      const size_t top = fy >> kPlaceBits;
      const auto wx = static_cast<int32_t>((fx >> 8U) & 255U);
      const auto wy = static_cast<int32_t>((fy >> 8U) & 255U);
      const uint8_t* p = source + top * row_bytes + left * 3;
      const size_t right = wx > 0 ? 3 : 0;  // with no weight the neighbour may lie outside
      const size_t below = wy > 0 ? row_bytes : 0;
      std::array<int32_t, 3> rgb;
      for (size_t c = 0; c < 3; ++c) {
        const int32_t upper = p[c] * (256 - wx) + p[c + right] * wx;
        const int32_t lower = p[c + below] * (256 - wx) + p[c + below + right] * wx;
        rgb[c] = (upper * (256 - wy) + lower * wy + (1 << 15)) >> 16;
      }
      for (size_t c = 0; c < 3; ++c) {
        const int32_t value = color[c][0] * rgb[0] + color[c][1] * rgb[1] + color[c][2] * rgb[2] + color[c][3];
        out[c] = static_cast<uint8_t>(std::clamp(value >> kColorBits, 0, 255));
      }
    }
  }
  return Image{side, side, std::move(*pixels)};
}

}  // namespace handful::image
