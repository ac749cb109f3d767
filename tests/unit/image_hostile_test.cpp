// Damaged files of every kind: whatever comes out, nothing crashes, hangs or reads outside (run under sanitizers).
#include <string>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "image/image.h"
#include "unit/test_files.h"

namespace handful::image {
namespace {

using testing::Bytes;

// Keeps the damaged headers that ask for a large picture from making the test slow.
constexpr Limits kSmall = {.max_pixels = 4'000'000};

void DecodeAndJudge(const Bytes& bytes, const std::string& what) {
  const Result<Decoded> decoded = Decode(bytes, kSmall);
  if (!decoded.ok()) {
    EXPECT_GT(decoded.status().message().size(), 10U) << what;
    return;
  }
  const Image& image = decoded->image;
  EXPECT_EQ(image.pixels_rgb8.size(), size_t{3} * static_cast<size_t>(image.width) * static_cast<size_t>(image.height))
      << what;
}

void Torture(const Bytes& sound, const std::string& name, int rounds) {
  Rng rng(sound.size());
  const auto size = static_cast<uint32_t>(sound.size());
  for (int i = 0; i < rounds; ++i) {
    Bytes cut = sound;
    cut.resize(rng.Below(size));
    DecodeAndJudge(cut, name + " cut");

    Bytes changed = sound;
    const uint32_t changes = 1 + rng.Below(8);
    // Headers are where it hurts: half of the changes go to the first 700 bytes.
    for (uint32_t c = 0; c < changes; ++c) {
      const uint32_t range = rng.Below(2) == 0 ? std::min(size, 700U) : size;
      changed[rng.Below(range)] = static_cast<uint8_t>(rng.Below(256));
    }
    DecodeAndJudge(changed, name + " changed");

    Bytes spliced = sound;
    const uint32_t from = rng.Below(size);
    spliced.erase(spliced.begin() + from, spliced.begin() + from + rng.Below(std::min(size - from, 64U) + 1));
    DecodeAndJudge(spliced, name + " spliced");
  }
}

TEST(Decode, SurvivesDamagedPicturesOfItsOwnMaking) {
  const Bytes pixels = testing::PatternRgb8(40, 30);
  Torture(testing::EncodePngRgb8(40, 30, pixels, {{"eXIf", testing::ExifBlock(6, true)}}), "PNG", 300);
  Torture(testing::EncodeBmp(40, 30, pixels), "BMP", 300);
  Torture(testing::EncodeGif(40, 30, 40, 30, Bytes(1200, 3), pixels, 2, 1), "GIF", 300);
}

TEST(Decode, SurvivesDamagedFilesOfTheTestData) {
  const std::string data = testing::DataFolder();
  if (data.empty()) GTEST_SKIP() << "HANDFUL_DATA is not set";
  for (const char* name : {"jpeg/jpg-progressive.jpg", "jpeg/restarts.jpg", "jpeg/jpg-size-33x33.jpg",
                           "jpeg/grayscale_long.jpg", "jpeg/partial_progressive.jpg", "jpeg/jpg-cmyk-2.jpg",
                           "jpeg/corrupt/72d091e08c93c9e590360130fa35221b.jpg", "pngsuite/png/basi6a16.png",
                           "pngsuite/png/basn3p02.png", "pngsuite/png/tbbn2c16.png", "pngsuite/png/exif2c08.png"}) {
    Torture(testing::ReadBytes(data + "/decoder/" + name), name, 60);
  }
}

}  // namespace
}  // namespace handful::image
