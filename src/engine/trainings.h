// The trainings of the open project: the one under way, in steps, and the earlier ones, to be looked at, restored and gone on
// with. Kept in the store "trainings" as "<project>/info/<number>" (TrainingInfo), "<project>/model/<number>" (safetensors) and,
// of one that was stopped, "<project>/state/<number>" (safetensors); features of altered copies in "copies" (a line that says
// how they were made, then float32).
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/training.h"
#include "engine/workspace.h"
#include "nn/model.h"

namespace handful::engine {

class Trainings {
 public:
  using Send = StoreClient::Send;
  struct Hooks {
    // The backbone's features of a square.
    std::function<Result<train::FeatureRow>(const image::Image&)> features;
    // A model of the present backbone, input range and crop, without weights.
    std::function<nn::Model()> frame;
    // This one answers from now on; null: none of this project's.
    std::function<Status(int64_t id, const nn::Model*)> adopt;
  };

  Trainings(Send send, StoreClient& store, Workspace& workspace, Hooks hooks);
  ~Trainings();

  // All, oldest first.
  std::vector<schema::TrainingInfo> list() const;
  // One that came with an imported project.
  void Add(schema::TrainingInfo info);

  // Another project is open.
  void Opened(std::vector<schema::TrainingInfo> trainings);

  Status Handle(const schema::Train& command);
  Status Handle(const schema::ResumeTraining& command);
  Status Handle(const schema::RestoreTraining& command);
  Status Handle(const schema::DeleteTraining& command);
  void Stop();

  bool busy() const { return job_ != nullptr; }
  // A mini-batch, or a sample's copies. Returns whether it could do something: it may have to wait for the store.
  bool Step();

  // The training whose model answers; null for none.
  const schema::TrainingInfo* current() const;

 private:
  struct Job;

  Status Begin(const schema::Train& command, int64_t resumed, std::optional<nn::TensorFile> state);
  void PrepareCopies();
  void ReadCopies();
  bool StepCopies();
  void StartTraining();
  bool StepTraining();
  void SendProgress(const char* phase, int64_t done, int64_t total);
  void Finish();
  void Fail(const std::string& message);
  void Record(const schema::Event& event);
  void Change(schema::TrainingInfo& info);
  void MakeCurrent(int64_t training_id);
  Result<schema::TrainingInfo*> Find(int64_t training_id);
  void Adopt(int64_t id, int64_t training_id);
  std::string Key(const char* what, int64_t training_id) const;
  void Put(schema::StoreWrite batch, std::vector<schema::Bytes> values);

  Send send_;
  StoreClient& store_;
  Workspace& workspace_;
  Hooks hooks_;
  std::map<int64_t, schema::TrainingInfo> infos_;
  // Without a store; with one they are read when they are needed.
  std::map<int64_t, schema::Bytes> models_, states_;
  std::unique_ptr<Job> job_;
  int generation_ = 0;  // of project and job: answers meant for an earlier one are stale
};

}  // namespace handful::engine
