// Computes the features of samples that were added before there was a backbone, or whose features another one made: a
// sample a step.
#pragma once

#include <chrono>
#include <functional>

#include "engine/answer.h"
#include "engine/models.h"
#include "engine/workspace.h"

namespace handful::engine {

class FeatureJob {
 public:
  FeatureJob(Send send, StoreClient& store, Workspace& workspace, Models& models)
      : send_(std::move(send)), store_(store), workspace_(workspace), models_(models) {}

  // Whether it could do something: it may have to wait for the store.
  bool Step();
  void Halt(bool halt);
  // Lets it go on, without a word.
  void GoOn() { halted_ = false; }

 private:
  using Clock = std::chrono::steady_clock;
  void Say(bool at_once);

  Send send_;
  StoreClient& store_;
  Workspace& workspace_;
  Models& models_;
  Scope scope_;  // whose squares these are
  OpenProject::Squares squares_;
  bool reading_ = false, halted_ = false;
  int done_ = 0;  // since there were last none to be computed
  Clock::time_point said_;
};

}  // namespace handful::engine
