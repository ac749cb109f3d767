#include "image/exif.h"

#include "base/byte_order.h"

namespace handful::image {

int ExifOrientation(std::span<const uint8_t> tiff) {
  constexpr uint16_t kOrientationTag = 0x0112;
  constexpr uint16_t kShort = 3;
  constexpr size_t kEntryBytes = 12;

  if (tiff.size() < 8) return 1;
  const bool little = tiff[0] == 'I' && tiff[1] == 'I';
  if (!little && (tiff[0] != 'M' || tiff[1] != 'M')) return 1;
  const auto u16 = [&](size_t at) { return little ? Le16(tiff, at) : Be16(tiff, at); };
  const auto u32 = [&](size_t at) { return little ? Le32(tiff, at) : Be32(tiff, at); };
  if (u16(2) != 42) return 1;

  const size_t directory = u32(4);
  if (!Holds(tiff, directory, 2)) return 1;
  const size_t entries = u16(directory);
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + i * kEntryBytes;
    if (!Holds(tiff, entry, kEntryBytes)) return 1;
    if (u16(entry) != kOrientationTag) continue;
    if (u16(entry + 2) != kShort || u32(entry + 4) != 1) return 1;
    const int value = u16(entry + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

}  // namespace handful::image
