// Base64, RFC 4648, with padding.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace handful {

std::string Base64(std::span<const uint8_t> bytes);
// Errors: a length that is no multiple of 4, the first character that does not belong to it.
Result<std::vector<uint8_t>> FromBase64(std::string_view text);

}  // namespace handful
