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
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "schema/messages.h"
#include "ui/base/engine.h"
#include "ui/base/host.h"
#include "ui/base/requests.h"

namespace handful::ui {

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
  static constexpr int kLiveTop = 12;  // classes asked for: as many as there are bars
  static constexpr double kCountdownSeconds = 3;
  static constexpr int kMostRate = 15;  // shots a second

  enum class By { kPointer, kKey };

  // `name_session` gives each recording a name of its own: "camera 3".
  CameraModel(Host& host, const EngineState& engine, std::function<std::string()> name_session)
      : host_(host), engine_(engine), name_session_(std::move(name_session)) {}

  // ---- from the host and the engine
  void SetState(const CameraState& state);
  // A new frame is there: whether its pixels are wanted.
  bool WantsShot(double seconds);
  void TakeShot(const Shot& shot);
  // One of the next live shots goes to `take` rather than to be answered; it then is theirs to release.
  void LendShot(std::function<void(FileId)> take) { lend_ = std::move(take); }
  void Apply(const schema::Event& event);
  // Whether it asked for what an event with this id answers.
  bool Owns(int64_t request) const { return ids_.Owns(request); }
  void EngineStopped();
  // Ends what began long ago enough. `seconds` is Frame()'s clock. Returns whether something on screen changes with
  // time.
  bool Tick(double seconds);

  // ---- from the panels
  void TurnOn();
  void TurnOff();
  void UseDevice(const std::string& id);
  void Flip();  // front or rear
  void SetCropMode(schema::CropMode crop_mode);
  void SetRate(int shots_per_second);
  void SetBurst(const Burst& burst) { burst_ = burst; }
  // Ends only by what began it. Released before a frame came, it is one picture.
  void Hold(int64_t class_id, bool down, By by = By::kPointer);
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
  int recorded() const { return recorded_; }                    // shots of this session
  double seconds_left() const { return seconds_left_; }         // of the countdown or of a timed burst
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
  struct Wish {
    bool sample = false;
    int64_t class_id = 0;
    std::string session;
    bool burst = false;
    int index = 0;
    double taken = 0;  // seconds
    bool lent = false;
  };
  struct Request {
    FileId file = 0;
    bool sample = false;
  };
  void Ask();
  void Begin(Recording kind, int64_t class_id);
  void BeginNow(Recording kind);
  bool Shooting() const {
    return recording_ == Recording::kHold || recording_ == Recording::kSingle || recording_ == Recording::kBurst;
  }
  void Count(std::deque<double>& times, double& rate) const;

  Host& host_;
  const EngineState& engine_;
  std::function<std::string()> name_session_;
  CameraWish wish_;
  CameraState state_;
  bool live_ = true;
  std::function<void(FileId)> lend_;
  Recording recording_ = Recording::kNone;
  Recording wanted_ = Recording::kNone;  // once the camera is on
  By held_by_ = By::kPointer;
  int64_t recording_class_ = 0;
  std::string session_;
  int wished_shots_ = 0, recorded_ = 0;  // of this session: asked for, added
  bool ending_ = false;                  // after its first shot: the button is up already
  double until_ = 0, seconds_left_ = 0;
  int rate_ = 10;
  Burst burst_;
  double now_ = 0, next_shot_ = 0, wished_at_ = 0;
  std::deque<Wish> wishes_;  // frames asked for whose pixels are not here yet, in order
  std::map<int64_t, Request> requests_;
  std::map<int64_t, double> taken_;  // by request: for the latency of its Prediction
  Requests ids_{Asker::kCamera};
  std::deque<double> added_, answered_;  // when, in the last seconds
  double measured_rate_ = 0, live_rate_ = 0, latency_ms_ = 0;
  double answer_taken_ = -1;  // when the frame was taken whose answer is about to be shown; below 0: none
  std::optional<schema::Prediction> answer_;
  std::string error_, live_error_;
};

}  // namespace handful::ui
