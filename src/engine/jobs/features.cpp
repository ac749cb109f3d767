#include "engine/jobs/features.h"

#include <algorithm>
#include <limits>

#include "engine/convert.h"

namespace handful::engine {
namespace {

constexpr double kSecondsBetweenProgress = 0.2;
constexpr size_t kReadAtOnce = 8;  // samples

}  // namespace

bool FeatureJob::Step() {
  OpenProject* project = workspace_.project();
  if (project == nullptr || !models_.HasBackbone() || !store_.keeps_pixels() || halted_) return false;
  if (scope_.lock().get() != project) {
    // Another project than last time.
    scope_ = workspace_.scope();
    squares_.clear();
    reading_ = false;
    done_ = 0;
  }
  if (reading_) return false;
  if (squares_.empty()) {
    const std::vector<int64_t> ids = project->Lacking(kReadAtOnce);
    if (ids.empty()) return false;
    Say(false);
    reading_ = true;
    project->ReadSquares(ids, [this, scope = scope_, ids](OpenProject::Squares squares) {
      const auto open = scope.lock();
      if (open == nullptr || open != scope_.lock()) return;
      reading_ = false;
      squares_ = std::move(squares);
      for (const int64_t id : ids) {
        const bool is_there = std::ranges::any_of(squares_, [&](const auto& square) { return square.first == id; });
        if (!is_there) open->DropUnreadable(id);
      }
    });
    return true;
  }
  const auto [id, square] = std::move(squares_.back());
  squares_.pop_back();
  Result<train::FeatureRow> features = models_.Features(square);
  if (!features.ok()) {
    Complain(send_, schema::ComputeFeatures::kType, features.status().WithContextf("features could not be computed"));
    Halt(true);
    return true;
  }
  project->SetFeatures(id, std::move(*features));
  ++done_;
  Say(false);
  return true;
}

// How far they are, some times a second, and where nothing is left to do.
void FeatureJob::Say(bool at_once) {
  const Clock::time_point now = Clock::now();
  if (!at_once && !squares_.empty() && std::chrono::duration<double>(now - said_).count() < kSecondsBetweenProgress)
    return;
  const OpenProject* project = workspace_.project();
  const int left =
      project == nullptr ? 0 : static_cast<int>(project->Lacking(std::numeric_limits<size_t>::max()).size());
  said_ = now;
  send_(schema::FeaturesProgress{done_, done_ + left, halted_}, {});
  if (left == 0) done_ = 0;
}

void FeatureJob::Halt(bool halt) {
  halted_ = halt;
  Say(true);
}

}  // namespace handful::engine
