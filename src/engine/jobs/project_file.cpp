#include "engine/jobs/project_file.h"

#include "schema/json.h"

namespace handful::engine {
namespace {

constexpr char kFormat[] = "handful-project";
constexpr int kVersion = 1;

}  // namespace

Result<schema::ProjectFile> ReadProjectFile(std::span<const uint8_t> json) {
  Result<schema::ProjectFile> file =
      schema::ProjectFileFromJson({reinterpret_cast<const char*>(json.data()), json.size()});
  Status status = file.status();
  if (file.ok() && file->format != kFormat)
    status = Errorf("field \"format\" is \"%s\", not \"%s\"", file->format.c_str(), kFormat);
  if (file.ok() && status.ok() && file->version > kVersion) {
    status = Errorf(
        "it was written by a newer Handful (field \"version\" is %d, and this one reads %d): open it with that one, or "
        "reload this page",
        file->version, kVersion);
  }
  if (!status.ok()) return status.WithContext(kProjectFile);
  return file;
}

}  // namespace handful::engine
