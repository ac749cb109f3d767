#include "engine/project/trainings.h"

#include "engine/project/records.h"
#include "schema/json.h"

namespace handful::engine {

void Trainings::Load(std::vector<schema::TrainingInfo> infos) {
  for (schema::TrainingInfo& info : infos) {
    if (info.state != schema::TrainingState::kRunning) {
      infos_[info.id] = std::move(info);
      continue;
    }
    info.state = schema::TrainingState::kFailed;
    info.message = info.resumable ? "it was cut short when the page was closed, and can go on"
                                  : "it was cut short when the page was closed";
    Keep(std::move(info));
  }
}

std::vector<schema::TrainingInfo> Trainings::list() const {
  std::vector<schema::TrainingInfo> all;
  for (const auto& [id, info] : infos_) all.push_back(info);
  return all;
}

const schema::TrainingInfo* Trainings::current() const {
  for (const auto& [id, info] : infos_) {
    if (info.current) return &info;
  }
  return nullptr;
}

Result<const schema::TrainingInfo*> Trainings::Find(int64_t training_id) const {
  const auto found = infos_.find(training_id);
  if (found == infos_.end())
    return Errorf("there is no training %lld in this project", static_cast<long long>(training_id));
  return &found->second;
}

void Trainings::Keep(schema::TrainingInfo info) {
  keeper_->Put("trainings", TrainingKey(project_, "info", info.id), BytesOfText(schema::ToJson(info)));
  send_(schema::TrainingChanged{info}, {});
  infos_[info.id] = std::move(info);
}

void Trainings::KeepModel(int64_t training_id, schema::Bytes model) {
  keeper_->Put("trainings", TrainingKey(project_, "model", training_id), std::move(model));
}

void Trainings::KeepState(int64_t training_id, schema::Bytes state) {
  keeper_->Put("trainings", TrainingKey(project_, "state", training_id), std::move(state));
}

void Trainings::KeepHeldOut(int64_t training_id, schema::Bytes record) {
  keeper_->Put("trainings", TrainingKey(project_, "held_out", training_id), std::move(record));
}

void Trainings::DropState(int64_t training_id) {
  keeper_->Remove("trainings", TrainingKey(project_, "state", training_id));
}

void Trainings::MakeCurrent(int64_t training_id) {
  for (auto& [id, info] : infos_) {
    if (info.current == (id == training_id)) continue;
    schema::TrainingInfo changed = info;
    changed.current = id == training_id;
    Keep(std::move(changed));
  }
}

void Trainings::Delete(int64_t training_id) {
  for (const char* what : {"info", "model", "state", "held_out"})
    keeper_->Remove("trainings", TrainingKey(project_, what, training_id));
  infos_.erase(training_id);
  send_(schema::TrainingDeleted{training_id}, {});
}

void Trainings::ReadPart(const char* what, int64_t training_id, const char* in_words, Read done) const {
  const std::string key = TrainingKey(project_, what, training_id);
  if (const schema::Bytes* pending = keeper_->Find("trainings", key)) {
    done(*pending);
    return;
  }
  store_.Read("trainings", {key}, [in_words, done = std::move(done)](Result<StoreValues> found) {
    if (!found.ok()) {
      done(found.status());
    } else if (found->values.empty()) {
      done(Errorf("%s is not in the store any more", in_words));
    } else {
      done(std::move(found->values[0]));
    }
  });
}

}  // namespace handful::engine
