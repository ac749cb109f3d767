#include "ui/hood/hood_model.h"

#include <algorithm>

#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

constexpr int kFew = 8;                // maps of each layer at first: one row
constexpr double kFrameSeconds = 0.5;  // from one frame to the next: the live answer goes first

}  // namespace

void HoodModel::Look(const std::optional<Subject>& picture, int generation, bool camera) {
  live_ = !picture && camera;
  if (!open_ || !picture || !picture->answered) return;
  if (picture->id == picture_ && generation == generation_) return;
  picture_ = picture->id;
  generation_ = generation;
  file_ = picture->file;
  file_name_ = picture->name;
  Ask("");
}

bool HoodModel::WantsFrame(double seconds) {
  if (!open_ || !live_ || busy() || seconds - looked_ < kFrameSeconds) return false;
  looked_ = seconds;
  return true;
}

void HoodModel::LookAtFrame(FileId frame) {
  if (!live_ || busy()) return sink_.Release(frame);
  picture_ = 0;
  frame_ = frame;
  asked_ = requests_.Next();
  sink_.Send(
      schema::Inspect{
          .id = asked_, .name = "camera", .width = kShotSide, .height = kShotSide, .layer = {}, .most = kFew},
      {&frame, 1});
}

void HoodModel::ReleaseFrame() {
  if (frame_ != 0) sink_.Release(frame_);
  frame_ = 0;
}

void HoodModel::Ask(const std::string& layer) {
  const int64_t id = requests_.Next();
  if (layer.empty()) asked_ = id;
  sink_.Send(schema::Inspect{.id = id, .name = file_name_, .layer = layer, .most = kFew}, {&file_, 1});
}

void HoodModel::ShowAll(const std::string& layer, bool all) {
  const auto it = std::ranges::find_if(layers_, [&](const Layer& l) { return l.info.name == layer; });
  if (live_ || it == layers_.end() || it->all == all) return;
  it->all = all;
  if (all && !busy()) Ask(layer);
  if (!all) Ask("");
}

void HoodModel::EngineStopped() {
  ReleaseFrame();
  asked_ = 0;
  picture_ = 0;
}

void HoodModel::Apply(schema::EventEnvelope& event) {
  int64_t id = 0;
  std::string sentence;
  if (auto* inspected = std::get_if<schema::LayersInspected>(&event.message)) {
    if (Owns(inspected->id)) Take(std::move(*inspected), std::move(event.buffers));
    return;
  }
  if (const auto* failed = std::get_if<schema::Failed>(&event.message)) {
    id = failed->id;
    sentence = failed->message;
  } else if (const auto* undecoded = std::get_if<schema::NeedsDecoding>(&event.message)) {
    id = undecoded->id;
    sentence = undecoded->message;
  }
  if (!Owns(id) || id != asked_) return;
  ReleaseFrame();
  asked_ = 0;
  error_ = Sentence(std::move(sentence));
  layers_.clear();
  name_.clear();
}

void HoodModel::Take(schema::LayersInspected event, std::vector<schema::Bytes> buffers) {
  const bool everything = event.layer.empty();
  if (everything && event.id != asked_) return;  // of a picture, or a model, before
  if (buffers.size() != event.layers.size() + (everything ? 1 : 0)) return;
  const auto fill = [this](Layer& layer, schema::InspectedLayer info, schema::Bytes pixels) {
    layer.maps = {info.picture_width, info.picture_height, std::move(pixels)};
    layer.info = std::move(info);
    layer.revision = ++revision_;
  };
  if (!everything) {
    // The times stay those of the run that had all layers.
    const auto it = std::ranges::find_if(layers_, [&](const Layer& l) { return l.info.name == event.layer && l.all; });
    if (it == layers_.end() || busy()) return;
    event.layers[0].ms = it->info.ms;
    fill(*it, std::move(event.layers[0]), std::move(buffers[0]));
    return;
  }
  ReleaseFrame();
  asked_ = 0;
  error_.clear();
  name_ = std::move(event.name);
  std::vector<std::string> all;
  for (const Layer& layer : layers_) {
    if (layer.all) all.push_back(layer.info.name);
  }
  fill(filters_, std::move(event.filters), std::move(buffers[0]));
  layers_.assign(event.layers.size(), {});
  ms_ = most_ms_ = 0;
  for (size_t i = 0; i < layers_.size(); ++i) {
    ms_ += event.layers[i].ms;
    most_ms_ = std::max(most_ms_, event.layers[i].ms);
    fill(layers_[i], std::move(event.layers[i]), std::move(buffers[i + 1]));
    if (live_ || std::ranges::find(all, layers_[i].info.name) == all.end()) continue;
    layers_[i].all = true;
    Ask(layers_[i].info.name);
  }
}

}  // namespace handful::ui
