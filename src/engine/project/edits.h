// What is done to a project and can be undone. Each edit changes the state and says what it touched; OpenProject keeps
// and announces that. No store, no messages, no clock.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/project/state.h"

namespace handful::engine {

inline constexpr size_t kMostUndo = 200;
inline constexpr size_t kMostNameCharacters = 100;
inline constexpr size_t kMostClasses = 1000;

// What a change touched.
struct Changes {
  bool project = false;          // classes or history
  std::vector<int64_t> samples;  // new or changed
  std::vector<int64_t> removed;  // kept aside: they may come back
};

class Edits {
 public:
  // `state` must outlive it.
  explicit Edits(State& state) : state_(state) {}

  // As they were kept, ascending. Those up to state.info.edit are in force.
  void Load(std::vector<schema::EditInfo> edits);

  // Errors: no such class or sample, a name that is taken, empty or too long.
  Result<Changes> AddClass(const std::string& name);
  Result<Changes> EditClass(const schema::ClassInfo& wanted);
  Result<Changes> MoveClass(int64_t class_id, int index);
  Result<Changes> MergeClasses(int64_t from, int64_t into);
  Result<Changes> DeleteClass(int64_t class_id);
  Result<Changes> MoveSamples(const std::vector<int64_t>& sample_ids, int64_t class_id);
  Result<Changes> DeleteSamples(const std::vector<int64_t>& sample_ids);
  // Sets info.id. Samples of one session that follow each other are undone together.
  Result<Changes> AddSample(schema::SampleInfo& info, train::FeatureRow features);

  Result<Changes> Undo();
  Result<Changes> Redo();
  // What Undo and Redo would do.
  schema::EditSummary to_undo() const { return undo_.empty() ? schema::EditSummary{} : undo_.back().summary; }
  schema::EditSummary to_redo() const { return redo_.empty() ? schema::EditSummary{} : redo_.back().summary; }

  // A sample that could not be kept after all: gone, also from the history.
  void Forget(int64_t sample_id);
  // What was removed is gone, and nothing that it takes part in can be undone or done again.
  void ForgetRemoved();

  // ---- what is to be kept, since it was asked last
  // Numbers of edits that are new, changed or gone.
  std::set<int64_t> TakeTouched() { return std::exchange(touched_, {}); }
  // Samples that cannot come back any more.
  std::vector<int64_t> TakePurged() { return std::exchange(purged_, {}); }
  // Null: it is gone.
  const schema::EditInfo* Find(int64_t number) const;

 private:
  Result<std::string> CheckedName(const std::string& name, int64_t except_class) const;
  schema::EditInfo NewEdit(schema::EditSummary summary) const;
  Changes Commit(schema::EditInfo edit);
  Changes Apply(const schema::EditInfo& edit, bool forward);
  void PurgeUnmentioned();

  State& state_;
  std::deque<schema::EditInfo> undo_, redo_;  // the next one last
  std::set<int64_t> touched_;
  std::vector<int64_t> purged_;
};

}  // namespace handful::engine
