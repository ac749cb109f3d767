// Every odd and damaged picture of the test data, and what must become of it.
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "base/crc32.h"
#include "image/image.h"
#include "unit/test_files.h"

namespace handful::image {
namespace {

using testing::Bytes;

enum class Outcome { kSound, kWarning, kError };

struct Expected {
  Outcome outcome;
  const char* sentence;  // a part of the warning or error
};

constexpr Expected kSound = {Outcome::kSound, ""};

// Judged one by one, against libjpeg-turbo and Pillow: what those two read without a complaint is sound, and what is
// read in part carries a warning.
const std::map<std::string, Expected>& ExpectedJpegs() {
  static const std::map<std::string, Expected> expected = {
      {"16bit-qtables.jpg", kSound},
      {"extraneous-data.jpg", kSound},  // three unused bytes behind the last block; every pixel is there
      {"grayscale_24x16_sampling2x2.jpg", kSound},
      {"grayscale_long.jpg", kSound},
      {"jpeg_lossless_sel1.jpg", {Outcome::kError, "uses lossless compression (SOF3)"}},
      {"jpg-cmyk-2.jpg", kSound},
      {"jpg-progressive.jpg", kSound},
      {"jpg-size-16x16.jpg", kSound},
      {"jpg-size-1x1.jpg", kSound},
      {"jpg-size-31x31.jpg", kSound},
      {"jpg-size-33x33.jpg", kSound},
      {"jpg-size-4x4.jpg", kSound},
      {"jpg-size-6x6.jpg", kSound},  // a PNG in truth
      {"jpg-size-8x8.jpg", kSound},
      {"jpg-srgb-icc.jpg", kSound},
      {"mjpeg.jpg", kSound},  // a frame of Motion JPEG, without Huffman tables
      {"partial_progressive.jpg", {Outcome::kWarning, "18 stray bytes before marker DA"}},
      {"progressive-missing-dc.jpg", {Outcome::kWarning, "colour component 1 has no scan"}},
      {"restarts.jpg", kSound},
      {"ycck.jpg", kSound},
      {"corrupt/194531363df5b73f59c4c0517422f917.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/21a84b8472f6d18f5bb5c0026e97cfaa.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/28968137f4fc75fbf56f16d7a7a8551a.jpg", {Outcome::kError, "segment FE at byte 336 has no length"}},
      {"corrupt/316be81dfdeeb942e904feb3a77f4f83.jpg", kSound},
      {"corrupt/39f43f280b31152f1d27df3f9d189317.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/3ea649db8e81a46ca4f92fb3238f78ff.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/40bb78b1ac031125a6d8466b374962a8.jpg",
       {Outcome::kWarning, "damaged picture data (1 impossible codes)"}},
      {"corrupt/4838ece0d3900220d33528ee027289bc.jpg", {Outcome::kWarning, "2 stray bytes before marker DB"}},
      {"corrupt/551c2656a4f6f9f5ea7e9945b9081202.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/59d3b529c78ac722127c41ba75b3355b.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/5bc61724b33e34a6188a817f9f2f8138.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/627c0779eb46b98f751187c5c9f43aa3.jpg", {Outcome::kError, "picture data comes before its header"}},
      {"corrupt/72d091e08c93c9e590360130fa35221b.jpg", {Outcome::kWarning, "583 stray bytes before marker C4"}},
      {"corrupt/786b67badc535fc95a4a76c29a0e0146.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/7acc832f70b2ca62e58a953f3b90fd82.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/8417a305e3b43d5b1bda4ff06a660c54.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/897b8b6d8feb466aa6cad5f512c3fce2.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/8e5e74dbf9b68a322fbb9512db837329.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/9efd60f04cd971daa83d3131e6d6f389.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/README.md", {Outcome::kError, "not a picture that can be read, but text"}},
      {"corrupt/a7326ba8f3f4559991126474dd30083d.jpg", {Outcome::kError, "segment E0 at byte 2 has no length"}},
      {"corrupt/adcb34b94f4c839bdd29037419a0ee53.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/b5369bcbddca7135a5708c5237ad64e4.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/bd8cf05698aee36b82b4caf58edea442.jpg", {Outcome::kError, "segment FE at byte 44 has no length"}},
      {"corrupt/c4ced510f44a9bfe85c696c05a7f791d.jpg", {Outcome::kError, "segment FE at byte 44 has no length"}},
      {"corrupt/c8c1a5675f82021d92b928a10c597bad.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/ce380515a534e8226209daae00e7b4e8.jpg", {Outcome::kError, "segment FE at byte 44 has no length"}},
      {"corrupt/d22db5be7594c17a18a047ca9264ea0a.jpg", kSound},
      {"corrupt/de5884cec093257d239f3b8be3e2f2e5.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/eddea4ef9629be031f750a8ff0b7497c.jpg", {Outcome::kError, "17 colour components"}},
      {"corrupt/ef724193653930f52acffa90e6426fd2.jpg", {Outcome::kError, "sampling factors 14 × 5"}},
      {"corrupt/empty.jpg", {Outcome::kError, "the file is empty"}},
      {"corrupt/f1fad47f213bb64c99f714652f30e49e.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/f6d3f522dcb693d9e731d5a0fb4e1393.jpg", {Outcome::kError, "damaged"}},
      {"corrupt/fddcfc778ada60229380c2493fc4c243.jpg", {Outcome::kError, "holds no picture data"}},
      {"corrupt/max_size.jpg", {Outcome::kError, "65535 × 65535 = 4295 megapixels"}},
      {"corrupt/missing-sos.jpg", {Outcome::kError, "holds no picture data"}},
      {"corrupt/subtract-with-overflow.jpg", {Outcome::kError, "bad huffman code"}},
  };
  return expected;
}

// All others of PngSuite are sound.
const std::map<std::string, Expected>& ExpectedCorruptPngs() {
  static const std::map<std::string, Expected> expected = {
      {"xc1n0g08.png", {Outcome::kError, "colour type 1"}},
      {"xc9n2c08.png", {Outcome::kError, "colour type 9"}},
      {"xcrn0g04.png", {Outcome::kError, "first bytes were changed"}},
      {"xcsn0g01.png", {Outcome::kWarning, "wrong checksum in chunk IDAT"}},
      {"xd0n2c08.png", {Outcome::kError, "bit depth 0"}},
      {"xd3n2c08.png", {Outcome::kError, "bit depth 3"}},
      {"xd9n2c08.png", {Outcome::kError, "bit depth 99"}},
      {"xdtn0g01.png", {Outcome::kError, "holds no pixel data"}},
      {"xhdn0g08.png", {Outcome::kWarning, "wrong checksum in chunk IHDR"}},
      {"xlfn0g04.png", {Outcome::kError, "first bytes were changed"}},
      {"xs1n0g01.png", {Outcome::kError, "first bytes were changed"}},
      {"xs2n0g01.png", {Outcome::kError, "first bytes were changed"}},
      {"xs4n0g01.png", {Outcome::kError, "first bytes were changed"}},
      {"xs7n0g01.png", {Outcome::kError, "first bytes were changed"}},
  };
  return expected;
}

void Check(const std::string& name, const Result<Decoded>& decoded, const Expected& expected) {
  switch (expected.outcome) {
    case Outcome::kError:
      ASSERT_FALSE(decoded.ok()) << name;
      EXPECT_NE(decoded.status().message().find(expected.sentence), std::string::npos)
          << name << ": " << decoded.status().message();
      return;
    case Outcome::kWarning:
      ASSERT_TRUE(decoded.ok()) << name << ": " << decoded.status().message();
      EXPECT_NE(decoded->warning.find(expected.sentence), std::string::npos) << name << ": " << decoded->warning;
      return;
    case Outcome::kSound:
      ASSERT_TRUE(decoded.ok()) << name << ": " << decoded.status().message();
      EXPECT_EQ(decoded->warning, "") << name;
  }
}

class Corpus : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::DataFolder() + "/decoder/";
    if (testing::DataFolder().empty()) GTEST_SKIP() << "HANDFUL_DATA is not set";
  }
  Result<Decoded> DecodeFile(const std::string& name) const { return Decode(testing::ReadBytes(folder_ + name)); }
  Result<Decoded> DecodePng(const std::string& name) const { return DecodeFile("pngsuite/png/" + name + ".png"); }

