#include "ui/train/training_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

#include "base/status.h"
#include "ui/base/requests.h"
#include "ui/toolkit/utf8.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

using schema::TrainingInfo;
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

// A name in quotes, shortened where it is long.
std::string Quoted(const std::string& name) {
  constexpr size_t kMostLetters = 32;
  size_t at = 0;
  for (size_t letters = 0; at < name.size() && letters < kMostLetters; ++letters) NextCodePoint(name, at);
  return "“" + name.substr(0, at) + (at < name.size() ? "…" : "") + "”";
}

std::string Duration(double seconds) {
  if (seconds < 10) return Format("%.1f s", seconds);
  if (seconds < 59.5) return Format("%.0f s", seconds);
  const auto whole = static_cast<int64_t>(std::lround(seconds));
  return Format("%lld min %lld s", static_cast<long long>(whole / 60), static_cast<long long>(whole % 60));
}

int EpochsOf(const TrainingInfo& t) { return t.curve.empty() ? 0 : t.curve.back().epoch; }

int64_t Right(double accuracy, int of) { return std::isfinite(accuracy) ? std::llround(accuracy * of) : 0; }

std::string RightOf(double accuracy, int of) {
  return Format("%lld of %d", static_cast<long long>(Right(accuracy, of)), of);
}

const char* HowHeldOut(const std::string& split) {
  if (split == "groups") return "whole recordings";
  if (split == "ends") return "the end of each recording";
  if (split == "random") return "at random";
  return "none";
}

}  // namespace

// ---- settings ----------------------------------------------------------------------------------------------------------

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

const int64_t TrainingModel::kFirstRequest = kTrainingRequests;

TrainingModel::TrainingModel(CommandSink& sink) : sink_(sink), next_request_(kFirstRequest) {}

void TrainingModel::Set(Setting setting, double shown) {
  if (!CheckSetting(setting, shown).empty()) return;
  const SettingSpec& spec = SpecOf(setting);
  spec.set(settings_, shown / spec.scale);
  wrong_.erase(setting);
}

void TrainingModel::SetNetwork(const std::string& network) {
  const TrainSettings before = DefaultsOf(settings_.network), after = DefaultsOf(network);
  for (const SettingSpec& spec : kSettings) {
    if (spec.get(settings_) == spec.get(before)) spec.set(settings_, spec.get(after));
  }
  settings_.network = network;
  wrong_.clear();
}

void TrainingModel::SetDense(const std::string& units) { settings_.dense = units; }
void TrainingModel::SetCosine(bool on) { settings_.schedule = on ? "cosine" : "constant"; }
void TrainingModel::SetRandomSplit(bool random) { settings_.recipe = random ? "writeup" : "default"; }
void TrainingModel::SetClassWeights(bool on) { settings_.class_weights = on; }
void TrainingModel::SetFlip(bool on) { settings_.flip = on; }
void TrainingModel::SetInvert(bool on) { settings_.invert = on; }

void TrainingModel::ResetSettings() {
  settings_ = DefaultsOf(settings_.network);
  wrong_.clear();
}

void TrainingModel::SetWrong(Setting setting, std::string_view sentence) {
  if (sentence.empty()) wrong_.erase(setting);
  else wrong_[setting] = std::string(sentence);
}

std::string TrainingModel::Obstacle(std::span<const TrainClass> classes) const {
  if (!engine_ready_) return "The engine is still being loaded.";
  std::vector<const TrainClass*> used, empty;
  for (const TrainClass& c : classes) {
    if (!c.enabled) continue;
    used.push_back(&c);
    if (c.samples == 0) empty.push_back(&c);
  }
  if (classes.empty()) return "Add two classes and show some pictures of each.";
  if (used.empty()) return "All classes are switched off: switch two of them on.";
  if (used.size() == 1) {
    return classes.size() > 1 ? "Switch on a second class: training learns to tell classes apart."
                              : "Add a second class: training learns to tell classes apart.";
  }
  if (empty.size() == 1) return Quoted(empty[0]->name) + " has no pictures yet.";
  if (empty.size() == 2) return Quoted(empty[0]->name) + " and " + Quoted(empty[1]->name) + " have no pictures yet.";
  if (empty.size() > 2) {
    return Quoted(empty[0]->name) + " and " + Count(static_cast<int64_t>(empty.size()) - 1, "other class", "other classes") + " have no pictures yet.";
  }
  if (!wrong_.empty()) return wrong_.begin()->second;
  return {};
}

