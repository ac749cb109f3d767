#include <string>

#include <gtest/gtest.h>

#include "base/crc32.h"
#include "image/image.h"
#include "unit/test_files.h"

namespace handful::image {
namespace {

using testing::Bytes;
using testing::PatternRgb8;

Bytes Text(const std::string& text) { return {text.begin(), text.end()}; }

std::string ErrorOf(const Bytes& bytes, const Limits& limits = {}) {
  const Result<Decoded> decoded = Decode(bytes, limits);
  return decoded.ok() ? "decoded" : decoded.status().message();
}

Bytes Pixels(const Decoded& decoded) {
  const auto span = decoded.image.pixels_rgb8.span();
  return {span.begin(), span.end()};
}

Bytes First(Bytes bytes, size_t count) {
  bytes.resize(count);
  return bytes;
}

// Writes a chunk's checksum anew after its data were changed. `at`: where the chunk begins.
void FixChecksum(Bytes& png, size_t at) {
  const uint32_t length =
      (uint32_t{png[at]} << 24U) | (uint32_t{png[at + 1]} << 16U) | (uint32_t{png[at + 2]} << 8U) | png[at + 3];
  const uint32_t crc = Crc32(std::span(png).subspan(at + 4, length + 4));
  for (size_t i = 0; i < 4; ++i) png[at + 8 + length + i] = static_cast<uint8_t>(crc >> (24 - 8 * i));
}

constexpr size_t kIdatAt = 8 + 25;

TEST(Decode, GivesTheVeryPixelsOfPngBmpAndRgba) {
  const Bytes pixels = PatternRgb8(13, 7);
  for (const Bytes& file : {testing::EncodePngRgb8(13, 7, pixels), testing::EncodeBmp(13, 7, pixels)}) {
    const Result<Decoded> decoded = Decode(file);
    ASSERT_TRUE(decoded.ok()) << decoded.status().message();
    EXPECT_EQ(decoded->image.width, 13);
    EXPECT_EQ(decoded->image.height, 7);
    EXPECT_EQ(Pixels(*decoded), pixels);
    EXPECT_EQ(decoded->warning, "");
    EXPECT_FALSE(decoded->had_alpha);
  }
  const Bytes rgba = {1, 2, 3, 255, 9, 8, 7, 255};
  const Result<Decoded> decoded = FromRgba8(rgba, 2, 1);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(Pixels(*decoded), (Bytes{1, 2, 3, 9, 8, 7}));
}

TEST(Decode, LaysTransparentPixelsOverWhite) {
  const Bytes rgba = {10, 20, 30, 255, 10, 20, 30, 0, 10, 20, 30, 128};
  const Bytes over_white = {10, 20, 30, 255, 255, 255, 132, 137, 142};
  for (const Result<Decoded>& decoded : {FromRgba8(rgba, 3, 1), Decode(testing::EncodePng(3, 1, 8, 6, rgba))}) {
    ASSERT_TRUE(decoded.ok()) << decoded.status().message();
    EXPECT_EQ(Pixels(*decoded), over_white);
    EXPECT_TRUE(decoded->had_alpha);
  }
  // One colour declared transparent, and a background that nobody asked for.
  const Result<Decoded> keyed = Decode(testing::EncodePng(
      2, 1, 8, 2, {1, 2, 3, 4, 5, 6}, {{"tRNS", {0, 1, 0, 2, 0, 3}}, {"bKGD", {0, 200, 0, 0, 0, 0}}}));
  ASSERT_TRUE(keyed.ok());
  EXPECT_EQ(Pixels(*keyed), (Bytes{255, 255, 255, 4, 5, 6}));
}

TEST(Decode, TakesTheUpperByteOf16BitColours) {
  const Result<Decoded> decoded = Decode(testing::EncodePng(1, 1, 16, 2, {0x12, 0xFF, 0x34, 0x00, 0xFE, 0x80}));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(Pixels(*decoded), (Bytes{0x12, 0x34, 0xFE}));
}

TEST(Decode, ShowsTheFirstFrameOfAGifWithItsHolesInWhite) {
  const Bytes palette = {255, 0, 0, 0, 255, 0, 0, 0, 255};
  // A screen of 3 × 2, a frame of 2 × 2 in its corner; index 1 is transparent; the background colour is 2.
  const Result<Decoded> decoded = Decode(testing::EncodeGif(3, 2, 2, 2, {0, 1, 2, 0}, palette, 1, 2));
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  EXPECT_EQ(Pixels(*decoded), (Bytes{255, 0, 0, 255, 255, 255, 255, 255, 255,  //
                                     0, 0, 255, 255, 0, 0, 255, 255, 255}));
  EXPECT_TRUE(decoded->had_alpha);
  EXPECT_EQ(decoded->warning, "");
}

TEST(Decode, NamesEachKindOfUnreadableFile) {
  EXPECT_EQ(ErrorOf({}), "the file is empty");
  EXPECT_EQ(ErrorOf(Text("Dear diary, BM is not a picture.\n")),
            "this is not a picture that can be read, but text: JPEG, PNG, BMP and GIF can");
  EXPECT_EQ(ErrorOf({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}),
            "this is not a picture that can be read: JPEG, PNG, BMP and GIF can");
  EXPECT_EQ(ErrorOf(Text("RIFF\x10\x01\x01\x01WEBPVP8 ")),
            "WebP pictures can only be read in a browser that knows them; save it as JPEG or PNG");
  EXPECT_EQ(ErrorOf(Text("\x89PNG\n\x1A\n----------------")),
            "this PNG is damaged: its first bytes were changed, as by sending it as text");
  EXPECT_EQ(ErrorOf({0xFF, 0xD8}), "the file is cut short: it ends within its header");
  EXPECT_EQ(ErrorOf({0xFF, 0xD8, 0xFF, 0xD9}), "this JPEG is damaged: it holds no picture data");
  EXPECT_EQ(ErrorOf({0xFF, 0xD8, 0xFF, 0xC9, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0}),
            "this JPEG uses arithmetic coding (SOF9), which is not supported; save it as an ordinary JPEG or as PNG");
  EXPECT_EQ(ErrorOf({0xFF, 0xD8, 0xFF, 0xC1, 0, 11, 12, 0, 16, 0, 16, 1, 1, 0x11, 0}),
            "this JPEG has 12 bits a colour, only 8 are supported; save it as an ordinary JPEG or as PNG");
}

TEST(Decode, RefusesTooManyPixelsByTheHeaderAlone) {
  EXPECT_EQ(ErrorOf(testing::PngHeaderOnly(30000, 30000)),
            "the picture is too large: 30000 × 30000 = 900 megapixels, at most 100 can be read");
  const Bytes jpeg_header = {0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 0x11, 0};
  EXPECT_EQ(ErrorOf(jpeg_header), "the picture is too large: 65535 × 65535 = 4295 megapixels, at most 100 can be read");
  EXPECT_EQ(ErrorOf(testing::PngHeaderOnly(0x7FFFFFFF, 0x7FFFFFFF)).substr(0, 24), "the picture is too large");
  EXPECT_EQ(ErrorOf(testing::EncodePngRgb8(3, 2, PatternRgb8(3, 2)), {.max_pixels = 5}),
            "the picture is too large: 3 × 2 = 0 megapixels, at most 0 can be read");
  EXPECT_TRUE(Decode(testing::EncodePngRgb8(3, 2, PatternRgb8(3, 2)), {.max_pixels = 6}).ok());
  EXPECT_FALSE(FromRgba8(Bytes(16), 2, 2, {.max_pixels = 3}).ok());
}

TEST(Decode, ChecksTheSizeOfRgbaPixels) {
  EXPECT_FALSE(FromRgba8(Bytes(15), 2, 2).ok());
  EXPECT_FALSE(FromRgba8(Bytes(16), 0, 2).ok());
  EXPECT_FALSE(FromRgba8(Bytes(16), -2, -2).ok());
}

TEST(Decode, SaysWhereAPngIsCutShort) {
  const Bytes png = testing::EncodePngRgb8(20, 20, PatternRgb8(20, 20));
  EXPECT_EQ(ErrorOf(First(png, 20)), "the file is cut short: it ends within its header");
  EXPECT_EQ(ErrorOf(First(png, 200)), "the file is cut short: it ends within its pixel data");
  const Result<Decoded> without_end = Decode(First(png, png.size() - 12));
  ASSERT_TRUE(without_end.ok());
  EXPECT_EQ(without_end->warning, "read despite a missing end: the file is cut short, the picture may be damaged");
}

TEST(Decode, WarnsOfWrongChecksumsOfAPng) {
  const Bytes sound = testing::EncodePngRgb8(4, 4, PatternRgb8(4, 4));
  Bytes wrong_crc = sound;
  wrong_crc[kIdatAt + 8 + 20] ^= 1U;  // a pixel; its chunk's checksum stays
  Result<Decoded> decoded = Decode(wrong_crc);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->warning, "read despite a wrong checksum in chunk IDAT: the picture may be damaged");

