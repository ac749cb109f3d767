#include "ui/train/backbones.h"

namespace handful::ui {

void Backbones::Offer(std::vector<Shipped> shipped) {
  shipped_ = std::move(shipped);
  chosen_ = 0;
  if (!shipped_.empty()) Load();
}

void Backbones::Load() {
  const FileRef& file = shipped_[chosen_].weights;
  asked_ = requests_.Next();
  sink_.Send(schema::LoadBackbone{.id = asked_, .name = file.name}, {&file.id, 1});
}

void Backbones::Apply(const schema::Event& event) {
  if (const auto* loaded = std::get_if<schema::BackboneLoaded>(&event)) {
    sha256_ = loaded->sha256;
    title_ = loaded->title;
    if (loaded->id == asked_) in_use_ = chosen_;
  } else if (const auto* progress = std::get_if<schema::FeaturesProgress>(&event)) {
    progress_ = *progress;
  } else if (std::holds_alternative<schema::ProjectOpened>(event) ||
             std::holds_alternative<schema::ProjectClosed>(event)) {
    progress_ = {};
  } else if (const auto* failed = std::get_if<schema::Failed>(&event);
             failed != nullptr && failed->id == asked_ && failed->command == schema::LoadBackbone::kType) {
    if (!sha256_.empty()) {
      chosen_ = in_use_;
    } else if (chosen_ + 1 < shipped_.size()) {
      ++chosen_;
      Load();
      instead_ = chosen_;
    }
  }
}

void Backbones::Choose(size_t index) {
  if (index == chosen_ || index >= shipped_.size()) return;
  chosen_ = index;
  Load();
}

void Backbones::Halt(bool halt) { sink_.Send(schema::HaltFeatures{halt}, {}); }

}  // namespace handful::ui