// ---- wishes ------------------------------------------------------------------------------------------------------------

void TrainingModel::Start() {
  if (running() || !wrong_.empty()) return;
  error_.clear();
  phase_ = Phase::kStarting;
  progress_ = 0;
  progress_text_ = "Getting ready …";
  running_settings_ = settings_;
  request_ = next_request_++;
  sink_.Send(schema::Train{.id = request_, .settings = settings_}, {});
}

void TrainingModel::Resume(int64_t training_id) {
  const TrainingInfo* training = Find(training_id);
  if (running() || training == nullptr) return;
  error_.clear();
  phase_ = Phase::kStarting;
  progress_text_ = "Getting ready …";
  running_settings_ = training->settings;
  request_ = next_request_++;
  sink_.Send(schema::ResumeTraining{.id = request_, .training_id = training_id}, {});
}

void TrainingModel::Stop() {
  if (!running() || phase_ == Phase::kStopping) return;
  sink_.Send(schema::Stop{}, {});
  // A training that has not begun is dropped without a word.
  if (phase_ == Phase::kStarting) return Rest();
  phase_ = Phase::kStopping;
  progress_text_ = "Stopping …";
}

void TrainingModel::Restore(int64_t training_id) {
  error_.clear();
  sink_.Send(schema::RestoreTraining{.id = next_request_++, .training_id = training_id}, {});
}

void TrainingModel::Delete(int64_t training_id) {
  error_.clear();
  asked_to_delete_ = 0;
  sink_.Send(schema::DeleteTraining{.id = next_request_++, .training_id = training_id}, {});
}

void TrainingModel::SetCompared(int64_t training_id, bool compared) {
  std::erase(compared_, training_id);
  if (!compared || Find(training_id) == nullptr) return;
  if (compared_.size() == kMostCompared) compared_.erase(compared_.begin());
  compared_.push_back(training_id);
}

// ---- events ------------------------------------------------------------------------------------------------------------

void TrainingModel::Apply(const schema::Event& event) {
  if (std::holds_alternative<schema::Ready>(event)) engine_ready_ = true;
  else if (const auto* opened = std::get_if<schema::ProjectOpened>(&event)) {
    Rest();
    trainings_ = opened->trainings;
    compared_.clear();
    asked_to_delete_ = 0;
    all_listed_ = false;
    error_.clear();
    said_.clear();
    ResetSettings();
    if (trainings_.empty()) return;
    // What was set last is still wanted; what only scripts use is not.
    settings_ = trainings_.back().settings;
    const TrainSettings defaults;
    settings_.folds = defaults.folds;
    settings_.model_wanted = defaults.model_wanted;
  }
  else if (const auto* started = std::get_if<schema::TrainStarted>(&event)) Began(*started);
  else if (const auto* progress = std::get_if<schema::TrainProgress>(&event)) Progressed(*progress);
  else if (const auto* epoch = std::get_if<schema::EpochDone>(&event)) EpochEnded(*epoch);
  else if (const auto* done = std::get_if<schema::TrainDone>(&event)) Ended(*done);
  else if (const auto* changed = std::get_if<schema::TrainingChanged>(&event)) Changed(changed->training);
  else if (const auto* deleted = std::get_if<schema::TrainingDeleted>(&event)) {
    std::erase_if(trainings_, [&](const TrainingInfo& t) { return t.id == deleted->training_id; });
    std::erase(compared_, deleted->training_id);
    if (asked_to_delete_ == deleted->training_id) asked_to_delete_ = 0;
  }
  else if (const auto* failed = std::get_if<schema::Failed>(&event)) Refused(*failed);
}

