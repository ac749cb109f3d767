// The kinds of picture there are: what each is called, by which endings its files are known, and who can decode it.
// This list is the only one: the decoders, the page's pickers and folders, archives and web/engine/picture_kinds.ts
// follow it. It includes no other code of the project, so that the user interface can use it, too.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace handful::image {

enum class PictureFormat {
  kUnknown,
  kJpeg,
  kPng,
  kBmp,
  kGif,
  kWebp,
  kAvif,
  kHeic,
  kJpegXl,
  kTiff,
  kIcon,
  kRunLengthBmp,
};

struct PictureKind {
  PictureFormat format = PictureFormat::kUnknown;
  const char* name = "";                         // for people
  const char* mime = "";                         // "": browsers do not tell it from another kind
  std::array<std::string_view, 4> extensions{};  // lower case, without the dot; those that are not used are empty
  bool built_in = false;                         // else a browser may know it
};

inline constexpr std::array<PictureKind, 11> kPictureKinds = {{
    {PictureFormat::kJpeg, "JPEG", "image/jpeg", {"jpg", "jpeg", "jpe", "jfif"}, true},
    {PictureFormat::kPng, "PNG", "image/png", {"png", "apng"}, true},
    {PictureFormat::kBmp, "BMP", "image/bmp", {"bmp", "dib"}, true},
    {PictureFormat::kGif, "GIF", "image/gif", {"gif"}, true},
    {PictureFormat::kWebp, "WebP", "image/webp", {"webp"}, false},
    {PictureFormat::kAvif, "AVIF", "image/avif", {"avif"}, false},
    {PictureFormat::kHeic, "HEIC", "image/heic", {"heic", "heif"}, false},
    {PictureFormat::kJpegXl, "JPEG XL", "image/jxl", {"jxl"}, false},
    {PictureFormat::kTiff, "TIFF", "image/tiff", {"tif", "tiff"}, false},
    {PictureFormat::kIcon, "ICO", "image/x-icon", {"ico"}, false},
    {PictureFormat::kRunLengthBmp, "run-length encoded BMP", "", {}, false},
}};

// Null for kUnknown.
constexpr const PictureKind* KindOf(PictureFormat format) {
  const auto kind = std::ranges::find(kPictureKinds, format, &PictureKind::format);
  return kind != kPictureKinds.end() ? &*kind : nullptr;
}

// What the ending of a file's name or path promises; null where that is no picture's.
constexpr const PictureKind* KindOfName(std::string_view path) {
  const size_t dot = path.find_last_of("./");
  if (dot == std::string_view::npos || path[dot] == '/') return nullptr;
  const std::string_view ending = path.substr(dot + 1);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const PictureKind& kind : kPictureKinds) {
    for (const std::string_view extension : kind.extensions) {
      if (!extension.empty() && std::ranges::equal(ending, extension, {}, lower)) return &kind;
    }
  }
  return nullptr;
}

}  // namespace handful::image
