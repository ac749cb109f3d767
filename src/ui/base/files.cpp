#include "ui/base/files.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "image/kinds.h"

namespace handful::ui {
namespace {

template <size_t n>
bool IsOneOf(const std::string& value, const std::array<std::string_view, n>& set) {
  return std::find(set.begin(), set.end(), value) != set.end();
}

constexpr std::array<std::string_view, 8> kModelExtensions = {"safetensors", "h5",     "hdf5", "keras",
                                                              "zip",         "tflite", "json", "bin"};
constexpr std::array<std::string_view, 8> kVideoExtensions = {"mp4", "webm", "mov", "m4v", "ogv", "mkv", "avi", "3gp"};

}  // namespace

std::string LowerExtension(const std::string& name) {
  const size_t dot = name.find_last_of("./");
  if (dot == std::string::npos || name[dot] == '/') return {};
  std::string extension = name.substr(dot + 1);
  for (char& c : extension) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return extension;
}

bool IsPicture(const std::string& name) { return image::KindOfName(name) != nullptr; }

bool IsModelPart(const std::string& name) { return IsOneOf(LowerExtension(name), kModelExtensions); }

bool IsVideo(const std::string& name) { return IsOneOf(LowerExtension(name), kVideoExtensions); }

bool IsSampleArchive(const std::string& name) { return LowerExtension(name) == "tm"; }

std::string ClassFolder(const std::string& path) {
  const size_t end = path.find_last_of('/');
  if (end == std::string::npos) return {};
  const size_t start = path.find_last_of('/', end == 0 ? 0 : end - 1);
  return path.substr(start == std::string::npos || start == end ? 0 : start + 1,
                     end - (start == std::string::npos || start == end ? 0 : start + 1));
}

bool NaturalLess(const std::string& a, const std::string& b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      const size_t a_start = i, b_start = j;
      while (i < a.size() && a[i] == '0') ++i;
      while (j < b.size() && b[j] == '0') ++j;
      const size_t a_first = i, b_first = j;
      while (i < a.size() && digit(a[i])) ++i;
      while (j < b.size() && digit(b[j])) ++j;
      if (i - a_first != j - b_first) return i - a_first < j - b_first;
      if (const int order = a.compare(a_first, i - a_first, b, b_first, j - b_first); order != 0) return order < 0;
      if (i - a_start != j - b_start) return i - a_start < j - b_start;
    } else {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

SortedFiles SortFiles(std::span<const FileRef> files) {
  SortedFiles sorted;
  std::vector<FileRef> texts;
  for (const FileRef& file : files) {
    const std::string extension = LowerExtension(file.name);
    if (IsModelPart(file.name)) {
      sorted.model.push_back(file);
    } else if (extension == "txt") {
      texts.push_back(file);
    } else if (!file.from_folder || IsPicture(file.name)) {
      sorted.pictures.push_back(file);
    } else {
      sorted.left_out.push_back(file);
    }
  }
  // labels.txt belongs to the model beside it. A text dropped alone is a picture that cannot be read, and says so.
  for (FileRef& text : texts) {
    auto& place = !sorted.model.empty() ? sorted.model : text.from_folder ? sorted.left_out : sorted.pictures;
    place.push_back(std::move(text));
  }
  return sorted;
}

SampleFiles SortSampleFiles(std::span<const FileRef> files) {
  SampleFiles sorted;
  for (const FileRef& file : files) {
    const bool zip = LowerExtension(file.name) == "zip";
    if (zip || IsSampleArchive(file.name)) sorted.archives.push_back(file);
    else if (IsVideo(file.name)) sorted.videos.push_back(file);
    else if (file.from_folder && !IsPicture(file.name)) sorted.left_out.push_back(file);
    else sorted.pictures.push_back(file);
  }
  return sorted;
}

}  // namespace handful::ui
