// The camera as the visitor sees it: what is wanted of it, what it does, and the recording state machine.
//
//   camera.Hold(class_id, down)            hold to record: shots at `rate()` while it is down, one session each
//   camera.Shoot(class_id)                 one picture
//   camera.StartBurst(class_id)            3 s of countdown, then burst() pictures or seconds
//   host: if (camera.WantsShot(seconds)) → … → camera.TakeShot(shot) → AddSample or Classify
//
// At most kInFlight shots are between the wish and the engine's answer, so that a slow machine records fewer pictures
// rather than queue them up; the measured rate is shown. While nothing is recorded the newest frame is classified.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "schema/messages.h"
#include "ui/host.h"

namespace handful::ui {

// Request ids of the models: each has a range of its own, so that an answer finds the one who asked.
inline constexpr int64_t kProjectRequests = int64_t{1} << 40, kCameraRequests = int64_t{2} << 40, kTrainingRequests = int64_t{3} << 40,
                         kRequestRange = int64_t{1} << 40;

enum class Recording { kNone, kWaitingForCamera, kHold, kSingle, kCountdown, kBurst };

struct Burst {
  bool by_seconds = true;  // else by pictures
  int seconds = 5;
  int pictures = 50;
  bool operator==(const Burst&) const = default;
};

class CameraModel {
 public:
  static constexpr int kInFlight = 3;
  static constexpr double kCountdownSeconds = 3;
  static constexpr int kMostRate = 15;  // shots a second

  explicit CameraModel(Host& host) : host_(host) {}

  // ---- from the host and the engine
  void SetState(const CameraState& state);
  // A new frame is there: whether its pixels are wanted.
  bool WantsShot(double seconds);
  void TakeShot(const Shot& shot);
  // Answers to what this model asked. Returns whether the event was one.
  bool Apply(const schema::Event& event);
  void EngineReady() { engine_ready_ = true; }
  void EngineStopped();
  // Who answers Classify: "" nobody, model or neighbours.
  void SetAnswersBy(const std::string& by);
  // Ends what began long ago enough. `seconds` is Frame()'s clock. Returns whether something on screen changes with time.
  bool Tick(double seconds);

  // ---- from the panels
  void TurnOn();
  void TurnOff();
  void UseDevice(const std::string& id);
  void Flip();  // front or rear
  void SetCropMode(const std::string& crop_mode);
  void SetRate(int shots_per_second);
  void SetBurst(const Burst& burst) { burst_ = burst; }
  void Hold(int64_t class_id, bool down);
  void Shoot(int64_t class_id);
  void StartBurst(int64_t class_id);
  void StopRecording();
  void SetLive(bool on);

  // ---- what there is to show
  const CameraState& state() const { return state_; }
  const CameraWish& wish() const { return wish_; }
  bool on() const { return state_.status == CameraStatus::kOn; }
  bool mirrored() const { return !state_.rear; }
  Recording recording() const { return recording_; }
  int64_t recording_class() const { return recording_class_; }  // 0: none
  int recorded() const { return recorded_; }  // shots of this session
  double seconds_left() const { return seconds_left_; }  // of the countdown or of a timed burst
  int rate() const { return rate_; }
  double measured_rate() const { return measured_rate_; }  // samples added a second, while recording
  const Burst& burst() const { return burst_; }
  const std::string& error() const { return error_; }  // why the last shot was not kept

  // Live answers, of the newest frame.
  bool live_on() const { return live_; }
  const std::optional<schema::Prediction>& live() const { return answer_; }
  double live_latency_ms() const { return latency_ms_; }  // from the frame to its answer
  double live_rate() const { return live_rate_; }         // answers a second
  const std::string& live_error() const { return live_error_; }

 private:
  struct Request {
    FileId file = 0;
    bool sample = false;
    double taken = 0;  // seconds
  };
  void Wish();
  void BeginSession(Recording kind, int64_t class_id);
  bool Recorded() const { return recording_ == Recording::kHold || recording_ == Recording::kSingle || recording_ == Recording::kBurst; }
  void Answered(const schema::Prediction& prediction, double taken);

  Host& host_;
  CameraWish wish_;
  CameraState state_;
  bool engine_ready_ = false, live_ = true;
  std::string answers_by_;
  Recording recording_ = Recording::kNone;
  Recording wanted_ = Recording::kNone;  // once the camera is on
  int64_t recording_class_ = 0;
  std::string session_;
  int64_t next_session_ = 1;
  int recorded_ = 0;
  double until_ = 0, seconds_left_ = 0;
  int rate_ = 10;
  Burst burst_;
  double now_ = 0, next_shot_ = 0;
  int wished_ = 0;  // frames asked for whose pixels are not here yet
  double wished_at_ = 0;
  std::map<int64_t, Request> requests_;
  int64_t next_request_ = kCameraRequests;
  std::deque<double> added_, answered_;  // when, of the last seconds
  double measured_rate_ = 0, live_rate_ = 0, latency_ms_ = 0;
  std::optional<schema::Prediction> answer_;
  std::string error_, live_error_;
};

}  // namespace handful::ui
