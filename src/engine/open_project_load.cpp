// How a project comes out of the store: its trainings and what can be undone, then its samples, some hundred at a time,
// and last their features, while the samples can be seen already.
#include <algorithm>

#include "engine/open_project.h"
#include "schema/json.h"

namespace handful::engine {
namespace {

constexpr int kListAtOnce = 500;
constexpr int kKeysAtOnce = 10'000;

// Whatever can be read, into `all`.
template <class Info>
StoreClient::Page Collect(Result<Info> (*from_json)(std::string_view), std::shared_ptr<std::vector<Info>> all) {
  return [from_json, all = std::move(all)](const StoreValues& found) {
    for (const schema::Bytes& value : found.values) {
      Result<Info> info = from_json(TextOf(value));
      if (info.ok()) all->push_back(std::move(*info));
    }
    return true;
  };
}

}  // namespace

void OpenProject::StartEmpty() {
  loaded_ = true;
  state_.info.backbone_sha256 = backbone_sha256_;
}

void OpenProject::Load(Reply reply) {
  auto trainings = std::make_shared<std::vector<schema::TrainingInfo>>();
  store_.ListAll("trainings", id() + "/info/", kListAtOnce, true, Collect(schema::TrainingFromJson, trainings),
                 WhileOpen([reply, trainings](OpenProject& open, const Status& read) {
                   if (!read.ok())
                     open.Complain(schema::OpenProject::kType, read.WithContextf("earlier trainings cannot be read"));
                   open.LoadHistory(reply, std::move(*trainings));
                 }));
}

void OpenProject::LoadHistory(const Reply& reply, std::vector<schema::TrainingInfo> trainings) {
  auto edits = std::make_shared<std::vector<schema::EditInfo>>();
  store_.ListAll("history", id() + "/", kListAtOnce, true, Collect(schema::EditFromJson, edits),
                 WhileOpen([reply, trainings = std::move(trainings), edits](OpenProject& open, const Status& read) {
                   if (!read.ok())
                     open.Complain(schema::OpenProject::kType,
                                   read.WithContextf("what was done before cannot be read, so it cannot be undone"));
                   open.edits_.Load(std::move(*edits));
                   open.send_(schema::ProjectOpened{reply->id(), open.state_.Info(), trainings}, {});
                   open.trainings_->Load(trainings);
                   open.hooks_.opened();
                   open.LoadSamples(reply);
                 }));
}

void OpenProject::LoadSamples(const Reply& reply) {
  store_.ListAll("samples", id() + "/", kListAtOnce, true, PageWhileOpen(&OpenProject::TakeSamples),
                 WhileOpen([reply](OpenProject& open, const Status& read) {
                   if (!read.ok()) return reply->Fail(read.WithContextf("the project's samples cannot be read"));
                   reply->Say(schema::SamplesListed{reply->id(), static_cast<int>(open.state_.samples.size())});
                   open.SendProjectChanged();
                   open.LoadFeatures();
                 }));
}

void OpenProject::LoadFeatures() {
  store_.ListAll("features", id() + "/", kListAtOnce, true, PageWhileOpen(&OpenProject::TakeFeatures),
                 WhileOpen([](OpenProject& open, const Status&) { open.Loaded(); }));
}

StoreClient::Done OpenProject::WhileOpen(std::function<void(OpenProject&, const Status&)> then) {
  return [scope = weak_from_this(), then = std::move(then)](const Status& status) {
    if (const auto open = scope.lock()) then(*open, status);
  };
}

StoreClient::Page OpenProject::PageWhileOpen(void (OpenProject::*take)(const StoreValues&)) {
  return [scope = weak_from_this(), take](const StoreValues& found) {
    const auto open = scope.lock();
    if (open != nullptr) (open.get()->*take)(found);
    return open != nullptr;
  };
}

void OpenProject::TakeSamples(const StoreValues& found) {
  schema::SamplesChanged event;
  for (size_t i = 0; i < found.values.size(); ++i) {
    Result<schema::SampleInfo> info = schema::SampleFromJson(TextOf(found.values[i]));
    if (!info.ok()) {
      Complain(schema::OpenProject::kType,
               info.status().WithContextf("sample %s cannot be read", found.keys[i].c_str()));
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
  store_.ListAll("thumbnails", id() + "/", kKeysAtOnce, false, PageWhileOpen(&OpenProject::RemoveOrphans),
                 [](const Status&) {});
}

void OpenProject::RemoveOrphans(const StoreValues& found) {
  for (const std::string& key : found.keys) {
    const int64_t sample_id = NumberIn(key);
    const bool known = state_.samples.contains(sample_id) || state_.removed.contains(sample_id);
    if (!known && !keeper_->IsUnsaved(sample_id)) RemoveSample(sample_id);
  }
}

}  // namespace handful::engine
