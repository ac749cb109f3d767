#include "ui/teach/intake.h"

#include <iterator>

#include "base/status.h"
#include "ui/toolkit/words.h"

namespace handful::ui {

void Intake::Add(std::vector<Incoming> pictures) {
  if (!adding_.active()) {
    adding_ = {};
    first_failure_.clear();
  }
  adding_.total += static_cast<int64_t>(pictures.size());
  for (Incoming& picture : pictures) picture.project_id = engine_.project_id();
  std::move(pictures.begin(), pictures.end(), std::back_inserter(queue_));
  Pump();
}

void Intake::Pump() {
  while (engine_.ready() && !queue_.empty() && in_flight_.size() < kInFlight) {
    const int64_t id = requests_.Next();
    const Incoming& next = in_flight_.emplace(id, std::move(queue_.front())).first->second;
    queue_.pop_front();
    const int side = next.pixels ? kShotSide : 0;
    sink_.Send(schema::AddSample{.id = id,
                                 .name = next.file.name,
                                 .class_id = next.class_id,
                                 .label = next.label,
                                 .project_id = next.project_id,
                                 .source = next.source,
                                 .session = next.session,
                                 .burst = next.burst,
                                 .width = side,
                                 .height = side},
               {&next.file.id, 1});
  }
}

void Intake::Ended(int64_t request, const std::string& failure) {
  const auto it = in_flight_.find(request);
  if (it == in_flight_.end()) return;
  const std::string name = BaseName(it->second.file.name);
  sink_.Release(it->second.file.id);
  in_flight_.erase(it);
  if (failure.empty()) {
    ++adding_.done;
  } else {
    ++adding_.failed;
    if (first_failure_.empty())
      first_failure_ = failure.find(name) != std::string::npos ? Sentence(failure) : name + ": " + Sentence(failure);
  }
  if (!adding_.active() && adding_.failed > 0) {
    notify_(NoticeKind::kWarning, Count(adding_.failed, "picture", "pictures") +
                                      Format(" of %lld could not be added. ", static_cast<long long>(adding_.total)) +
                                      first_failure_);
  }
  Pump();
}

void Intake::EngineStopped() {
  // What was with the engine may have stopped it; the rest is for the next one.
  std::vector<int64_t> lost;
  for (const auto& [id, incoming] : in_flight_) lost.push_back(id);
  for (const int64_t id : lost) Ended(id, "the engine stopped while it read this picture");
}

}  // namespace handful::ui
