#include <set>
#include <string>

#include <gtest/gtest.h>

#include "image/inspect.h"
#include "image/kinds.h"

namespace handful::image {
namespace {

TEST(PictureKinds, AreKnownByTheEndingOfANameOrPath) {
  const auto format_of = [](std::string_view path) {
    const PictureKind* kind = KindOfName(path);
    return kind != nullptr ? kind->format : PictureFormat::kUnknown;
  };
  EXPECT_EQ(format_of("a.jfif"), PictureFormat::kJpeg);
  EXPECT_EQ(format_of("x.y/IMG_1.JPEG"), PictureFormat::kJpeg);
  EXPECT_EQ(format_of("photo.png.heic"), PictureFormat::kHeic);
  for (const char* other : {"", ".", "jpg", "a/jpg", "a.jpg/b", "a.txt", "a.jp", "a.jpgg", "a."}) {
    EXPECT_EQ(format_of(other), PictureFormat::kUnknown) << other;
  }
}

TEST(PictureKinds, AreEachListedOnceAndNoEndingIsTwoKinds) {
  std::set<PictureFormat> formats;
  std::set<std::string_view> extensions;
  for (const PictureKind& kind : kPictureKinds) {
    EXPECT_TRUE(formats.insert(kind.format).second) << kind.name;
    EXPECT_STREQ(FormatName(kind.format), kind.name);
    EXPECT_EQ(IsBuiltIn(kind.format), kind.built_in);
    for (const std::string_view extension : kind.extensions) {
      if (!extension.empty()) EXPECT_TRUE(extensions.insert(extension).second) << extension;
    }
  }
  EXPECT_EQ(formats.size(), static_cast<size_t>(PictureFormat::kRunLengthBmp));
  EXPECT_STREQ(FormatName(PictureFormat::kUnknown), "unknown");
}

}  // namespace
}  // namespace handful::image
