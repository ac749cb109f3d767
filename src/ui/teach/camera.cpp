#include "ui/teach/camera.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

constexpr size_t kLiveInFlight = 2;
constexpr double kShotLost = 2;    // seconds after which a frame asked for is given up
constexpr double kRateWindow = 2;  // seconds over which a rate is measured

}  // namespace

// ---- wishes --------------------------------------------------------------------------------------------------------

void CameraModel::Ask() { host_.UseCamera(wish_); }

void CameraModel::TurnOn() {
  if (wish_.on && (on() || state_.status == CameraStatus::kStarting)) return;
  wish_.on = true;
  if (!on()) state_.status = CameraStatus::kStarting;
  Ask();
}

void CameraModel::TurnOff() {
  StopRecording();
  wish_.on = false;
  answer_.reset();
  Ask();
}

void CameraModel::UseDevice(const std::string& id) {
  if (wish_.device == id) return;
  wish_.device = id;
  wish_.on = true;
  Ask();
}

void CameraModel::Flip() {
  wish_.device.clear();
  wish_.rear = !state_.rear;
  wish_.on = true;
  Ask();
}

void CameraModel::SetCropMode(schema::CropMode crop_mode) {
  if (wish_.crop_mode == crop_mode) return;
  wish_.crop_mode = crop_mode;
  if (wish_.on) Ask();
}

void CameraModel::SetRate(int shots_per_second) { rate_ = std::clamp(shots_per_second, 1, kMostRate); }

void CameraModel::SetLive(bool on) {
  live_ = on;
  if (!on) answer_.reset();
}

// ---- recording -----------------------------------------------------------------------------------------------------

void CameraModel::BeginNow(Recording kind) {
  recording_ = kind;
  error_.clear();
  if (kind == Recording::kCountdown) {
    until_ = now_ + kCountdownSeconds;
    seconds_left_ = kCountdownSeconds;
    return;
  }
  session_ = name_session_();
  wished_shots_ = recorded_ = 0;
  ending_ = false;
  measured_rate_ = 0;
  added_.clear();
  next_shot_ = now_;
  until_ = kind == Recording::kBurst && burst_.by_seconds ? now_ + burst_.seconds : 0;
  seconds_left_ = until_ > 0 ? burst_.seconds : 0;
}

void CameraModel::Begin(Recording kind, int64_t class_id) {
  if (recording_ != Recording::kNone || class_id == 0) return;
  recording_class_ = class_id;
  if (on()) return BeginNow(kind);
  wanted_ = kind;
  recording_ = Recording::kWaitingForCamera;
  TurnOn();
}

void CameraModel::Hold(int64_t class_id, bool down, By by) {
  if (down) {
    if (recording_ != Recording::kNone) return;
    held_by_ = by;
    return Begin(Recording::kHold, class_id);
  }
  if (recording_class_ != class_id || held_by_ != by) return;
  if (recording_ == Recording::kHold && wished_shots_ == 0) ending_ = true;
  else if (recording_ == Recording::kHold ||
           (recording_ == Recording::kWaitingForCamera && wanted_ == Recording::kHold))
    StopRecording();
}

void CameraModel::Shoot(int64_t class_id) { Begin(Recording::kSingle, class_id); }

void CameraModel::StartBurst(int64_t class_id) { Begin(Recording::kCountdown, class_id); }

void CameraModel::StopRecording() {
  recording_ = Recording::kNone;
  recording_class_ = 0;
  ending_ = false;
  seconds_left_ = 0;
}

bool CameraModel::Tick(double seconds) {
  now_ = seconds;
  if (answer_taken_ >= 0) latency_ms_ = std::max(0.0, (seconds - answer_taken_) * 1000);
  answer_taken_ = -1;
  if (recording_ == Recording::kCountdown || (recording_ == Recording::kBurst && burst_.by_seconds)) {
    seconds_left_ = std::max(0.0, until_ - seconds);
    if (seconds_left_ <= 0) recording_ == Recording::kCountdown ? BeginNow(Recording::kBurst) : StopRecording();
  }
  return recording_ != Recording::kNone;
}

// ---- frames --------------------------------------------------------------------------------------------------------

void CameraModel::SetState(const CameraState& state) {
  const bool was_on = on();
  state_ = state;
  if (on()) {
    if (recording_ == Recording::kWaitingForCamera) BeginNow(wanted_);
    return;
  }
  if (state.status == CameraStatus::kStarting) return;
  if (recording_ != Recording::kNone) StopRecording();
  wishes_.clear();
  answer_.reset();
  live_rate_ = 0;
  if (was_on) answered_.clear();
  if (state.status != CameraStatus::kOff) wish_.on = false;  // asking again is a new wish
}

