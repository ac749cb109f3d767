// The settings of the next training: what each is called, what it may be, and how the visitor set it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schema/messages.h"

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
// Which of two trainings' settings differ, with both values.
struct Compared {
  std::string name, a, b;
  bool setting = false;  // rather than a result
};
void CompareSettings(const schema::TrainSettings& a, const schema::TrainSettings& b, std::vector<Compared>& rows);

class TrainingSettings {
 public:
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
  void Reset();
  // Those of an earlier training: what was set last is still wanted.
  void TakeOver(const schema::TrainSettings& settings);
  // A field holds no number that can be used: `sentence` says why; "": it does again.
  void SetWrong(Setting setting, std::string_view sentence);
  void SetOpen(bool open) { open_ = open; }

  // ---- what there is to show
  const schema::TrainSettings& now() const { return settings_; }
  // What is wrong with a field, as a sentence; "": nothing.
  std::string wrong() const { return wrong_.empty() ? "" : wrong_.begin()->second; }
  bool open() const { return open_; }  // rather than folded

 private:
  schema::TrainSettings settings_;
  std::map<Setting, std::string> wrong_;
  bool open_ = false;
};

}  // namespace handful::ui
