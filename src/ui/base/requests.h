// Ids of the models' commands: each model has a range of its own, so that an answer finds the one who asked.
#pragma once

#include <cstdint>

namespace handful::ui {

enum class Asker {
  kQueue,
  kModel,
  kProjects,
  kHistory,
  kClasses,
  kSelection,
  kIntake,
  kImports,
  kThumbnails,
  kCamera,
  kTraining,
  kTrainings,
  kHood,
  kBackbones
};

class Requests {
 public:
  explicit Requests(Asker asker) : first_(1 + kRange * static_cast<int64_t>(asker)), next_(first_) {}
  int64_t Next() { return next_++; }
  // Whether it gave this id.
  bool Owns(int64_t id) const { return id >= first_ && id < next_; }

 private:
  static constexpr int64_t kRange = int64_t{1} << 40;  // a JavaScript number holds 2^53
  int64_t first_, next_;
};

}  // namespace handful::ui
