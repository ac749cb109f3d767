#include "ui/toolkit/textures.h"

#include <algorithm>

namespace handful::ui {

Textures::~Textures() {
  for (auto& [key, entry] : entries_) screen_.DestroyTexture(entry.texture);
}

void Textures::BeginFrame() {
  ++frame_;
  budget_bytes_ = kBytesPerFrame;
  waiting_ = false;
  if (entries_.size() > kMost) Forget();
}

void Textures::Forget() {
  std::erase_if(entries_, [this](auto& item) {
    if (item.second.used + 1 >= frame_) return false;
    screen_.DestroyTexture(item.second.texture);
    return true;
  });
}

TextureId Textures::Get(int64_t key, int revision, const Pixels& pixels) {
  if (pixels.empty()) return 0;
  Entry& entry = entries_[key];
  entry.used = frame_;
  if (entry.revision == revision) return entry.texture;
  if (budget_bytes_ == 0) {
    waiting_ = true;
    return entry.texture;
  }
  // A picture larger than a frame's budget takes a frame of its own.
  budget_bytes_ -= std::min(budget_bytes_, pixels.rgba8.size());
  screen_.DestroyTexture(entry.texture);
  entry.texture = screen_.CreateTexture(pixels);
  entry.revision = revision;
  return entry.texture;
}

}  // namespace handful::ui
