#include "ui/teach/selection.h"

#include <algorithm>

namespace handful::ui {

void Selection::Forget() {
  gallery_ = cursor_ = anchor_ = 0;
  selected_.clear();
}

void Selection::Prune() {
  if (gallery_ != 0 && classes_.Find(gallery_) == nullptr) OpenGallery(0);
  const auto here = [this](int64_t id) {
    const schema::SampleInfo* sample = samples_.Find(id);
    return sample != nullptr && sample->class_id == gallery_;
  };
  std::erase_if(selected_, [&](int64_t id) { return !here(id); });
  if (!here(anchor_)) anchor_ = 0;
  if (cursor_ != 0 && !here(cursor_)) {
    // The neighbour takes its place.
    const std::vector<int64_t>& ids = samples_.Of(gallery_);
    const auto next = std::lower_bound(ids.begin(), ids.end(), cursor_);
    cursor_ = next != ids.end() ? *next : ids.empty() ? 0 : ids.back();
  }
}

void Selection::OpenGallery(int64_t class_id) {
  gallery_ = class_id;
  selected_.clear();
  cursor_ = anchor_ = 0;
  if (class_id != 0) classes_.Choose(class_id);
}

void Selection::SelectRange(int64_t from, int64_t to) {
  const std::vector<int64_t>& ids = samples_.Of(gallery_);
  const auto first = std::lower_bound(ids.begin(), ids.end(), std::min(from, to));
  const auto last = std::upper_bound(ids.begin(), ids.end(), std::max(from, to));
  selected_.clear();
  selected_.insert(first, last);
}

void Selection::Click(int64_t sample_id, bool ctrl, bool shift) {
  const schema::SampleInfo* sample = samples_.Find(sample_id);
  if (sample == nullptr || sample->class_id != gallery_) return;
  cursor_ = sample_id;
  if (shift && anchor_ != 0) return SelectRange(anchor_, sample_id);
  anchor_ = sample_id;
  if (ctrl) {
    if (selected_.erase(sample_id) == 0) selected_.insert(sample_id);
    return;
  }
  selected_ = {sample_id};
}

void Selection::MoveCursor(int by, bool shift) {
  const std::vector<int64_t>& ids = samples_.Of(gallery_);
  if (ids.empty()) return;
  const auto at = std::lower_bound(ids.begin(), ids.end(), cursor_) - ids.begin();
  const auto last = static_cast<std::ptrdiff_t>(ids.size()) - 1;
  const auto to = cursor_ == 0 ? 0 : std::clamp<std::ptrdiff_t>(at + by, 0, last);
  moved_cursor_ = cursor_ = ids[static_cast<size_t>(to)];
  if (shift && anchor_ != 0) return SelectRange(anchor_, cursor_);
  anchor_ = cursor_;
  selected_ = {cursor_};
}

void Selection::SelectAll() {
  const std::vector<int64_t>& ids = samples_.Of(gallery_);
  selected_ = {ids.begin(), ids.end()};
}

void Selection::SelectNone() {
  selected_.clear();
  anchor_ = 0;
}

void Selection::Move(int64_t class_id) {
  if (!selected_.empty() && class_id != gallery_)
    sink_.Send(
        schema::MoveSamples{
            .id = requests_.Next(), .sample_ids = {selected_.begin(), selected_.end()}, .class_id = class_id},
        {});
}

void Selection::Delete() {
  if (!selected_.empty())
    sink_.Send(schema::DeleteSamples{.id = requests_.Next(), .sample_ids = {selected_.begin(), selected_.end()}}, {});
}

}  // namespace handful::ui
