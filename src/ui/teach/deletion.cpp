#include "ui/teach/deletion.h"

#include <algorithm>
#include <utility>

#include "ui/toolkit/words.h"

namespace handful::ui {

void Deletion::OfSamples(std::vector<int64_t> sample_ids) {
  Forget();
  if (sample_ids.empty()) return;
  sentence_ = Count(static_cast<int64_t>(sample_ids.size()), "picture", "pictures") + " deleted.";
  sample_ids_ = std::move(sample_ids);
}

void Deletion::OfClass(const schema::ClassInfo& info, int64_t samples) {
  Forget();
  class_id_ = info.id;
  sentence_ =
      Quoted(info.name) + (samples > 0 ? " and its " + Count(samples, "picture", "pictures") : "") + " deleted.";
}

std::string Deletion::TakeDone(const Samples& samples, const Classes& classes) {
  const bool here = classes.Find(class_id_) != nullptr ||
                    std::ranges::any_of(sample_ids_, [&](int64_t id) { return samples.Find(id) != nullptr; });
  if (here) return {};
  return std::exchange(*this, {}).sentence_;
}

}  // namespace handful::ui
