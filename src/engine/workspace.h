// The open project and its store: carries out the commands that change it, announces what changed, and keeps it. Without a
// store (the shell) there is one project, in memory, and pixels are not kept.
//
// Kept in the store, keys within a project as "<project>/<number of 12 digits>":
//   projects    <project> → ProjectInfo            samples   → SampleInfo       features    → 1280 float32
//   pixels      → 224² PNG                         thumbnails → JPEG            copies      → see trainings.h
// Records are JSON. A sample and all that belongs to it are written in one transaction. Removed samples lose their record;
// what else they have is cleared when the project is opened the next time, until when Undo brings them back.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/project.h"
#include "engine/store_client.h"
#include "image/image.h"
#include "schema/messages.h"

namespace handful::engine {

inline constexpr int kSampleSide = 224;
inline constexpr int kThumbnailSide = 112;

std::string StoreKey(const std::string& project, int64_t id);
// Milliseconds since 1970.
int64_t NowMs();

class Workspace {
 public:
  using Send = StoreClient::Send;
  struct Hooks {
    // Classes, samples or features changed: whoever answers from them looks again.
    std::function<void()> changed;
    // Another project: its trainings, oldest first, before anything else is said about it.
    std::function<void(std::vector<schema::TrainingInfo>)> opened;
  };

  Workspace(Send send, StoreClient& store, Hooks hooks) : send_(std::move(send)), store_(store), hooks_(std::move(hooks)) {}

  Project& project() { return project_; }
  const Project& project() const { return project_; }
  // Its features are all there that will be without computing.
  bool loaded() const { return state_ == State::kOpen; }

  // ---- projects
  Status Handle(const schema::ListProjects& command);
  Status Handle(const schema::OpenProject& command);
  Status Handle(const schema::CreateProject& command);
  Status Handle(const schema::RenameProject& command);
  Status Handle(const schema::DuplicateProject& command);
  Status Handle(const schema::DeleteProject& command);
  void Handle(const schema::StoreLost& command);
  // For an import: a new project, open, and then `then`.
  void Create(int64_t id, schema::ProjectInfo info, std::function<void(Status)> then);

  // ---- changes
  Status Handle(const schema::AddClass& c) { return Edit([&] { return project_.AddClass(c.name); }); }
  Status Handle(const schema::EditClass& c) { return Edit([&] { return project_.EditClass({c.class_id, c.name, c.color, c.enabled}); }); }
  Status Handle(const schema::MoveClass& c) { return Edit([&] { return project_.MoveClass(c.class_id, c.index); }); }
  Status Handle(const schema::MergeClasses& c) { return Edit([&] { return project_.MergeClasses(c.from, c.into); }); }
  Status Handle(const schema::DeleteClass& c) { return Edit([&] { return project_.DeleteClass(c.class_id); }); }
  Status Handle(const schema::MoveSamples& c) { return Edit([&] { return project_.MoveSamples(c.sample_ids, c.class_id); }); }
  Status Handle(const schema::DeleteSamples& c) { return Edit([&] { return project_.DeleteSamples(c.sample_ids); }); }
  Status Handle(const schema::Undo&) { return Edit([&] { return project_.Undo(); }); }
  Status Handle(const schema::Redo&) { return Edit([&] { return project_.Redo(); }); }
  // The class an AddSample means, made where it must be.
  Result<int64_t> ClassFor(int64_t class_id, const std::string& label);
  // `square` is kSampleSide²; null where only the features are known. `features` may be null with a store. Sets info.id.
  Status Add(schema::SampleInfo& info, const image::Image* square, train::FeatureRow features);
  void Clear();

  // ---- what is kept
  Status Handle(const schema::GetThumbnails& command);
  Status Handle(const schema::GetSample& command);
  // The squares of some samples; those that cannot be read are left out.
  using Squares = std::vector<std::pair<int64_t, image::Image>>;
  void ReadSquares(std::vector<int64_t> sample_ids, std::function<void(Squares)> done);
  // Features of a sample, computed later than it was added; kept.
  void SetFeatures(int64_t sample_id, train::FeatureRow features);
  // Which backbone made the features; those of another are dropped, to be computed anew.
  void UseBackbone(const std::string& sha256);
  // Its picture cannot be read: it goes, and a sentence says so.
  void DropUnreadable(int64_t sample_id);
  // Once all changes of the project now open are kept.
  void WhenKept(std::function<void()> then);
  // Samples without features.
  std::vector<int64_t> Lacking(size_t most) const;

  // Too much waits for the store: no more samples for now.
  bool Overfull() const { return unsaved_.size() >= kMostUnsaved; }
  // Writes what changed, unless a transaction is under way.
  void Flush();

 private:
  static constexpr size_t kMostUnsaved = 64;
  enum class State { kNone, kOpening, kOpen, kClosed };

  struct Unsaved {
    std::vector<uint8_t> png, jpeg;
    train::FeatureRow features;
  };
  struct Batch;  // of one transaction

  // Whether there is a project to change.
  Status Ready() const;
  template <class Change>
  Status Edit(Change change) {
    HANDFUL_TRY(Ready());
    return Announce(change());
  }
  Status Announce(const Result<Changes>& changes);
  void SendProjectChanged();
  Status NeedsStore(const char* what) const;
  void ListAll(std::function<void(Result<std::vector<schema::ProjectInfo>>)> then);
  void SendProjects(int64_t id);
  void LockAndLoad(int64_t id, schema::ProjectInfo info, bool take, std::function<void(Status)> then);
  void Load(int64_t id, schema::ProjectInfo info, std::function<void(Status)> then);
  void LoadSamples(int64_t id, const std::string& after, std::function<void(Status)> then);
  void LoadFeatures(const std::string& after);
  void ClearOrphans(const std::string& after);
  void CloseProject();
  void Fail(int64_t id, const char* command, const std::string& message);
  void BatchDone(Batch batch, const Status& status);

  Send send_;
  StoreClient& store_;
  Hooks hooks_;
  Project project_;
  State state_ = State::kNone;
  int generation_ = 0;       // of the open project: answers meant for an earlier one are stale
  std::string lock_;
  std::string backbone_sha256_;

  bool project_dirty_ = false, writing_ = false;
  std::set<int64_t> dirty_samples_, removed_samples_, dirty_features_;
  std::set<int64_t> stale_features_;  // in the store, made by another backbone
  std::map<int64_t, Unsaved> unsaved_;  // pixels of samples that are not kept yet
  std::vector<std::function<void()>> when_kept_;
};

}  // namespace handful::engine
