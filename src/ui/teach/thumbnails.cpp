#include "ui/teach/thumbnails.h"

#include <algorithm>
#include <utility>

namespace handful::ui {
namespace {

// Of a square picture with four bytes a pixel; 0: no side at all.
size_t BytesOf(int side) { return static_cast<size_t>(std::max(side, 0)) * static_cast<size_t>(std::max(side, 0)) * 4; }

}  // namespace

void Thumbnails::Forget() {
  thumbnails_.clear();
  wanted_.clear();
  asked_by_.clear();
  asked_.clear();
  detail_ = detail_request_ = 0;
  detail_pixels_ = {};
}

void Thumbnails::Remove(const std::vector<int64_t>& sample_ids) {
  for (const int64_t id : sample_ids) thumbnails_.erase(id);
}

void Thumbnails::Apply(const schema::Thumbnails& event, std::vector<schema::Bytes>& buffers) {
  const auto request = asked_by_.find(event.id);
  if (request == asked_by_.end()) return;
  // What is not in the answer has none; it is not asked for again.
  for (const int64_t id : request->second) {
    asked_.erase(id);
    if (samples_.Find(id) != nullptr) thumbnails_[id] = {{}, frame_};
  }
  asked_by_.erase(request);
  const size_t bytes = BytesOf(event.side);
  for (size_t i = 0; i < event.sample_ids.size() && i < buffers.size(); ++i) {
    if (bytes == 0 || buffers[i].size() != bytes || samples_.Find(event.sample_ids[i]) == nullptr) continue;
    thumbnails_[event.sample_ids[i]] = {{event.side, event.side, std::move(buffers[i])}, frame_};
  }
}

void Thumbnails::Apply(const schema::SamplePixels& event, std::vector<schema::Bytes>& buffers) {
  const size_t bytes = BytesOf(event.side);
  if (event.id != detail_request_ || bytes == 0 || buffers.empty() || buffers[0].size() != bytes) return;
  detail_pixels_ = {event.side, event.side, std::move(buffers[0])};
  ++detail_revision_;
}

bool Thumbnails::Failed(int64_t request) {
  const auto it = asked_by_.find(request);
  if (it == asked_by_.end()) return false;
  for (const int64_t id : it->second) asked_.erase(id), thumbnails_[id] = {{}, frame_};
  asked_by_.erase(it);
  return true;
}

void Thumbnails::EngineStopped() {
  asked_by_.clear();
  asked_.clear();
}

const Pixels* Thumbnails::Find(int64_t sample_id) {
  const auto it = thumbnails_.find(sample_id);
  if (it != thumbnails_.end()) {
    it->second.used = frame_;
    return &it->second.pixels;
  }
  wanted_.push_back(sample_id);
  return nullptr;
}

const Pixels* Thumbnails::Detail(int64_t sample_id) {
  if (detail_ != sample_id) {
    detail_ = sample_id;
    detail_pixels_ = {};
    detail_request_ = requests_.Next();
    sink_.Send(schema::GetSample{.id = detail_request_, .sample_id = sample_id}, {});
  }
  return detail_pixels_.empty() ? nullptr : &detail_pixels_;
}

void Thumbnails::EndFrame() {
  ++frame_;
  if (thumbnails_.size() > kMost) {
    // Those unseen for longest go, an eighth more than need be, so that this is rare.
    std::vector<uint64_t> used;
    for (const auto& [id, thumb] : thumbnails_) used.push_back(thumb.used);
    const size_t gone = thumbnails_.size() - kMost + kMost / 8;
    std::nth_element(used.begin(), used.begin() + static_cast<std::ptrdiff_t>(gone - 1), used.end());
    const uint64_t oldest = used[gone - 1];
    std::erase_if(thumbnails_,
                  [&](const auto& item) { return item.second.used <= oldest && item.second.used + 1 < frame_; });
  }
  if (engine_.ready() && asked_by_.size() < kRequests) {
    std::vector<int64_t> ids;
    for (const int64_t id : wanted_) {
      if (ids.size() == kAtOnce) break;
      if (asked_.insert(id).second) ids.push_back(id);
    }
    if (!ids.empty()) {
      const int64_t request = requests_.Next();
      sink_.Send(schema::GetThumbnails{.id = request, .sample_ids = ids}, {});
      asked_by_[request] = std::move(ids);
    }
  }
  wanted_.clear();
}

}  // namespace handful::ui
