// Text as people count it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace handful {

// Code points of valid UTF-8: bytes that do not go on with one.
inline size_t CharactersOf(std::string_view utf8) {
  return static_cast<size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

}  // namespace handful
