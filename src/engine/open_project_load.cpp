// How a project comes out of the store: its trainings and what can be undone, then its samples, some hundred at a time, and last their
// features, while the samples can be seen already.
#include <algorithm>

#include "engine/open_project.h"
#include "schema/json.h"

namespace handful::engine {
namespace {

constexpr int kListAtOnce = 500;
constexpr int kKeysAtOnce = 10'000;

}  // namespace

void OpenProject::StartEmpty() {
  loaded_ = true;
  state_.info.backbone_sha256 = backbone_sha256_;
}

void OpenProject::Load(Reply reply) {
  auto trainings = std::make_shared<std::vector<schema::TrainingInfo>>();
  auto edits = std::make_shared<std::vector<schema::EditInfo>>();
  const Scope scope = weak_from_this();
  auto features_read = [scope](const Status&) {
    if (const auto project = scope.lock()) project->Loaded();
  };
  auto samples_read = [scope, reply, features_read](const Status& read) {
    const auto project = scope.lock();
    if (project == nullptr) return;
    if (!read.ok()) {
      reply->Fail("the project's samples cannot be read: " + read.message());
      return;
    }
    reply->Say(schema::SamplesListed{reply->id(), static_cast<int>(project->state_.samples.size())});
    project->SendProjectChanged();
    project->store_.ListAll("features", project->id() + "/", kListAtOnce, true,
                            [scope](const StoreValues& found) {
                              const auto open = scope.lock();
                              if (open != nullptr) open->TakeFeatures(found);
                              return open != nullptr;
                            },
                            features_read);
  };
  auto edits_read = [scope, reply, trainings, edits, samples_read](const Status& read) {
    const auto project = scope.lock();
    if (project == nullptr) return;
    if (!read.ok()) project->Complain(schema::OpenProject::kType, "what was done before cannot be read, so it cannot be undone: " + read.message());
    project->edits_.Load(std::move(*edits));
    project->send_(schema::ProjectOpened{reply->id(), project->state_.Info(), *trainings}, {});
    project->trainings_->Load(std::move(*trainings));
    project->hooks_.opened();
    project->store_.ListAll("samples", project->id() + "/", kListAtOnce, true,
                            [scope](const StoreValues& found) {
                              const auto open = scope.lock();
                              return open != nullptr && open->TakeSamples(found);
                            },
                            samples_read);
  };
  auto trainings_read = [scope, edits, edits_read](const Status& read) {
    const auto project = scope.lock();
    if (project == nullptr) return;
    if (!read.ok()) project->Complain(schema::OpenProject::kType, "earlier trainings cannot be read: " + read.message());
    project->store_.ListAll("history", project->id() + "/", kListAtOnce, true,
                            [edits](const StoreValues& found) {
                              for (const schema::Bytes& value : found.values) {
                                Result<schema::EditInfo> edit = schema::EditFromJson(TextOf(value));
                                if (edit.ok()) edits->push_back(std::move(*edit));
                              }
                              return true;
                            },
                            edits_read);
  };
  store_.ListAll("trainings", id() + "/info/", kListAtOnce, true,
                 [trainings](const StoreValues& found) {
                   for (const schema::Bytes& value : found.values) {
                     Result<schema::TrainingInfo> training = schema::TrainingFromJson(TextOf(value));
                     if (training.ok()) trainings->push_back(std::move(*training));
                   }
                   return true;
                 },
                 trainings_read);
}

bool OpenProject::TakeSamples(const StoreValues& found) {
  schema::SamplesChanged event;
  for (size_t i = 0; i < found.values.size(); ++i) {
    Result<schema::SampleInfo> info = schema::SampleFromJson(TextOf(found.values[i]));
    if (!info.ok()) {
      Complain(schema::OpenProject::kType, "sample " + found.keys[i] + " cannot be read: " + info.status().message());
      continue;
    }
    state_.info.next_id = std::max(state_.info.next_id, info->id + 1);
    if (std::exchange(info->removed, false)) {
      state_.removed[info->id].info = *info;
      continue;
    }
    if (state_.FindClass(info->class_id) == nullptr) continue;  // an orphan
    info->saved = true;
    state_.samples[info->id].info = *info;
    event.samples.push_back(std::move(*info));
  }
  if (!event.samples.empty()) send_(std::move(event), {});
  return true;
}

void OpenProject::TakeFeatures(const StoreValues& found) {
  for (size_t i = 0; i < found.keys.size(); ++i) {
    const int64_t sample_id = NumberIn(found.keys[i]);
    const auto removed = state_.removed.find(sample_id);
    Sample* sample = removed != state_.removed.end() ? &removed->second : state_.Find(sample_id);
    if (sample != nullptr && sample->features == nullptr) sample->features = FeaturesOf(found.values[i]);
  }
}

void OpenProject::Loaded() {
  loaded_ = true;
  if (!backbone_sha256_.empty()) UseBackbone(backbone_sha256_);
  keeper_->Touch();  // its record says when it was opened
  hooks_.changed(false);
  ClearOrphans();
}

// What a sample left behind that is not even kept for Undo.
void OpenProject::ClearOrphans() {
  store_.ListAll("thumbnails", id() + "/", kKeysAtOnce, false,
                 [scope = weak_from_this()](const StoreValues& found) {
                   const auto project = scope.lock();
                   if (project == nullptr) return false;
                   for (const std::string& key : found.keys) {
                     const int64_t sample_id = NumberIn(key);
                     const bool known = project->state_.samples.contains(sample_id) || project->state_.removed.contains(sample_id);
                     if (!known && !project->keeper_->IsUnsaved(sample_id)) project->RemoveSample(sample_id);
                   }
                   return true;
                 },
                 [](const Status&) {});
}

}  // namespace handful::engine
