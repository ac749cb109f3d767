#include "engine/training.h"

#include <cstdlib>

#include "nn/registry.h"
#include "schema/json.h"

namespace handful::engine {
namespace {

using train::Split;

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

train::HeadSettings HeadSettingsOf(const schema::TrainSettings& s) {
  train::HeadSettings settings;
  settings.epochs = s.epochs;
  settings.batch = s.batch;
  settings.hidden = s.hidden;
  settings.dropout = s.dropout;
  settings.adam.learning_rate = s.learning_rate;
  settings.patience = s.patience;
  settings.class_weights = s.class_weights;
  settings.seed = static_cast<uint64_t>(s.seed);
  return settings;
}

// "256,128"
Result<std::vector<int>> DenseOf(const std::string& text) {
  std::vector<int> units;
  for (const char* at = text.c_str(); *at != '\0';) {
    char* end = nullptr;
    const long n = std::strtol(at, &end, 10);
    if (end == at || n < 1 || n > 4096 || (*end != '\0' && (*end != ',' || end[1] == '\0'))) {
      return Errorf("setting \"dense\" is \"%s\", not numbers from 1 to 4096 with commas between", text.c_str());
    }
    units.push_back(static_cast<int>(n));
    at = *end == ',' ? end + 1 : end;
  }
  return units;
}

Result<train::CnnSettings> CnnSettingsOf(const schema::TrainSettings& s) {
  Result<std::vector<int>> dense = DenseOf(s.dense);
  if (!dense.ok()) return dense.status();
  train::CnnSettings settings;
  settings.epochs = s.epochs;
  settings.batch = s.batch;
  settings.size = s.size;
  settings.dense = std::move(*dense);
  settings.dropout = s.dropout_dense;
  settings.adam.learning_rate = s.learning_rate;
  settings.cosine = s.schedule == schema::Schedule::kCosine;
  settings.weight_decay = s.weight_decay;
  settings.label_smoothing = s.label_smoothing;
  settings.patience = s.patience;
  settings.class_weights = s.class_weights;
  settings.copies = s.augment;
  settings.augment = AugmentOf(s);
  settings.seed = static_cast<uint64_t>(s.seed);
  return settings;
}

Result<std::vector<Split>> SplitsOf(const schema::TrainSettings& s, const train::Dataset& data) {
  const std::vector<int> all = train::AllIndices(data.size());
  const auto seed = static_cast<uint64_t>(s.seed);
  if (s.folds.empty()) {
    // The write-up splits at random; where capture sessions are known, the default keeps each on one side.
    if (s.recipe == schema::Recipe::kWriteup || s.validation == 0)
      return std::vector<Split>{train::RandomSplit(data, all, s.validation, seed)};
    return std::vector<Split>{train::GroupedSplit(data, s.validation, seed)};
  }
  Result<std::vector<Split>> splits = Errorf("");
  if (s.folds == "group") {
    splits = train::LeaveOneGroupOut(data);
  } else {
    char* end = nullptr;
    const long folds = std::strtol(s.folds.c_str(), &end, 10);
    if (*end != '\0' || folds < 2 || folds > 1000)
      return Errorf("setting \"folds\" is \"%s\", not \"group\" or a number from 2", s.folds.c_str());
    splits = train::StratifiedGroupFolds(data, static_cast<int>(folds), seed);
  }
  if (splits.ok() && s.model_wanted) splits->push_back({"", all, {}});
  return splits;
}

schema::HeldOutBy HeldOutByOf(train::SplitKind kind) {
  switch (kind) {
    case train::SplitKind::kNone: return schema::HeldOutBy::kNone;
    case train::SplitKind::kRandom: return schema::HeldOutBy::kRandom;
    case train::SplitKind::kGroups: return schema::HeldOutBy::kGroups;
    case train::SplitKind::kEnds: return schema::HeldOutBy::kEnds;
  }
  return schema::HeldOutBy::kNone;
}

}  // namespace

image::AugmentSettings AugmentOf(const schema::TrainSettings& s) {
  return {.flip = s.flip,
          .rotate_degrees = s.rotate,
          .zoom = s.zoom,
          .light = s.light,
          .color = s.color,
          .invert = s.invert};
}

Training::Training(const schema::Train& command, train::Dataset data, train::PictureSource* pictures, Send send)
    : command_(command),
      data_(std::move(data)),
      send_(std::move(send)),
      pictures_(pictures),
      started_(std::chrono::steady_clock::now()) {
  summary_.id = command.id;
  summary_.seed = command.settings.seed;
}

Result<std::unique_ptr<Training>> Training::Start(const schema::Train& command, train::Dataset data,
                                                  train::PictureSource* pictures, Send send,
                                                  const nn::TensorFile* state) {
  if (data.size() == 0) return Errorf("there is nothing to learn from: add pictures first");
  std::unique_ptr<Training> training(new Training(command, std::move(data), pictures, std::move(send)));
  Result<std::vector<Split>> splits = SplitsOf(command.settings, training->data_);
  if (!splits.ok()) return splits.status();
  training->runs_ = std::move(*splits);
  HANDFUL_TRY(training->BeginRun(state));
  return training;
}

Result<std::unique_ptr<train::Session>> Training::NewSession(const Split& split, const nn::TensorFile* state) const {
  if (!nn::LearnsFromPixels(TextOf(command_.settings.network))) {
    const train::HeadSettings settings = HeadSettingsOf(command_.settings);
    return state == nullptr ? train::StartHeadTraining(data_, split, settings)
                            : train::ResumeHeadTraining(data_, split, settings, *state);
  }
  Result<train::CnnSettings> settings = CnnSettingsOf(command_.settings);
  if (!settings.ok()) return settings.status();
  return state == nullptr ? train::StartCnnTraining(data_, *pictures_, split, *settings)
                          : train::ResumeCnnTraining(data_, *pictures_, split, *settings, *state);
}

Status Training::BeginRun(const nn::TensorFile* state) {
  const Split& split = runs_[run_];
  Result<std::unique_ptr<train::Session>> session = NewSession(split, state);
  if (!session.ok())
    return split.name.empty() ? session.status() : session.status().WithContextf("without %s", split.name.c_str());
  session_ = std::move(*session);
  validation_.reset();
  send_(schema::TrainStarted{.id = command_.id,
                             .training = static_cast<int>(split.training.size()),
                             .validation = static_cast<int>(split.validation.size()),
                             .classes = data_.classes,
                             .fold = split.name,
                             .split = HeldOutByOf(split.kind)});
  return {};
}

Status Training::Step() {
  Result<std::optional<train::EpochMetrics>> epoch = session_->Step();
  if (!epoch.ok()) return epoch.status();
  if (epoch->has_value()) {
    const train::EpochMetrics& m = **epoch;
    validation_ = m.validation;
    const train::Metrics validation = m.validation.value_or(train::Metrics{});
    send_(schema::EpochDone{command_.id, m.epoch, command_.settings.epochs, m.training.loss, m.training.accuracy,
                            validation.loss, validation.accuracy});
  }
  if (!session_->done()) return {};
  EndRun();
  return run_ < runs_.size() ? BeginRun(nullptr) : Status();
}

void Training::Stop() {
  summary_.stopped = true;
  if (runs_.size() == 1) state_ = session_->SaveState();
  EndRun();
  run_ = runs_.size();
}

train::Progress Training::progress() const {
  const train::Progress present = session_ == nullptr ? train::Progress{} : session_->progress();
  const auto runs = static_cast<int64_t>(runs_.size());
  return {present.done + static_cast<int64_t>(run_) * present.in_all, present.in_all * runs};
}

// Takes the session's result in. Folds are averaged; the last run of all gives the model.
void Training::EndRun() {
  const Split& split = runs_[run_++];
  const train::Metrics training = session_->EvaluateTraining();
  const train::Metrics validation = validation_.value_or(train::Metrics{});
  const bool is_fold = !split.name.empty();
  held_out_ = held_out_ || !split.validation.empty();
  held_out_record_.Append(session_->EvaluateHeldOut());
  if (is_fold) {
    summary_.folds.push_back({split.name, static_cast<int>(split.validation.size()), validation.accuracy});
    const double n = static_cast<double>(summary_.folds.size());
    summary_.train_accuracy += (training.accuracy - summary_.train_accuracy) / n;
    summary_.val_accuracy += (validation.accuracy - summary_.val_accuracy) / n;
    summary_.val_loss += (validation.loss - summary_.val_loss) / n;
    summary_.mean_val_accuracy = summary_.val_accuracy;
  } else {
    if (summary_.folds.empty()) {
      summary_.train_accuracy = training.accuracy;
      summary_.val_accuracy = validation.accuracy;
      summary_.val_loss = validation.loss;
    }
    summary_.best_epoch = session_->kept_epoch();
    summary_.ended_early = session_->ended_early();
    weights_ = session_->Weights();
  }
  session_.reset();
  summary_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

nn::Model TrainedModel(nn::Model frame, const schema::TrainSettings& settings, const Training& training) {
  nn::Model model = std::move(frame);
  model.part = nn::Part::kHead;
  if (nn::LearnsFromPixels(TextOf(settings.network))) {
    model.architecture = nn::FindBySetting(TextOf(settings.network));
    model.part = nn::Part::kWhole;
    model.input_side = settings.size;
    model.input_range = model.architecture->range;
    model.backbone_sha256.clear();
    model.backbone_title.clear();
  }
  model.classes = training.data().classes;
  model.title = settings.title.empty() ? Joined(model.classes) : settings.title;
  model.weights = *training.weights();
  model.notes = {{"settings", schema::ToJson(settings)},
                 {"samples", Format("%zu", training.data().size())},
                 {"train_accuracy", Format("%.4f", training.summary().train_accuracy)}};
  if (training.held_out()) {
    model.notes["val_accuracy"] = Format("%.4f", training.summary().val_accuracy);
    const train::HeldOut& record = training.held_out_record();
    model.notes["held_out"] = Format("%zu", record.labels.size());
    model.notes["held_out_right"] = Format("%d", train::RightOf(record));
  }
  return model;
}

}  // namespace handful::engine
