// The open project in memory: classes, samples with their features, and what was done to them, to be undone. No store, no
// messages: each change says what it touched, and the workspace keeps and announces that.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "schema/records.h"
#include "train/dataset.h"

namespace handful::engine {

inline constexpr size_t kMostUndo = 200;
inline constexpr size_t kMostNameCharacters = 100;
inline constexpr size_t kMostClasses = 1000;

struct Sample {
  schema::SampleInfo info;
  train::FeatureRow features;  // null: not computed yet
  train::FeatureRow copies;    // features of altered copies, made as copies_key says
  std::string copies_key;
};

// What a change touched.
struct Changes {
  bool project = false;           // name, classes or history
  std::vector<int64_t> samples;   // new or changed
  std::vector<int64_t> removed;
};

class Project {
 public:
  Project() = default;
  explicit Project(schema::ProjectInfo info) : info_(std::move(info)) {}

  // With the present number of samples.
  schema::ProjectInfo info() const;
  const std::string& id() const { return info_.id; }
  const std::vector<schema::ClassInfo>& classes() const { return info_.classes; }
  const schema::ClassInfo* FindClass(int64_t id) const;
  const schema::ClassInfo* FindClassCalled(const std::string& name) const;
  const std::map<int64_t, Sample>& samples() const { return samples_; }
  Sample* Find(int64_t sample_id);
  int64_t TakeId() { return info_.next_id++; }

  // ---- not to be undone
  void Rename(const std::string& name) { info_.name = name; }
  void SetChanged(int64_t now_ms) { info_.changed_ms = now_ms; }
  // Of all samples, also of those that an undo would bring back; theirs are the ids.
  std::vector<int64_t> DropFeatures();
  void SetBackbone(const std::string& sha256) { info_.backbone_sha256 = sha256; }
  // As read from the store.
  void PutBack(schema::SampleInfo info);
  bool WasRemoved(int64_t sample_id) const { return removed_.contains(sample_id); }
  // A sample that could not be kept after all: gone, also from the history.
  void Forget(int64_t sample_id);

  // ---- to be undone. Errors: no such class or sample, a name that is taken, empty or too long.
  Result<Changes> AddClass(const std::string& name);
  Result<Changes> EditClass(const schema::ClassInfo& wanted);
  Result<Changes> MoveClass(int64_t class_id, int index);
  Result<Changes> MergeClasses(int64_t from, int64_t into);
  Result<Changes> DeleteClass(int64_t class_id);
  Result<Changes> MoveSamples(const std::vector<int64_t>& sample_ids, int64_t class_id);
  Result<Changes> DeleteSamples(const std::vector<int64_t>& sample_ids);
  // `info.id` is set. Samples of one session that follow each other are undone together.
  Result<Changes> AddSample(schema::SampleInfo& info, train::FeatureRow features);

  Result<Changes> Undo();
  Result<Changes> Redo();
  // "delete 3 pictures", or "".
  std::string undo_label() const { return undo_.empty() ? "" : undo_.back().label; }
  std::string redo_label() const { return redo_.empty() ? "" : redo_.back().label; }

  // Enabled classes and their samples that have features, in the order they were added.
  // Of samples that have features; or of all, whose rows may be null then.
  train::Dataset ToDataset(bool with_features = true) const;
  // The samples of ToDataset, in the same order.
  std::vector<int64_t> DatasetIds(bool with_features = true) const;

 private:
  // Where a sample was and is: in a class, or not in the project.
  struct Step {
    int64_t sample_id = 0;
    std::optional<int64_t> from, to;
  };
  struct Edit {
    std::string label;
    std::vector<schema::ClassInfo> classes_before, classes_after;
    std::vector<Step> steps;
    std::string session;  // of added samples
  };

  Result<std::string> CheckedName(const std::string& name, int64_t except_class) const;
  Changes Commit(Edit edit);
  Changes Apply(const Edit& edit, bool forward);
  Edit NewEdit(std::string label) const { return {std::move(label), info_.classes, info_.classes, {}, {}}; }

  schema::ProjectInfo info_;
  std::map<int64_t, Sample> samples_;
  std::map<int64_t, Sample> removed_;  // may come back by Undo or Redo
  std::deque<Edit> undo_, redo_;
};

}  // namespace handful::engine
