// The open project as the panels draw it: classes, samples by class, selection, what is being added, undo and redo, the
// store and the list of projects. Events update it, wishes leave as commands; nothing here waits. Ten thousand samples are
// ordinary: events touch only what they name, and thumbnails are asked for only where they are looked at.
//
//   ProjectModel project(sink, notify);
//   project.Apply(event);                      // the host: an event of the engine
//   project.AddFiles(files, class_id, place);  // the host: pictures, folders, archives and videos for classes
//   for (int64_t id : project.SamplesOf(class_id)) …
//   project.EndFrame();                        // asks for the thumbnails that were missing
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schema/messages.h"
#include "ui/base/host.h"
#include "ui/base/notice.h"
#include "ui/base/requests.h"

namespace handful::ui {

// What a visitor's files are, where they shall become samples.
struct SampleFiles {
  std::vector<FileRef> pictures, archives, videos, left_out;
};
SampleFiles SortSampleFiles(std::span<const FileRef> files);
// The folder a file lies in, "" for none: the class of "hands/two/a.png" is "two".
std::string ClassFolder(const std::string& path);
bool IsSampleArchive(const std::string& name);  // .tm; a .zip may be a model, too
bool IsVideo(const std::string& name);

struct Adding {
  int64_t total = 0, done = 0, failed = 0;
  bool active() const { return done + failed < total; }
};

struct Import {
  int64_t id = 0;
  std::string name;
  int64_t done = 0, total = 0;  // pictures; total 0: not known yet
  std::string trouble{};        // the first picture that could not be read, and why
};

struct VideoWish {
  FileRef file;
  int64_t class_id = 0;
};

class ProjectModel {
 public:
  static constexpr size_t kInFlight = 3;        // pictures
  static constexpr size_t kMostThumbnails = 600;
  static constexpr size_t kThumbnailsAtOnce = 32;
  static constexpr int kThumbnailRequests = 2;
  static constexpr size_t kBalance = 2;            // a class with less than 1/2 of the largest is short of samples

  ProjectModel(Host& host, Notify notify) : host_(host), notify_(std::move(notify)) {}

  // ---- from the engine and the host
  // Returns whether the event was an answer to this model's commands, and no one else's business.
  bool Apply(schema::EventEnvelope& event);
  void EngineStopped();
  // Pictures become samples of `class_id`; 0: of the classes their folders name. Archives and videos likewise.
  void AddFiles(std::span<const FileRef> files, int64_t class_id);
  void AddArchive(const FileRef& file, int64_t class_id);
  void TakeVideoShot(const Shot& shot);
  void EndVideo(FileId video, const std::string& sentence);
  // Asks for what the panels looked for and did not find.
  void EndFrame();
  // A name for what is captured in one go, new in this project: "camera 3".
  std::string NextSession(const char* kind);

  // ---- classes
  void AddClass();  // "Class 3"
  // The class just added, until it is given its name; 0: none.
  int64_t naming() const { return naming_; }
  void Rename(int64_t class_id, const std::string& name);
  void Recolor(int64_t class_id, int color);
  void Enable(int64_t class_id, bool enabled);
  void MoveClass(int64_t class_id, int by);
  void Merge(int64_t from, int64_t into);
  void DeleteClass(int64_t class_id);
  void Choose(int64_t class_id);  // where the keyboard's shots go
  int64_t chosen() const;

  // ---- samples
  void OpenGallery(int64_t class_id);  // 0: closes it
  // As in a file manager: alone, with ctrl one more or less, with shift all from the last one clicked.
  void Click(int64_t sample_id, bool ctrl, bool shift);
  void MoveCursor(int by, bool shift);
  void SetColumns(int columns) { columns_ = columns; }  // of the grid on screen, for the arrow keys
  int columns() const { return columns_; }
  // The sample the keys have moved to since the last time, or 0: it is to be scrolled into view.
  int64_t TakeMovedCursor() { return std::exchange(moved_cursor_, 0); }
  void SelectAll();
  void SelectNone();
  void MoveSelected(int64_t class_id);
  void DeleteSelected();
  void Undo();
  void Redo();

  // ---- projects
  void ListProjects();
  void OpenProject(const std::string& id, bool take = false);
  void CreateProject(const std::string& name);
  void RenameProject(const std::string& id, const std::string& name);
  void DuplicateProject(const std::string& id, const std::string& name);
  void DeleteProject(const std::string& id);
  void ExportProject();
  void AskToDelete(const std::string& id) { asked_to_delete_ = id; }
  void SetVideoRate(int choice) { video_rate_ = choice; }
  void StartVideo(double shots_per_second, const std::string& crop_mode);
  void RefuseVideo();
  void StopVideo();

