#include "ui/train/settings.h"

#include <cmath>

#include "base/status.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

using schema::EntryOf;
using schema::Network;
using schema::SettingEntry;
using schema::TrainSettings;

bool IsCnn(const TrainSettings& s) { return s.network == Network::kCnn; }

double KeptValue(const SettingEntry& entry, const TrainSettings& settings) { return NumberOf(entry.member, settings); }

// Without the noise of the multiplication.
double Shown(const SettingEntry& entry, double kept) {
  return entry.shown == 1 ? kept : std::round(kept * entry.shown * 1e6) / 1e6;
}

// "20 %", "15°", "50".
std::string ValueText(const SettingEntry& entry, const TrainSettings& settings) {
  const std::string value = NumberText(Shown(entry, KeptValue(entry, settings)));
  return entry.unit == std::string_view("%") ? value + " %" : entry.unit == std::string_view("°") ? value + "°" : value;
}

}  // namespace

double ShownValue(Setting setting, const TrainSettings& settings) {
  return Shown(EntryOf(setting), KeptValue(EntryOf(setting), settings));
}
double ShownLeast(Setting setting) { return Shown(EntryOf(setting), EntryOf(setting).least); }
double ShownMost(Setting setting) { return Shown(EntryOf(setting), EntryOf(setting).most); }

std::string CheckSetting(Setting setting, double shown) {
  const SettingEntry& entry = EntryOf(setting);
  const double least = ShownLeast(setting), most = ShownMost(setting);
  if (std::isfinite(shown) && shown >= least && shown <= most && (!entry.is_whole() || shown == std::floor(shown)))
    return {};
  return Format("%s: %s from %s to %s, not %s.", entry.title, entry.is_whole() ? "a whole number" : "a number",
                NumberText(least).c_str(), NumberText(most).c_str(),
                std::isfinite(shown) ? NumberText(shown).c_str() : "that");
}

std::vector<std::string> ChangedSettings(const TrainSettings& settings) {
  const TrainSettings defaults = schema::DefaultsOf(settings.network);
  std::vector<std::string> changed;
  if (IsCnn(settings)) changed.emplace_back("a network from scratch");
  for (const SettingEntry& entry : schema::TrainSettingList()) {
    if (!entry.is_number() || !Matters(entry.scope, settings) ||
        KeptValue(entry, settings) == KeptValue(entry, defaults))
      continue;
    const std::string value = ValueText(entry, settings);
    switch (entry.setting) {
      case Setting::epochs: changed.push_back(value + (settings.epochs == 1 ? " epoch" : " epochs")); break;
      case Setting::hidden: changed.push_back(value + " hidden units"); break;
      case Setting::augment:
        changed.push_back(value + (settings.augment == 1 ? " altered copy" : " altered copies"));
        break;
      default: {
        std::string name = entry.title;
        name[0] = static_cast<char>(name[0] - 'A' + 'a');
        changed.push_back(name + " " + value);
      }
    }
  }
  if (IsCnn(settings) && settings.dense != defaults.dense)
    changed.push_back(settings.dense.empty() ? "no dense layers" : "dense layers " + settings.dense);
  if (IsCnn(settings) && settings.schedule != defaults.schedule) changed.emplace_back("falling learning rate");
  if (settings.recipe == schema::Recipe::kWriteup) changed.emplace_back("random split");
  if (settings.class_weights) changed.emplace_back("class weights");
  if (settings.augment > 0 && !settings.flip) changed.emplace_back("no mirrored copies");
  if (settings.augment > 0 && settings.invert) changed.emplace_back("negatives among the copies");
  return changed;
}

void CompareSettings(const TrainSettings& a, const TrainSettings& b, std::vector<Compared>& rows) {
  const auto row = [&](std::string name, std::string in_a, std::string in_b) {
    if (in_a != in_b) rows.push_back({std::move(name), std::move(in_a), std::move(in_b), true});
  };
  const auto yes = [](bool on) { return std::string(on ? "yes" : "no"); };
  for (const SettingEntry& entry : schema::TrainSettingList()) {
    if (!Matters(entry.scope, a) && !Matters(entry.scope, b)) continue;
    if (entry.is_number()) row(entry.title, ValueText(entry, a), ValueText(entry, b));
  }
  row("Network", IsCnn(a) ? "from scratch" : "MobileNet", IsCnn(b) ? "from scratch" : "MobileNet");
  if (IsCnn(a) || IsCnn(b)) row(EntryOf(Setting::dense).title, a.dense, b.dense);
  if (a.augment > 0 || b.augment > 0) row("Mirrored copies", yes(a.flip), yes(b.flip));
  if (a.augment > 0 || b.augment > 0) row("Negatives", yes(a.invert), yes(b.invert));
  row(EntryOf(Setting::class_weights).title, yes(a.class_weights), yes(b.class_weights));
}

// ---- the visitor's
// -------------------------------------------------------------------------------------------------------

void TrainingSettings::Set(Setting setting, double shown) {
  const SettingEntry& entry = EntryOf(setting);
  if (!CheckSetting(setting, shown).empty()) return;
  SetNumber(entry.member, settings_, shown / entry.shown);
  wrong_.erase(setting);
}

void TrainingSettings::Switch(Setting setting, bool on) { SetNumber(EntryOf(setting).member, settings_, on ? 1 : 0); }

void TrainingSettings::SetNetwork(Network network) {
  const TrainSettings before = schema::DefaultsOf(settings_.network), after = schema::DefaultsOf(network);
  for (const SettingEntry& entry : schema::TrainSettingList()) {
    if (entry.is_number() && KeptValue(entry, settings_) == KeptValue(entry, before))
      SetNumber(entry.member, settings_, KeptValue(entry, after));
  }
  settings_.network = network;
  wrong_.clear();
}

void TrainingSettings::SetDense(const std::string& units) { settings_.dense = units; }

void TrainingSettings::Reset() {
  settings_ = schema::DefaultsOf(settings_.network);
  wrong_.clear();
}

void TrainingSettings::SetWrong(Setting setting, std::string_view sentence) {
  if (sentence.empty()) wrong_.erase(setting);
  else wrong_[setting] = std::string(sentence);
}

void TrainingSettings::TakeOver(const TrainSettings& settings) {
  settings_ = settings;
  wrong_.clear();
  // What only scripts use is not wanted again.
  const TrainSettings defaults;
  settings_.folds = defaults.folds;
  settings_.model_wanted = defaults.model_wanted;
}

}  // namespace handful::ui
