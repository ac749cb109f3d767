// Labelled pictures to learn from or to be judged by: a folder with one folder a class, or a project's zip
// (docs/FORMATS.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "import/zip.h"
#include "schema/enums.h"

namespace handful::cli {

struct LabelledPicture {
  std::string path;  // for messages
  std::string name;  // without folders
  std::string label;
  std::string session;  // of a project's picture
  bool burst = false;
  schema::CropMode crop_mode = schema::CropMode::kCenter;
};

class LabelledPictures {
 public:
  // `path`: a folder, or a file that is a zip.
  static Result<LabelledPictures> Open(const std::string& path);

  bool is_project() const { return !zip_.empty(); }
  // In their order: of a folder alphabetical, of a project the visitor's, enabled ones only.
  const std::vector<std::string>& classes() const { return classes_; }
  const std::vector<LabelledPicture>& pictures() const { return pictures_; }
  Result<std::vector<uint8_t>> Read(size_t index) const;

 private:
  static Result<LabelledPictures> OpenProject(const std::string& path);

  std::vector<std::string> classes_;
  std::vector<LabelledPicture> pictures_;
  std::vector<uint8_t> zip_;
  importers::ZipReader reader_;
  std::vector<size_t> entries_;  // of a zip: where each picture is
};

}  // namespace handful::cli
