#include "cli/input_files.h"

#include <algorithm>

#include "cli/files.h"

namespace handful::cli {

Result<std::vector<std::string>> InputFiles(Arguments& arguments) {
  std::string list;
  arguments.Option("--files", list);
  Result<std::vector<std::string>> files = arguments.Positional(list.empty() ? 1 : 0);
  if (list.empty() || !files.ok()) return files;
  Result<std::vector<uint8_t>> bytes = ReadFile(list);
  if (!bytes.ok()) return bytes.status().WithContext(list);
  for (auto at = bytes->begin(); at != bytes->end();) {
    const auto end = std::find(at, bytes->end(), '\n');
    if (at != end) files->emplace_back(at, end);
    at = end == bytes->end() ? end : end + 1;
  }
  return files;
}

}  // namespace handful::cli
