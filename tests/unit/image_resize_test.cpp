#include <string>

#include <gtest/gtest.h>

#include "base/crc32.h"
#include "image/image.h"
#include "unit/test_files.h"

namespace handful::image {
namespace {

using testing::Bytes;

Image ImageOf(int width, int height, const Bytes& pixels_rgb8) {
  Image image;
  image.width = width;
  image.height = height;
  image.pixels_rgb8 = *Buffer<uint8_t>::CopyOf(pixels_rgb8);
  return image;
}
Image Pattern(int width, int height) { return ImageOf(width, height, testing::PatternRgb8(width, height)); }
Image Plain(int width, int height, uint8_t value) {
  return ImageOf(width, height, Bytes(static_cast<size_t>(3 * width * height), value));
}

const uint8_t* At(const Image& image, int x, int y) {
  return image.pixels_rgb8.data() +
         3 * (static_cast<size_t>(y) * static_cast<size_t>(image.width) + static_cast<size_t>(x));
}
Bytes Pixels(const Image& image) { return {image.pixels_rgb8.span().begin(), image.pixels_rgb8.span().end()}; }

void ExpectRect(const CropRect& crop, int x, int y, int side) {
  EXPECT_EQ(crop.x, x);
  EXPECT_EQ(crop.y, y);
  EXPECT_EQ(crop.side, side);
}

TEST(CropFor, TakesTheCentredSquareOrAllWithABorder) {
  ExpectRect(CropFor(640, 480, CropMode::kCenter), 80, 0, 480);
  ExpectRect(CropFor(480, 641, CropMode::kCenter), 0, 80, 480);
  ExpectRect(CropFor(640, 480, CropMode::kFit), 0, -80, 640);
  ExpectRect(CropFor(480, 641, CropMode::kFit), -80, 0, 641);
  ExpectRect(CropFor(7, 7, CropMode::kFit), 0, 0, 7);
}

TEST(CropAndResize, LeavesAPictureOfTheRightSizeUntouched) {
  const Image picture = Pattern(224, 224);
  for (const CropMode mode : {CropMode::kCenter, CropMode::kFit}) {
    const Result<Image> square = CropAndResize(picture, mode, 224);
    ASSERT_TRUE(square.ok());
    EXPECT_EQ(Pixels(*square), Pixels(picture));
  }
}

TEST(CropAndResize, CutsTheCentreWithoutResamplingWhereTheSideFits) {
  const Image picture = Pattern(300, 224);
  const Result<Image> square = CropAndResize(picture, CropMode::kCenter, 224);
  ASSERT_TRUE(square.ok());
  for (const int at : {0, 100, 223}) {
    for (int c = 0; c < 3; ++c) EXPECT_EQ(At(*square, at, at)[c], At(picture, at + 38, at)[c]);
  }
}

TEST(CropAndResize, PutsGreyAroundInBothDirections) {
  const Result<Image> wide = CropAndResize(Plain(400, 200, 9), CropMode::kFit, 224);
  const Result<Image> tall = CropAndResize(Plain(200, 400, 9), CropMode::kFit, 224);
  ASSERT_TRUE(wide.ok() && tall.ok());
  for (int i = 0; i < 224; ++i) {
    const uint8_t expected = i >= 56 && i < 168 ? 9 : 128;
    EXPECT_EQ(At(*wide, 100, i)[0], expected) << i;
    EXPECT_EQ(At(*tall, i, 100)[2], expected) << i;
  }
  // However thin a picture is, one row of it is seen.
  const Result<Image> line = CropAndResize(Plain(3000, 1, 7), CropMode::kFit, 224);
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(At(*line, 5, 111)[1], 7);
}

TEST(CropAndResize, KeepsAPlainColourAtEverySize) {
  for (const int side : {1, 2, 3, 97, 223, 225, 449, 897, 1000}) {
    const Result<Image> square = CropAndResize(Plain(side, side, 201), CropMode::kCenter, 224);
    ASSERT_TRUE(square.ok()) << side;
    EXPECT_EQ(Pixels(*square), Bytes(3 * 224 * 224, 201)) << side;
  }
}

// A picture eight times too large, made of exact boxes, must come out as their means but for the triangle's reach.
TEST(CropAndResize, AveragesWhatItShrinks) {
  constexpr int kSide = 32;
  Bytes checkerboard;
  for (int y = 0; y < 8 * kSide; ++y) {
    for (int x = 0; x < 8 * kSide; ++x) {
      for (int c = 0; c < 3; ++c) checkerboard.push_back((x + y) % 2 == 0 ? 255 : 0);
    }
  }
  const Result<Image> square = CropAndResize(ImageOf(8 * kSide, 8 * kSide, checkerboard), CropMode::kCenter, kSide);
  ASSERT_TRUE(square.ok());
  for (const uint8_t value : square->pixels_rgb8.span()) EXPECT_EQ(value, 128);  // an aliasing filter gives 0 or 255
}

TEST(CropAndResize, StaysCentredAndLinear) {
  // A ramp stays a ramp, whatever the factor: no shift by half a pixel, none by partial boxes at the edge.
  for (const int side : {100, 300, 500, 1000, 1001, 2047}) {
    Bytes ramp;
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const auto value = static_cast<uint8_t>((x + 0.5) * 255 / side);
        ramp.insert(ramp.end(), {value, value, static_cast<uint8_t>((y + 0.5) * 255 / side)});
      }
    }
    const Result<Image> square = CropAndResize(ImageOf(side, side, ramp), CropMode::kCenter, 224);
    ASSERT_TRUE(square.ok());
    for (int i = 4; i < 220; ++i) {
      EXPECT_NEAR(At(*square, i, 7)[0], (i + 0.5) * 255 / 224 - 0.5, 1.2) << side << " at " << i;
      EXPECT_NEAR(At(*square, 7, i)[2], (i + 0.5) * 255 / 224 - 0.5, 1.2) << side << " at " << i;
    }
  }
}

