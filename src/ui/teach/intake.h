// Pictures on their way into classes: a few with the engine at a time, the others wait.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/base/engine.h"
#include "ui/base/host.h"
#include "ui/base/notice.h"
#include "ui/base/requests.h"

namespace handful::ui {

struct Adding {
  int64_t total = 0, done = 0, failed = 0;
  bool active() const { return done + failed < total; }
};

// A picture, and what it shall become.
struct Incoming {
  FileRef file;
  int64_t class_id = 0;  // 0: the class called `label`
  std::string label, session, project_id{};
  schema::SampleSource source = schema::SampleSource::kFile;
  bool burst = false, pixels = false;  // pixels: of a shot, kShotSide² RGBA8
};

class Intake {
 public:
  static constexpr size_t kInFlight = 3;

  Intake(CommandSink& sink, const EngineState& engine, Notify notify)
      : sink_(sink), engine_(engine), notify_(std::move(notify)) {}

  void Add(std::vector<Incoming> pictures);
  const Adding& adding() const { return adding_; }

  // ---- from the engine
  bool Owns(int64_t request) const { return requests_.Owns(request); }
  // A picture was added, or why it was not: "" for added.
  void Ended(int64_t request, const std::string& failure);
  void Pump();
  void EngineStopped();

 private:
  CommandSink& sink_;
  const EngineState& engine_;
  Notify notify_;
  Requests requests_{Asker::kIntake};
  std::deque<Incoming> queue_;
  std::map<int64_t, Incoming> in_flight_;
  Adding adding_;
  std::string first_failure_;
};

}  // namespace handful::ui