  // The same picture, however it is stored.
  void ExpectSamePixels(const std::string& a, const std::string& b) const {
    const Result<Decoded> first = DecodePng(a);
    const Result<Decoded> second = DecodePng(b);
    ASSERT_TRUE(first.ok() && second.ok()) << a << " " << b;
    ASSERT_EQ(first->image.pixels_rgb8.size(), second->image.pixels_rgb8.size()) << a << " " << b;
    EXPECT_TRUE(std::ranges::equal(first->image.pixels_rgb8.span(), second->image.pixels_rgb8.span())) << a << " " << b;
  }

  std::string folder_;
};

TEST_F(Corpus, EveryJpegComesOutAsJudged) {
  size_t seen = 0;
  for (const std::string sub : {"", "corrupt/"}) {
    for (const std::string& file : testing::ListFolder(folder_ + "jpeg/" + sub)) {
      if (file == "corrupt" || file.starts_with("LICENSE")) continue;
      const auto expected = ExpectedJpegs().find(sub + file);
      ASSERT_NE(expected, ExpectedJpegs().end()) << file << " is not in the table";
      Check(file, DecodeFile("jpeg/" + sub + file), expected->second);
      ++seen;
    }
  }
  EXPECT_EQ(seen, ExpectedJpegs().size());
}

