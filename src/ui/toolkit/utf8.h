// UTF-8 without surprises.
#pragma once

#include <cstdint>
#include <string_view>

namespace handful::ui {

// Reads the code point at `at` and moves past it. A byte that cannot start or continue one is U+FFFD, alone.
uint32_t NextCodePoint(std::string_view text, size_t& at);

}  // namespace handful::ui
