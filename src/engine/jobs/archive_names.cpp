#include "engine/jobs/archive_names.h"

#include <algorithm>
#include <string_view>

#include "image/kinds.h"

namespace handful::engine {
namespace {

// The innermost folder, or "".
std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return "";
  const std::string folders = path.substr(0, slash);
  return folders.substr(folders.rfind('/') + 1);
}

}  // namespace

bool IsPicture(const std::string& path) {
  if (path.starts_with("__MACOSX/") || path.find("/.") != std::string::npos || path.starts_with(".")) return false;
  return image::KindOfName(path) != nullptr;
}

std::string FileNameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string StemOf(const std::string& path) {
  const std::string file = FileNameOf(path);
  return file.substr(0, file.rfind('.'));
}

std::string LabelOf(const std::string& path, const std::string& archive) {
  const std::string name = FileNameOf(path);
  if (const size_t mark = name.rfind("-!-"); mark != std::string::npos && mark > 0) return name.substr(0, mark);
  if (const std::string folder = FolderOf(path); !folder.empty()) return folder;
  std::string stem = StemOf(archive);
  constexpr std::string_view kSamples = "-samples";
  if (stem.size() > kSamples.size() && stem.ends_with(kSamples)) stem.resize(stem.size() - kSamples.size());
  return stem;
}

std::string SafeName(const std::string& name) {
  std::string safe;
  for (const char c : name) {
    safe += static_cast<unsigned char>(c) < 0x20 || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos
                ? '_'
                : c;
  }
  constexpr size_t kMost = 80;  // bytes
  size_t length = std::min(safe.size(), kMost);
  while (length > 0 && length < safe.size() && (static_cast<unsigned char>(safe[length]) & 0xC0U) == 0x80) --length;
  safe.resize(length);
  while (!safe.empty() && (safe.back() == '.' || safe.back() == ' ')) safe.pop_back();
  return safe;
}

}  // namespace handful::engine
