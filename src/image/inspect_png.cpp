// PNG (ISO/IEC 15948): chunk structure and checksums.
#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/byte_order.h"
#include "base/crc32.h"
#include "image/exif.h"
#include "image/inspect.h"
#include "image/repair.h"

namespace handful::image {
namespace {

constexpr size_t kSignatureBytes = 8;
constexpr size_t kChunkOverhead = 12;  // length, type, CRC

bool IsChunkType(std::string_view type) {
  return std::ranges::all_of(type, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

bool ValidDepth(int depth, int colour_type) {
  switch (colour_type) {
    case 0: return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3: return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6: return depth == 8 || depth == 16;
    default: return false;
  }
}

Status ReadHeader(std::span<const uint8_t> data, Inspection& found) {
  if (data.size() != 13) return Errorf("this PNG is damaged: its header has %zu bytes instead of 13", data.size());
  const uint32_t width = Be32(data, 0);
  const uint32_t height = Be32(data, 4);
  constexpr uint32_t kMax = 0x7FFFFFFF;
  if (width == 0 || height == 0 || width > kMax || height > kMax) {
    return Errorf("this PNG is damaged: its header says %u × %u pixels", width, height);
  }
  if (!ValidDepth(data[8], data[9])) {
    return Errorf("this PNG is damaged: its header says bit depth %d with colour type %d", data[8], data[9]);
  }
  if (data[10] != 0 || data[11] != 0 || data[12] > 1) {
    return Errorf("this PNG is damaged: its header says compression %d, filter %d, interlace %d", data[10], data[11],
                  data[12]);
  }
  found.width = static_cast<int>(width);
  found.height = static_cast<int>(height);
  found.may_have_alpha = data[9] == 4 || data[9] == 6;
  return Status::Ok();
}

}  // namespace

Result<Inspection> InspectPng(std::span<const uint8_t> bytes, const Limits& limits) {
  Inspection found;
  bool has_header = false;
  bool has_palette = false;
  bool has_data = false;
  bool has_end = false;
  bool needs_palette = false;
  for (size_t at = kSignatureBytes; !has_end && at < bytes.size();) {
    if (!Holds(bytes, at, kChunkOverhead)) {
      if (!has_data) return CutShort("header");
      break;
    }
    const size_t length = Be32(bytes, at);
    const std::string_view type(reinterpret_cast<const char*>(bytes.data()) + at + 4, 4);
    const std::string name(type);
    if (!IsChunkType(type)) {
      if (has_data) break;
      return Errorf("this PNG is damaged: there is no chunk where one must begin, at byte %zu", at);
    }
    if (!Holds(bytes, at + kChunkOverhead, length)) {
      if (type == "IDAT") return CutShort("pixel data");
      if (!has_data) return CutShort("header");
      break;
    }
    const std::span<const uint8_t> data = bytes.subspan(at + 8, length);
    if (!has_header && type != "IHDR" && type != "CgBI") {
      return Errorf("this PNG is damaged: it begins with chunk %s instead of its header", name.c_str());
    }
    if (Crc32(bytes.subspan(at + 4, length + 4)) != Be32(bytes, at + 8 + length) && found.warning.empty()) {
      found.warning = "read despite a wrong checksum in chunk " + name + ": the picture may be damaged";
    }
    if (type == "IHDR") {
      HANDFUL_TRY(ReadHeader(data, found));
      HANDFUL_TRY(CheckSize(found.width, found.height, limits));
      has_header = true;
      needs_palette = data[9] == 3;
    } else if (type == "PLTE") {
      has_palette = true;
    } else if (type == "tRNS") {
      found.may_have_alpha = true;
    } else if (type == "IDAT") {
      has_data = true;
    } else if (type == "eXIf") {
      found.orientation = ExifOrientation(data);
    } else if (type == "IEND") {
      has_end = true;
    }
    at += kChunkOverhead + length;
  }
  if (!has_header) return CutShort("header");
  if (!has_data) {
    return has_end ? Status::Error("this PNG is damaged: it holds no pixel data") : CutShort("header");
  }
  if (needs_palette && !has_palette) return Errorf("this PNG is damaged: its colour table is missing");
  if (!has_end) {
    found.needs_repair = true;
    if (found.warning.empty()) {
      found.warning = "read despite a missing end: the file is cut short, the picture may be damaged";
    }
  }
  return found;
}

Result<Buffer<uint8_t>> RepairPng(std::span<const uint8_t> bytes) {
  constexpr uint8_t kEnd[] = {0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xAE, 0x42, 0x60, 0x82};
  size_t at = kSignatureBytes;
  while (Holds(bytes, at, kChunkOverhead) && Holds(bytes, at + kChunkOverhead, Be32(bytes, at)) &&
         IsChunkType({reinterpret_cast<const char*>(bytes.data()) + at + 4, 4})) {
    at += kChunkOverhead + Be32(bytes, at);
  }
  Result<Buffer<uint8_t>> repaired = Buffer<uint8_t>::Zeroed(at + sizeof kEnd);
  if (!repaired.ok()) return repaired;
  std::memcpy(repaired->data(), bytes.data(), at);
  std::memcpy(repaired->data() + at, kEnd, sizeof kEnd);
  return repaired;
}

}  // namespace handful::image
