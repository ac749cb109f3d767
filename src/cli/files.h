// Files of the machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"

namespace handful::cli {

Result<std::vector<uint8_t>> ReadFile(const std::string& path);
// Written beside it first and renamed, so that a file is whole or not there.
Status WriteFile(const std::string& path, const std::vector<uint8_t>& bytes);

// One folder a class, as Keras reads it: classes and files in alphabetical order; hidden files are passed over.
struct LabelledFile {
  std::string path;
  std::string name;   // without folders
  std::string label;  // the folder's name
};
Result<std::vector<LabelledFile>> ListClassFolders(const std::string& directory);

// Where the models lie: $HANDFUL_MODELS (tools/handful sets it), else ./models.
std::string ModelPath(const std::string& file_name);

}  // namespace handful::cli
