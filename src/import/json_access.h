// Looking into JSON that somebody else wrote: nothing here can throw or abort, whatever the types turn out to be.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

namespace handful::importers {

using Json = nlohmann::json;

// Discarded (is_discarded()) where the bytes are no JSON.
inline Json ParseJson(std::span<const uint8_t> bytes) {
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  return Json::parse(text, text + bytes.size(), nullptr, /*allow_exceptions=*/false);
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
