#include "engine/jobs/stored_pictures.h"

namespace handful::engine {

void StoredPictures::Expect(std::span<const int> samples) {
  std::set<int64_t> expected;
  std::vector<int64_t> wanted;
  for (const int sample : samples) {
    const int64_t id = ids_[static_cast<size_t>(sample)];
    if (!expected.insert(id).second) continue;
    if (!squares_->there.contains(id) && !squares_->missing.contains(id)) wanted.push_back(id);
  }
  std::erase_if(squares_->there, [&](const auto& item) { return !expected.contains(item.first); });
  // A batch at a time: while one is on its way there is work with the one before.
  const auto project = scope_.lock();
  if (project == nullptr || wanted.empty() || !squares_->asked.empty()) return;
  squares_->asked.insert(wanted.begin(), wanted.end());
  project->ReadSquares(wanted, [squares = squares_](OpenProject::Squares found) {
    for (auto& [id, square] : found) squares->there[id] = std::move(square);
    for (const int64_t id : squares->asked) {
      if (!squares->there.contains(id)) squares->missing.insert(id);
    }
    squares->asked.clear();
  });
}

Result<const image::Image*> StoredPictures::Find(int sample) {
  const int64_t id = ids_[static_cast<size_t>(sample)];
  if (const auto found = squares_->there.find(id); found != squares_->there.end()) return &found->second;
  if (!squares_->missing.contains(id)) return static_cast<const image::Image*>(nullptr);
  const auto project = scope_.lock();
  const Sample* picture = project == nullptr ? nullptr : project->state().Find(id);
  return Errorf("picture %s cannot be read from the store",
                picture == nullptr ? std::to_string(id).c_str() : picture->info.name.c_str());
}

}  // namespace handful::engine
