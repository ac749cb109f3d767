#include <cstring>
#include <string_view>

#include "base/inflate.h"
#include "image/image.h"
#include "image/inspect.h"
#include "image/orient.h"
#include "image/repair.h"
#include "image/stb_decode.h"

namespace handful::image {
namespace {

bool LooksLikeText(std::span<const uint8_t> bytes) {
  for (const uint8_t byte : bytes.first(std::min<size_t>(bytes.size(), 512))) {
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f') return false;
  }
  return true;
}

Status NotReadable(std::span<const uint8_t> bytes, PictureFormat format) {
  if (format != PictureFormat::kUnknown) {
    return Errorf("%s pictures can only be read in a browser that knows them; save it as JPEG or PNG",
                  FormatName(format));
  }
  constexpr size_t kSignatureBytes = 8;
  if (bytes.size() >= kSignatureBytes &&
      (std::memcmp(bytes.data() + 1, "PNG", 3) == 0 || std::memcmp(bytes.data() + 4, "\r\n\x1A\n", 4) == 0)) {
    return Errorf("this PNG is damaged: its first bytes were changed, as by sending it as text");
  }
  return Errorf("this is not a picture that can be read%s: JPEG, PNG, BMP and GIF can",
                LooksLikeText(bytes) ? ", but text" : "");
}

Result<Inspection> Inspect(std::span<const uint8_t> bytes, PictureFormat format, const Limits& limits) {
  switch (format) {
    case PictureFormat::kJpeg: return InspectJpeg(bytes, limits);
    case PictureFormat::kPng: return InspectPng(bytes, limits);
    case PictureFormat::kBmp: return InspectBmp(bytes, limits);
    case PictureFormat::kGif: return InspectGif(bytes, limits);
    default: return NotReadable(bytes, format);
  }
}

// What to decode instead of `bytes`; empty where they are fine as they are.
Result<Buffer<uint8_t>> Repair(std::span<const uint8_t> bytes, PictureFormat format, const Inspection& found) {
  if (format == PictureFormat::kGif) {
    // What the first frame leaves uncovered is transparent, as in browsers; stb_image would paint it in colour
    // bytes[kBackground] unless that is 0.
    constexpr size_t kBackground = 11;
    Result<Buffer<uint8_t>> copy = Buffer<uint8_t>::CopyOf(bytes);
    if (copy.ok()) (*copy)[kBackground] = 0;
    return copy;
  }
  if (found.needs_repair) return format == PictureFormat::kJpeg ? RepairJpeg(bytes) : RepairPng(bytes);
  return Buffer<uint8_t>();
}

// stb_image's few words as a sentence.
Status DecodingFailed(const char* words, PictureFormat format, const Inspection& found) {
  const std::string_view reason = words == nullptr ? "" : words;
  if (reason == "outofmem") {
    return Errorf("not enough memory for a picture of %d × %d pixels", found.width, found.height);
  }
  if (reason == "unexpected end" || reason == "not enough pixels" || reason == "outofdata") {
    return CutShort("pixel data");
  }
  return Errorf("this %s is damaged and cannot be read (%.*s)", FormatName(format), static_cast<int>(reason.size()),
                reason.data());
}

}  // namespace

Result<Decoded> Decode(std::span<const uint8_t> bytes, const Limits& limits) {
  if (bytes.empty()) return Errorf("the file is empty");
  const PictureFormat format = SniffFormat(bytes);
  Result<Inspection> found = Inspect(bytes, format, limits);
  if (!found.ok()) return found.status();

  Result<Buffer<uint8_t>> repaired = Repair(bytes, format, *found);
  if (!repaired.ok()) return repaired.status();
  if (!repaired->empty()) bytes = repaired->span();
  const int channels = found->may_have_alpha ? 4 : 3;
  const StbPicture stored = StbDecode(bytes, format, channels);
  const bool gave_up_halfway = stored.pixels != nullptr && stored.failure != nullptr;
  if (stored.pixels == nullptr || (gave_up_halfway && found->progressive)) {
    return DecodingFailed(stored.failure, format, *found);
  }

  Decoded decoded;
  decoded.format = FormatName(format);
  decoded.orientation = found->orientation;
  decoded.warning = std::move(found->warning);
  if (gave_up_halfway && decoded.warning.empty()) {
    decoded.warning =
        std::string("read despite damaged picture data: a part of the picture is missing (") + stored.failure + ")";
  }
  if (format == PictureFormat::kPng && decoded.warning.empty() && LastZlibChecksumWasWrong()) {
    decoded.warning = "read despite a wrong checksum of the pixel data: the picture may be damaged";
  }
  Result<Image> upright = UprightOverWhite(stored.pixels.get(), stored.width, stored.height, channels,
                                           found->orientation, decoded.had_alpha);
  if (!upright.ok()) return upright.status();
  decoded.image = *std::move(upright);
  return decoded;
}

Result<Decoded> FromRgba8(std::span<const uint8_t> pixels_rgba8, int width, int height, const Limits& limits) {
  if (width <= 0 || height <= 0) return Errorf("a picture of %d × %d pixels holds nothing", width, height);
  HANDFUL_TRY(CheckSize(width, height, limits));
  if (const uint64_t needed = uint64_t{4} * static_cast<uint64_t>(width) * static_cast<uint64_t>(height);
      pixels_rgba8.size() != needed) {
    return Errorf("%d × %d RGBA pixels are %llu bytes, but %zu were given", width, height,
                  static_cast<unsigned long long>(needed), pixels_rgba8.size());
  }
  Decoded decoded;
  decoded.format = "RGBA";
  Result<Image> upright = UprightOverWhite(pixels_rgba8.data(), width, height, 4, 1, decoded.had_alpha);
  if (!upright.ok()) return upright.status();
  decoded.image = *std::move(upright);
  return decoded;
}

}  // namespace handful::image