  Bytes wrong_adler = wrong_crc;
  FixChecksum(wrong_adler, kIdatAt);
  decoded = Decode(wrong_adler);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->warning, "read despite a wrong checksum of the pixel data: the picture may be damaged");

  decoded = Decode(sound);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->warning, "");
}

TEST(Decode, WarnsOfABmpOrGifWithMissingRows) {
  const Bytes bmp = testing::EncodeBmp(5, 5, PatternRgb8(5, 5));
  const Result<Decoded> short_bmp = Decode(First(bmp, bmp.size() - 20));
  ASSERT_TRUE(short_bmp.ok());
  EXPECT_EQ(short_bmp->warning,
            "read despite missing data: the file has 114 of 134 bytes, a part of the picture is missing");
  const Bytes gif = testing::EncodeGif(20, 20, 20, 20, Bytes(400, 1), {9, 9, 9, 5, 5, 5}, -1, 0);
  EXPECT_EQ(Decode(gif)->warning, "");
  const Result<Decoded> short_gif = Decode(First(gif, gif.size() - 100));
  ASSERT_TRUE(short_gif.ok());
  EXPECT_EQ(short_gif->warning,
            "read despite missing data: the file ends before the picture does, a part of it is missing");
}

TEST(SniffSupport, GoesByContent) {
  EXPECT_EQ(SniffSupport(testing::PngHeaderOnly(1, 1)), Support::kBuiltIn);
  EXPECT_EQ(SniffSupport({}), Support::kNotAPicture);
  EXPECT_EQ(SniffSupport(Text("hello")), Support::kNotAPicture);
  EXPECT_EQ(SniffSupport(Text("BMW is a maker of cars, and this is a sentence about it.")), Support::kNotAPicture);
  EXPECT_EQ(SniffSupport(Text("RIFF....WEBPVP8 ")), Support::kBrowserOnly);
  const Bytes avif = {0, 0, 0, 28, 'f', 't', 'y', 'p', 'a', 'v', 'i', 'f', 0, 0, 0, 0, 'm', 'i', 'f', '1'};
  EXPECT_EQ(SniffSupport(avif), Support::kBrowserOnly);
  const Bytes heic = {0, 0, 0, 24, 'f', 't', 'y', 'p', 'm', 'i', 'f', '1',
                      0, 0, 0, 0,  'm', 'i', 'f', '1', 'h', 'e', 'i', 'c'};
  EXPECT_EQ(SniffSupport(heic), Support::kBrowserOnly);
  const Bytes film = {0, 0, 0, 16, 'f', 't', 'y', 'p', 'i', 's', 'o', 'm', 0, 0, 0, 0, 'a', 'v', 'i', 'f'};
  EXPECT_EQ(SniffSupport(film), Support::kNotAPicture);
  Bytes run_length = testing::EncodeBmp(2, 2, PatternRgb8(2, 2));
  run_length[30] = 1;
  EXPECT_EQ(SniffSupport(run_length), Support::kBrowserOnly);
}

}  // namespace
}  // namespace handful::image
