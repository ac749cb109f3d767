#include "ui/train/settings.h"

#include <array>
#include <cmath>

#include "base/status.h"

namespace handful::ui {
namespace {

using schema::TrainSettings;

#define HANDFUL_SETTING(member) \
  [](const TrainSettings& s) { return static_cast<double>(s.member); }, \
  [](TrainSettings& s, double v) { s.member = static_cast<decltype(s.member)>(v); }

// In the order of Setting.
constexpr std::array<SettingSpec, kSettingCount> kSettings = {{
    {Setting::kEpochs, "Epochs", "", "How often all pictures are gone through.", 1, 100'000, true, 1, HANDFUL_SETTING(epochs)},
    {Setting::kBatch, "Batch", "", "Pictures between two steps.", 1, 4096, true, 1, HANDFUL_SETTING(batch)},
    {Setting::kLearningRate, "Learning rate", "", "The size of a step.", 1e-6, 10, false, 1, HANDFUL_SETTING(learning_rate)},
    {Setting::kHidden, "Hidden units", "", "The width of the layer that is trained.", 1, 4096, true, 1, HANDFUL_SETTING(hidden)},
    {Setting::kDropout, "Dropout", "", "The part of the hidden units left out at each step, against learning by heart.", 0, 0.95, false, 1,
     HANDFUL_SETTING(dropout)},
    {Setting::kSize, "Picture side", "px", "Smaller pictures train faster and show less.", 32, 224, true, 1, HANDFUL_SETTING(size)},
    {Setting::kDropoutDense, "Dropout", "", "The part of each dense layer left out at each step, against learning by heart.", 0, 0.95, false, 1,
     HANDFUL_SETTING(dropout_dense)},
    {Setting::kWeightDecay, "Weight decay", "", "How strongly weights are drawn to 0.", 0, 100, false, 1, HANDFUL_SETTING(weight_decay)},
    {Setting::kLabelSmoothing, "Label smoothing", "", "How unsure it is asked to stay.", 0, 0.9, false, 1, HANDFUL_SETTING(label_smoothing)},
    {Setting::kValidation, "Held out", "%", "Pictures kept from training, to see how it does on new ones.", 0, 90, false, 100,
     HANDFUL_SETTING(validation)},
    {Setting::kPatience, "Patience", "epochs", "Ends when held-out pictures do no better for so long, and keeps the best; 0: never.", 0,
     100'000, true, 1, HANDFUL_SETTING(patience)},
    {Setting::kSeed, "Seed", "", "The same seed and pictures give the same model.", 0, 9007199254740991.0, true, 1, HANDFUL_SETTING(seed)},
    {Setting::kCopies, "Altered copies", "a picture", "Learned from beside each picture; the first time takes a while.", 0, 20, true, 1,
     HANDFUL_SETTING(augment)},
    {Setting::kRotate, "Rotate", "°", "At most, either way.", 0, 180, false, 1, HANDFUL_SETTING(rotate)},
    {Setting::kZoom, "Zoom", "%", "At most, either way.", 0, 50, false, 100, HANDFUL_SETTING(zoom)},
    {Setting::kLight, "Light", "%", "Brightness and contrast, at most.", 0, 100, false, 100, HANDFUL_SETTING(light)},
    {Setting::kColor, "Colour", "%", "Saturation and tint, at most.", 0, 100, false, 100, HANDFUL_SETTING(color)},
}};

#undef HANDFUL_SETTING

constexpr bool InOrder() {
  for (size_t i = 0; i < kSettings.size(); ++i) {
    if (kSettings[i].setting != static_cast<Setting>(i)) return false;
  }
  return true;
}
static_assert(InOrder());

bool IsCnn(const TrainSettings& s) { return s.network == "cnn"; }

std::string NumberText(double value) {
  if (value == std::floor(value) && std::fabs(value) < 1e16) return Format("%.0f", value);
  return Format("%.6g", value);
}

bool IsRandom(const TrainSettings& s) { return s.recipe == "writeup"; }

}  // namespace

const SettingSpec& SpecOf(Setting setting) { return kSettings[static_cast<size_t>(setting)]; }

bool Matters(Setting setting, const TrainSettings& settings) {
  if (setting == Setting::kHidden || setting == Setting::kDropout) return !IsCnn(settings);
  if (setting >= Setting::kSize && setting <= Setting::kLabelSmoothing) return IsCnn(settings);
  return setting <= Setting::kCopies || settings.augment > 0;
}

TrainSettings DefaultsOf(const std::string& network) {
  TrainSettings settings;
  settings.network = network;
  if (IsCnn(settings)) {  // as the write-up trained it
    settings.batch = 64;
    settings.patience = 3;
  }
  return settings;
}

double ShownValue(Setting setting, const TrainSettings& settings) {
  const SettingSpec& spec = SpecOf(setting);
  const double shown = spec.get(settings) * spec.scale;
  return spec.scale == 1 ? shown : std::round(shown * 1e6) / 1e6;
}

std::string CheckSetting(Setting setting, double shown) {
  const SettingSpec& spec = SpecOf(setting);
  if (std::isfinite(shown) && shown >= spec.least && shown <= spec.most && (!spec.whole || shown == std::floor(shown))) return {};
  return Format("%s: %s from %s to %s, not %s.", spec.name, spec.whole ? "a whole number" : "a number", NumberText(spec.least).c_str(),
                NumberText(spec.most).c_str(), std::isfinite(shown) ? NumberText(shown).c_str() : "that");
}

std::vector<std::string> ChangedSettings(const TrainSettings& settings) {
  const TrainSettings defaults = DefaultsOf(settings.network);
  std::vector<std::string> changed;
  if (IsCnn(settings)) changed.emplace_back("a network from scratch");
  for (const SettingSpec& spec : kSettings) {
    if (!Matters(spec.setting, settings)) continue;
    if (spec.get(settings) == spec.get(defaults)) continue;
    const std::string value = NumberText(ShownValue(spec.setting, settings));
    std::string name = spec.name;
    name[0] = static_cast<char>(name[0] - 'A' + 'a');
    switch (spec.setting) {
      case Setting::kEpochs: changed.push_back(value + (settings.epochs == 1 ? " epoch" : " epochs")); break;
      case Setting::kHidden: changed.push_back(value + " hidden units"); break;
      case Setting::kCopies: changed.push_back(value + (settings.augment == 1 ? " altered copy" : " altered copies")); break;
      default: changed.push_back(name + " " + value + (spec.unit[0] == '%' ? " %" : spec.unit == std::string_view("°") ? "°" : ""));
    }
  }
  if (IsCnn(settings) && settings.dense != defaults.dense) changed.push_back(settings.dense.empty() ? "no dense layers" : "dense layers " + settings.dense);
  if (IsCnn(settings) && settings.schedule != defaults.schedule) changed.emplace_back("falling learning rate");
  if (IsRandom(settings)) changed.emplace_back("random split");
  if (settings.class_weights) changed.emplace_back("class weights");
  if (settings.augment > 0 && !settings.flip) changed.emplace_back("no mirrored copies");
  if (settings.augment > 0 && settings.invert) changed.emplace_back("negatives among the copies");
  return changed;
}

void CompareSettings(const TrainSettings& a, const TrainSettings& b, std::vector<Compared>& rows) {
  const auto row = [&](std::string name, std::string in_a, std::string in_b) {
    if (in_a != in_b) rows.push_back({std::move(name), std::move(in_a), std::move(in_b), true});
  };
  for (const SettingSpec& spec : kSettings) {
    if (!Matters(spec.setting, a) && !Matters(spec.setting, b)) continue;
    const auto text = [&](const TrainSettings& s) {
      const std::string value = NumberText(ShownValue(spec.setting, s));
      return spec.unit == std::string_view("%") ? value + " %" : spec.unit == std::string_view("°") ? value + "°" : value;
    };
    row(spec.name, text(a), text(b));
  }
  row("Network", IsCnn(a) ? "from scratch" : "MobileNet", IsCnn(b) ? "from scratch" : "MobileNet");
  if (IsCnn(a) || IsCnn(b)) row("Dense layers", a.dense, b.dense);
  const auto yes = [](bool on) { return std::string(on ? "yes" : "no"); };
  if (a.augment > 0 || b.augment > 0) row("Mirrored copies", yes(a.flip), yes(b.flip));
  if (a.augment > 0 || b.augment > 0) row("Negatives", yes(a.invert), yes(b.invert));
  row("Class weights", yes(a.class_weights), yes(b.class_weights));
}

// ---- the visitor's -------------------------------------------------------------------------------------------------------

void TrainingSettings::Set(Setting setting, double shown) {
  if (!CheckSetting(setting, shown).empty()) return;
  const SettingSpec& spec = SpecOf(setting);
  spec.set(settings_, shown / spec.scale);
  wrong_.erase(setting);
}

void TrainingSettings::SetNetwork(const std::string& network) {
  const TrainSettings before = DefaultsOf(settings_.network), after = DefaultsOf(network);
  for (const SettingSpec& spec : kSettings) {
    if (spec.get(settings_) == spec.get(before)) spec.set(settings_, spec.get(after));
  }
  settings_.network = network;
  wrong_.clear();
}

void TrainingSettings::SetDense(const std::string& units) { settings_.dense = units; }
void TrainingSettings::SetCosine(bool on) { settings_.schedule = on ? "cosine" : "constant"; }
void TrainingSettings::SetRandomSplit(bool random) { settings_.recipe = random ? "writeup" : "default"; }
void TrainingSettings::SetClassWeights(bool on) { settings_.class_weights = on; }
void TrainingSettings::SetFlip(bool on) { settings_.flip = on; }
void TrainingSettings::SetInvert(bool on) { settings_.invert = on; }

void TrainingSettings::Reset() {
  settings_ = DefaultsOf(settings_.network);
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