void TrainingModel::EngineStopped() {
  const std::string sentence = "The engine ended before the training did.";
  engine_ready_ = false;
  if (!running()) return;
  if (TrainingInfo* training = Edit(running_id_)) {
    training->state = "failed";
    training->message = sentence;
  }
  error_ = sentence;
  said_ = "Training ended: " + sentence;
  Rest();
}

void TrainingModel::Rest() {
  phase_ = Phase::kIdle;
  running_id_ = request_ = 0;
  progress_ = 0;
  progress_text_.clear();
}

TrainingInfo* TrainingModel::Edit(int64_t training_id) { return const_cast<TrainingInfo*>(Find(training_id)); }

TrainingInfo& TrainingModel::Upsert(int64_t training_id) {
  if (TrainingInfo* known = Edit(training_id)) return *known;
  const auto place = std::find_if(trainings_.begin(), trainings_.end(), [&](const TrainingInfo& t) { return t.id > training_id; });
  TrainingInfo& training = *trainings_.insert(place, TrainingInfo{});
  training.id = training_id;
  return training;
}

void TrainingModel::Began(const schema::TrainStarted& event) {
  TrainingInfo& training = Upsert(event.training_id);
  const bool again = event.epoch > 0;
  if (training.time_ms == 0) training.time_ms = static_cast<int64_t>(std::time(nullptr)) * 1000;
  if (!again) {
    training.settings = running_settings_;
    training.curve.clear();
  }
  std::erase_if(training.curve, [&](const schema::EpochPoint& p) { return p.epoch > event.epoch; });
  training.classes = event.classes;
  training.training = event.training;
  training.validation = event.validation;
  training.split = event.split;
  training.state = "running";
  training.message.clear();
  training.resumable = false;

  request_ = event.id;
  running_id_ = event.training_id;
  phase_ = Phase::kTraining;
  epoch_ = event.epoch;
  epochs_ = training.settings.epochs;
  progress_ = epochs_ > 0 ? static_cast<double>(epoch_) / epochs_ : 0;
  progress_text_ = Format("Epoch %d of %d", std::min(epoch_ + 1, epochs_), epochs_);
  rate_from_ = {};
  said_tenths_ = static_cast<int>(progress_ * 10);
  said_at_ = 0;
  said_ = (again ? "Training goes on with " : "Training has begun with ") + Count(event.training, "picture", "pictures") +
          (event.validation > 0 ? Format(", %d held out.", event.validation) : ".");
}

