// The settings of the next training, as the visitor set them. What each is called and may be: schema/train_settings.h.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schema/messages.h"

namespace handful::ui {

using schema::Setting;

// As shown: 20 for a validation part of 0.2.
double ShownValue(Setting setting, const schema::TrainSettings& settings);
double ShownLeast(Setting setting);
double ShownMost(Setting setting);
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
  void Switch(Setting setting, bool on);
  template <schema::Enumerated E>
  void Choose(Setting setting, E value) {
    SetNumber(schema::EntryOf(setting).member, settings_, static_cast<double>(value));
  }
  // Settings that stood at the defaults of the other network come to stand at this one's.
  void SetNetwork(schema::Network network);
  void SetDense(const std::string& units);  // "256,128"
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