  // ---- what there is to show
  const schema::ProjectInfo& info() const { return info_; }
  bool listed() const { return listed_; }  // all samples of the project just opened are here
  const std::vector<schema::ClassInfo>& classes() const { return info_.classes; }
  const schema::ClassInfo* FindClass(int64_t id) const;
  const schema::ClassInfo* FindClass(const std::string& name) const;
  int IndexOf(int64_t class_id) const;  // its place, or -1
  const std::vector<int64_t>& SamplesOf(int64_t class_id) const;  // ascending ids
  int64_t count() const { return static_cast<int64_t>(samples_.size()); }
  const schema::SampleInfo* Find(int64_t sample_id) const;
  int64_t unsaved() const { return unsaved_; }
  // An enabled class with far fewer samples than the largest, for a hint; nullptr if they are alike.
  const schema::ClassInfo* ShortClass() const;
  // How many classes can be trained on: enabled, with a sample.
  int TrainableClasses() const;
  const std::string& undo() const { return undo_; }
  const std::string& redo() const { return redo_; }
  int64_t gallery() const { return gallery_; }
  const std::set<int64_t>& selected() const { return selected_; }
  int64_t cursor() const { return cursor_; }
  uint64_t revision() const { return revision_; }  // changes with classes or samples
  const Adding& adding() const { return adding_; }
  const std::vector<Import>& imports() const { return imports_; }
  const std::vector<VideoWish>& videos() const { return videos_; }  // the first waits for a rate
  bool sampling_video() const { return playing_ != 0; }
  int video_rate() const { return video_rate_; }
  const std::string& asked_to_delete() const { return asked_to_delete_; }
  const std::string& video_name() const { return playing_name_; }
  double video_part() const { return playing_total_ > 0 ? static_cast<double>(playing_done_) / playing_total_ : -1; }
  const schema::StorageState& storage() const { return storage_; }
  const std::vector<schema::ProjectInfo>& projects() const { return projects_; }
  const std::optional<schema::ProjectBlocked>& blocked() const { return blocked_; }
  const std::optional<schema::ProjectClosed>& closed() const { return closed_; }
  const std::string& answers_by() const { return answers_.by; }
  const std::string& answers_reason() const { return answers_.reason; }
  // nullptr while it is not here; asking is what makes EndFrame ask the engine. Empty: there is none.
  const Pixels* Thumbnail(int64_t sample_id);
  // The picture of GetSample; asks for it where it is another's.
  const Pixels* Detail(int64_t sample_id);
  int detail_revision() const { return detail_revision_; }

 private:
  struct Incoming {
    FileRef file;
    int64_t class_id = 0;
    std::string label, session, source = "file";
    bool burst = false, pixels = false;  // pixels: of a shot, 224² RGBA8
  };
  struct Thumb {
    Pixels pixels;
    uint64_t used = 0;  // frame
  };
  void Upsert(std::vector<schema::SampleInfo> samples);
  void Remove(const std::vector<int64_t>& ids);
  void Forget();
  void Pump();
  bool Owns(int64_t id) const { return id >= kFirstRequest && id < next_request_; }
  bool ApplyFailure(const schema::Failed& failed);
  void EndIncoming(int64_t request, const std::string& failure);
  void EndImport(int64_t id);
  void ApplyThumbnails(const schema::Thumbnails& event, std::vector<schema::Bytes>& buffers);
  void PruneSelection();
  void SelectRange(int64_t from, int64_t to);
  void Edit(const schema::ClassInfo& info);
  template <class Command>
  void Send(Command command) {
    command.id = next_request_++;
    host_.Send(command, {});
  }

  static constexpr int64_t kFirstRequest = kProjectRequests + 1;
  Host& host_;
  Notify notify_;
  int64_t next_request_ = kFirstRequest;
  bool engine_ready_ = false, listed_ = false;
  schema::ProjectInfo info_;
  std::unordered_map<int64_t, schema::SampleInfo> samples_;
  std::map<int64_t, std::vector<int64_t>> by_class_;
  int64_t unsaved_ = 0;
  std::string undo_, redo_;
  uint64_t revision_ = 0;

  std::string named_for_now_;  // the class that AddClass asked for
  int64_t naming_ = 0;
  int64_t chosen_ = 0, gallery_ = 0, cursor_ = 0, anchor_ = 0, moved_cursor_ = 0;
  int columns_ = 1, video_rate_ = 2;
  std::string asked_to_delete_;
  std::set<int64_t> selected_;

  std::deque<Incoming> queue_;
  std::map<int64_t, Incoming> in_flight_;
  Adding adding_;
  std::string first_failure_;
  std::vector<Import> imports_;
  std::map<int64_t, FileId> archives_;
  std::vector<VideoWish> videos_;
  FileId playing_ = 0;
  int64_t playing_class_ = 0;
  std::string playing_session_, playing_name_, playing_label_;
  int playing_done_ = 0, playing_total_ = 0;
  std::map<std::string, int64_t, std::less<>> last_session_;  // "camera" → 12

  schema::StorageState storage_;
  std::vector<schema::ProjectInfo> projects_;
  std::optional<schema::ProjectBlocked> blocked_;
  std::optional<schema::ProjectClosed> closed_;
  schema::AnswersBy answers_;

  std::unordered_map<int64_t, Thumb> thumbnails_;
  std::vector<int64_t> wanted_thumbnails_;  // this frame, in the order they were looked for
  std::map<int64_t, std::vector<int64_t>> thumbnail_requests_;
  std::set<int64_t> asked_thumbnails_;
  uint64_t frame_ = 0;
  int64_t detail_ = 0, detail_request_ = 0;
  int detail_revision_ = 0;
  Pixels detail_pixels_;
};

}  // namespace handful::ui
