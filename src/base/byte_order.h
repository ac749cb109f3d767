// Unsigned numbers out of file bytes. The caller has checked that `at` + the width lies inside `bytes`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace handful {

inline uint16_t Be16(std::span<const uint8_t> bytes, size_t at) {
  return static_cast<uint16_t>((bytes[at] << 8U) | bytes[at + 1]);
}
inline uint32_t Be32(std::span<const uint8_t> bytes, size_t at) {
  return (static_cast<uint32_t>(Be16(bytes, at)) << 16U) | Be16(bytes, at + 2);
}
inline uint16_t Le16(std::span<const uint8_t> bytes, size_t at) {
  return static_cast<uint16_t>((bytes[at + 1] << 8U) | bytes[at]);
}
inline uint32_t Le32(std::span<const uint8_t> bytes, size_t at) {
  return (static_cast<uint32_t>(Le16(bytes, at + 2)) << 16U) | Le16(bytes, at);
}
inline uint64_t Le64(std::span<const uint8_t> bytes, size_t at) {
  return (static_cast<uint64_t>(Le32(bytes, at + 4)) << 32U) | Le32(bytes, at);
}

// Whether `count` bytes from `at` on lie inside `bytes`. Never overflows.
inline bool Holds(std::span<const uint8_t> bytes, size_t at, size_t count) {
  return at <= bytes.size() && count <= bytes.size() - at;
}

}  // namespace handful
