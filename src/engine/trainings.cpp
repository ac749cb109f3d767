#include "engine/trainings.h"

#include <algorithm>
#include <cstring>

#include "base/rng.h"
#include "base/sha256.h"
#include "engine/convert.h"
#include "engine/stored_pictures.h"
#include "image/augment.h"
#include "nn/mobilenet_v2.h"
#include "nn/registry.h"
#include "schema/json.h"

namespace handful::engine {
namespace {

using schema::Bytes;
using Clock = std::chrono::steady_clock;

constexpr double kSecondsBetweenProgress = 0.1;
constexpr size_t kCopiesAtOnce = 32;   // samples whose cached copies are read together
constexpr size_t kSquaresAtOnce = 8;   // samples whose pixels are in memory
constexpr int kMostCopies = 20;
constexpr char kDataField[] = "dataset_sha256";

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Bytes BytesOfText(const std::string& text) { return {text.begin(), text.end()}; }

// How copies are made: those made otherwise are made anew.
std::string CopiesKey(const schema::TrainSettings& s, const std::string& backbone_sha256) {
  return Format("copies %d flip %d rotate %g zoom %g light %g color %g invert %d seed %lld range %s backbone %s", s.augment, s.flip ? 1 : 0,
                s.rotate, s.zoom, s.light, s.color, s.invert ? 1 : 0, static_cast<long long>(s.seed), s.input_range.c_str(),
                backbone_sha256.c_str());
}

// Which samples with which labels, so that a training goes on with those it began with only.
std::string Fingerprint(const std::vector<int64_t>& ids, const train::Dataset& data) {
  std::string text;
  for (size_t i = 0; i < ids.size(); ++i) text += Format("%lld:%d ", static_cast<long long>(ids[i]), data.labels[i]);
  Sha256 sha;
  sha.Update({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  return sha.HexDigest();
}

}  // namespace

// The one under way.
struct Trainings::Job {
  schema::Train command;
  schema::TrainingInfo* info = nullptr;  // null: a cross-validation without a model, of which nothing is kept
  int64_t resumed = 0;
  std::optional<nn::TensorFile> state;
  std::vector<int64_t> ids;              // of the samples it learns from
  Clock::time_point began = Clock::now(), said = Clock::now() - std::chrono::seconds(1);
  double seconds_before = 0;             // of a training that goes on
  train::Progress at_start;

  // altered copies
  std::string copies_key;
  std::deque<int64_t> unread, lacking;   // not looked for in the store; to be computed
  size_t copies_in_all = 0;
  bool waiting = false;                  // for the store
  Workspace::Squares squares;

  std::optional<StoredPictures> pictures;  // of a network that learns from pixels
  std::unique_ptr<Training> training;

  bool FromPixels() const { return nn::LearnsFromPixels(command.settings.network); }
};

Trainings::Trainings(Send send, StoreClient& store, Workspace& workspace, Hooks hooks)
    : send_(std::move(send)), store_(store), workspace_(workspace), hooks_(std::move(hooks)) {}
Trainings::~Trainings() = default;

std::string Trainings::Key(const char* what, int64_t training_id) const {
  return StoreKey(workspace_.project().id() + "/" + what, training_id);
}

void Trainings::Put(schema::StoreWrite batch, std::vector<Bytes> values) {
  if (!store_.attached()) return;
  store_.Write(std::move(batch), std::move(values), [this](const Status& kept) {
    if (!kept.ok()) send_(schema::Failed{0, schema::Train::kType, "", "the training could not be kept: " + kept.message()}, {});
  });
}

void Trainings::Opened(std::vector<schema::TrainingInfo> trainings) {
  ++generation_;
  job_.reset();
  infos_.clear();
  models_.clear();
  states_.clear();
  for (schema::TrainingInfo& info : trainings) {
    if (info.state == "running") {
      info.state = "failed";
      info.message = "it was cut short when the page was closed";
      send_(schema::TrainingChanged{info}, {});
    }
    infos_[info.id] = std::move(info);
  }
  if (const schema::TrainingInfo* answering = current()) {
    Adopt(0, answering->id);
  } else {
    (void)hooks_.adopt(0, nullptr);
  }
}

std::vector<schema::TrainingInfo> Trainings::list() const {
  std::vector<schema::TrainingInfo> all;
  for (const auto& [id, info] : infos_) all.push_back(info);
  return all;
}

void Trainings::Add(schema::TrainingInfo info) {
  send_(schema::TrainingChanged{info}, {});
  infos_[info.id] = std::move(info);
}

const schema::TrainingInfo* Trainings::current() const {
  for (const auto& [id, info] : infos_) {
    if (info.current) return &info;
  }
  return nullptr;
}

Result<schema::TrainingInfo*> Trainings::Find(int64_t training_id) {
  const auto found = infos_.find(training_id);
  if (found == infos_.end()) return Errorf("there is no training %lld in this project", static_cast<long long>(training_id));
  return &found->second;
}

void Trainings::Change(schema::TrainingInfo& info) {
  Put({.puts = {{"trainings", Key("info", info.id)}}}, {BytesOfText(schema::ToJson(info))});
  send_(schema::TrainingChanged{info}, {});
}

void Trainings::MakeCurrent(int64_t training_id) {
  for (auto& [id, info] : infos_) {
    if (info.current == (id == training_id)) continue;
    info.current = id == training_id;
    Change(info);
  }
}

// ---- earlier ones --------------------------------------------------------------------------------------------------

void Trainings::Adopt(int64_t id, int64_t training_id) {
  auto take = [this, id](const Bytes& bytes) {
    Result<nn::Model> model = nn::ReadModel(bytes);
    Status status = model.status();
    if (model.ok()) status = hooks_.adopt(id, &*model);
    if (!status.ok()) send_(schema::Failed{id, schema::RestoreTraining::kType, "", status.message()}, {});
  };
  if (!store_.attached()) {
    take(models_[training_id]);
    return;
  }
  store_.Read("trainings", {Key("model", training_id)}, [this, id, take, generation = generation_](Result<StoreValues> found) {
    if (generation != generation_) return;
    if (!found.ok() || found->values.empty()) {
      send_(schema::Failed{id, schema::RestoreTraining::kType, "", found.ok() ? "its model is not in the store any more" : found.status().message()}, {});
      return;
    }
    take(found->values[0]);
  });
}

Status Trainings::Handle(const schema::RestoreTraining& command) {
  Result<schema::TrainingInfo*> info = Find(command.training_id);
  if (!info.ok()) return info.status();
  if ((*info)->state != "done" && (*info)->state != "stopped") return Errorf("this training has no model: it %s", (*info)->state.c_str());
  MakeCurrent(command.training_id);
  Adopt(command.id, command.training_id);
  return {};
}

Status Trainings::Handle(const schema::DeleteTraining& command) {
  Result<schema::TrainingInfo*> info = Find(command.training_id);
  if (!info.ok()) return info.status();
  if (job_ != nullptr && job_->info == *info) return Errorf("this training is under way: stop it first");
  const bool was_current = (*info)->current;
  infos_.erase(command.training_id);
  models_.erase(command.training_id);
  states_.erase(command.training_id);
  schema::StoreWrite batch;
  for (const char* what : {"info", "model", "state"}) batch.removes.push_back({"trainings", Key(what, command.training_id)});
  Put(std::move(batch), {});
  send_(schema::TrainingDeleted{command.training_id}, {});
  return was_current ? hooks_.adopt(command.id, nullptr) : Status();
}

// ---- the one under way ---------------------------------------------------------------------------------------------

Status Trainings::Handle(const schema::Train& command) { return Begin(command, 0, {}); }

Status Trainings::Handle(const schema::ResumeTraining& command) {
  if (job_ != nullptr) return Errorf("a training is under way already");
  Result<schema::TrainingInfo*> info = Find(command.training_id);
  if (!info.ok()) return info.status();
  if (!(*info)->resumable) return Errorf("this training cannot go on: it was not stopped before its end");
  schema::Train train{.id = command.id, .settings = (*info)->settings};
  if (command.epochs > 0) train.settings.epochs = command.epochs;
  auto go_on = [this, train, resumed = command.training_id](const Bytes& bytes) {
    Result<nn::TensorFile> state = nn::ReadSafetensors(bytes);
    const Status status = state.ok() ? Begin(train, resumed, std::move(*state)) : state.status();
    if (!status.ok()) send_(schema::Failed{train.id, schema::ResumeTraining::kType, "", status.message()}, {});
  };
  if (!store_.attached()) {
    go_on(states_[command.training_id]);
    return {};
  }
  store_.Read("trainings", {Key("state", command.training_id)}, [this, go_on, train, generation = generation_](Result<StoreValues> found) {
    if (generation != generation_) return;
    if (found.ok() && !found->values.empty()) {
      go_on(found->values[0]);
    } else {
      send_(schema::Failed{train.id, schema::ResumeTraining::kType, "", "what it takes to go on is not in the store any more"}, {});
    }
  });
  return {};
}

Status Trainings::Begin(const schema::Train& command, int64_t resumed, std::optional<nn::TensorFile> state) {
  if (job_ != nullptr) return Errorf("a training is under way already");
  const schema::TrainSettings& s = command.settings;
  if (nn::FindBySetting(s.network) == nullptr) return Errorf("setting \"network\" is \"%s\", not %s", s.network.c_str(), nn::SettingsInWords().c_str());
  if (s.augment < 0 || s.augment > kMostCopies) return Errorf("setting \"augment\" is %d, outside 0 … %d", s.augment, kMostCopies);
  if (s.augment > 0 && !store_.attached()) return Errorf("setting \"augment\" is %d, but pictures are not kept here, so there is nothing to alter", s.augment);
  if (nn::LearnsFromPixels(s.network) && !store_.attached()) return Errorf("setting \"network\" is \"%s\", but pictures are not kept here, so there is nothing to learn from", s.network.c_str());
  ++generation_;
  job_ = std::make_unique<Job>();
  job_->command = command;
  if (job_->FromPixels()) job_->command.settings.input_range = "01";
  job_->resumed = resumed;
  job_->state = std::move(state);
  return {};
}

bool Trainings::Step() {
  if (job_ == nullptr || job_->waiting) return false;
  if (job_->training != nullptr) return StepTraining();
  // Features that are on their way from the store, or are being computed.
  if (store_.attached() && (!workspace_.loaded() || (!job_->FromPixels() && !workspace_.Lacking(1).empty()))) return false;
  if (job_->ids.empty()) {
    job_->ids = workspace_.project().DatasetIds(!job_->FromPixels());
    if (job_->command.settings.augment > 0 && !job_->FromPixels()) PrepareCopies();
    if (job_->unread.empty()) StartTraining();
    return true;
  }
  return StepCopies();
}

void Trainings::PrepareCopies() {
  job_->copies_key = CopiesKey(job_->command.settings, workspace_.project().info().backbone_sha256);
  for (const int64_t id : job_->ids) {
    if (workspace_.project().Find(id)->copies_key != job_->copies_key) job_->unread.push_back(id);
  }
  job_->copies_in_all = job_->unread.size();
}

// Copies made by an earlier training, or by this one before a reload.
void Trainings::ReadCopies() {
  std::vector<int64_t> ids;
  std::vector<std::string> keys;
  while (!job_->unread.empty() && ids.size() < kCopiesAtOnce) {
    ids.push_back(job_->unread.front());
    keys.push_back(StoreKey(workspace_.project().id(), job_->unread.front()));
    job_->unread.pop_front();
  }
  job_->waiting = true;
  store_.Read("copies", std::move(keys), [this, ids, generation = generation_](Result<StoreValues> found) {
    if (generation != generation_) return;
    job_->waiting = false;
    std::map<std::string, const Bytes*> values;
    for (size_t i = 0; found.ok() && i < found->keys.size(); ++i) values[found->keys[i]] = &found->values[i];
    const std::string line = job_->copies_key + "\n";
    const size_t floats = static_cast<size_t>(job_->command.settings.augment) * nn::kMobileNetFeatures;
    for (const int64_t id : ids) {
      Sample* sample = workspace_.project().Find(id);
      if (sample == nullptr) continue;
      const auto value = values.find(StoreKey(workspace_.project().id(), id));
      if (value == values.end() || value->second->size() != line.size() + floats * sizeof(float) ||
          !std::equal(line.begin(), line.end(), value->second->begin())) {
        job_->lacking.push_back(id);
        continue;
      }
      std::vector<float> copies(floats);
      std::memcpy(copies.data(), value->second->data() + line.size(), floats * sizeof(float));
      sample->copies = train::MakeFeatureRow(copies);
      sample->copies_key = job_->copies_key;
    }
  });
}

bool Trainings::StepCopies() {
  if (!job_->squares.empty()) {
    const int64_t id = job_->squares.back().first;
    const image::Image square = std::move(job_->squares.back().second);
    job_->squares.pop_back();
    Sample* sample = workspace_.project().Find(id);
    if (sample == nullptr) return true;
    const schema::TrainSettings& s = job_->command.settings;
    const image::AugmentSettings augment = AugmentOf(s);
    std::vector<float> copies;
    for (int c = 0; c < s.augment; ++c) {
      Rng seeds(static_cast<uint64_t>(s.seed), static_cast<uint64_t>(id) * 64 + static_cast<uint64_t>(c));
      Result<image::Image> altered = image::Augment(square, augment, seeds.Next());
      Result<train::FeatureRow> features = altered.ok() ? hooks_.features(*altered) : Result<train::FeatureRow>(altered.status());
      if (!features.ok()) {
        Fail(features.status().message());
        return true;
      }
      copies.insert(copies.end(), features->get(), features->get() + nn::kMobileNetFeatures);
    }
    sample->copies = train::MakeFeatureRow(copies);
    sample->copies_key = job_->copies_key;
    Bytes value = BytesOfText(job_->copies_key + "\n");
    const Bytes floats = BytesOf(copies);
    value.insert(value.end(), floats.begin(), floats.end());
    Put({.puts = {{"copies", StoreKey(workspace_.project().id(), id)}}}, {std::move(value)});
    const size_t left = job_->unread.size() + job_->lacking.size() + job_->squares.size();
    SendProgress("copies", static_cast<int64_t>(job_->copies_in_all - left), static_cast<int64_t>(job_->copies_in_all));
    return true;
  }
  if (!job_->unread.empty()) {
    ReadCopies();
    return true;
  }
  if (!job_->lacking.empty()) {
    std::vector<int64_t> ids;
    while (!job_->lacking.empty() && ids.size() < kSquaresAtOnce) {
      ids.push_back(job_->lacking.front());
      job_->lacking.pop_front();
    }
    job_->waiting = true;
    workspace_.ReadSquares(std::move(ids), [this, generation = generation_](Workspace::Squares squares) {
      if (generation != generation_) return;
      job_->waiting = false;
      job_->squares = std::move(squares);
    });
    return true;
  }
  StartTraining();
  return true;
}

void Trainings::StartTraining() {
  job_->ids = workspace_.project().DatasetIds(!job_->FromPixels());
  train::Dataset data = workspace_.project().ToDataset(!job_->FromPixels());
  if (job_->FromPixels()) job_->pictures.emplace(workspace_, job_->ids);
  data.copies_per_sample = static_cast<size_t>(job_->command.settings.augment);
  if (data.copies_per_sample == 0) data.copies.clear();
  if (job_->state.has_value() && job_->state->metadata[kDataField] != Fingerprint(job_->ids, data)) {
    Fail("pictures or classes changed since this training was stopped, so it cannot go on: train anew");
    return;
  }
  const nn::Model frame = hooks_.frame();
  schema::TrainingInfo info;
  if (job_->resumed != 0 && infos_.contains(job_->resumed)) {
    info = infos_[job_->resumed];
    if (!info.backbone_sha256.empty() && info.backbone_sha256 != frame.backbone_sha256) {
      Fail(Format("this training was stopped on features of the backbone %s, but the one in use is %s: choose the other one to go on, or train anew",
                  info.backbone.c_str(), nn::NameOfBackbone(frame.backbone_sha256, frame.backbone_title).c_str()));
      return;
    }
    job_->seconds_before = info.seconds;
  } else {
    info.id = workspace_.project().TakeId();
    info.time_ms = NowMs();
  }
  info.settings = job_->command.settings;
  if (!job_->FromPixels()) {
    info.backbone_sha256 = frame.backbone_sha256;
    info.backbone = frame.backbone_sha256.empty() ? "" : nn::NameOfBackbone(frame.backbone_sha256, frame.backbone_title);
  }
  info.classes = data.classes;
  info.class_ids.clear();
  for (const schema::ClassInfo& c : workspace_.project().classes()) {
    if (c.enabled) info.class_ids.push_back(c.id);
  }
  info.state = "running";
  info.resumable = false;
  job_->began = Clock::now();
  if (job_->command.settings.folds.empty()) job_->info = &(infos_[info.id] = info);
  Result<std::unique_ptr<Training>> training =
      Training::Start(job_->command, std::move(data), job_->pictures.has_value() ? &*job_->pictures : nullptr,
                      [this](schema::Event event) { Record(event); }, job_->state.has_value() ? &*job_->state : nullptr);
  if (!training.ok()) {
    if (job_->resumed == 0) infos_.erase(info.id);
    job_->info = nullptr;
    Fail(training.status().message());
    return;
  }
  job_->training = std::move(*training);
  job_->at_start = job_->training->progress();
  if (job_->info != nullptr) Change(*job_->info);
}

bool Trainings::StepTraining() {
  if (const Status status = job_->training->Step(); !status.ok()) {
    Fail(status.message());
    return true;
  }
  if (job_->training->done()) {
    Finish();
    return true;
  }
  if (job_->training->waiting()) return false;
  const train::Progress progress = job_->training->progress();
  SendProgress(job_->FromPixels() ? "pictures" : "training", progress.done, progress.in_all);
  return true;
}

void Trainings::SendProgress(const char* phase, int64_t done, int64_t total) {
  const Clock::time_point now = Clock::now();
  if (std::chrono::duration<double>(now - job_->said).count() < kSecondsBetweenProgress) return;
  job_->said = now;
  schema::TrainProgress event{.id = job_->command.id, .phase = phase, .done = static_cast<int>(done), .total = static_cast<int>(total)};
  const double seconds = std::chrono::duration<double>(now - job_->began).count();
  const int64_t before = job_->training == nullptr ? 0 : job_->at_start.done;
  event.seconds = job_->seconds_before + seconds;
  if (done > before) event.seconds_left = seconds * static_cast<double>(total - done) / static_cast<double>(done - before);
  send_(std::move(event), {});
}

// What the training says goes out, and into its record.
void Trainings::Record(const schema::Event& event) {
  schema::TrainingInfo* info = job_->info;
  if (const auto* started = std::get_if<schema::TrainStarted>(&event)) {
    schema::TrainStarted said = *started;
    if (info != nullptr) {
      said.training_id = info->id;
      said.epoch = info->curve.empty() ? 0 : info->curve.back().epoch;
      info->training = said.training;
      info->validation = said.validation;
      info->split = said.split;
    }
    send_(std::move(said), {});
    return;
  }
  if (const auto* epoch = std::get_if<schema::EpochDone>(&event); epoch != nullptr && info != nullptr) {
    info->curve.push_back({epoch->epoch, epoch->loss, epoch->accuracy, epoch->val_loss, epoch->val_accuracy});
  }
  send_(event, {});
}

void Trainings::Stop() {
  if (job_ == nullptr) return;
  if (job_->training != nullptr) {
    job_->training->Stop();
    Finish();
    return;
  }
  schema::TrainDone done{.id = job_->command.id, .seed = job_->command.settings.seed, .stopped = true};
  ++generation_;
  job_.reset();
  send_(std::move(done), {});
}

void Trainings::Finish() {
  const std::unique_ptr<Job> job = std::move(job_);
  ++generation_;
  const schema::TrainDone& summary = job->training->summary();
  if (!job->training->weights().has_value()) {
    send_(summary, {});
    return;
  }
  const schema::TrainSettings& settings = job->command.settings;
  nn::Model model = hooks_.frame();
  const std::vector<std::string>& classes = job->training->data().classes;
  model.part = nn::Part::kHead;
  if (job->FromPixels()) {
    model.architecture = nn::FindBySetting(settings.network);
    model.part = nn::Part::kWhole;
    model.input_side = settings.size;
    model.input_range = model.architecture->range;
    model.backbone_sha256.clear();
    model.backbone_title.clear();
  }
  model.title = settings.title.empty() ? Joined(classes) : settings.title;
  model.classes = classes;
  model.weights = *job->training->weights();
  model.notes = {{"settings", schema::ToJson(settings)},
                 {"samples", Format("%zu", job->training->data().size())},
                 {"train_accuracy", Format("%.4f", summary.train_accuracy)}};
  if (job->training->held_out()) model.notes["val_accuracy"] = Format("%.4f", summary.val_accuracy);
  const Bytes bytes = nn::WriteModel(model);
  if (job->info != nullptr) {
    schema::TrainingInfo& info = *job->info;
    info.state = summary.stopped ? "stopped" : "done";
    info.seconds = job->seconds_before + summary.seconds;
    info.train_accuracy = summary.train_accuracy;
    info.val_accuracy = info.curve.empty() ? summary.val_accuracy : info.curve.back().val_accuracy;
    info.val_loss = info.curve.empty() ? summary.val_loss : info.curve.back().val_loss;
    info.best_epoch = summary.best_epoch;
    info.ended_early = summary.ended_early;
    info.resumable = job->training->state().has_value();
    schema::StoreWrite batch{.puts = {{"trainings", Key("model", info.id)}}};
    std::vector<Bytes> values = {bytes};
    if (info.resumable) {
      nn::TensorFile state = *job->training->state();
      state.metadata[kDataField] = Fingerprint(job->ids, job->training->data());
      batch.puts.push_back({"trainings", Key("state", info.id)});
      values.push_back(nn::WriteSafetensors(state));
    } else {
      batch.removes.push_back({"trainings", Key("state", info.id)});
    }
    if (!store_.attached()) {
      models_[info.id] = bytes;
      if (info.resumable) states_[info.id] = values.back();
    }
    Put(std::move(batch), std::move(values));
    info.current = false;
    MakeCurrent(info.id);
  }
  send_(summary, {bytes});
  if (const Status status = hooks_.adopt(summary.id, &model); !status.ok()) {
    send_(schema::Failed{summary.id, schema::Train::kType, "", status.message()}, {});
  }
}

void Trainings::Fail(const std::string& message) {
  const std::unique_ptr<Job> job = std::move(job_);
  ++generation_;
  if (job->info != nullptr) {
    job->info->state = "failed";
    job->info->message = message;
    Change(*job->info);
  }
  send_(schema::Failed{job->command.id, job->resumed == 0 ? schema::Train::kType : schema::ResumeTraining::kType, "", message}, {});
}

}  // namespace handful::engine