bool CameraModel::WantsShot(double seconds) {
  Tick(seconds);
  if (!on() || !engine_.ready()) return false;
  if (!wishes_.empty() && seconds - wished_at_ > kShotLost) wishes_.clear();
  const size_t busy = wishes_.size() + requests_.size();
  if (!Shooting()) {
    if (!live_ || engine_.answers_by() == schema::Answerer::kNobody || busy >= kLiveInFlight) return false;
    wishes_.push_back({.sample = false, .class_id = 0, .session = {}, .burst = false, .index = 0, .taken = seconds});
    wishes_.back().lent = lend_ && std::ranges::none_of(wishes_, &Wish::lent);
    wished_at_ = seconds;
    return true;
  }
  // A frame a little early is better than the next one, too late.
  constexpr double kEarly = 0.008;
  if (busy >= static_cast<size_t>(kInFlight) || seconds + kEarly < next_shot_) return false;
  next_shot_ = std::max(next_shot_ + 1.0 / rate_, seconds - 0.5 / rate_);
  wished_at_ = seconds;
  ++wished_shots_;
  wishes_.push_back({.sample = true,
                     .class_id = recording_class_,
                     .session = session_,
                     .burst = recording_ != Recording::kSingle,
                     .index = wished_shots_,
                     .taken = seconds});
  const bool all = recording_ == Recording::kBurst && !burst_.by_seconds && wished_shots_ >= burst_.pictures;
  if (recording_ == Recording::kSingle || ending_ || all) StopRecording();
  return true;
}

void CameraModel::TakeShot(const Shot& shot) {
  if (wishes_.empty() || !engine_.ready()) return host_.Release(shot.file.id);
  const Wish wish = std::move(wishes_.front());
  wishes_.pop_front();
  if (wish.lent && lend_) return std::exchange(lend_, nullptr)(shot.file.id);
  const int64_t id = ids_.Next();
  requests_[id] = {shot.file.id, wish.sample};
  taken_[id] = wish.taken;
  if (wish.sample) {
    const bool classify = live_ && engine_.answers_by() != schema::Answerer::kNobody;
    host_.Send(schema::AddSample{.id = id,
                                 .name = Format("%s, picture %d", wish.session.c_str(), wish.index),
                                 .class_id = wish.class_id,
                                 .label = {},
                                 .project_id = engine_.project_id(),
                                 .source = schema::SampleSource::kCamera,
                                 .session = wish.session,
                                 .burst = wish.burst,
                                 .width = kShotSide,
                                 .height = kShotSide,
                                 .classify = classify,
                                 .top = kLiveTop},
               {&shot.file.id, 1});
  } else {
    host_.Send(schema::Classify{.id = id, .name = "camera", .top = kLiveTop, .width = kShotSide, .height = kShotSide},
               {&shot.file.id, 1});
  }
}

// ---- answers -------------------------------------------------------------------------------------------------------

void CameraModel::Count(std::deque<double>& times, double& rate) const {
  times.push_back(now_);
  while (times.size() > 2 && now_ - times.front() > kRateWindow) times.pop_front();
  const double span = times.back() - times.front();
  rate = span > 0 ? static_cast<double>(times.size() - 1) / span : 0;
}

void CameraModel::Apply(const schema::Event& event) {
  const auto finish = [this](int64_t id) {
    const auto it = requests_.find(id);
    if (it == requests_.end()) return false;
    host_.Release(it->second.file);
    requests_.erase(it);
    return true;
  };
  if (const auto* answers = std::get_if<schema::AnswersBy>(&event);
      answers != nullptr && answers->by == schema::Answerer::kNobody) {
    answer_.reset();
  } else if (const auto* added = std::get_if<schema::SampleAdded>(&event); added != nullptr && Owns(added->id)) {
    if (!finish(added->id)) return;
    ++recorded_;
    Count(added_, measured_rate_);
  } else if (const auto* prediction = std::get_if<schema::Prediction>(&event);
             prediction != nullptr && Owns(prediction->id)) {
    const auto request = requests_.find(prediction->id);
    if (request != requests_.end() && !request->second.sample) finish(prediction->id);
    const auto taken = taken_.find(prediction->id);
    if (taken == taken_.end() || !live_ || !on()) return;
    answer_taken_ = taken->second;
    taken_.erase(taken_.begin(), std::next(taken));  // earlier ones will not be answered any more
    Count(answered_, live_rate_);
    answer_ = *prediction;
    live_error_.clear();
  } else if (const auto* failed = std::get_if<schema::Failed>(&event); failed != nullptr && Owns(failed->id)) {
    const auto request = requests_.find(failed->id);
    if (request != requests_.end()) {
      (request->second.sample ? error_ : live_error_) = Sentence(failed->message);
      finish(failed->id);
    }
    taken_.erase(failed->id);
  }
}

void CameraModel::EngineStopped() {
  for (const auto& [id, request] : requests_) host_.Release(request.file);
  requests_.clear();
  taken_.clear();
  wishes_.clear();
  answer_.reset();
  if (recording_ != Recording::kNone) StopRecording();
}

}  // namespace handful::ui