TEST(Thumbnail, KeepsTheShapeAndNeverEnlarges) {
  const auto size_of = [](int width, int height) {
    const Result<Image> small = Thumbnail(Plain(width, height, 3), 96);
    return std::pair{small->width, small->height};
  };
  EXPECT_EQ(size_of(960, 480), std::pair(96, 48));
  EXPECT_EQ(size_of(480, 960), std::pair(48, 96));
  EXPECT_EQ(size_of(50, 20), std::pair(50, 20));
  EXPECT_EQ(size_of(3000, 1), std::pair(96, 1));
}

// The same bits natively and in WebAssembly, with whatever SIMD and whichever compiler.
TEST(CropAndResize, GivesTheSameBitsOnEveryPlatform) {
  const auto crc_of = [](const Result<Image>& image) { return Crc32(image->pixels_rgb8.span()); };
  EXPECT_EQ(crc_of(CropAndResize(Pattern(640, 480), CropMode::kCenter, 224)), 153637465U);
  EXPECT_EQ(crc_of(CropAndResize(Pattern(1003, 1999), CropMode::kFit, 224)), 2455187406U);
  EXPECT_EQ(crc_of(CropAndResize(Pattern(31, 57), CropMode::kCenter, 224)), 1137272207U);
  EXPECT_EQ(crc_of(CropAndResize(Pattern(2048, 1536), CropMode::kCenter, 96)), 1708409525U);
  EXPECT_EQ(crc_of(Thumbnail(Pattern(1003, 1999), 160)), 2000278571U);
}

TEST(ToTensor, ScalesAndShiftsInFloat32) {
  const Image picture = ImageOf(1, 2, {0, 127, 128, 255, 1, 254});
  std::vector<float> tensor(6);
  ToTensor(picture, InputRange::MinusOneToOne(), tensor);
  const std::vector<float> pm1 = {-1.0F, 127 * (1 / 127.5F) - 1, 128 * (1 / 127.5F) - 1,
                                  1.0F,  1 / 127.5F - 1,         254 * (1 / 127.5F) - 1};
  for (size_t i = 0; i < 6; ++i) EXPECT_NEAR(tensor[i], pm1[i], 1.2e-7F) << i;
  EXPECT_EQ(tensor[0], -1.0F);
  ToTensor(picture, InputRange::ZeroToOne(), tensor);
  EXPECT_EQ(tensor[0], 0.0F);
  EXPECT_EQ(tensor[3], 255 * (1.0F / 255.0F));
  const auto bytes = std::span(reinterpret_cast<const uint8_t*>(tensor.data()), 24);
  EXPECT_EQ(Crc32(bytes), 3916110670U);
}

}  // namespace
}  // namespace handful::image
