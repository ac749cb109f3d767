#include "cli/import_files.h"

#include "cli/files.h"

namespace handful::cli {

Result<importers::ImportedModel> ImportFiles(const std::vector<std::string>& paths) {
  std::vector<importers::InputFile> files;
  for (const std::string& path : paths) {
    Result<std::vector<uint8_t>> bytes = ReadFile(path);
    if (!bytes.ok()) return paths.size() == 1 ? bytes.status() : bytes.status().WithContext(path);
    files.push_back({path, std::move(*bytes)});
  }
  return importers::ImportModel(files);
}

}  // namespace handful::cli
