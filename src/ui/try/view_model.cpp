#include "ui/try/view_model.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/status.h"
#include "ui/toolkit/pixels.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

template <size_t n>
bool IsOneOf(const std::string& value, const std::array<std::string_view, n>& set) {
  return std::find(set.begin(), set.end(), value) != set.end();
}

constexpr std::array<std::string_view, 8> kModelExtensions = {"safetensors", "h5", "hdf5", "keras",
                                                              "zip",         "tflite", "json", "bin"};
constexpr std::array<std::string_view, 16> kPictureExtensions = {
    "jpg", "jpeg", "jpe", "jfif", "png", "apng", "bmp", "dib", "gif", "webp", "avif", "heic", "heif", "tif", "tiff", "jxl"};

std::string Joined(const std::vector<FileRef>& files, size_t at_most) {
  std::string text;
  for (size_t i = 0; i < files.size() && i < at_most; ++i) text += (i > 0 ? ", " : "") + files[i].name;
  if (files.size() > at_most) text += ", …";
  return text;
}

}  // namespace

std::string LowerExtension(const std::string& name) {
  const size_t dot = name.find_last_of("./");
  if (dot == std::string::npos || name[dot] == '/') return {};
  std::string extension = name.substr(dot + 1);
  for (char& c : extension) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return extension;
}

bool IsPicture(const std::string& name) { return IsOneOf(LowerExtension(name), kPictureExtensions); }

bool IsModelPart(const std::string& name) { return IsOneOf(LowerExtension(name), kModelExtensions); }

SortedFiles SortFiles(std::span<const FileRef> files) {
  SortedFiles sorted;
  std::vector<FileRef> texts;
  for (const FileRef& file : files) {
    const std::string extension = LowerExtension(file.name);
    if (IsModelPart(file.name)) {
      sorted.model.push_back(file);
    } else if (extension == "txt") {
      texts.push_back(file);
    } else if (!file.from_folder || IsPicture(file.name)) {
      sorted.pictures.push_back(file);
    } else {
      sorted.left_out.push_back(file);
    }
  }
  // labels.txt belongs to the model beside it. A text dropped alone is a picture that cannot be read, and says so.
  for (FileRef& text : texts) {
    auto& place = !sorted.model.empty() ? sorted.model : text.from_folder ? sorted.left_out : sorted.pictures;
    place.push_back(std::move(text));
  }
  return sorted;
}

