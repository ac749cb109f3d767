#include "ui/try/queue.h"

#include <algorithm>

#include "ui/toolkit/pixels.h"
#include "ui/toolkit/words.h"

namespace handful::ui {

void Queue::SetState(Picture& picture, PictureState state) {
  const auto count = [this](PictureState s) -> int& {
    switch (s) {
      case PictureState::kWaiting: return counts_.waiting;
      case PictureState::kRunning: return counts_.running;
      case PictureState::kDone: return counts_.done;
      case PictureState::kFailed: break;
    }
    return counts_.failed;
  };
  --count(picture.state);
  ++count(state);
  picture.state = state;
  Touch(picture);
}

Picture* Queue::Find(int64_t id) {
  const auto it = picture_index_.find(id);
  return it == picture_index_.end() ? nullptr : &pictures_[it->second];
}

const Picture* Queue::selected() const {
  const auto it = picture_index_.find(selected_);
  return it == picture_index_.end() ? nullptr : &pictures_[it->second];
}

void Queue::Add(const std::vector<FileRef>& pictures) {
  if (pictures.empty()) return;
  const size_t first = pictures_.size();
  pictures_.reserve(first + pictures.size());
  for (const FileRef& file : pictures) {
    Picture& picture = pictures_.emplace_back();
    picture.id = next_picture_++;
    picture.file = file.id;
    picture.name = file.name;
    picture_index_[picture.id] = pictures_.size() - 1;
    ++counts_.waiting;
    Touch(picture);
  }
  stopped_ = false;
  Select(pictures_[first].id);
}

// ---- events --------------------------------------------------------------------------------------------------------

void Queue::Apply(schema::EventEnvelope& event) {
  if (const auto* answers = std::get_if<schema::AnswersBy>(&event.message)) {
    const bool other = answered_by_ != schema::Answerer::kNobody && answers->by != schema::Answerer::kNobody &&
                       answered_by_ != answers->by;
    answered_by_ = answers->by;
    if (other) RunAllAgain();
  } else if (auto* prediction = std::get_if<schema::Prediction>(&event.message)) {
    Answered(*prediction, event.buffers);
  } else if (const auto* undecoded = std::get_if<schema::NeedsDecoding>(&event.message)) {
    Failed(undecoded->id, undecoded->message);
  } else if (const auto* failed = std::get_if<schema::Failed>(&event.message)) {
    Failed(failed->id, failed->message);
  }
  Pump();
}

void Queue::UseModel(schema::CropMode crop_mode) {
  crop_mode_ = crop_mode;
  sink_.Send(schema::SetCropMode{crop_mode_}, {});
  RunAllAgain();
}

std::optional<Queue::Request> Queue::TakeRequest(int64_t id) {
  const auto it = requests_.find(id);
  if (it == requests_.end()) return std::nullopt;
  const Request request = it->second;
  requests_.erase(it);
  return request;
}

void Queue::Answered(schema::Prediction& prediction, std::vector<schema::Bytes>& buffers) {
  const std::optional<Request> request = TakeRequest(prediction.id);
  if (!request || request->generation != generation_) return;
  Picture* picture = Find(request->picture);
  if (picture == nullptr) return;

  if (picture->state != PictureState::kDone) {
    if (!prediction.warning.empty()) ++counts_.warned;
    picture->top = std::move(prediction.top);
    picture->ms = prediction.ms;
    picture->width = prediction.width;
    picture->height = prediction.height;
    picture->crop = prediction.crop;
    picture->warning = Sentence(std::move(prediction.warning));
    SetState(*picture, PictureState::kDone);
  }
  const int width = prediction.thumbnail_width, height = prediction.thumbnail_height;
  const size_t bytes = static_cast<size_t>(std::max(width, 0)) * static_cast<size_t>(std::max(height, 0)) * 4;
  if (bytes == 0 || buffers.empty() || buffers[0].size() != bytes) return;
  Pixels pixels{width, height, std::move(buffers[0])};
  if (picture->thumbnail.empty()) {
    picture->thumbnail = std::max(width, height) > kThumbnailSide ? Shrink(pixels, kThumbnailSide) : pixels;
    ++picture->thumbnail_revision;
    Touch(*picture);
  }
  if (request->sharp && picture->id == selected_) {
    detail_.picture = picture->id;
    detail_.pixels = std::move(pixels);
    ++detail_.revision;
    detail_wanted_ = false;
  }
}

void Queue::Failed(int64_t id, const std::string& message) {
  const std::optional<Request> request = TakeRequest(id);
  if (!request || request->generation != generation_) return;
  Picture* picture = Find(request->picture);
  if (picture == nullptr) return;
  if (picture->id == selected_) detail_wanted_ = false;
  if (picture->state == PictureState::kDone) return;  // only the sharper picture could not be had
  picture->error = Sentence(message);
  picture->top.clear();
  SetState(*picture, PictureState::kFailed);
}

void Queue::EngineStopped(const std::string& sentence) {
  answered_by_ = schema::Answerer::kNobody;
  requests_.clear();
  for (Picture& picture : pictures_) {
    if (picture.state != PictureState::kRunning) continue;
    picture.error = sentence;
    SetState(picture, PictureState::kFailed);
  }
}

// ---- wishes --------------------------------------------------------------------------------------------------------

void Queue::Clear() {
  for (const Picture& picture : pictures_) sink_.Release(picture.file);
  pictures_.clear();
  picture_index_.clear();
  counts_ = {};
  next_waiting_ = 0;
  ++generation_;
  stopped_ = false;
  selected_ = 0;
  detail_ = {.picture = 0, .pixels = {}, .revision = detail_.revision + 1};
  detail_wanted_ = false;
  ++revision_;
}

void Queue::Continue() {
  stopped_ = false;
  Pump();
}

void Queue::SetCropMode(schema::CropMode crop_mode) {
  if (crop_mode == crop_mode_) return;
  crop_mode_ = crop_mode;
  sink_.Send(schema::SetCropMode{crop_mode}, {});
  RunAllAgain();
  Pump();
}

void Queue::Select(int64_t picture_id) {
  if (Find(picture_id) == nullptr) return;
  if (selected_ != picture_id) {
    selected_ = picture_id;
    detail_wanted_ = true;
  }
  Pump();
}

void Queue::SetDetailSide(int pixels) {
  if (pixels <= detail_side_) return;
  detail_side_ = pixels;
  detail_wanted_ = selected_ != 0;
}

void Queue::RunAllAgain() {
  ++generation_;
  stopped_ = false;
  next_waiting_ = 0;
  counts_.warned = 0;
  for (Picture& picture : pictures_) {
    picture.error.clear();
    picture.warning.clear();
    if (picture.state != PictureState::kWaiting) SetState(picture, PictureState::kWaiting);
  }
}

// ---- requests ------------------------------------------------------------------------------------------------------

void Queue::Dispatch(Picture& picture, bool sharp) {
  const int64_t id = ids_.Next();
  requests_[id] = {picture.id, generation_, sharp};
  if (picture.state == PictureState::kWaiting) SetState(picture, PictureState::kRunning);
  const FileId file = picture.file;
  sink_.Send(schema::Classify{.id = id,
                              .name = picture.name,
                              .top = kTop,
                              .thumbnail_side = sharp                       ? detail_side_
                                                : picture.thumbnail.empty() ? kThumbnailSide
                                                                            : 0},
             {&file, 1});
}

void Queue::Pump() {
  if (!engine_.ready() || !answers() || !model_.opening().empty()) return;
  const auto room = [this] { return requests_.size() < kInFlight; };

  Picture* selected = Find(selected_);
  if (selected != nullptr && room()) {
    const bool waiting = selected->state == PictureState::kWaiting && !stopped_;
    const bool blurred = selected->state == PictureState::kDone && detail_wanted_;
    if (waiting || blurred) {
      const bool sharp = detail_wanted_ || detail_.picture != selected_;
      detail_wanted_ = false;
      Dispatch(*selected, sharp);
    }
  }
  if (stopped_) return;
  for (; next_waiting_ < pictures_.size() && room(); ++next_waiting_) {
    Picture& picture = pictures_[next_waiting_];
    if (picture.state == PictureState::kWaiting) Dispatch(picture, false);
  }
}

}  // namespace handful::ui
