// Parts of file names as they are dropped: folders apart, letters in any case.
#pragma once

#include <algorithm>
#include <string>

namespace handful::importers {

// "a/b/model.json" → "model.json"
inline std::string BaseName(const std::string& path) { return path.substr(path.find_last_of("/\\") + 1); }

inline std::string LowerCase(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace handful::importers
