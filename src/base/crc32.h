// CRC-32 of PNG chunks and zip entries (ISO 3309, polynomial 0xEDB88320).
#pragma once

#include <cstdint>
#include <span>

namespace handful {

// `crc` continues an earlier run; 0 starts one.
uint32_t Crc32(std::span<const uint8_t> bytes, uint32_t crc = 0);

}  // namespace handful
