#include "schema/enums.h"

namespace handful::schema {

std::optional<size_t> IndexOf(const EnumType& type, std::string_view text) {
  for (size_t i = 0; i < type.count; ++i) {
    if (text == type.texts[i]) return i;
  }
  return std::nullopt;
}

std::string InWords(const EnumType& type) {
  std::string words;
  for (size_t i = 0; i < type.count; ++i) {
    if (i > 0) words += i + 1 == type.count ? " or " : ", ";
    words += type.texts[i];
  }
  return words;
}

}  // namespace handful::schema
