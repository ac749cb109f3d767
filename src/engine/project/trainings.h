// The trainings of a project: their records, the models they gave, and what it takes to go on with one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/answer.h"
#include "engine/project/keeper.h"
#include "schema/messages.h"

namespace handful::engine {

class Trainings {
 public:
  Trainings(Send send, StoreClient& store, std::shared_ptr<Keeper> keeper, std::string project)
      : send_(std::move(send)), store_(store), keeper_(std::move(keeper)), project_(std::move(project)) {}

  // As they were kept. One that was under way then was cut short: it says so, and can go on where a state of it is
  // kept.
  void Load(std::vector<schema::TrainingInfo> infos);

  // All, oldest first.
  std::vector<schema::TrainingInfo> list() const;
  // Whose model answers; null for none.
  const schema::TrainingInfo* current() const;
  Result<const schema::TrainingInfo*> Find(int64_t training_id) const;

  // A new one, or one that changed: kept and said.
  void Keep(schema::TrainingInfo info);
  void KeepModel(int64_t training_id, schema::Bytes model);
  void KeepState(int64_t training_id, schema::Bytes state);
  // What it said of the pictures that were held out: train::HeldOut with the samples' numbers.
  void KeepHeldOut(int64_t training_id, schema::Bytes record);
  void DropState(int64_t training_id);
  void MakeCurrent(int64_t training_id);
  void Delete(int64_t training_id);

  using Read = std::function<void(Result<schema::Bytes>)>;
  void ReadModel(int64_t training_id, Read done) const { ReadPart("model", training_id, "its model", std::move(done)); }
  void ReadHeldOut(int64_t training_id, Read done) const {
    ReadPart("held_out", training_id, "what it says of held-out pictures", std::move(done));
  }
  void ReadState(int64_t training_id, Read done) const {
    ReadPart("state", training_id, "what it takes to go on", std::move(done));
  }

 private:
  void ReadPart(const char* what, int64_t training_id, const char* in_words, Read done) const;

  Send send_;
  StoreClient& store_;
  std::shared_ptr<Keeper> keeper_;
  const std::string project_;
  std::map<int64_t, schema::TrainingInfo> infos_;
};

}  // namespace handful::engine
