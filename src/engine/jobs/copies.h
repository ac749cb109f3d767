// Features of altered copies of a project's samples: those made before are read from the store, the others are made, a
// sample a step, and kept.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "engine/models.h"
#include "engine/open_project.h"
#include "schema/records.h"

namespace handful::engine {

class CopiesJob {
 public:
  // Of these samples. `models` must outlive it.
  CopiesJob(Scope scope, Models& models, const schema::TrainSettings& settings, const std::vector<int64_t>& sample_ids);

  bool done() const { return unread_.empty() && lacking_.empty() && squares_.empty() && !*reading_; }
  // Whether it could do something: it may have to wait for the store.
  Result<bool> Step();
  // Samples.
  int64_t total() const { return total_; }
  int64_t left() const { return static_cast<int64_t>(unread_.size() + lacking_.size() + squares_.size()); }

 private:
  void ReadKept(OpenProject& project);
  void ReadSquares(OpenProject& project);
  Status Make(OpenProject& project);

  const Scope scope_;
  Models& models_;
  const schema::TrainSettings settings_;
  std::string key_;                       // how they are made
  std::deque<int64_t> unread_, lacking_;  // not looked for in the store; to be made
  OpenProject::Squares squares_;
  int64_t total_ = 0;
  // Outlives this object while the store has not answered.
  std::shared_ptr<bool> reading_ = std::make_shared<bool>(false);
};

}  // namespace handful::engine
