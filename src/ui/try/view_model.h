// What the panels draw: plain data that the engine's events and the visitor's wishes change. Nothing here waits.
// Commands leave through the CommandSink at once; answers come back through Apply. At most kInFlight pictures are with
// the engine at a time, so that stopping, a new crop and the picture just selected never queue behind two hundred others.
//
//   ViewModel model(sink);
//   model.AddFiles(files);      // the host: dropped, pasted or picked
//   model.Apply(event);         // the host: an event of the engine
//   for (int i : model.Order()) Draw(model.pictures()[i]);
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/base/host.h"
#include "ui/base/notice.h"

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

// What is still on its way when the page opens.
struct Download {
  std::string what;  // "engine", "backbone", "model"
  int64_t loaded = 0, total = 0;
};

enum class Column { kOrder, kName, kAnswer, kProbability, kTime };
struct Sorting {
  Column column = Column::kOrder;
  bool descending = false;
  bool operator==(const Sorting&) const = default;
};

struct Counts {
  int waiting = 0, running = 0, done = 0, failed = 0, warned = 0;
  int pending() const { return waiting + running; }
};

// Which files are parts of a model, which are pictures, and which lay in a folder and are neither.
struct SortedFiles {
  std::vector<FileRef> model, pictures, left_out;
};
SortedFiles SortFiles(std::span<const FileRef> files);
bool IsPicture(const std::string& name);    // by its extension
bool IsModelPart(const std::string& name);  // likewise
std::string LowerExtension(const std::string& name);

class ViewModel {
 public:
  explicit ViewModel(CommandSink& sink) : sink_(sink) {}

  // ---- from the engine and the host
  void Apply(schema::EventEnvelope event);
  void AddFiles(std::span<const FileRef> files);
  // `shipped`: it comes with the page, and answers only while a project has nothing to say.
  void OpenModel(std::vector<FileRef> files, bool shipped = false);
  // To be opened as soon as there is a backbone.
  void HoldModel(std::vector<FileRef> files);
  void SetDownload(const std::string& what, int64_t loaded, int64_t total);
  // The page's own files are not there; `sentence` says which and how to get them.
  void SetMissing(const std::string& sentence);
  // The pictures it was working on fail with the sentence; the others go on when a new engine says Ready.
  void EngineStopped(const std::string& sentence);
  void AddNotice(NoticeKind kind, std::string text);
  // The longer side at which the selected picture is wanted, in device pixels.
  void SetDetailSide(int pixels);

  // ---- from the panels
  void Clear();
  void Stop();
  void Continue();
  void SetCropMode(const std::string& crop_mode);  // center | fit
  void Select(int64_t picture_id);
  void SortBy(Column column);  // ascending, then descending, then as added
  void DismissNotice(int64_t id);

  // ---- what there is to show
  const std::string& engine_variant() const { return engine_.variant; }
  const std::string& version() const { return engine_.version; }
  const std::string& kernels() const { return engine_.kernels; }
  const std::optional<schema::ModelInfo>& model() const { return model_; }
  bool answers() const { return model_.has_value() || !answers_by_.empty(); }
  const std::string& model_warning() const { return model_warning_; }
  // The files being opened as a model, or empty.
  const std::string& opening_model() const { return opening_model_; }
  const std::string& missing() const { return missing_; }
  const std::vector<Download>& downloads() const { return downloads_; }
  const std::vector<Notice>& notices() const { return notices_; }
  const std::string& crop_mode() const { return crop_mode_; }
  bool stopped() const { return stopped_; }
  const std::vector<Picture>& pictures() const { return pictures_; }
  const std::vector<int>& Order();  // indices into pictures(), sorted
  const Sorting& sorting() const { return sorting_; }
  const Counts& counts() const { return counts_; }
  const Picture* selected() const;
  const Detail& detail() const { return detail_; }
  // Of the model and the crop: another number, other answers.
  int generation() const { return generation_; }
  // The position of a class among the model's outputs, or -1.
  int ClassIndex(const std::string& label) const;

 private:
  static constexpr int kInFlight = 3;

  struct Request {
    int64_t picture = 0;
    int generation = 0;
    bool sharp = false;  // asked for at detail size
  };

  void EndDownload(const std::string& what);
  void Touch(Picture& picture);
  void SetState(Picture& picture, PictureState state);
  Picture* Find(int64_t id);
  void RunAllAgain();
  void Pump();
  void Dispatch(Picture& picture, bool sharp);
  void ReleaseAll(std::vector<FileRef>& files);
  // The request an event answers, removed; nothing where it is not one of ours.
  std::optional<Request> TakeRequest(int64_t id);
  void ApplyPrediction(schema::Prediction prediction, std::vector<schema::Bytes> buffers);
  void ApplyFailure(int64_t id, const std::string& command, const std::string& name, const std::string& message);

  CommandSink& sink_;
  bool engine_ready_ = false;
  schema::Ready engine_;
  std::optional<schema::ModelInfo> model_;
  std::map<std::string, int> class_index_;
  std::string answers_by_;  // "" nobody, model or neighbours
  std::string model_warning_, opening_model_, missing_, crop_mode_ = "center";
  std::vector<FileRef> opening_files_;  // sent, not answered
  std::vector<FileRef> model_files_;    // of the model in use; before there is one, of the last that was refused
  int64_t model_request_ = 0, loaded_request_ = 0;
  std::vector<Download> downloads_;
  std::vector<Notice> notices_;
  int64_t next_notice_ = 1;

  std::vector<Picture> pictures_;
  std::map<int64_t, size_t> picture_index_;  // id → index
  std::map<int64_t, Request> requests_;
  int64_t next_request_ = 1, next_picture_ = 1;
  int generation_ = 0;  // of model and crop: answers of an earlier one are stale
  size_t next_waiting_ = 0;
  bool stopped_ = false;
  int64_t selected_ = 0;
  int detail_side_ = 512;
  bool detail_wanted_ = false;
  Detail detail_;
  Counts counts_;
  std::vector<int> order_;
  bool order_stale_ = false;
  Sorting sorting_;
  int64_t revision_ = 0;  // of the picture that changed last
};

// "2.png" before "10.png".
bool NaturalLess(const std::string& a, const std::string& b);

}  // namespace handful::ui
