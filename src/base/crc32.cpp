#include "base/crc32.h"

#include <array>
#include <cstddef>

#include "base/byte_order.h"

namespace handful {
namespace {

constexpr size_t kSlices = 8;
using Tables = std::array<std::array<uint32_t, 256>, kSlices>;

// Made when first needed: as constants, 8 KB that no compression makes smaller would be loaded with every page.
Tables MakeTables() {
  Tables t;
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1U) : c >> 1U;
    t[0][i] = c;
  }
  for (size_t s = 1; s < kSlices; ++s) {
    for (size_t i = 0; i < 256; ++i) t[s][i] = (t[s - 1][i] >> 8U) ^ t[0][t[s - 1][i] & 255U];
  }
  return t;
}

}  // namespace

// Eight bytes a step ("slicing by 8", Kounavis and Berry 2005): a 12-megapixel PNG must not wait for its checksums.
uint32_t Crc32(std::span<const uint8_t> bytes, uint32_t crc) {
  static const Tables tables = MakeTables();
  uint32_t c = ~crc;
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    const uint32_t low = c ^ Le32(bytes, i);
    const uint32_t high = Le32(bytes, i + 4);
    c = tables[7][low & 255U] ^ tables[6][(low >> 8U) & 255U] ^ tables[5][(low >> 16U) & 255U] ^ tables[4][low >> 24U] ^
        tables[3][high & 255U] ^ tables[2][(high >> 8U) & 255U] ^ tables[1][(high >> 16U) & 255U] ^
        tables[0][high >> 24U];
  }
  for (; i < bytes.size(); ++i) c = tables[0][(c ^ bytes[i]) & 255U] ^ (c >> 8U);
  return ~c;
}

}  // namespace handful
