#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "image/augment.h"

namespace handful::image {
namespace {

Image Square(int side, const std::vector<uint8_t>& rgb) {
  return {side, side, std::move(*Buffer<uint8_t>::CopyOf(rgb))};
}

// A picture of which no two parts look alike.
Image Pattern(int side) {
  std::vector<uint8_t> rgb;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      rgb.push_back(static_cast<uint8_t>(x * 255 / side));
      rgb.push_back(static_cast<uint8_t>(y * 255 / side));
      rgb.push_back(static_cast<uint8_t>((x * x + y * 7) % 256));
    }
  }
  return Square(side, rgb);
}

std::vector<uint8_t> BytesOf(const Image& picture) {
  return {picture.pixels_rgb8.span().begin(), picture.pixels_rgb8.span().end()};
}

std::vector<uint8_t> Augmented(const Image& picture, const AugmentSettings& settings, uint64_t seed) {
  Result<Image> altered = Augment(picture, settings, seed);
  EXPECT_TRUE(altered.ok()) << altered.status().message();
  return altered.ok() ? BytesOf(*altered) : std::vector<uint8_t>();
}

TEST(Augment, WithAllSettingsZeroIsThePictureItself) {
  for (const int side : {1, 2, 7, 224}) {
    const Image picture = Pattern(side);
    for (uint64_t seed = 0; seed < 8; ++seed) EXPECT_EQ(Augmented(picture, {}, seed), BytesOf(picture)) << side;
  }
}

TEST(Augment, MirrorsAboutHalfOfTheCopiesExactly) {
  const Image picture = Square(2, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  const std::vector<uint8_t> mirrored = {4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9};
  int times = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    const std::vector<uint8_t> copy = Augmented(picture, {.flip = true}, seed);
    ASSERT_TRUE(copy == mirrored || copy == BytesOf(picture));
    times += copy == mirrored;
  }
  EXPECT_NEAR(times, 500, 60);
}

TEST(Augment, MakesNegativesOfAboutHalfOfTheCopies) {
  const Image picture = Square(1, {10, 128, 200});
  const std::vector<uint8_t> negative = {246, 128, 56};
  int times = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    const std::vector<uint8_t> copy = Augmented(picture, {.invert = true}, seed);
    ASSERT_TRUE(copy == negative || copy == BytesOf(picture));
    times += copy == negative;
  }
  EXPECT_NEAR(times, 500, 60);
}

TEST(Augment, TurnsAboutTheCentreAndRepeatsTheEdge) {
  // A white dot in the centre stays there; one at the right of it moves on a circle.
  constexpr int kSide = 41;
  std::vector<uint8_t> rgb(kSide * kSide * 3, 0);
  for (int c = 0; c < 3; ++c)
    rgb[static_cast<size_t>((20 * kSide + 20) * 3 + c)] = rgb[static_cast<size_t>((20 * kSide + 32) * 3 + c)] = 255;
  double least = 1e9, most = -1e9;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const std::vector<uint8_t> copy = Augmented(Square(kSide, rgb), {.rotate_degrees = 60}, seed);
    EXPECT_GE(copy[(20 * kSide + 20) * 3], 250);
    double sum = 0, mx = 0, my = 0;
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        if (std::abs(x - 20) < 3 && std::abs(y - 20) < 3) continue;
        const double v = copy[static_cast<size_t>((y * kSide + x) * 3)];
        sum += v;
        mx += v * (x - 20);
        my += v * (y - 20);
      }
    }
    EXPECT_NEAR(std::hypot(mx / sum, my / sum), 12, 0.1);
    const double degrees = std::atan2(my, mx) * 180 / 3.14159265358979;
    least = std::min(least, degrees);
    most = std::max(most, degrees);
  }
  EXPECT_NEAR(least, -60, 3);
  EXPECT_NEAR(most, 60, 3);

  const std::vector<uint8_t> grey(kSide * kSide * 3, 77);
  EXPECT_EQ(Augmented(Square(kSide, grey), {.flip = true, .rotate_degrees = 180, .zoom = 0.9}, 5), grey)
      << "nothing comes from outside";
}

