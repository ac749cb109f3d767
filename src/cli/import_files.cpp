#include "cli/import_files.h"

#include "cli/files.h"

namespace handful::cli {

Result<project::ImportedModel> ImportFiles(const std::vector<std::string>& paths) {
  std::vector<project::InputFile> files;
  for (const std::string& path : paths) {
    Result<std::vector<uint8_t>> bytes = ReadFile(path);
    if (!bytes.ok()) return paths.size() == 1 ? bytes.status() : bytes.status().WithContext(path);
    files.push_back({path, std::move(*bytes)});
  }
  return project::ImportModel(files);
}

}  // namespace handful::cli
