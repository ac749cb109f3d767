#include "engine/jobs/material.h"

#include <algorithm>
#include <map>
#include <set>

#include "nn/tensor_file.h"
#include "train/held_out.h"

namespace handful::engine {
namespace {

constexpr size_t kMostLearned = 96, kMostHeldOut = 192;  // pictures; some 70 KB each

// So many ids at most, of each class as many as of the others where there are so many.
std::vector<int64_t> SomeOfEach(const State& state, const std::set<int64_t>& from, size_t most) {
  std::map<int64_t, std::vector<int64_t>> of_class;
  for (const int64_t id : from) {
    if (const Sample* sample = state.Find(id)) of_class[sample->info.class_id].push_back(id);
  }
  std::vector<int64_t> chosen;
  for (size_t turn = 0; chosen.size() < most && turn < from.size(); ++turn) {
    for (const auto& [class_id, ids] : of_class) {
      // Spread over the whole class: neighbours in time are much alike.
      const size_t each = std::max<size_t>(1, most / of_class.size());
      const size_t step = std::max<size_t>(1, ids.size() / each);
      if (turn * step < ids.size() && chosen.size() < most) chosen.push_back(ids[turn * step]);
    }
  }
  return chosen;
}

struct Gathering {
  schema::ModelMaterial material;
  schema::Bytes model;
  std::set<int64_t> held_out;
};

void ReadPictures(const std::shared_ptr<Gathering>& gathering, OpenProject& project, const Reply& reply) {
  const State& state = project.state();
  std::set<int64_t> learned;
  for (const int64_t id : state.DatasetIds()) {
    if (!gathering->held_out.contains(id)) learned.insert(id);
  }
  std::vector<int64_t> ids = SomeOfEach(state, gathering->held_out, kMostHeldOut);
  std::ranges::move(SomeOfEach(state, learned, kMostLearned), std::back_inserter(ids));
  project.Read("pixels", ids, [gathering, reply, scope = project.weak_from_this()](Result<OpenProject::Records> found) {
    const auto open = scope.lock();
    if (open == nullptr) return;
    if (!found.ok()) return reply->Fail(found.status().WithContextf("the project's pictures cannot be read"));
    std::vector<schema::Bytes> buffers = {std::move(gathering->model)};
    for (auto& [id, png] : *found) {
      const Sample* sample = open->state().Find(id);
      const schema::ClassInfo* c = sample == nullptr ? nullptr : open->state().FindClass(sample->info.class_id);
      if (c == nullptr) continue;
      gathering->material.pictures.push_back({sample->info.name, c->name, gathering->held_out.contains(id)});
      buffers.push_back(std::move(png));
    }
    reply->Say(std::move(gathering->material), std::move(buffers));
  });
}

}  // namespace

void GatherModel(Models& models, const Workspace& workspace, const Reply& reply) {
  const Result<nn::Model> model = models.answers().WholeModel();
  if (!model.ok()) return reply->Fail(model.status());
  auto gathering = std::make_shared<Gathering>();
  gathering->material = {.id = reply->id(), .title = model->title};
  gathering->model = nn::WriteModel(*model);
  OpenProject* project = workspace.project();
  const schema::TrainingInfo* current = project == nullptr ? nullptr : project->trainings().current();
  if (!models.answers().answers_trained() || current == nullptr) {
    return reply->Say(std::move(gathering->material), {std::move(gathering->model)});
  }
  project->trainings().ReadHeldOut(
      current->id, [gathering, reply, scope = workspace.scope()](Result<schema::Bytes> bytes) {
        const auto open = scope.lock();
        if (open == nullptr) return;
        // A training of before there was such a record, or one that held nothing out.
        Result<nn::TensorFile> file = bytes.ok() ? nn::ReadSafetensors(*bytes) : Result<nn::TensorFile>(bytes.status());
        Result<train::HeldOut> record =
            file.ok() ? train::HeldOutFromTensors(*file) : Result<train::HeldOut>(file.status());
        if (record.ok()) gathering->held_out = {record->samples.begin(), record->samples.end()};
        ReadPictures(gathering, *open, reply);
      });
}

}  // namespace handful::engine
