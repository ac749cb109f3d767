// The trainings of the open project with their curves, and which of them are compared.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/base/host.h"
#include "ui/base/requests.h"

namespace handful::ui {

class Trainings {
 public:
  static constexpr size_t kMostCompared = 2;

  explicit Trainings(CommandSink& sink) : sink_(sink) {}

  // ---- from the engine
  void Opened(std::vector<schema::TrainingInfo> trainings);  // another project's
  // `running`: it is under way, so that its record may be behind the epochs that were said one by one.
  void Changed(const schema::TrainingInfo& info, bool running);
  void Deleted(int64_t training_id);
  bool Owns(int64_t request) const { return requests_.Owns(request); }
  // The one with this id, made where there is none.
  schema::TrainingInfo& Upsert(int64_t training_id);
  schema::TrainingInfo* Edit(int64_t training_id);

  // ---- from the panels
  void Restore(int64_t training_id);
  void Delete(int64_t training_id);
  // Two at most: a third takes the place of the one chosen first.
  void SetCompared(int64_t training_id, bool compared);
  void ClearCompared() { compared_.clear(); }
  void SetAllListed(bool all) { all_listed_ = all; }
  // Asked whether to delete it; 0: none.
  void AskToDelete(int64_t training_id) { asked_to_delete_ = training_id; }

  // ---- what there is to show
  const std::vector<schema::TrainingInfo>& all() const { return trainings_; }  // oldest first
  const schema::TrainingInfo* Find(int64_t training_id) const;
  const schema::TrainingInfo* last() const { return trainings_.empty() ? nullptr : &trainings_.back(); }
  const schema::TrainingInfo* current() const;  // whose model answers; nullptr: none's
  // Its place among those that are there, from 1: what people call it by, as ids count samples too. 0 for none of them.
  int NumberOf(int64_t training_id) const;
  std::string NameOf(int64_t training_id) const;              // "Training 3"
  std::vector<const schema::TrainingInfo*> compared() const;  // newest first
  bool IsCompared(int64_t training_id) const;
  bool all_listed() const { return all_listed_; }
  int64_t asked_to_delete() const { return asked_to_delete_; }

 private:
  CommandSink& sink_;
  Requests requests_{Asker::kTrainings};
  std::vector<schema::TrainingInfo> trainings_;
  std::vector<int64_t> compared_;
  bool all_listed_ = false;
  int64_t asked_to_delete_ = 0;
};

}  // namespace handful::ui