TEST(Augment, ZoomsBothWaysAboutTheCentre) {
  const Image picture = Pattern(101);
  int larger = 0, smaller = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const std::vector<uint8_t> copy = Augmented(picture, {.zoom = 0.3}, seed);
    EXPECT_NEAR(copy[(50 * 101 + 50) * 3], picture.pixels_rgb8[(50 * 101 + 50) * 3], 1);
    const int slope = copy[(50 * 101 + 70) * 3] - copy[(50 * 101 + 30) * 3];  // 40 pixels: 101 levels as it is
    EXPECT_GE(slope, 101 / 1.3 - 2);
    EXPECT_LE(slope, 101 / 0.7 + 2);
    (slope < 101 ? larger : smaller) += 1;
  }
  EXPECT_GT(larger, 25);
  EXPECT_GT(smaller, 25);
}

TEST(Augment, LightAndColourKeepToTheirBoundsAndClip) {
  const Image grey = Square(1, {128, 128, 128}), white = Square(1, {255, 255, 255}), red = Square(1, {200, 40, 40});
  std::set<int> light, tint;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const std::vector<uint8_t> lit = Augmented(grey, {.light = 0.2}, seed);
    EXPECT_EQ(lit[0], lit[1]) << "light leaves grey grey";
    EXPECT_EQ(lit[0], lit[2]);
    light.insert(lit[0]);
    const std::vector<uint8_t> tinted = Augmented(grey, {.color = 0.2}, seed);
    tint.insert(tinted[0] - tinted[2]);
    EXPECT_NEAR(tinted[1], 128, 15);
    EXPECT_GE(Augmented(white, {.light = 1, .color = 1}, seed).size(), 3U);
    const std::vector<uint8_t> saturated = Augmented(red, {.color = 0.2}, seed);
    EXPECT_GT(saturated[0], saturated[1]);
  }
  EXPECT_NEAR(*light.begin(), 128 - 25.6, 2);
  EXPECT_NEAR(*light.rbegin(), 128 + 25.6, 2);
  EXPECT_LT(*tint.begin(), -8);
  EXPECT_GT(*tint.rbegin(), 8);
}

TEST(Augment, GivesTheSameBytesOnEveryPlatform) {
  const Image picture = Pattern(224);
  const AugmentSettings settings{.flip = true, .rotate_degrees = 15, .zoom = 0.15, .light = 0.2, .color = 0.2};
  Sha256 hash;
  for (uint64_t seed = 1; seed <= 20; ++seed) hash.Update(Augmented(picture, settings, seed));
  EXPECT_EQ(hash.HexDigest(), "ff2e9b62ff96489851f956c8f43560249d66d7abfdc4ee5ef249426a23a3fac1");
}

TEST(Augment, SettingsOutOfRangeAreSentences) {
  const Image picture = Pattern(4);
  EXPECT_EQ(Augment(picture, {.rotate_degrees = 181}, 1).status().message(),
            "\"rotate\" of the altered copies is 181, outside 0 … 180");
  EXPECT_EQ(Augment(picture, {.zoom = 1}, 1).status().message(),
            "\"zoom\" of the altered copies is 1, outside 0 … 0.9");
  EXPECT_EQ(Augment(picture, {.light = -1}, 1).status().message(),
            "\"light\" of the altered copies is -1, outside 0 … 1");
  EXPECT_EQ(Augment(picture, {.color = std::nan("")}, 1).status().message(),
            "\"color\" of the altered copies is nan, outside 0 … 1");
  EXPECT_EQ(Augment({2, 1, std::move(*Buffer<uint8_t>::Zeroed(6))}, {}, 1).status().message(),
            "a picture of 2 × 1 is no square");
}

}  // namespace
}  // namespace handful::image
