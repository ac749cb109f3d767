// Looking into JSON that somebody else wrote: nothing here can throw or abort, whatever the types turn out to be.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace handful::importers {

using Json = nlohmann::json;

// Lists and objects in each other; whatever walks through a value may do so by calling itself.
inline constexpr size_t kMaxJsonDepth = 200;

// Discarded (is_discarded()) where the text is no JSON, or is nested deeper than kMaxJsonDepth.
inline Json ParseJson(std::string_view text) {
  size_t depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxJsonDepth) return Json(Json::value_t::discarded);
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}
inline Json ParseJson(std::span<const uint8_t> bytes) {
  return ParseJson(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// The member of that name; null where there is none or `json` is no object.
inline const Json& Member(const Json& json, const char* name) {
  static const Json null;
  if (!json.is_object()) return null;
  const auto found = json.find(name);
  return found == json.end() ? null : *found;
}

inline std::string TextOr(const Json& json, const std::string& otherwise) {
  return json.is_string() ? json.get<std::string>() : otherwise;
}

}  // namespace handful::importers
