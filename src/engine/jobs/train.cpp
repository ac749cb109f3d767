#include "engine/jobs/train.h"

#include <algorithm>

#include "base/sha256.h"
#include "schema/json.h"

namespace handful::engine {
namespace {

using schema::Bytes;

constexpr double kSecondsBetweenProgress = 0.1;
constexpr char kDataField[] = "dataset_sha256";

// Which samples with which labels.
std::string Fingerprint(const std::vector<int64_t>& ids, const train::Dataset& data) {
  std::string text;
  for (size_t i = 0; i < ids.size(); ++i) text += Format("%lld:%d ", static_cast<long long>(ids[i]), data.labels[i]);
  Sha256 sha;
  sha.Update({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  return sha.HexDigest();
}

// Whether both held out the same pictures.
bool AreComparable(const schema::TrainingInfo& a, const schema::TrainingInfo& b) {
  return !a.data_sha256.empty() && a.data_sha256 == b.data_sha256 && a.validation > 0 && a.validation == b.validation &&
         a.split == b.split && a.settings.seed == b.settings.seed && a.settings.validation == b.settings.validation &&
         a.settings.recipe == b.settings.recipe;
}

double Seconds(std::chrono::steady_clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

// ---- beginning -----------------------------------------------------------------------------------------------------

Status TrainJob::Check(const schema::TrainSettings& s) const {
  HANDFUL_TRY(schema::CheckNumbers(s));
  if (store_.keeps_pixels()) return {};
  if (s.augment > 0)
    return Errorf("setting \"augment\" is %d, but pictures are not kept here, so there is nothing to alter", s.augment);
  if (nn::LearnsFromPixels(TextOf(s.network))) {
    return Errorf("setting \"network\" is \"%s\", but pictures are not kept here, so there is nothing to learn from",
                  TextOf(s.network));
  }
  return {};
}

void TrainJob::Handle(const schema::Train& command, const Reply& reply) {
  const Status begun = Begin(command, reply, 0, {});
  if (!begun.ok()) reply->Fail(begun);
}

void TrainJob::Handle(const schema::ResumeTraining& command, const Reply& reply) {
  Result<OpenProject*> project = workspace_.RequireProject();
  if (!project.ok()) return reply->Fail(project.status());
  if (busy()) return reply->Fail(Errorf("a training is under way already"));
  Result<const schema::TrainingInfo*> info = (*project)->trainings().Find(command.training_id);
  if (!info.ok()) return reply->Fail(info.status());
  if (!(*info)->resumable) return reply->Fail(Errorf("this training cannot go on: it was not stopped before its end"));
  schema::Train train{.id = command.id, .settings = (*info)->settings};
  if (command.epochs > 0) train.settings.epochs = command.epochs;
  (*project)->trainings().ReadState(command.training_id, [this, train, reply, resumed = command.training_id,
                                                          scope = workspace_.scope()](const Result<Bytes>& bytes) {
    if (scope.expired() || scope.lock().get() != workspace_.project()) return;
    Result<nn::TensorFile> state = bytes.ok() ? nn::ReadSafetensors(*bytes) : Result<nn::TensorFile>(bytes.status());
    const Status begun = state.ok() ? Begin(train, reply, resumed, std::move(*state)) : state.status();
    if (!begun.ok()) reply->Fail(begun);
  });
}

Status TrainJob::Begin(schema::Train command, const Reply& reply, int64_t resumed,
                       std::optional<nn::TensorFile> state) {
  if (workspace_.project() == nullptr) return Errorf("no project is open");
  if (busy()) return Errorf("a training is under way already");
  HANDFUL_TRY(Check(command.settings));
  run_ = std::make_unique<Run>();
  run_->command = std::move(command);
  if (run_->FromPixels()) run_->command.settings.input_range = schema::InputRange::kZeroToOne;
  run_->reply = reply;
  run_->scope = workspace_.scope();
  run_->resumed = resumed;
  run_->state = std::move(state);
  return {};
}

bool TrainJob::Step() {
  if (run_ == nullptr) return false;
  const auto project = run_->scope.lock();
  if (project == nullptr) {
    Fail(Errorf("its project was closed"));
    return true;
  }
  if (run_->training != nullptr) {
    StepTraining(*project);
    return run_ == nullptr || !run_->training->waiting();
  }
  if (run_->copies.has_value()) {
    const Result<bool> worked = run_->copies->Step();
    if (!worked.ok()) {
      Fail(worked.status());
      return true;
    }
    SayProgress(schema::TrainPhase::kCopies, run_->copies->total() - run_->copies->left(), run_->copies->total());
    if (run_->copies->done()) Start(*project);
    return *worked;
  }
  // Features that are being computed.
  if (!run_->FromPixels() && !project->Lacking(1).empty()) return false;
  Prepare(*project);
  return true;
}

void TrainJob::Prepare(OpenProject& project) {
  const bool with_copies = run_->command.settings.augment > 0 && !run_->FromPixels();
  if (with_copies) run_->copies.emplace(run_->scope, models_, run_->command.settings, project.state().DatasetIds());
  if (!with_copies || run_->copies->done()) Start(project);
}

Result<schema::TrainingInfo> TrainJob::NewInfo(const OpenProject& project, const train::Dataset& data) {
  const schema::TrainSettings& settings = run_->command.settings;
  const nn::Model frame = models_.Frame();
  schema::TrainingInfo info;
  if (run_->resumed != 0) {
    Result<const schema::TrainingInfo*> before = project.trainings().Find(run_->resumed);
    if (!before.ok()) return before.status();
    info = **before;
    if (!info.backbone_sha256.empty() && info.backbone_sha256 != frame.backbone_sha256) {
      return Errorf(
          "this training was stopped on features of the backbone %s, but the one in use is %s: choose the other one to "
          "go on, or train anew",
          info.backbone.c_str(), nn::NameOfBackbone(frame.backbone_sha256, frame.backbone_title).c_str());
    }
    run_->seconds_before = info.seconds;
  } else {
    info.time_ms = NowMs();
  }
  info.settings = settings;
  if (!run_->FromPixels()) {
    info.backbone_sha256 = frame.backbone_sha256;
    info.backbone =
        frame.backbone_sha256.empty() ? "" : nn::NameOfBackbone(frame.backbone_sha256, frame.backbone_title);
  }
  info.classes = data.classes;
  info.class_ids = project.state().EnabledClassIds();
  info.data_sha256 = run_->data_sha256;
  info.state = schema::TrainingState::kRunning;
  info.message.clear();
  return info;
}

void TrainJob::Start(OpenProject& project) {
  run_->copies.reset();
  run_->ids = project.state().DatasetIds(!run_->FromPixels());
  train::Dataset data = project.state().ToDataset(!run_->FromPixels());
  if (run_->FromPixels()) run_->pictures.emplace(run_->scope, run_->ids);
  data.copies_per_sample = static_cast<size_t>(run_->command.settings.augment);
  if (data.copies_per_sample == 0) data.copies.clear();
  run_->data_sha256 = Fingerprint(run_->ids, data);
  if (run_->state.has_value() && run_->state->metadata[kDataField] != run_->data_sha256) {
    Fail(Errorf("pictures or classes changed since this training was stopped, so it cannot go on: train anew"));
    return;
  }
  Result<schema::TrainingInfo> info = NewInfo(project, data);
  if (!info.ok()) {
    Fail(info.status());
    return;
  }
  run_->info = std::move(*info);
  run_->began = run_->kept = Clock::now();
  Result<std::unique_ptr<Training>> training = Training::Start(
      run_->command, std::move(data), run_->pictures.has_value() ? &*run_->pictures : nullptr,
      [this](schema::Event event) { Record(event); }, run_->state.has_value() ? &*run_->state : nullptr);
  if (!training.ok()) {
    Fail(training.status());
    return;
  }
  run_->training = std::move(*training);
  run_->at_start = run_->training->progress();
  if (run_->command.settings.folds.empty()) {
    if (run_->resumed == 0) {
      run_->training_id = project.AddTraining(run_->info);
      run_->info.id = run_->training_id;
    } else {
      run_->training_id = run_->resumed;
      project.trainings().Keep(run_->info);
    }
  }
  for (schema::Event& event : std::exchange(run_->early, {})) Say(std::move(event));
}

// ---- while it learns -----------------------------------------------------------------------------------------------

void TrainJob::StepTraining(OpenProject& project) {
  if (const Status status = run_->training->Step(); !status.ok()) {
    Fail(status);
    return;
  }
  if (run_->training->done()) {
    Finish();
    return;
  }
  if (run_->training->waiting()) return;
  const train::Progress progress = run_->training->progress();
  SayProgress(run_->FromPixels() ? schema::TrainPhase::kPictures : schema::TrainPhase::kTraining, progress.done,
              progress.in_all);
  if (run_->training_id != 0 && Seconds(Clock::now() - run_->kept) >= seconds_between_states_) KeepState(project);
}

// So that it can go on if the page is closed in the midst of it.
void TrainJob::KeepState(OpenProject& project) {
  run_->kept = Clock::now();
  nn::TensorFile state = run_->training->StateNow();
  state.metadata[kDataField] = run_->data_sha256;
  project.trainings().KeepState(run_->training_id, nn::WriteSafetensors(state));
  run_->info.seconds = run_->seconds_before + Seconds(Clock::now() - run_->began);
  run_->info.resumable = true;
  project.trainings().Keep(run_->info);
}

void TrainJob::SayProgress(schema::TrainPhase phase, int64_t done, int64_t total) {
  const Clock::time_point now = Clock::now();
  if (Seconds(now - run_->said) < kSecondsBetweenProgress) return;
  run_->said = now;
  schema::TrainProgress event{.id = run_->command.id, .phase = phase, .done = done, .total = total};
  const double seconds = Seconds(now - run_->began);
  const int64_t before = run_->training == nullptr ? 0 : run_->at_start.done;
  event.seconds = run_->seconds_before + seconds;
  if (done > before)
    event.seconds_left = seconds * static_cast<double>(total - done) / static_cast<double>(done - before);
  send_(std::move(event), {});
}

// What the training says goes into its record, and out.
void TrainJob::Record(const schema::Event& event) {
  schema::TrainingInfo& info = run_->info;
  if (const auto* started = std::get_if<schema::TrainStarted>(&event)) {
    info.training = started->training;
    info.validation = started->validation;
    info.split = started->split;
  }
  if (const auto* epoch = std::get_if<schema::EpochDone>(&event)) {
    info.curve.push_back({epoch->epoch, epoch->loss, epoch->accuracy, epoch->val_loss, epoch->val_accuracy});
  }
  if (run_->training == nullptr) run_->early.push_back(event);
  else Say(event);
}

void TrainJob::Say(schema::Event event) {
  if (auto* started = std::get_if<schema::TrainStarted>(&event); started != nullptr && run_->training_id != 0) {
    started->training_id = run_->training_id;
    started->epoch = run_->info.curve.empty() ? 0 : run_->info.curve.back().epoch;
  }
  send_(std::move(event), {});
}

// ---- its end -------------------------------------------------------------------------------------------------------

void TrainJob::Stop() {
  if (run_ == nullptr) return;
  if (run_->training != nullptr) {
    run_->training->Stop();
    Finish();
    return;
  }
  const std::unique_ptr<Run> run = std::move(run_);
  run->reply->Say(schema::TrainDone{.id = run->command.id, .seed = run->command.settings.seed, .stopped = true});
}

void TrainJob::KeepTraining(OpenProject& project, Run& run, schema::TrainDone& summary, const Bytes& model) {
  schema::TrainingInfo& info = run.info;
  info.state = summary.stopped ? schema::TrainingState::kStopped : schema::TrainingState::kDone;
  info.seconds = run.seconds_before + summary.seconds;
  info.train_accuracy = summary.train_accuracy;
  info.val_accuracy = info.curve.empty() ? summary.val_accuracy : info.curve.back().val_accuracy;
  info.val_loss = info.curve.empty() ? summary.val_loss : info.curve.back().val_loss;
  info.best_epoch = summary.best_epoch;
  info.ended_early = summary.ended_early;
  info.resumable = run.training->state().has_value();
  Trainings& trainings = project.trainings();
  trainings.KeepModel(info.id, model);
  train::HeldOut record = run.training->held_out_record();
  for (int64_t& sample : record.samples) sample = run.ids[static_cast<size_t>(sample)];
  if (!record.samples.empty()) trainings.KeepHeldOut(info.id, nn::WriteSafetensors(train::ToTensors(record)));
  if (info.resumable) {
    nn::TensorFile state = *run.training->state();
    state.metadata[kDataField] = run.data_sha256;
    trainings.KeepState(info.id, nn::WriteSafetensors(state));
  } else {
    trainings.DropState(info.id);
  }
  const schema::TrainingInfo* before = trainings.current();
  // Only where a visitor can choose: elsewhere the model asked for last is the one that is wanted.
  const bool is_worse = store_.keeps_pixels() && before != nullptr && before->id != info.id &&
                        AreComparable(*before, info) && info.val_accuracy < before->val_accuracy;
  summary.still_answers = info.worse_than = is_worse ? before->id : 0;
  info.current = false;
  trainings.Keep(info);
  if (!is_worse) trainings.MakeCurrent(info.id);
}

void TrainJob::Finish() {
  const std::unique_ptr<Run> run = std::move(run_);
  schema::TrainDone summary = run->training->summary();
  if (!run->training->weights().has_value()) {
    run->reply->Say(std::move(summary));
    return;
  }
  const nn::Model model = TrainedModel(models_.Frame(), run->command.settings, *run->training);
  const Bytes bytes = nn::WriteModel(model);
  const auto project = run->scope.lock();
  if (project != nullptr && run->training_id != 0) KeepTraining(*project, *run, summary, bytes);
  // Whoever hears that it is done may ask the new model at once.
  Status adopted;
  if (summary.still_answers == 0 && project != nullptr) adopted = models_.Adopt(&model, run->info.class_ids);
  run->reply->Say(std::move(summary), {bytes});
  if (!adopted.ok()) Complain(send_, schema::Train::kType, adopted);
}

void TrainJob::Fail(const Status& why) {
  const std::unique_ptr<Run> run = std::move(run_);
  if (const auto project = run->scope.lock(); project != nullptr && run->training_id != 0) {
    run->info.state = schema::TrainingState::kFailed;
    run->info.message = why.message();
    project->trainings().Keep(run->info);
  }
  run->reply->Fail(why);
}

}  // namespace handful::engine
