#include "ui/train/trainings.h"

#include <algorithm>

#include "base/status.h"

namespace handful::ui {

using schema::TrainingInfo;

void Trainings::Opened(std::vector<TrainingInfo> trainings) {
  trainings_ = std::move(trainings);
  compared_.clear();
  asked_to_delete_ = 0;
  all_listed_ = false;
}

void Trainings::Changed(const TrainingInfo& info, bool running) {
  TrainingInfo& training = Upsert(info.id);
  std::vector<schema::EpochPoint> curve = std::move(training.curve);
  training = info;
  if (training.curve.size() < curve.size() && (running || training.curve.empty())) training.curve = std::move(curve);
  if (!info.current) return;
  for (TrainingInfo& other : trainings_) other.current = other.id == info.id;
}

void Trainings::Deleted(int64_t training_id) {
  std::erase_if(trainings_, [&](const TrainingInfo& t) { return t.id == training_id; });
  std::erase(compared_, training_id);
  if (asked_to_delete_ == training_id) asked_to_delete_ = 0;
}

TrainingInfo* Trainings::Edit(int64_t training_id) { return const_cast<TrainingInfo*>(Find(training_id)); }

TrainingInfo& Trainings::Upsert(int64_t training_id) {
  if (TrainingInfo* known = Edit(training_id)) return *known;
  const auto place =
      std::find_if(trainings_.begin(), trainings_.end(), [&](const TrainingInfo& t) { return t.id > training_id; });
  TrainingInfo& training = *trainings_.insert(place, TrainingInfo{});
  training.id = training_id;
  return training;
}

void Trainings::Restore(int64_t training_id) {
  sink_.Send(schema::RestoreTraining{.id = requests_.Next(), .training_id = training_id}, {});
}

void Trainings::Delete(int64_t training_id) {
  asked_to_delete_ = 0;
  sink_.Send(schema::DeleteTraining{.id = requests_.Next(), .training_id = training_id}, {});
}

void Trainings::SetCompared(int64_t training_id, bool compared) {
  std::erase(compared_, training_id);
  if (!compared || Find(training_id) == nullptr) return;
  if (compared_.size() == kMostCompared) compared_.erase(compared_.begin());
  compared_.push_back(training_id);
}

const TrainingInfo* Trainings::Find(int64_t training_id) const {
  // Ascending ids.
  const auto at = std::lower_bound(trainings_.begin(), trainings_.end(), training_id,
                                   [](const TrainingInfo& t, int64_t id) { return t.id < id; });
  return at != trainings_.end() && at->id == training_id ? &*at : nullptr;
}

const TrainingInfo* Trainings::current() const {
  const auto at = std::ranges::find_if(trainings_, &TrainingInfo::current);
  return at == trainings_.end() ? nullptr : &*at;
}

int Trainings::NumberOf(int64_t training_id) const {
  const TrainingInfo* training = Find(training_id);
  return training == nullptr ? 0 : static_cast<int>(training - trainings_.data()) + 1;
}

std::string Trainings::NameOf(int64_t training_id) const { return Format("Training %d", NumberOf(training_id)); }

std::vector<const TrainingInfo*> Trainings::compared() const {
  std::vector<const TrainingInfo*> found;
  for (const int64_t id : compared_) {
    if (const TrainingInfo* training = Find(id)) found.push_back(training);
  }
  std::sort(found.begin(), found.end(), [](const TrainingInfo* a, const TrainingInfo* b) { return a->id > b->id; });
  return found;
}

bool Trainings::IsCompared(int64_t training_id) const {
  return std::find(compared_.begin(), compared_.end(), training_id) != compared_.end();
}

}  // namespace handful::ui
