// Trainings as the panels draw them: the settings for the next one, the one under way, and those before with their curves.
// Events update it, wishes leave as commands; nothing here waits.
//
//   training.Apply(event);                                       // the host: an event of the engine
//   training.Set(Setting::kEpochs, 100);
//   if (training.Obstacle(classes).empty()) training.Start();
//   if (const schema::TrainingInfo* t = training.Newest()) Draw(t->curve);
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/base/host.h"

namespace handful::ui {

// The numbers among the settings that the visitor can change.
enum class Setting {
  kEpochs, kBatch, kLearningRate, kHidden, kDropout, kSize, kDropoutDense, kWeightDecay, kLabelSmoothing, kValidation, kPatience, kSeed, kCopies, kRotate, kZoom, kLight, kColor,
};
inline constexpr int kSettingCount = static_cast<int>(Setting::kColor) + 1;

struct SettingSpec {
  Setting setting;
  const char* name;     // "Learning rate"
  const char* unit;     // "", "%", "°"
  const char* help;     // one sentence
  double least, most;   // as shown
  bool whole;
  double scale;         // shown = stored × scale
  double (*get)(const schema::TrainSettings&);
  void (*set)(schema::TrainSettings&, double);
};
const SettingSpec& SpecOf(Setting setting);
// Whether it has a say in a training with these settings.
bool Matters(Setting setting, const schema::TrainSettings& settings);
// What a training of this network begins with: mobilenet | cnn.
schema::TrainSettings DefaultsOf(const std::string& network);
// As shown: 20 for a validation part of 0.2.
double ShownValue(Setting setting, const schema::TrainSettings& settings);
// Why `shown` cannot be used, as a sentence; "" if it can.
std::string CheckSetting(Setting setting, double shown);
// What differs from the defaults, each in few words: "100 epochs", "random split".
std::vector<std::string> ChangedSettings(const schema::TrainSettings& settings);

// What training needs to know of a class.
struct TrainClass {
  std::string name;
  int64_t samples = 0;
  bool enabled = true;
};

// A training's result in words for everybody.
struct Outcome {
  std::string figure;       // "13 of 14": how the headline begins, or ""
  std::string headline;     // "13 of 14 held-out pictures right"
  std::string explanation;  // how they were held out, and what that is worth
};
Outcome OutcomeOf(const schema::TrainingInfo& training);

// One row of a comparison: a setting that differs, or a result.
struct Compared {
  std::string name, a, b;
  bool setting = false;
};
// The settings in which two trainings differ, then their results.
std::vector<Compared> Compare(const schema::TrainingInfo& a, const schema::TrainingInfo& b);

std::string TimeLeft(double seconds);                             // "12 s left", "2 min 5 s left", "" below 0
// "14:05" on the day of `now_ms`, else "23 Nov, 14:05"; local time.
std::string WhenText(int64_t time_ms, int64_t now_ms);

class TrainingModel {
 public:
  enum class Phase { kIdle, kStarting, kCopies, kTraining, kStopping };
  static constexpr size_t kMostCompared = 2;

  explicit TrainingModel(CommandSink& sink);

  // ---- from the engine and the host
  void Apply(const schema::Event& event);
  void EngineStopped();
  // Whether it asked for what an event with this id answers.
  bool Owns(int64_t id) const { return id >= kFirstRequest && id < next_request_; }

  // ---- from the panels
  void Set(Setting setting, double shown);  // only what CheckSetting allows
  // mobilenet | cnn. Settings that stood at the defaults of the other network come to stand at this one's.
  void SetNetwork(const std::string& network);
  void SetDense(const std::string& units);  // "256,128"
  void SetCosine(bool on);
  void SetRandomSplit(bool random);
  void SetClassWeights(bool on);
  void SetFlip(bool on);
  void SetInvert(bool on);
  void ResetSettings();
  // A field holds no number that can be used: `sentence` says why; "": it does again.
  void SetWrong(Setting setting, std::string_view sentence);
  void Start();
  void Stop();
  void Resume(int64_t training_id);
  void Restore(int64_t training_id);
  void Delete(int64_t training_id);
  // Two at most: a third takes the place of the one chosen first.
  void SetCompared(int64_t training_id, bool compared);
  void ClearCompared() { compared_.clear(); }
  void SetAdvancedOpen(bool open) { advanced_open_ = open; }
  void SetAllListed(bool all) { all_listed_ = all; }
  // Asked whether to delete it; 0: none.
  void AskToDelete(int64_t training_id) { asked_to_delete_ = training_id; }

  // ---- what there is to show
  const schema::TrainSettings& settings() const { return settings_; }
  // Why it cannot start yet, as one sentence that names the next step; "" if it can.
  std::string Obstacle(std::span<const TrainClass> classes) const;
  Phase phase() const { return phase_; }
  bool running() const { return phase_ != Phase::kIdle; }
  int64_t running_id() const { return running_id_; }  // 0: none, or the engine has not begun
  double progress() const { return progress_; }       // 0 to 1
  const std::string& progress_text() const { return progress_text_; }
  const std::string& said() const { return said_; }   // for a screen reader: beginning, each 10 %, end
  const std::string& error() const { return error_; } // why the last wish could not be carried out
  const std::vector<schema::TrainingInfo>& trainings() const { return trainings_; }  // oldest first
  const schema::TrainingInfo* Find(int64_t training_id) const;
  // Its place among those that are there, from 1: what people call it by, as ids count samples too. 0 for none of them.
  int NumberOf(int64_t training_id) const;
  std::string NameOf(int64_t training_id) const;  // "Training 3"
  // The one under way, else the last.
  const schema::TrainingInfo* Newest() const;
  std::vector<const schema::TrainingInfo*> compared() const;  // newest first
  bool IsCompared(int64_t training_id) const;
  bool advanced_open() const { return advanced_open_; }
  bool all_listed() const { return all_listed_; }
  int64_t asked_to_delete() const { return asked_to_delete_; }

 private:
  static const int64_t kFirstRequest;
  schema::TrainingInfo* Edit(int64_t training_id);
  schema::TrainingInfo& Upsert(int64_t training_id);
  void Began(const schema::TrainStarted& event);
  void Progressed(const schema::TrainProgress& event);
  void EpochEnded(const schema::EpochDone& event);
  void Ended(const schema::TrainDone& event);
  void Changed(const schema::TrainingInfo& info);
  void Refused(const schema::Failed& event);
  void Rest();

  CommandSink& sink_;
  schema::TrainSettings settings_;
  std::map<Setting, std::string> wrong_;
  std::vector<schema::TrainingInfo> trainings_;
  std::vector<int64_t> compared_;
  Phase phase_ = Phase::kIdle;
  int64_t next_request_;
  int64_t request_ = 0, running_id_ = 0;
  schema::TrainSettings running_settings_;
  int epoch_ = 0, epochs_ = 0;
  double progress_ = 0;
  std::string progress_text_, said_, error_;
  int said_tenths_ = 0;
  schema::TrainProgress rate_from_;  // the first of the present training
  double said_at_ = 0;  // seconds of the training
  bool engine_ready_ = false, advanced_open_ = false, all_listed_ = false;
  int64_t asked_to_delete_ = 0;
};

}  // namespace handful::ui
