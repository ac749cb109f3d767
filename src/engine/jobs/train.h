// The training under way: waits for features, has altered copies made, runs the sessions a mini-batch a step, and keeps
// what comes of it. One at a time, for the project that was open when it began.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/answer.h"
#include "engine/jobs/copies.h"
#include "engine/jobs/stored_pictures.h"
#include "engine/models.h"
#include "engine/training.h"
#include "engine/workspace.h"
#include "nn/registry.h"

namespace handful::engine {

class TrainJob {
 public:
  TrainJob(Send send, StoreClient& store, Workspace& workspace, Models& models)
      : send_(std::move(send)), store_(store), workspace_(workspace), models_(models) {}

  void Handle(const schema::Train& command, const Reply& reply);
  void Handle(const schema::ResumeTraining& command, const Reply& reply);
  // How often the one under way is kept, so that it can go on after it was cut short.
  void KeepEvery(double seconds) { seconds_between_states_ = seconds; }

  bool busy() const { return run_ != nullptr; }
  // Ends it with what was learned so far.
  void Stop();
  // Returns whether it could do something: it may have to wait for the store.
  bool Step();

 private:
  using Clock = std::chrono::steady_clock;
  // Of one training.
  struct Run {
    schema::Train command;
    Reply reply;
    Scope scope;
    int64_t resumed = 0;
    std::optional<nn::TensorFile> state;  // to go on from
    std::vector<int64_t> ids;             // of the samples it learns from
    std::optional<CopiesJob> copies;
    std::optional<StoredPictures> pictures;  // of a network that learns from pixels
    std::unique_ptr<Training> training;
    int64_t training_id = 0;    // of its record; 0: a cross-validation of which nothing is kept, or it has not begun
    schema::TrainingInfo info;  // of its record
    std::vector<schema::Event> early;  // said before it has a number
    std::string data_sha256;
    Clock::time_point began = Clock::now(), said = Clock::now() - std::chrono::seconds(1), kept = Clock::now();
    double seconds_before = 0;  // of a training that goes on
    train::Progress at_start;

    bool FromPixels() const { return nn::LearnsFromPixels(TextOf(command.settings.network)); }
  };

  Status Check(const schema::TrainSettings& settings) const;
  Status Begin(schema::Train command, const Reply& reply, int64_t resumed, std::optional<nn::TensorFile> state);
  void Prepare(OpenProject& project);
  void StepCopies();
  void Start(OpenProject& project);
  Result<schema::TrainingInfo> NewInfo(const OpenProject& project, const train::Dataset& data);
  void StepTraining(OpenProject& project);
  void KeepState(OpenProject& project);
  void SayProgress(schema::TrainPhase phase, int64_t done, int64_t total);
  void Record(const schema::Event& event);
  void Say(schema::Event event);
  void Finish();
  void KeepTraining(OpenProject& project, Run& run, schema::TrainDone& summary, const schema::Bytes& model);
  void Fail(const Status& why);

  Send send_;
  StoreClient& store_;
  Workspace& workspace_;
  Models& models_;
  double seconds_between_states_ = 20;
  std::unique_ptr<Run> run_;
};

}  // namespace handful::engine
