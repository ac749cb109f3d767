// GIF87a and GIF89a: the screen's size and whether the first frame is complete.
#include "base/byte_order.h"
#include "image/inspect.h"

namespace handful::image {
namespace {

constexpr uint8_t kExtension = 0x21;
constexpr uint8_t kImageDescriptor = 0x2C;
constexpr uint8_t kTrailer = 0x3B;

size_t ColourTableBytes(uint8_t flags) { return (flags & 0x80U) != 0 ? size_t{3} << ((flags & 7U) + 1U) : 0; }

// Steps over a chain of sub-blocks; false where the file ends first.
bool SkipSubBlocks(std::span<const uint8_t> bytes, size_t& at) {
  while (at < bytes.size()) {
    const size_t length = bytes[at];
    at += 1 + length;
    if (length == 0) return true;
  }
  return false;
}

}  // namespace

Result<Inspection> InspectGif(std::span<const uint8_t> bytes, const Limits& limits) {
  constexpr size_t kScreenBytes = 13;
  if (bytes.size() < kScreenBytes) return CutShort("header");
  Inspection found;
  found.width = Le16(bytes, 6);
  found.height = Le16(bytes, 8);
  found.may_have_alpha = true;
  if (found.width == 0 || found.height == 0) {
    return Errorf("this GIF is damaged: its header says %d × %d pixels", found.width, found.height);
  }
  HANDFUL_TRY(CheckSize(found.width, found.height, limits));
  size_t at = kScreenBytes + ColourTableBytes(bytes[10]);
  while (at < bytes.size() && bytes[at] == kExtension) {
    at += 2;
    if (!SkipSubBlocks(bytes, at)) return CutShort("header");
  }
  if (at >= bytes.size()) return CutShort("header");
  if (bytes[at] == kTrailer) return Errorf("this GIF holds no picture");
  if (bytes[at] != kImageDescriptor) {
    return Errorf("this GIF is damaged: unknown block 0x%02x at byte %zu", bytes[at], at);
  }
  constexpr size_t kDescriptorBytes = 10;
  if (!Holds(bytes, at, kDescriptorBytes)) return CutShort("header");
  at += kDescriptorBytes + ColourTableBytes(bytes[at + 9]) + 1;  // and the code size
  if (at >= bytes.size()) return CutShort("header");
  if (!SkipSubBlocks(bytes, at)) {
    found.warning = "read despite missing data: the file ends before the picture does, a part of it is missing";
  }
  return found;
}

}  // namespace handful::image
