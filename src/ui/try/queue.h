// The pictures to be answered. Commands leave at once, answers come back through Apply. At most kInFlight pictures are
// with the engine at a time, so that stopping, a new crop and the picture just selected never queue behind two hundred
// others.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/base/engine.h"
#include "ui/base/host.h"
#include "ui/base/requests.h"
#include "ui/try/loaded_model.h"

namespace handful::ui {

inline constexpr int kThumbnailSide = 128;  // pixels of the longer side in the table, enough for 40 CSS px at dpr 3
inline constexpr int kTop = 5;              // classes asked for

enum class PictureState { kWaiting, kRunning, kDone, kFailed };

struct Picture {
  int64_t id = 0;
  FileId file = 0;
  std::string name;
  PictureState state = PictureState::kWaiting;
  std::vector<schema::ClassProbability> top;  // best first; kept while a new answer is awaited
  double ms = 0;
  int width = 0, height = 0;
  schema::Crop crop;
  std::string warning;
  std::string error;
  Pixels thumbnail;
  int thumbnail_revision = 0;
  int64_t revision = 0;  // changes whenever anything above does
};

// The selected picture at the size of its card.
struct Detail {
  int64_t picture = 0;  // 0: none yet
  Pixels pixels;
  int revision = 0;
};

struct Counts {
  int waiting = 0, running = 0, done = 0, failed = 0, warned = 0;
  int pending() const { return waiting + running; }
};

class Queue {
 public:
  Queue(CommandSink& sink, const EngineState& engine, const LoadedModel& model)
      : sink_(sink), engine_(engine), model_(model) {}

  // ---- from the engine and the host
  void Add(const std::vector<FileRef>& pictures);
  void Apply(schema::EventEnvelope& event);
  // Another model answers from now on, and sees pictures so; "": as before.
  void UseModel(schema::CropMode crop_mode);
  // Sends what there is room for.
  void Pump();
  // The pictures it was working on fail with the sentence; the others go on when a new engine says Ready.
  void EngineStopped(const std::string& sentence);
  // The longer side at which the selected picture is wanted, in device pixels.
  void SetDetailSide(int pixels);

  // ---- from the panels
  void Clear();
  void Stop() { stopped_ = true; }
  void Continue();
  void SetCropMode(schema::CropMode crop_mode);
  void Select(int64_t picture_id);

  // ---- what there is to show
  bool answers() const { return model_.info().has_value() || engine_.answers_by() != schema::Answerer::kNobody; }
  schema::CropMode crop_mode() const { return crop_mode_; }
  bool stopped() const { return stopped_; }
  const std::vector<Picture>& pictures() const { return pictures_; }
  const Counts& counts() const { return counts_; }
  const Picture* selected() const;
  const Detail& detail() const { return detail_; }
  // Of the model and the crop: another number, other answers.
  int generation() const { return generation_; }
  int64_t revision() const { return revision_; }  // of the picture that changed last

 private:
  static constexpr int kInFlight = 3;

  struct Request {
    int64_t picture = 0;
    int generation = 0;
    bool sharp = false;  // asked for at detail size
  };

  void Touch(Picture& picture) { picture.revision = ++revision_; }
  void SetState(Picture& picture, PictureState state);
  Picture* Find(int64_t id);
  void RunAllAgain();
  void Dispatch(Picture& picture, bool sharp);
  // The request an event answers, removed; nothing where it is not one of ours.
  std::optional<Request> TakeRequest(int64_t id);
  void Answered(schema::Prediction& prediction, std::vector<schema::Bytes>& buffers);
  void Failed(int64_t id, const std::string& message);

  CommandSink& sink_;
  const EngineState& engine_;
  const LoadedModel& model_;
  Requests ids_{Asker::kQueue};
  schema::Answerer answered_by_ = schema::Answerer::kNobody;  // who answered these pictures
  schema::CropMode crop_mode_ = schema::CropMode::kCenter;
  std::vector<Picture> pictures_;
  std::map<int64_t, size_t> picture_index_;  // id → index
  std::map<int64_t, Request> requests_;
  int64_t next_picture_ = 1;
  int generation_ = 0;  // answers of an earlier one are stale
  size_t next_waiting_ = 0;
  bool stopped_ = false;
  int64_t selected_ = 0;
  int detail_side_ = 512;
  bool detail_wanted_ = false;
  Detail detail_;
  Counts counts_;
  int64_t revision_ = 0;
};

}  // namespace handful::ui