void TrainingModel::Progressed(const schema::TrainProgress& event) {
  if (!running() || phase_ == Phase::kStopping) return;
  const bool copies = event.phase == "copies";
  phase_ = copies ? Phase::kCopies : Phase::kTraining;
  if (event.total > 0) progress_ = std::clamp(static_cast<double>(event.done) / static_cast<double>(event.total), 0.0, 1.0);
  progress_text_ = copies ? Format("Looking at altered copies, %lld of %lld", static_cast<long long>(event.done), static_cast<long long>(event.total))
                          : Format("Epoch %d of %d", std::min(epoch_ + 1, epochs_), epochs_);
  if (event.phase == "pictures") {
    if (event.done < rate_from_.done || event.seconds < rate_from_.seconds || rate_from_.seconds == 0) rate_from_ = event;
    const double seconds = event.seconds - rate_from_.seconds;
    if (seconds > 1) progress_text_ += Format(" · %.0f pictures a second", static_cast<double>(event.done - rate_from_.done) / seconds);
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

void TrainingModel::EpochEnded(const schema::EpochDone& event) {
  if (!running()) return;
  epoch_ = event.epoch;
  epochs_ = event.epochs;
  TrainingInfo* training = Edit(running_id_);
  if (training == nullptr) return;
  while (!training->curve.empty() && training->curve.back().epoch >= event.epoch) training->curve.pop_back();
  training->curve.push_back({event.epoch, event.loss, event.accuracy, event.val_loss, event.val_accuracy});
}

void TrainingModel::Ended(const schema::TrainDone& event) {
  if (event.id != request_) return;  // of one that was stopped before another began
  if (TrainingInfo* training = Edit(running_id_); training != nullptr && running()) {
    training->state = event.stopped ? "stopped" : "done";
    training->seconds = event.seconds;
    training->train_accuracy = event.train_accuracy;
    training->val_accuracy = event.val_accuracy;
    training->val_loss = event.val_loss;
    said_ = (event.stopped ? "Training is stopped. " : "Training is done. ") + OutcomeOf(*training).headline + ".";
  }
  Rest();
}

void TrainingModel::Changed(const TrainingInfo& info) {
  TrainingInfo& training = Upsert(info.id);
  std::vector<schema::EpochPoint> curve = std::move(training.curve);
  training = info;
  // Said while it runs, its curve may be behind the epochs that were said one by one.
  if (training.curve.size() < curve.size() && (info.id == running_id_ || training.curve.empty())) training.curve = std::move(curve);
  if (!info.current) return;
  for (TrainingInfo& other : trainings_) other.current = other.id == info.id;
}

void TrainingModel::Refused(const schema::Failed& event) {
  const bool train = event.command == schema::Train::kType || event.command == schema::ResumeTraining::kType;
  if (train && running() && event.id == request_) {
    if (TrainingInfo* training = Edit(running_id_)) {
      training->state = "failed";
      training->message = Sentence(event.message);
    }
    Rest();
  } else if (event.command != schema::RestoreTraining::kType && event.command != schema::DeleteTraining::kType) {
    return;
  }
  error_ = Sentence(event.message);
  if (train) said_ = "Training failed: " + error_;
}

// ---- what there is to show ---------------------------------------------------------------------------------------------

const TrainingInfo* TrainingModel::Find(int64_t training_id) const {
  // Ascending ids.
  const auto at = std::lower_bound(trainings_.begin(), trainings_.end(), training_id, [](const TrainingInfo& t, int64_t id) { return t.id < id; });
  return at != trainings_.end() && at->id == training_id ? &*at : nullptr;
}

int TrainingModel::NumberOf(int64_t training_id) const {
  const TrainingInfo* training = Find(training_id);
  return training == nullptr ? 0 : static_cast<int>(training - trainings_.data()) + 1;
}

std::string TrainingModel::NameOf(int64_t training_id) const { return Format("Training %d", NumberOf(training_id)); }

const TrainingInfo* TrainingModel::Newest() const {
  if (phase_ == Phase::kStarting) return nullptr;
  if (const TrainingInfo* now = Find(running_id_); now != nullptr && running()) return now;
  return trainings_.empty() ? nullptr : &trainings_.back();
}

std::vector<const TrainingInfo*> TrainingModel::compared() const {
  std::vector<const TrainingInfo*> found;
  for (const int64_t id : compared_) {
    if (const TrainingInfo* training = Find(id)) found.push_back(training);
  }
  std::sort(found.begin(), found.end(), [](const TrainingInfo* a, const TrainingInfo* b) { return a->id > b->id; });
  return found;
}

bool TrainingModel::IsCompared(int64_t training_id) const {
  return std::find(compared_.begin(), compared_.end(), training_id) != compared_.end();
}

Outcome OutcomeOf(const TrainingInfo& t) {
  if (t.state == "failed") return {"", "This training failed", Sentence(t.message)};
  if (t.state == "running") return {"", "Under way", ""};
  if (t.curve.empty() && t.state == "stopped") return {"", "Stopped before the first epoch was done", ""};
  Outcome outcome;
  if (t.validation == 0) {
    outcome.figure = RightOf(t.train_accuracy, t.training);
    outcome.headline = outcome.figure + (t.training == 1 ? " picture right" : " pictures right") + " that it learned from";
    outcome.explanation = "None were held out, so this says nothing about new pictures.";
  } else {
    outcome.figure = RightOf(t.val_accuracy, t.validation);
    outcome.headline = outcome.figure + (t.validation == 1 ? " held-out picture right" : " held-out pictures right");
    if (t.split == "groups") {
      outcome.explanation = "They are from recordings that training never saw, so expect about as much of new pictures.";
    } else if (t.split == "ends") {
      outcome.explanation = "They are the end of each recording, which training never saw. In another place or light it may do worse.";
    } else {
      outcome.explanation = "They were drawn at random: training saw pictures much like them, so expect less of new ones.";
    }
    constexpr int kFew = 10;
    if (t.validation < kFew) outcome.explanation += " So few say little.";
  }
  constexpr double kBetter = 0.1;
  const auto classes = static_cast<double>(t.classes.size());
  if (classes > 1 && t.train_accuracy < 1 / classes + kBetter) {
    outcome.explanation += " It hardly does better than guessing: the classes look alike to it.";
  }
  return outcome;
}

std::vector<Compared> Compare(const TrainingInfo& a, const TrainingInfo& b) {
  std::vector<Compared> rows;
  const auto setting = [&](std::string name, std::string in_a, std::string in_b) {
    if (in_a != in_b) rows.push_back({std::move(name), std::move(in_a), std::move(in_b), true});
  };
  for (const SettingSpec& spec : kSettings) {
    if (!Matters(spec.setting, a.settings) && !Matters(spec.setting, b.settings)) continue;
    const auto text = [&](const TrainSettings& s) {
      const std::string value = NumberText(ShownValue(spec.setting, s));
      return spec.unit == std::string_view("%") ? value + " %" : spec.unit == std::string_view("°") ? value + "°" : value;
    };
    setting(spec.name, text(a.settings), text(b.settings));
  }
  setting("Network", IsCnn(a.settings) ? "from scratch" : "MobileNet", IsCnn(b.settings) ? "from scratch" : "MobileNet");
  if (IsCnn(a.settings) || IsCnn(b.settings)) setting("Dense layers", a.settings.dense, b.settings.dense);
  const auto yes = [](bool on) { return std::string(on ? "yes" : "no"); };
  if (a.settings.augment > 0 || b.settings.augment > 0) setting("Mirrored copies", yes(a.settings.flip), yes(b.settings.flip));
  if (a.settings.augment > 0 || b.settings.augment > 0) setting("Negatives", yes(a.settings.invert), yes(b.settings.invert));
  setting("Class weights", yes(a.settings.class_weights), yes(b.settings.class_weights));
  setting("How held out", HowHeldOut(a.split), HowHeldOut(b.split));
  setting("Learned from", Count(a.training, "picture", "pictures"), Count(b.training, "picture", "pictures"));
  setting("Classes", std::to_string(a.classes.size()), std::to_string(b.classes.size()));

  const auto result = [&](const char* name, const auto& text) { rows.push_back({name, text(a), text(b), false}); };
  if (a.validation > 0 || b.validation > 0) {
    result("Held out, right", [](const TrainingInfo& t) { return t.validation > 0 ? RightOf(t.val_accuracy, t.validation) : std::string("–"); });
    result("Held out, loss", [](const TrainingInfo& t) { return t.validation > 0 ? Format("%.3f", t.val_loss) : std::string("–"); });
  }
  result("Training, right", [](const TrainingInfo& t) { return RightOf(t.train_accuracy, t.training); });
  result("Epochs done", [](const TrainingInfo& t) { return std::to_string(EpochsOf(t)); });
  result("Time", [](const TrainingInfo& t) { return Duration(t.seconds); });
  return rows;
}

std::string TimeLeft(double seconds) {
  if (!(seconds >= 0)) return {};
  if (seconds < 1) return "almost done";
  return (seconds < 59.5 ? Format("%.0f s", seconds) : Duration(seconds)) + " left";
}

std::string WhenText(int64_t time_ms, int64_t now_ms) {
  const auto time = static_cast<std::time_t>(time_ms / 1000), now = static_cast<std::time_t>(now_ms / 1000);
  std::tm then{}, today{};
  localtime_r(&time, &then);
  localtime_r(&now, &today);
  const std::string clock = Format("%02d:%02d", then.tm_hour, then.tm_min);
  if (then.tm_year == today.tm_year && then.tm_yday == today.tm_yday) return clock;
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::string day = Format("%d %s", then.tm_mday, kMonths[then.tm_mon]);
  if (then.tm_year != today.tm_year) day += Format(" %d", then.tm_year + 1900);
  return day + ", " + clock;
}

}  // namespace handful::ui