bool NaturalLess(const std::string& a, const std::string& b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      const size_t a_start = i, b_start = j;
      while (i < a.size() && a[i] == '0') ++i;
      while (j < b.size() && b[j] == '0') ++j;
      const size_t a_first = i, b_first = j;
      while (i < a.size() && digit(a[i])) ++i;
      while (j < b.size() && digit(b[j])) ++j;
      if (i - a_first != j - b_first) return i - a_first < j - b_first;
      if (const int order = a.compare(a_first, i - a_first, b, b_first, j - b_first); order != 0) return order < 0;
      if (i - a_start != j - b_start) return i - a_start < j - b_start;
    } else {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

void ViewModel::Touch(Picture& picture) {
  picture.revision = ++revision_;
  order_stale_ = true;
}

void ViewModel::SetState(Picture& picture, PictureState state) {
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

Picture* ViewModel::Find(int64_t id) {
  const auto it = picture_index_.find(id);
  return it == picture_index_.end() ? nullptr : &pictures_[it->second];
}

const Picture* ViewModel::selected() const {
  const auto it = picture_index_.find(selected_);
  return it == picture_index_.end() ? nullptr : &pictures_[it->second];
}

int ViewModel::ClassIndex(const std::string& label) const {
  const auto it = class_index_.find(label);
  return it == class_index_.end() ? -1 : it->second;
}

// ---- files ---------------------------------------------------------------------------------------------------------

void ViewModel::AddFiles(std::span<const FileRef> files) {
  SortedFiles sorted = SortFiles(files);
  for (const FileRef& file : sorted.left_out) sink_.Release(file.id);
  if (!sorted.left_out.empty()) {
    const size_t n = sorted.left_out.size();
    AddNotice(NoticeKind::kInfo, Format("%zu %s left out because %s: %s", n, n == 1 ? "file in the folder was" : "files in the folder were",
                                        n == 1 ? "it is not a picture" : "they are not pictures", Joined(sorted.left_out, 3).c_str()));
  }
  if (!sorted.model.empty()) OpenModel(std::move(sorted.model));
  if (sorted.pictures.empty()) return;

  const size_t first = pictures_.size();
  pictures_.reserve(first + sorted.pictures.size());
  for (const FileRef& file : sorted.pictures) {
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

void ViewModel::ReleaseAll(std::vector<FileRef>& files) {
  for (const FileRef& file : files) sink_.Release(file.id);
  files.clear();
}

void ViewModel::HoldModel(std::vector<FileRef> files) { model_files_ = std::move(files); }

void ViewModel::OpenModel(std::vector<FileRef> files, bool shipped) {
  ReleaseAll(opening_files_);
  opening_files_ = std::move(files);
  opening_model_ = Joined(opening_files_, 3);
  model_request_ = next_request_++;
  schema::LoadModel command{.id = model_request_, .names = {}, .shipped = shipped};
  std::vector<FileId> ids;
  for (const FileRef& file : opening_files_) {
    command.names.push_back(file.name);
    ids.push_back(file.id);
  }
  sink_.Send(command, ids);
}

// ---- events --------------------------------------------------------------------------------------------------------

void ViewModel::Apply(schema::EventEnvelope event) {
  if (auto* ready = std::get_if<schema::Ready>(&event.message)) {
    engine_ready_ = true;
    engine_ = std::move(*ready);
    EndDownload("engine");
  } else if (auto* backbone = std::get_if<schema::BackboneLoaded>(&event.message)) {
    missing_.clear();
    EndDownload("backbone");
    if (backbone->id == model_request_) {  // the file that was opened as a model is a backbone
      ReleaseAll(opening_files_);
      opening_model_.clear();
    }
    // A model that waits for a backbone, or was refused for want of one, gets its chance.
    if (!model_ && opening_files_.empty() && !model_files_.empty()) OpenModel(std::move(model_files_));
  } else if (auto* loaded = std::get_if<schema::ModelLoaded>(&event.message)) {
    // A restarted engine is given its model again by the host; that is no reason to do everything again.
    const bool is_new = loaded->id != loaded_request_;
    model_ = std::move(loaded->model);
    model_warning_ = Sentence(std::move(loaded->warning));
    opening_model_.clear();
    missing_.clear();
    EndDownload("model");
    class_index_.clear();
    for (size_t i = 0; i < model_->classes.size(); ++i) class_index_.emplace(model_->classes[i], static_cast<int>(i));
    if (is_new) {
      loaded_request_ = loaded->id;
      ReleaseAll(model_files_);
      model_files_ = std::move(opening_files_);
      opening_files_.clear();
      if (model_->crop_mode == "center" || model_->crop_mode == "fit") crop_mode_ = model_->crop_mode;
      sink_.Send(schema::SetCropMode{crop_mode_}, {});
      RunAllAgain();
    }
  } else if (const auto* answers = std::get_if<schema::AnswersBy>(&event.message)) {
    const bool other = !answers_by_.empty() && !answers->by.empty() && answers_by_ != answers->by;
    answers_by_ = answers->by;
    if (other) RunAllAgain();
  } else if (auto* prediction = std::get_if<schema::Prediction>(&event.message)) {
    ApplyPrediction(std::move(*prediction), std::move(event.buffers));
  } else if (auto* undecoded = std::get_if<schema::NeedsDecoding>(&event.message)) {
    ApplyFailure(undecoded->id, schema::Classify::kType, undecoded->name, undecoded->message);
  } else if (auto* failed = std::get_if<schema::Failed>(&event.message)) {
    ApplyFailure(failed->id, failed->command, failed->name, failed->message);
  }
  Pump();
}

std::optional<ViewModel::Request> ViewModel::TakeRequest(int64_t id) {
  const auto it = requests_.find(id);
  if (it == requests_.end()) return std::nullopt;
  const Request request = it->second;
  requests_.erase(it);
  return request;
}

void ViewModel::ApplyPrediction(schema::Prediction prediction, std::vector<schema::Bytes> buffers) {
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

void ViewModel::ApplyFailure(int64_t id, const std::string& command, const std::string& name, const std::string& message) {
  if (command == schema::Classify::kType) {
    const std::optional<Request> request = TakeRequest(id);
    if (!request || request->generation != generation_) return;
    Picture* picture = Find(request->picture);
    if (picture == nullptr) return;
    if (picture->id == selected_) detail_wanted_ = false;
    if (picture->state == PictureState::kDone) return;  // only the sharper picture could not be had
    picture->error = Sentence(message);
    picture->top.clear();
    SetState(*picture, PictureState::kFailed);
    return;
  }
  if (command == schema::LoadBackbone::kType) EndDownload("backbone");
  if (command == schema::LoadModel::kType && id == model_request_) {
    opening_model_.clear();
    EndDownload("model");
    if (model_) {
      ReleaseAll(opening_files_);
    } else {
      model_files_ = std::move(opening_files_);
      opening_files_.clear();
    }
  }
  const bool named = name.empty() || message.find(name) != std::string::npos;
  AddNotice(NoticeKind::kError, Sentence(named ? message : name + ": " + message));
}

void ViewModel::SetDownload(const std::string& what, int64_t loaded, int64_t total) {
  if (total > 0 && loaded >= total) return EndDownload(what);
  auto it = std::find_if(downloads_.begin(), downloads_.end(), [&](const Download& d) { return d.what == what; });
  if (it == downloads_.end()) it = downloads_.insert(it, Download{what, 0, 0});
  it->loaded = loaded;
  it->total = total;
}

void ViewModel::EndDownload(const std::string& what) {
  std::erase_if(downloads_, [&what](const Download& download) { return download.what == what; });
}

void ViewModel::SetMissing(const std::string& sentence) {
  missing_ = sentence;
  downloads_.clear();
}

void ViewModel::EngineStopped(const std::string& sentence) {
  engine_ready_ = false;
  answers_by_.clear();
  downloads_.clear();
  opening_model_.clear();
  requests_.clear();
  for (Picture& picture : pictures_) {
    if (picture.state != PictureState::kRunning) continue;
    picture.error = sentence;
    SetState(picture, PictureState::kFailed);
  }
  AddNotice(NoticeKind::kError, sentence);
}

void ViewModel::AddNotice(NoticeKind kind, std::string text) {
  notices_.push_back({next_notice_++, kind, std::move(text)});
  constexpr size_t kMost = 4;
  if (notices_.size() > kMost) notices_.erase(notices_.begin());
}

void ViewModel::DismissNotice(int64_t id) {
  std::erase_if(notices_, [id](const Notice& notice) { return notice.id == id; });
}

// ---- wishes --------------------------------------------------------------------------------------------------------

void ViewModel::Clear() {
  for (const Picture& picture : pictures_) sink_.Release(picture.file);
  pictures_.clear();
  picture_index_.clear();
  counts_ = {};
  order_.clear();
  next_waiting_ = 0;
  ++generation_;
  stopped_ = false;
  selected_ = 0;
  detail_ = {.picture = 0, .pixels = {}, .revision = detail_.revision + 1};
  detail_wanted_ = false;
  sorting_ = {};
}

void ViewModel::Stop() {
  stopped_ = true;
}

void ViewModel::Continue() {
  stopped_ = false;
  Pump();
}

void ViewModel::SetCropMode(const std::string& crop_mode) {
  if (crop_mode == crop_mode_) return;
  crop_mode_ = crop_mode;
  sink_.Send(schema::SetCropMode{crop_mode}, {});
  RunAllAgain();
  Pump();
}

void ViewModel::Select(int64_t picture_id) {
  if (Find(picture_id) == nullptr) return;
  if (selected_ != picture_id) {
    selected_ = picture_id;
    detail_wanted_ = true;
  }
  Pump();
}

void ViewModel::SetDetailSide(int pixels) {
  if (pixels <= detail_side_) return;
  detail_side_ = pixels;
  detail_wanted_ = selected_ != 0;
}

void ViewModel::RunAllAgain() {
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

void ViewModel::Dispatch(Picture& picture, bool sharp) {
  const int64_t id = next_request_++;
  requests_[id] = {picture.id, generation_, sharp};
  if (picture.state == PictureState::kWaiting) SetState(picture, PictureState::kRunning);
  const FileId file = picture.file;
  sink_.Send(schema::Classify{.id = id,
                              .name = picture.name,
                              .top = kTop,
                              .thumbnail_side = sharp ? detail_side_ : picture.thumbnail.empty() ? kThumbnailSide : 0},
             {&file, 1});
}

void ViewModel::Pump() {
  if (!engine_ready_ || !answers() || !opening_model_.empty()) return;
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

// ---- order ---------------------------------------------------------------------------------------------------------

void ViewModel::SortBy(Column column) {
  if (sorting_.column != column) {
    sorting_ = {column, column == Column::kProbability || column == Column::kTime};
  } else {
    const bool first_direction = column == Column::kProbability || column == Column::kTime;
    sorting_ = sorting_.descending == first_direction ? Sorting{column, !first_direction} : Sorting{};
  }
  order_stale_ = true;
}

const std::vector<int>& ViewModel::Order() {
  if (!order_stale_ && order_.size() == pictures_.size()) return order_;
  order_stale_ = false;
  order_.resize(pictures_.size());
  for (size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<int>(i);
  if (sorting_.column == Column::kOrder) return order_;

  // Pictures without an answer stand last, whatever the direction.
  const auto unanswered = [](const Picture& p) { return p.top.empty(); };
  const auto less = [&](const Picture& a, const Picture& b) {
    switch (sorting_.column) {
      case Column::kName: return NaturalLess(a.name, b.name);
      case Column::kAnswer: return ClassIndex(a.top[0].label) < ClassIndex(b.top[0].label);
      case Column::kProbability: return a.top[0].p < b.top[0].p;
      case Column::kTime: return a.ms < b.ms;
      case Column::kOrder: break;
    }
    return false;
  };
  const bool by_answer = sorting_.column != Column::kName;
  std::sort(order_.begin(), order_.end(), [&](int i, int j) {
    const Picture &a = pictures_[static_cast<size_t>(i)], &b = pictures_[static_cast<size_t>(j)];
    if (by_answer && unanswered(a) != unanswered(b)) return unanswered(b);
    if (!by_answer || !unanswered(a)) {
      if (less(a, b)) return !sorting_.descending;
      if (less(b, a)) return sorting_.descending;
    }
    return i < j;
  });
  return order_;
}

}  // namespace handful::ui
