#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "image/exif.h"
#include "image/image.h"
#include "unit/test_files.h"

namespace handful::image {
namespace {

using testing::Bytes;

TEST(ExifOrientation, ReadsBothByteOrders) {
  for (int value = 1; value <= 8; ++value) {
    EXPECT_EQ(ExifOrientation(testing::ExifBlock(value, true)), value);
    EXPECT_EQ(ExifOrientation(testing::ExifBlock(value, false)), value);
  }
}

TEST(ExifOrientation, IsOneForWhatIsDamagedAndNeverReadsOutside) {
  for (const bool little_endian : {true, false}) {
    const Bytes block = testing::ExifBlock(6, little_endian);
    for (size_t length = 0; length < 20; ++length) {
      const Bytes cut(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(length));
      EXPECT_EQ(ExifOrientation(cut), 1) << length;
    }
    for (size_t at = 0; at < block.size(); ++at) {
      for (const int value : {0, 1, 127, 128, 255}) {
        Bytes changed = block;
        changed[at] = static_cast<uint8_t>(value);
        const int orientation = ExifOrientation(changed);
        EXPECT_TRUE(orientation >= 1 && orientation <= 8);
      }
    }
  }
  EXPECT_EQ(ExifOrientation(testing::ExifBlock(0, true)), 1);
  EXPECT_EQ(ExifOrientation(testing::ExifBlock(9, true)), 1);
}

// The upright pattern, stored the way a camera with that orientation stores it (EXIF 2.32: the value names the visual
// edges of row 0 and column 0).
Bytes StoredAs(int orientation, const Bytes& upright, int w, int h) {
  const bool turned = orientation >= 5;
  const int stored_w = turned ? h : w;
  const int stored_h = turned ? w : h;
  Bytes stored;
  for (int row = 0; row < stored_h; ++row) {
    for (int column = 0; column < stored_w; ++column) {
      const int along_x = turned ? row : column;
      const int along_y = turned ? column : row;
      const bool from_right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
      const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
      // Rows of a turned picture run along x: its row 0 is the right edge for 6 and 7, its column 0 the bottom for 7
      // and 8.
      const int x = from_right ? w - 1 - along_x : along_x;
      const int y = from_bottom ? h - 1 - along_y : along_y;
      for (int c = 0; c < 3; ++c) stored.push_back(upright[static_cast<size_t>(3 * (y * w + x) + c)]);
    }
  }
  return stored;
}

TEST(Decode, UndoesEveryOrientation) {
  constexpr int kWidth = 5;
  constexpr int kHeight = 3;
  const Bytes upright = testing::PatternRgb8(kWidth, kHeight);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const bool turned = orientation >= 5;
    const Bytes png = testing::EncodePngRgb8(turned ? kHeight : kWidth, turned ? kWidth : kHeight,
                                             StoredAs(orientation, upright, kWidth, kHeight),
                                             {{"eXIf", testing::ExifBlock(orientation, true)}});
    const Result<Decoded> decoded = Decode(png);
    ASSERT_TRUE(decoded.ok()) << decoded.status().message();
    EXPECT_EQ(decoded->orientation, orientation);
    EXPECT_EQ(decoded->image.width, kWidth);
    EXPECT_EQ(decoded->image.height, kHeight);
    const auto pixels = decoded->image.pixels_rgb8.span();
    EXPECT_EQ(Bytes(pixels.begin(), pixels.end()), upright) << "orientation " << orientation;
  }
}

TEST(Decode, ShowsTheEightPortraitsAlike) {
  const std::string data = testing::DataFolder();
  if (data.empty()) GTEST_SKIP() << "HANDFUL_DATA is not set";
  const Result<Decoded> upright = Decode(testing::ReadBytes(data + "/decoder/exif/Portrait_1.jpg"));
  ASSERT_TRUE(upright.ok());
  for (int orientation = 2; orientation <= 8; ++orientation) {
    const std::string name = data + "/decoder/exif/Portrait_" + std::to_string(orientation) + ".jpg";
    const Result<Decoded> decoded = Decode(testing::ReadBytes(name));
    ASSERT_TRUE(decoded.ok()) << name;
    EXPECT_EQ(decoded->orientation, orientation);
    ASSERT_EQ(decoded->image.width, upright->image.width);
    ASSERT_EQ(decoded->image.height, upright->image.height);
    double difference = 0;
    const size_t values = upright->image.pixels_rgb8.size();
    for (size_t i = 0; i < values; ++i) {
      difference += std::abs(int{decoded->image.pixels_rgb8[i]} - int{upright->image.pixels_rgb8[i]});
    }
    EXPECT_LT(difference / static_cast<double>(values), 3.0) << name;  // compressed anew; a wrong turn gives about 60
  }
}

}  // namespace
}  // namespace handful::image
