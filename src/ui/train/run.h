// The training under way: begun, stopped, gone on with, how far it is, and what is said of it. Its record is one of
// Trainings.
#pragma once

#include <cstdint>
#include <string>

#include "schema/messages.h"
#include "ui/base/host.h"
#include "ui/base/requests.h"
#include "ui/train/trainings.h"

namespace handful::ui {

class Run {
 public:
  enum class Phase { kIdle, kStarting, kCopies, kTraining, kStopping };

  Run(CommandSink& sink, Trainings& trainings) : sink_(sink), trainings_(trainings) {}

  // ---- from the engine
  void Apply(const schema::Event& event);
  void EngineStopped();
  bool Owns(int64_t request) const { return requests_.Owns(request); }

  // ---- from the panels
  void Start(const schema::TrainSettings& settings);
  void Stop();
  void Resume(int64_t training_id);
  // A wish about trainings begins, so that what was wrong with the last one is past.
  void ForgetError() { error_.clear(); }

  // ---- what there is to show
  Phase phase() const { return phase_; }
  bool running() const { return phase_ != Phase::kIdle; }
  int64_t id() const { return id_; }             // 0: none, or the engine has not begun
  double progress() const { return progress_; }  // 0 to 1
  const std::string& progress_text() const { return progress_text_; }
  const std::string& said() const { return said_; }    // for a screen reader: beginning, each 10 %, end
  const std::string& error() const { return error_; }  // why the last wish could not be carried out

 private:
  void Began(const schema::TrainStarted& event);
  void Progressed(const schema::TrainProgress& event);
  void EpochEnded(const schema::EpochDone& event);
  void Ended(const schema::TrainDone& event);
  void Refused(const schema::Failed& event);
  void Rest();

  CommandSink& sink_;
  Trainings& trainings_;
  Requests requests_{Asker::kTraining};
  Phase phase_ = Phase::kIdle;
  int64_t request_ = 0, id_ = 0;
  schema::TrainSettings settings_;
  int epoch_ = 0, epochs_ = 0;
  double progress_ = 0;
  std::string progress_text_, said_, error_;
  int said_tenths_ = 0;
  schema::TrainProgress rate_from_;  // the first of the present training
  double said_at_ = 0;               // seconds of the training
};

}  // namespace handful::ui
