#include "engine/jobs/export.h"

#include <map>

#include "engine/jobs/archive_names.h"
#include "engine/jobs/project_file.h"
#include "schema/json.h"

namespace handful::engine {

void ExportProject(const OpenProject& project, const Reply& reply) {
  const State& state = project.state();
  schema::ProjectFile file{.project = state.Info()};
  // Of this browser's copy only.
  file.project.imports.clear();
  file.project.opened_ms = file.project.edit = 0;
  schema::WriteArchive archive{.id = reply->id(), .name = SafeName(state.info.name) + ".handful.zip"};
  archive.parts.push_back({kProjectFile, "", ""});
  std::map<int64_t, std::string> folders;
  for (const schema::ClassInfo& c : state.info.classes)
    folders[c.id] = Format("%02zu %s", folders.size() + 1, SafeName(c.name).c_str());
  for (const auto& [sample_id, sample] : state.samples) {
    const std::string path =
        Format("samples/%s/%06lld.png", folders[sample.info.class_id].c_str(), static_cast<long long>(sample_id));
    file.samples.push_back({sample.info, path});
    archive.parts.push_back({path, "pixels", StoreKey(project.id(), sample_id)});
  }
  for (const schema::TrainingInfo& training : project.trainings().list()) {
    if (training.state != schema::TrainingState::kDone && training.state != schema::TrainingState::kStopped) continue;
    const std::string path = Format("trainings/%06lld.safetensors", static_cast<long long>(training.id));
    file.trainings.push_back({training, path});
    archive.parts.push_back({path, "trainings", TrainingKey(project.id(), "model", training.id)});
  }
  reply->Say(std::move(archive), {BytesOfText(schema::ToJson(file))});
}

}  // namespace handful::engine
