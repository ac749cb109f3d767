#include <cstring>
#include <string_view>

#include "base/byte_order.h"
#include "image/image.h"
#include "image/inspect.h"

namespace handful::image {
namespace {

bool BytesAt(std::span<const uint8_t> bytes, size_t at, std::string_view magic) {
  return Holds(bytes, at, magic.size()) && std::memcmp(bytes.data() + at, magic.data(), magic.size()) == 0;
}

// "BM" alone would take a text about BMWs for a picture: the header that follows must have one of its known sizes.
bool IsBmp(std::span<const uint8_t> bytes) {
  if (!BytesAt(bytes, 0, "BM") || !Holds(bytes, 14, 4)) return false;
  const uint32_t header_bytes = Le32(bytes, 14);
  for (const uint32_t known : {12U, 40U, 52U, 56U, 64U, 108U, 124U}) {
    if (header_bytes == known) return true;
  }
  return false;
}

bool IsRunLengthBmp(std::span<const uint8_t> bytes) {
  constexpr uint32_t kRle8 = 1;
  constexpr uint32_t kRle4 = 2;
  if (!Holds(bytes, 30, 4) || Le32(bytes, 14) == 12) return false;
  const uint32_t compression = Le32(bytes, 30);
  return compression == kRle8 || compression == kRle4;
}

// ISO base media files name their kind in the brands of the first box.
PictureFormat SniffMedia(std::span<const uint8_t> bytes) {
  const size_t box_bytes = Be32(bytes, 0);
  for (size_t at = 8; at + 4 <= box_bytes && Holds(bytes, at, 4); at += at == 8 ? 8 : 4) {  // skips the minor version
    if (BytesAt(bytes, at, "avif") || BytesAt(bytes, at, "avis")) return PictureFormat::kAvif;
    for (const char* brand : {"heic", "heix", "hevc", "hevx", "heim", "heis"}) {
      if (BytesAt(bytes, at, brand)) return PictureFormat::kHeic;
    }
  }
  return PictureFormat::kUnknown;
}

}  // namespace

PictureFormat SniffFormat(std::span<const uint8_t> bytes) {
  using namespace std::string_view_literals;
  if (BytesAt(bytes, 0, "\xFF\xD8"sv)) return PictureFormat::kJpeg;
  if (BytesAt(bytes, 0, "\x89PNG\r\n\x1A\n"sv)) return PictureFormat::kPng;
  if (BytesAt(bytes, 0, "GIF87a") || BytesAt(bytes, 0, "GIF89a")) return PictureFormat::kGif;
  if (IsBmp(bytes)) return IsRunLengthBmp(bytes) ? PictureFormat::kRunLengthBmp : PictureFormat::kBmp;
  if (BytesAt(bytes, 0, "RIFF") && BytesAt(bytes, 8, "WEBP")) return PictureFormat::kWebp;
  if (BytesAt(bytes, 4, "ftyp")) return SniffMedia(bytes);
  if (BytesAt(bytes, 0, "\xFF\x0A"sv) || BytesAt(bytes, 0, "\0\0\0\x0CJXL \r\n\x87\n"sv)) return PictureFormat::kJpegXl;
  if (BytesAt(bytes, 0, "II*\0"sv) || BytesAt(bytes, 0, "MM\0*"sv)) return PictureFormat::kTiff;
  if (BytesAt(bytes, 0, "\0\0\x01\0"sv) && Holds(bytes, 4, 18) && Le16(bytes, 4) > 0 && bytes[9] == 0) {
    return PictureFormat::kIcon;
  }
  return PictureFormat::kUnknown;
}

const char* FormatName(PictureFormat format) {
  const PictureKind* kind = KindOf(format);
  return kind != nullptr ? kind->name : "unknown";
}

bool IsBuiltIn(PictureFormat format) {
  const PictureKind* kind = KindOf(format);
  return kind != nullptr && kind->built_in;
}

Support SniffSupport(std::span<const uint8_t> bytes) {
  const PictureFormat format = SniffFormat(bytes);
  if (format == PictureFormat::kUnknown) return Support::kNotAPicture;
  return IsBuiltIn(format) ? Support::kBuiltIn : Support::kBrowserOnly;
}

Status CheckSize(int64_t width, int64_t height, const Limits& limits) {
  if (width <= limits.max_pixels / height) return Status::Ok();
  return Errorf("the picture is too large: %lld × %lld = %.0f megapixels, at most %.0f can be read",
                static_cast<long long>(width), static_cast<long long>(height),
                static_cast<double>(width) * static_cast<double>(height) / 1e6,
                static_cast<double>(limits.max_pixels) / 1e6);
}

Status CutShort(const char* what) { return Errorf("the file is cut short: it ends within its %s", what); }

}  // namespace handful::image
