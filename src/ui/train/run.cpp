#include "ui/train/run.h"

#include <algorithm>
#include <ctime>

#include "base/status.h"
#include "ui/toolkit/words.h"
#include "ui/train/outcome.h"

namespace handful::ui {

using schema::TrainingInfo;

void Run::Start(const schema::TrainSettings& settings) {
  if (running()) return;
  error_.clear();
  phase_ = Phase::kStarting;
  progress_ = 0;
  progress_text_ = "Getting ready …";
  settings_ = settings;
  request_ = requests_.Next();
  sink_.Send(schema::Train{.id = request_, .settings = settings}, {});
}

void Run::Resume(int64_t training_id) {
  const TrainingInfo* training = trainings_.Find(training_id);
  if (running() || training == nullptr) return;
  error_.clear();
  phase_ = Phase::kStarting;
  progress_text_ = "Getting ready …";
  settings_ = training->settings;
  request_ = requests_.Next();
  sink_.Send(schema::ResumeTraining{.id = request_, .training_id = training_id}, {});
}

void Run::Stop() {
  if (!running() || phase_ == Phase::kStopping) return;
  sink_.Send(schema::Stop{}, {});
  // A training that has not begun is dropped without a word.
  if (phase_ == Phase::kStarting) return Rest();
  phase_ = Phase::kStopping;
  progress_text_ = "Stopping …";
}

// ---- events
// ------------------------------------------------------------------------------------------------------------

void Run::Apply(const schema::Event& event) {
  if (std::holds_alternative<schema::ProjectOpened>(event)) {
    Rest();
    error_.clear();
    said_.clear();
  } else if (const auto* started = std::get_if<schema::TrainStarted>(&event)) Began(*started);
  else if (const auto* progress = std::get_if<schema::TrainProgress>(&event)) Progressed(*progress);
  else if (const auto* epoch = std::get_if<schema::EpochDone>(&event)) EpochEnded(*epoch);
  else if (const auto* done = std::get_if<schema::TrainDone>(&event)) Ended(*done);
  else if (const auto* failed = std::get_if<schema::Failed>(&event)) Refused(*failed);
}

void Run::EngineStopped() {
  const std::string sentence = "The engine ended before the training did.";
  if (!running()) return;
  if (TrainingInfo* training = trainings_.Edit(id_)) {
    training->state = schema::TrainingState::kFailed;
    training->message = sentence;
  }
  error_ = sentence;
  said_ = "Training ended: " + sentence;
  Rest();
}

void Run::Rest() {
  phase_ = Phase::kIdle;
  id_ = request_ = 0;
  progress_ = 0;
  progress_text_.clear();
}

void Run::Began(const schema::TrainStarted& event) {
  TrainingInfo& training = trainings_.Upsert(event.training_id);
  const bool again = event.epoch > 0;
  if (training.time_ms == 0) training.time_ms = static_cast<int64_t>(std::time(nullptr)) * 1000;
  if (!again) {
    training.settings = settings_;
    training.curve.clear();
  }
  std::erase_if(training.curve, [&](const schema::EpochPoint& p) { return p.epoch > event.epoch; });
  training.classes = event.classes;
  training.training = event.training;
  training.validation = event.validation;
  training.split = event.split;
  training.state = schema::TrainingState::kRunning;
  training.message.clear();
  training.resumable = false;

  request_ = event.id;
  id_ = event.training_id;
  phase_ = Phase::kTraining;
  epoch_ = event.epoch;
  epochs_ = training.settings.epochs;
  progress_ = epochs_ > 0 ? static_cast<double>(epoch_) / epochs_ : 0;
  progress_text_ = Format("Epoch %d of %d", std::min(epoch_ + 1, epochs_), epochs_);
  rate_from_ = {};
  said_tenths_ = static_cast<int>(progress_ * 10);
  said_at_ = 0;
  said_ = (again ? "Training goes on with " : "Training has begun with ") +
          Count(event.training, "picture", "pictures") +
          (event.validation > 0 ? Format(", %d held out.", event.validation) : ".");
}

void Run::Progressed(const schema::TrainProgress& event) {
  if (!running() || phase_ == Phase::kStopping) return;
  const bool copies = event.phase == schema::TrainPhase::kCopies;
  phase_ = copies ? Phase::kCopies : Phase::kTraining;
  if (event.total > 0)
    progress_ = std::clamp(static_cast<double>(event.done) / static_cast<double>(event.total), 0.0, 1.0);
  progress_text_ = copies ? Format("Looking at altered copies, %lld of %lld", static_cast<long long>(event.done),
                                   static_cast<long long>(event.total))
                          : Format("Epoch %d of %d", std::min(epoch_ + 1, epochs_), epochs_);
  if (event.phase == schema::TrainPhase::kPictures) {
    if (event.done < rate_from_.done || event.seconds < rate_from_.seconds || rate_from_.seconds == 0)
      rate_from_ = event;
    const double seconds = event.seconds - rate_from_.seconds;
    if (seconds > 1)
      progress_text_ +=
          Format(" · %.0f pictures a second", static_cast<double>(event.done - rate_from_.done) / seconds);
  }
  const std::string left = TimeLeft(event.seconds_left);
  if (!left.empty()) progress_text_ += " · " + left;

  constexpr double kPause = 2;  // seconds between two things said
  const int tenths = static_cast<int>(progress_ * 10);
  if (copies || tenths <= said_tenths_ || tenths >= 10 || event.seconds - said_at_ < kPause) return;
  said_tenths_ = tenths;
  said_at_ = event.seconds;
  said_ = Format("Training: %d %%", tenths * 10) + (left.empty() ? "." : ", " + left + ".");
}

void Run::EpochEnded(const schema::EpochDone& event) {
  if (!running()) return;
  epoch_ = event.epoch;
  epochs_ = event.epochs;
  TrainingInfo* training = trainings_.Edit(id_);
  if (training == nullptr) return;
  while (!training->curve.empty() && training->curve.back().epoch >= event.epoch) training->curve.pop_back();
  training->curve.push_back({event.epoch, event.loss, event.accuracy, event.val_loss, event.val_accuracy});
}

void Run::Ended(const schema::TrainDone& event) {
  if (event.id != request_) return;  // of one that was stopped before another began
  if (TrainingInfo* training = trainings_.Edit(id_); training != nullptr && running()) {
    training->state = event.stopped ? schema::TrainingState::kStopped : schema::TrainingState::kDone;
    training->seconds = event.seconds;
    training->train_accuracy = event.train_accuracy;
    training->val_accuracy = event.val_accuracy;
    training->val_loss = event.val_loss;
    said_ = (event.stopped ? "Training is stopped. " : "Training is done. ") + OutcomeOf(*training).headline + ".";
  }
  Rest();
}

void Run::Refused(const schema::Failed& event) {
  const bool train = event.command == schema::Train::kType || event.command == schema::ResumeTraining::kType;
  if (train && running() && event.id == request_) {
    if (TrainingInfo* training = trainings_.Edit(id_)) {
      training->state = schema::TrainingState::kFailed;
      training->message = Sentence(event.message);
    }
    Rest();
  } else if (event.command != schema::RestoreTraining::kType && event.command != schema::DeleteTraining::kType) {
    return;
  }
  error_ = Sentence(event.message);
  if (train) said_ = "Training failed: " + error_;
}

}  // namespace handful::ui
