#include "cli/pictures.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/files.h"
#include "engine/jobs/project_file.h"
#include "schema/json.h"

namespace handful::cli {

Result<LabelledPictures> LabelledPictures::Open(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) return OpenProject(path);
  Result<std::vector<LabelledFile>> files = ListClassFolders(path);
  if (!files.ok()) return files.status();
  LabelledPictures pictures;
  for (const LabelledFile& file : *files) {
    if (pictures.classes_.empty() || pictures.classes_.back() != file.label) pictures.classes_.push_back(file.label);
    pictures.pictures_.push_back({.path = file.path, .name = file.name, .label = file.label});
  }
  return pictures;
}

Result<LabelledPictures> LabelledPictures::OpenProject(const std::string& path) {
  LabelledPictures pictures;
  Result<std::vector<uint8_t>> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.status();
  pictures.zip_ = std::move(*bytes);
  Result<importers::ZipReader> reader = importers::ZipReader::Open(pictures.zip_, importers::kProjectZipLimits);
  if (!reader.ok()) return reader.status().WithContext(path);
  pictures.reader_ = std::move(*reader);
  std::map<std::string, size_t> entries;
  for (size_t i = 0; i < pictures.reader_.entries().size(); ++i) entries[pictures.reader_.entries()[i].name] = i;
  const auto found = entries.find(engine::kProjectFile);
  if (found == entries.end())
    return Errorf("%s: there is no %s in this zip, so it is no project", path.c_str(), engine::kProjectFile);
  Result<std::vector<uint8_t>> json = pictures.reader_.Read(pictures.reader_.entries()[found->second]);
  if (!json.ok()) return json.status().WithContext(path);
  Result<schema::ProjectFile> file = engine::ReadProjectFile(*json);
  if (!file.ok()) return file.status().WithContext(path);

  std::map<int64_t, std::string> names;  // of enabled classes
  for (const schema::ClassInfo& c : file->project.classes) {
    if (!c.enabled) continue;
    names[c.id] = c.name;
    pictures.classes_.push_back(c.name);
  }
  for (const schema::ArchivedSample& archived : file->samples) {
    const auto name = names.find(archived.sample.class_id);
    if (name == names.end()) continue;
    const auto entry = entries.find(archived.file);
    pictures.entries_.push_back(entry == entries.end() ? SIZE_MAX : entry->second);
    pictures.pictures_.push_back({path + "/" + archived.file, archived.sample.name, name->second,
                                  archived.sample.session, archived.sample.burst, archived.sample.crop_mode});
  }
  if (pictures.pictures_.empty()) return Errorf("%s: this project has no pictures", path.c_str());
  return pictures;
}

Result<std::vector<uint8_t>> LabelledPictures::Read(size_t index) const {
  if (!is_project()) return ReadFile(pictures_[index].path);
  if (entries_[index] == SIZE_MAX) return Errorf("it is not in the zip");
  return reader_.Read(reader_.entries()[entries_[index]]);
}

}  // namespace handful::cli