TEST_F(Corpus, EveryFileOfPngSuiteComesOutAsJudged) {
  size_t seen = 0;
  for (const std::string& file : testing::ListFolder(folder_ + "pngsuite/png")) {
    const auto expected = ExpectedCorruptPngs().find(file);
    EXPECT_EQ(expected != ExpectedCorruptPngs().end(), file.starts_with("x")) << file;
    Check(file, DecodeFile("pngsuite/png/" + file),
          expected == ExpectedCorruptPngs().end() ? kSound : expected->second);
    ++seen;
  }
  EXPECT_GE(seen, 175U);
}

TEST_F(Corpus, InterlacingFiltersAndChunkingDoNotChangeAPicture) {
  for (const char* kind : {"0g01", "0g02", "0g04", "0g08", "0g16", "2c08", "2c16", "3p01", "3p02", "3p04", "3p08",
                           "4a08", "4a16", "6a08", "6a16"}) {
    ExpectSamePixels(std::string("basn") + kind, std::string("basi") + kind);
  }
  for (int side = 1; side <= 40; side += side == 9 ? 23 : 1) {
    const std::string digits = (side < 10 ? "0" : "") + std::to_string(side);
    const std::string kind = side <= 2 ? "3p01" : side <= 4 ? "3p01" : side <= 8 ? "3p02" : side <= 9 ? "3p02" : "3p04";
    ExpectSamePixels("s" + digits + "n" + kind, "s" + digits + "i" + kind);
  }
  for (const char* level : {"z03n2c08", "z06n2c08", "z09n2c08"}) ExpectSamePixels("z00n2c08", level);
  for (const char* parts : {"oi2n0g16", "oi4n0g16", "oi9n0g16"}) ExpectSamePixels("oi1n0g16", parts);
}

TEST_F(Corpus, TransparencyShowsWhiteAndNeverTheFilesBackground) {
  // bgan6a08 has no bKGD; bgbn4a08, bgyn6a16, … are the same pictures with black, grey, white and yellow ones.
  for (const char* other : {"bgwn6a08", "basn6a08"}) ExpectSamePixels("bgan6a08", other);
  ExpectSamePixels("bgan6a16", "bgyn6a16");
  ExpectSamePixels("bgai4a08", "bgbn4a08");
  for (const char* name : {"tbbn0g04", "tbbn2c16", "tbbn3p08", "tbgn2c16", "tbwn0g16", "tbyn3p08", "tp1n3p08"}) {
    const Result<Decoded> decoded = DecodePng(name);
    ASSERT_TRUE(decoded.ok()) << name;
    EXPECT_TRUE(decoded->had_alpha) << name;
    for (int c = 0; c < 3; ++c) EXPECT_EQ(decoded->image.pixels_rgb8[static_cast<size_t>(c)], 255) << name;
  }
  EXPECT_FALSE(DecodePng("tp0n3p08")->had_alpha);
}

// CMYK and YCCK as Adobe writes them, inverted. The means are Pillow's; the wrong way round they are 3 and 138.
TEST_F(Corpus, AdobesInvertedInksComeOutRight) {
  for (const auto& [name, expected_mean] :
       {std::pair{"jpeg/jpg-cmyk-2.jpg", 252.0}, std::pair{"jpeg/ycck.jpg", 116.9}}) {
    const Result<Decoded> decoded = DecodeFile(name);
    ASSERT_TRUE(decoded.ok());
    double sum = 0;
    for (const uint8_t value : decoded->image.pixels_rgb8.span()) sum += value;
    EXPECT_NEAR(sum / static_cast<double>(decoded->image.pixels_rgb8.size()), expected_mean, 1.0) << name;
  }
}

// One number over all decoded pixels: the same natively and in WebAssembly, with SIMD and without.
TEST_F(Corpus, DecodedPixelsAreTheSameOnEveryPlatform) {
  uint32_t crc = 0;
  for (const char* sub : {"jpeg/", "jpeg/corrupt/", "exif/", "pngsuite/png/"}) {
    for (const std::string& file : testing::ListFolder(folder_ + sub)) {
      if (!file.ends_with(".jpg") && !file.ends_with(".png")) continue;
      const Result<Decoded> decoded = DecodeFile(sub + file);
      if (decoded.ok()) crc = Crc32(decoded->image.pixels_rgb8.span(), crc);
    }
  }
  EXPECT_EQ(crc, 3918135838U);
}

}  // namespace
}  // namespace handful::image
