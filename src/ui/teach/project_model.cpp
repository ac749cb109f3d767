#include "ui/teach/project_model.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <string_view>
#include <unordered_set>

#include "base/status.h"
#include "ui/try/view_model.h"
#include "ui/toolkit/words.h"

namespace handful::ui {

// ---- files ---------------------------------------------------------------------------------------------------------

std::string ClassFolder(const std::string& path) {
  const size_t end = path.find_last_of('/');
  if (end == std::string::npos) return {};
  const size_t start = path.find_last_of('/', end == 0 ? 0 : end - 1);
  return path.substr(start == std::string::npos || start == end ? 0 : start + 1, end - (start == std::string::npos || start == end ? 0 : start + 1));
}

bool IsSampleArchive(const std::string& name) { return LowerExtension(name) == "tm"; }

bool IsVideo(const std::string& name) {
  constexpr std::array<std::string_view, 8> kVideos = {"mp4", "webm", "mov", "m4v", "ogv", "mkv", "avi", "3gp"};
  return std::find(kVideos.begin(), kVideos.end(), LowerExtension(name)) != kVideos.end();
}

SampleFiles SortSampleFiles(std::span<const FileRef> files) {
  SampleFiles sorted;
  for (const FileRef& file : files) {
    const bool zip = LowerExtension(file.name) == "zip";
    if (zip || IsSampleArchive(file.name)) sorted.archives.push_back(file);
    else if (IsVideo(file.name)) sorted.videos.push_back(file);
    else if (file.from_folder && !IsPicture(file.name)) sorted.left_out.push_back(file);
    else sorted.pictures.push_back(file);
  }
  return sorted;
}

std::string ProjectModel::NextSession(const char* kind) {
  int64_t& last = last_session_[kind];
  return Format("%s %lld", kind, static_cast<long long>(++last));
}

void ProjectModel::AddFiles(std::span<const FileRef> files, int64_t class_id) {
  SampleFiles sorted = SortSampleFiles(files);
  for (const FileRef& file : sorted.left_out) host_.Release(file.id);
  if (!sorted.left_out.empty()) {
    notify_(NoticeKind::kInfo, Count(static_cast<int64_t>(sorted.left_out.size()), "file was", "files were") + " left out: not a picture.");
  }
  for (const FileRef& file : sorted.archives) AddArchive(file, class_id);
  for (const FileRef& file : sorted.videos) {
    if (class_id != 0 || !ClassFolder(file.name).empty()) {
      const schema::ClassInfo* named = FindClass(ClassFolder(file.name));
      videos_.push_back({file, class_id != 0 ? class_id : named != nullptr ? named->id : 0});
    } else {
      videos_.push_back({file, chosen()});
    }
  }
  if (sorted.pictures.empty()) return;
  const std::string session = NextSession("files");
  if (!adding_.active()) {
    adding_ = {};
    first_failure_.clear();
  }
  std::stable_sort(sorted.pictures.begin(), sorted.pictures.end(),
                   [](const FileRef& a, const FileRef& b) { return a.from_folder && b.from_folder && NaturalLess(a.name, b.name); });
  for (FileRef& file : sorted.pictures) {
    std::string folder = class_id == 0 ? ClassFolder(file.name) : "";
    const int64_t into = class_id != 0 || !folder.empty() ? class_id : chosen();
    if (into == 0 && folder.empty()) folder = "Class 1";
    ++adding_.total;
    queue_.push_back({.file = std::move(file), .class_id = into, .label = std::move(folder), .session = session});
  }
  Pump();
}

void ProjectModel::AddArchive(const FileRef& file, int64_t class_id) {
  const int64_t id = next_request_++;
  archives_[id] = file.id;
  imports_.push_back({id, file.name, 0, 0});
  host_.Send(schema::ImportArchive{.id = id, .name = file.name, .class_id = class_id, .session = NextSession("archive"), .store = {}, .entries = {}},
             {&file.id, 1});
}

void ProjectModel::Pump() {
  while (engine_ready_ && !queue_.empty() && in_flight_.size() < kInFlight) {
    const int64_t id = next_request_++;
    const Incoming& next = in_flight_.emplace(id, std::move(queue_.front())).first->second;
    queue_.pop_front();
    const int side = next.pixels ? kShotSide : 0;
    host_.Send(schema::AddSample{.id = id,
                                 .name = next.file.name,
                                 .class_id = next.class_id,
                                 .label = next.label,
                                 .source = next.source,
                                 .session = next.session,
                                 .burst = next.burst,
                                 .width = side,
                                 .height = side},
               {&next.file.id, 1});
  }
}

void ProjectModel::EndIncoming(int64_t request, const std::string& failure) {
  const auto it = in_flight_.find(request);
  if (it == in_flight_.end()) return;
  const std::string name = BaseName(it->second.file.name);
  host_.Release(it->second.file.id);
  in_flight_.erase(it);
  if (failure.empty()) {
    ++adding_.done;
  } else {
    ++adding_.failed;
    if (first_failure_.empty()) first_failure_ = failure.find(name) != std::string::npos ? Sentence(failure) : name + ": " + Sentence(failure);
  }
  if (!adding_.active() && adding_.failed > 0) {
    notify_(NoticeKind::kWarning, Count(adding_.failed, "picture", "pictures") + Format(" of %lld could not be added. ", static_cast<long long>(adding_.total)) + first_failure_);
  }
  Pump();
}

// ---- video ---------------------------------------------------------------------------------------------------------

void ProjectModel::StartVideo(double shots_per_second, const std::string& crop_mode) {
  if (videos_.empty() || playing_ != 0) return;
  const VideoWish wish = videos_.front();
  videos_.erase(videos_.begin());
  playing_ = wish.file.id;
  playing_class_ = wish.class_id;
  playing_name_ = BaseName(wish.file.name);
  playing_label_ = wish.class_id == 0 ? ClassFolder(wish.file.name) : "";
  if (playing_class_ == 0 && playing_label_.empty()) playing_label_ = "Class 1";
  playing_session_ = NextSession("video");
  playing_done_ = playing_total_ = 0;
  host_.SampleVideo(playing_, shots_per_second, crop_mode);
}

void ProjectModel::RefuseVideo() {
  if (videos_.empty()) return;
  host_.Release(videos_.front().file.id);
  videos_.erase(videos_.begin());
}

void ProjectModel::StopVideo() {
  if (playing_ != 0) host_.SampleVideo(playing_, 0, "center");
}

void ProjectModel::TakeVideoShot(const Shot& shot) {
  if (shot.video != playing_ || playing_ == 0) return host_.Release(shot.file.id);
  playing_done_ = shot.index + 1;
  playing_total_ = shot.total;
  if (!adding_.active()) {
    adding_ = {};
    first_failure_.clear();
  }
  ++adding_.total;
  FileRef file = shot.file;
  file.name = Format("%s at %.2f s", playing_name_.c_str(), shot.seconds);
  queue_.push_back({.file = std::move(file), .class_id = playing_class_, .label = playing_label_, .session = playing_session_, .source = "video", .burst = true, .pixels = true});
  Pump();
}

void ProjectModel::EndVideo(FileId video, const std::string& sentence) {
  if (video != playing_) return;
  if (!sentence.empty()) notify_(NoticeKind::kError, playing_name_ + ": " + sentence);
  host_.Release(video);
  playing_ = 0;
}

// ---- events --------------------------------------------------------------------------------------------------------

void ProjectModel::Forget() {
  samples_.clear();
  by_class_.clear();
  unsaved_ = 0;
  undo_.clear();
  redo_.clear();
  chosen_ = gallery_ = cursor_ = anchor_ = 0;
  selected_.clear();
  thumbnails_.clear();
  wanted_thumbnails_.clear();
  thumbnail_requests_.clear();
  asked_thumbnails_.clear();
  detail_ = detail_request_ = 0;
  detail_pixels_ = {};
  last_session_.clear();
  blocked_.reset();
  closed_.reset();
  listed_ = false;
  ++revision_;
}

bool ProjectModel::Apply(schema::EventEnvelope& envelope) {
  schema::Event& event = envelope.message;
  if (std::holds_alternative<schema::Ready>(event)) {
    engine_ready_ = true;
    OpenProject(info_.id);
    Pump();
  } else if (auto* opened = std::get_if<schema::ProjectOpened>(&event)) {
    Forget();
    info_ = std::move(opened->project);
    ListProjects();
  } else if (std::holds_alternative<schema::SamplesListed>(event)) {
    listed_ = true;
  } else if (auto* changed = std::get_if<schema::ProjectChanged>(&event)) {
    info_ = std::move(changed->project);
    undo_ = std::move(changed->undo);
    redo_ = std::move(changed->redo);
    ++revision_;
    if (const schema::ClassInfo* added = named_for_now_.empty() ? nullptr : FindClass(named_for_now_)) {
      naming_ = added->id;
      named_for_now_.clear();
    }
    if (gallery_ != 0 && FindClass(gallery_) == nullptr) OpenGallery(0);
  } else if (auto* samples = std::get_if<schema::SamplesChanged>(&event)) {
    Upsert(std::move(samples->samples));
  } else if (auto* added = std::get_if<schema::SampleAdded>(&event)) {
    if (added->sample.id != 0) {
      std::vector<schema::SampleInfo> one(1);
      one[0] = std::move(added->sample);
      Upsert(std::move(one));
    }
    EndIncoming(added->id, {});
  } else if (const auto* removed = std::get_if<schema::SamplesRemoved>(&event)) {
    Remove(removed->sample_ids);
  } else if (const auto* saved = std::get_if<schema::SamplesSaved>(&event)) {
    for (const int64_t id : saved->sample_ids) {
      const auto it = samples_.find(id);
      if (it == samples_.end() || it->second.saved) continue;
      it->second.saved = true;
      --unsaved_;
    }
  } else if (auto* thumbnails = std::get_if<schema::Thumbnails>(&event)) {
    ApplyThumbnails(*thumbnails, envelope.buffers);
    return true;
  } else if (auto* pixels = std::get_if<schema::SamplePixels>(&event)) {
    const size_t bytes = static_cast<size_t>(std::max(pixels->side, 0)) * static_cast<size_t>(std::max(pixels->side, 0)) * 4;
    if (pixels->id == detail_request_ && bytes > 0 && !envelope.buffers.empty() && envelope.buffers[0].size() == bytes) {
      detail_pixels_ = {pixels->side, pixels->side, std::move(envelope.buffers[0])};
      ++detail_revision_;
    }
    return true;
  } else if (auto* projects = std::get_if<schema::Projects>(&event)) {
    projects_ = std::move(projects->projects);
  } else if (auto* blocked = std::get_if<schema::ProjectBlocked>(&event)) {
    blocked_ = std::move(*blocked);
  } else if (auto* closed = std::get_if<schema::ProjectClosed>(&event)) {
    closed_ = std::move(*closed);
  } else if (auto* storage = std::get_if<schema::StorageState>(&event)) {
    const bool news = !storage->message.empty() && storage->message != storage_.message;
    storage_ = std::move(*storage);
    if (news) notify_(NoticeKind::kWarning, Sentence(storage_.message));
  } else if (const auto* answers = std::get_if<schema::AnswersBy>(&event)) {
    answers_ = *answers;
  } else if (const auto* progress = std::get_if<schema::ImportProgress>(&event)) {
    for (Import& import : imports_) {
      if (import.id == progress->id) import.done = progress->done, import.total = progress->total;
    }
  } else if (const auto* done = std::get_if<schema::ImportDone>(&event)) {
    const auto import = std::ranges::find(imports_, done->id, &Import::id);
    const std::string trouble = import == imports_.end() ? "" : import->trouble;
    EndImport(done->id);
    std::string text = BaseName(done->name) + ": " + Count(done->added, "picture", "pictures") + " added.";
    if (done->failed > 0) text += " " + Count(done->failed, "picture", "pictures") + " could not be read" + (trouble.empty() ? "." : ": " + Sentence(trouble));
    if (!done->warning.empty()) text += " " + Sentence(done->warning);
    notify_(done->failed > 0 || !done->warning.empty() ? NoticeKind::kWarning : NoticeKind::kInfo, text);
  } else if (const auto* undecoded = std::get_if<schema::NeedsDecoding>(&event)) {
    if (!Owns(undecoded->id)) return false;
    EndIncoming(undecoded->id, undecoded->message);
    return true;
  } else if (const auto* failed = std::get_if<schema::Failed>(&event)) {
    return ApplyFailure(*failed);
  }
  return false;
}

bool ProjectModel::ApplyFailure(const schema::Failed& failed) {
  if (!Owns(failed.id)) return false;
  if (in_flight_.contains(failed.id)) {
    EndIncoming(failed.id, failed.message);
    return true;
  }
  if (thumbnail_requests_.contains(failed.id)) {
    for (const int64_t id : thumbnail_requests_[failed.id]) asked_thumbnails_.erase(id), thumbnails_[id] = {{}, frame_};
    thumbnail_requests_.erase(failed.id);
    return true;
  }
  const bool named = failed.name.empty() || failed.message.find(failed.name) != std::string::npos;
  const std::string message = named ? failed.message : failed.name + ": " + failed.message;
  // Of an import another command's failure is one of its pictures: ImportDone says how many there were.
  if (archives_.contains(failed.id)) {
    if (failed.command != schema::ImportArchive::kType) {
      const auto import = std::ranges::find(imports_, failed.id, &Import::id);
      if (import != imports_.end() && import->trouble.empty()) import->trouble = message;
      return true;
    }
    EndImport(failed.id);
  }
  notify_(NoticeKind::kError, Sentence(message));
  return true;
}

void ProjectModel::EndImport(int64_t id) {
  std::erase_if(imports_, [id](const Import& import) { return import.id == id; });
  if (const auto it = archives_.find(id); it != archives_.end()) {
    host_.Release(it->second);
    archives_.erase(it);
  }
}

void ProjectModel::EngineStopped() {
  engine_ready_ = false;
  // What was with the engine is tried again by the next one, except what may have stopped it.
  std::vector<int64_t> lost;
  for (const auto& [id, incoming] : in_flight_) lost.push_back(id);
  for (const int64_t id : lost) EndIncoming(id, "the engine stopped while it read this picture");
  while (!imports_.empty()) EndImport(imports_.front().id);
  thumbnail_requests_.clear();
  asked_thumbnails_.clear();
  answers_ = {};
}

void ProjectModel::Upsert(std::vector<schema::SampleInfo> samples) {
  if (samples.empty()) return;
  std::map<int64_t, std::unordered_set<int64_t>> left;
  std::set<int64_t> unordered;
  for (schema::SampleInfo& sample : samples) {
    const int64_t id = sample.id, class_id = sample.class_id;
    const auto [it, created] = samples_.try_emplace(id);
    const bool moved = !created && it->second.class_id != class_id;
    if (!created && !it->second.saved) --unsaved_;
    if (!sample.saved) ++unsaved_;
    if (moved) left[it->second.class_id].insert(id);
    // "camera 12": the next one is 13.
    if (const size_t space = sample.session.find(' '); created && space != std::string::npos) {
      const int64_t n = std::strtoll(sample.session.c_str() + space + 1, nullptr, 10);
      int64_t& last = last_session_[sample.session.substr(0, space)];
      last = std::max(last, n);
    }
    it->second = std::move(sample);
    if (!created && !moved) continue;
    std::vector<int64_t>& ids = by_class_[class_id];
    if (!ids.empty() && ids.back() > id) unordered.insert(class_id);
    ids.push_back(id);
  }
  for (const auto& [class_id, gone] : left) {
    const auto moved_on = [&, from = class_id, &those = gone](int64_t id) { return those.contains(id) && samples_[id].class_id != from; };
    std::erase_if(by_class_[class_id], moved_on);
  }
  for (const int64_t class_id : unordered) {
    std::vector<int64_t>& ids = by_class_[class_id];
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
  ++revision_;
  PruneSelection();
}

void ProjectModel::Remove(const std::vector<int64_t>& ids) {
  std::map<int64_t, std::unordered_set<int64_t>> left;
  for (const int64_t id : ids) {
    const auto it = samples_.find(id);
    if (it == samples_.end()) continue;
    if (!it->second.saved) --unsaved_;
    left[it->second.class_id].insert(id);
    samples_.erase(it);
    thumbnails_.erase(id);
  }
  for (const auto& [class_id, gone] : left) {
    std::erase_if(by_class_[class_id], [&those = gone](int64_t id) { return those.contains(id); });
  }
  ++revision_;
  PruneSelection();
}

void ProjectModel::PruneSelection() {
  const auto here = [this](int64_t id) {
    const schema::SampleInfo* sample = Find(id);
    return sample != nullptr && sample->class_id == gallery_;
  };
  std::erase_if(selected_, [&](int64_t id) { return !here(id); });
  if (!here(anchor_)) anchor_ = 0;
  if (cursor_ != 0 && !here(cursor_)) {
    // The neighbour takes its place.
    const std::vector<int64_t>& ids = SamplesOf(gallery_);
    const auto next = std::lower_bound(ids.begin(), ids.end(), cursor_);
    cursor_ = next != ids.end() ? *next : ids.empty() ? 0 : ids.back();
  }
}

// ---- thumbnails ----------------------------------------------------------------------------------------------------

void ProjectModel::ApplyThumbnails(const schema::Thumbnails& event, std::vector<schema::Bytes>& buffers) {
  const auto request = thumbnail_requests_.find(event.id);
  if (request == thumbnail_requests_.end()) return;
  // What is not in the answer has none; it is not asked for again.
  for (const int64_t id : request->second) {
    asked_thumbnails_.erase(id);
    if (samples_.contains(id)) thumbnails_[id] = {{}, frame_};
  }
  thumbnail_requests_.erase(request);
  const size_t bytes = static_cast<size_t>(std::max(event.side, 0)) * static_cast<size_t>(std::max(event.side, 0)) * 4;
  for (size_t i = 0; i < event.sample_ids.size() && i < buffers.size(); ++i) {
    if (bytes == 0 || buffers[i].size() != bytes || !samples_.contains(event.sample_ids[i])) continue;
    thumbnails_[event.sample_ids[i]] = {{event.side, event.side, std::move(buffers[i])}, frame_};
  }
}

const Pixels* ProjectModel::Thumbnail(int64_t sample_id) {
  const auto it = thumbnails_.find(sample_id);
  if (it != thumbnails_.end()) {
    it->second.used = frame_;
    return &it->second.pixels;
  }
  wanted_thumbnails_.push_back(sample_id);
  return nullptr;
}

const Pixels* ProjectModel::Detail(int64_t sample_id) {
  if (detail_ != sample_id) {
    detail_ = sample_id;
    detail_pixels_ = {};
    detail_request_ = next_request_++;
    host_.Send(schema::GetSample{.id = detail_request_, .sample_id = sample_id}, {});
  }
  return detail_pixels_.empty() ? nullptr : &detail_pixels_;
}

void ProjectModel::EndFrame() {
  ++frame_;
  if (thumbnails_.size() > kMostThumbnails) {
    // Those unseen for longest go, an eighth more than need be, so that this is rare.
    std::vector<uint64_t> used;
    for (const auto& [id, thumb] : thumbnails_) used.push_back(thumb.used);
    const size_t gone = thumbnails_.size() - kMostThumbnails + kMostThumbnails / 8;
    std::nth_element(used.begin(), used.begin() + static_cast<std::ptrdiff_t>(gone - 1), used.end());
    const uint64_t oldest = used[gone - 1];
    std::erase_if(thumbnails_, [&](const auto& item) { return item.second.used <= oldest && item.second.used + 1 < frame_; });
  }
  if (engine_ready_ && thumbnail_requests_.size() < static_cast<size_t>(kThumbnailRequests)) {
    std::vector<int64_t> ids;
    for (const int64_t id : wanted_thumbnails_) {
      if (ids.size() == kThumbnailsAtOnce) break;
      if (asked_thumbnails_.insert(id).second) ids.push_back(id);
    }
    if (!ids.empty()) {
      const int64_t request = next_request_++;
      host_.Send(schema::GetThumbnails{.id = request, .sample_ids = ids}, {});
      thumbnail_requests_[request] = std::move(ids);
    }
  }
  wanted_thumbnails_.clear();
}

// ---- classes -------------------------------------------------------------------------------------------------------

const schema::ClassInfo* ProjectModel::FindClass(int64_t id) const {
  for (const schema::ClassInfo& info : info_.classes) {
    if (info.id == id) return &info;
  }
  return nullptr;
}

const schema::ClassInfo* ProjectModel::FindClass(const std::string& name) const {
  for (const schema::ClassInfo& info : info_.classes) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

int ProjectModel::IndexOf(int64_t class_id) const {
  for (size_t i = 0; i < info_.classes.size(); ++i) {
    if (info_.classes[i].id == class_id) return static_cast<int>(i);
  }
  return -1;
}

const std::vector<int64_t>& ProjectModel::SamplesOf(int64_t class_id) const {
  static const std::vector<int64_t> kNone;
  const auto it = by_class_.find(class_id);
  return it == by_class_.end() ? kNone : it->second;
}

const schema::SampleInfo* ProjectModel::Find(int64_t sample_id) const {
  const auto it = samples_.find(sample_id);
  return it == samples_.end() ? nullptr : &it->second;
}

const schema::ClassInfo* ProjectModel::ShortClass() const {
  size_t most = 0, least = SIZE_MAX;
  const schema::ClassInfo* shortest = nullptr;
  for (const schema::ClassInfo& info : info_.classes) {
    if (!info.enabled) continue;
    const size_t n = SamplesOf(info.id).size();
    most = std::max(most, n);
    if (n < least) {
      least = n;
      shortest = &info;
    }
  }
  return shortest != nullptr && least > 0 && least * kBalance < most ? shortest : nullptr;
}

int ProjectModel::TrainableClasses() const {
  int n = 0;
  for (const schema::ClassInfo& info : info_.classes) n += info.enabled && !SamplesOf(info.id).empty() ? 1 : 0;
  return n;
}

int64_t ProjectModel::chosen() const {
  if (FindClass(chosen_) != nullptr) return chosen_;
  return info_.classes.empty() ? 0 : info_.classes.front().id;
}

void ProjectModel::Choose(int64_t class_id) {
  if (FindClass(class_id) != nullptr) chosen_ = class_id;
}

void ProjectModel::AddClass() {
  std::string name;
  for (size_t n = info_.classes.size() + 1; name.empty() || FindClass(name) != nullptr; ++n) name = Format("Class %zu", n);
  Send(schema::AddClass{.name = name});
  named_for_now_ = std::move(name);
}

void ProjectModel::Edit(const schema::ClassInfo& info) {
  Send(schema::EditClass{.class_id = info.id, .name = info.name, .color = info.color, .enabled = info.enabled});
}

void ProjectModel::Rename(int64_t class_id, const std::string& name) {
  if (naming_ == class_id) naming_ = 0;
  const schema::ClassInfo* info = FindClass(class_id);
  if (info == nullptr || name == info->name) return;
  if (name.find_first_not_of(" \t\n") == std::string::npos) return;  // a class keeps its name rather than have none
  schema::ClassInfo now = *info;
  now.name = name;
  Edit(now);
}

void ProjectModel::Recolor(int64_t class_id, int color) {
  if (const schema::ClassInfo* info = FindClass(class_id); info != nullptr && info->color != color) {
    schema::ClassInfo now = *info;
    now.color = color;
    Edit(now);
  }
}

void ProjectModel::Enable(int64_t class_id, bool enabled) {
  if (const schema::ClassInfo* info = FindClass(class_id); info != nullptr && info->enabled != enabled) {
    schema::ClassInfo now = *info;
    now.enabled = enabled;
    Edit(now);
  }
}

void ProjectModel::MoveClass(int64_t class_id, int by) {
  const int from = IndexOf(class_id), to = from + by;
  if (from < 0 || to < 0 || to >= static_cast<int>(info_.classes.size())) return;
  Send(schema::MoveClass{.class_id = class_id, .index = to});
}

void ProjectModel::Merge(int64_t from, int64_t into) {
  if (from != into) Send(schema::MergeClasses{.from = from, .into = into});
}

void ProjectModel::DeleteClass(int64_t class_id) { Send(schema::DeleteClass{.class_id = class_id}); }

// ---- samples -------------------------------------------------------------------------------------------------------

void ProjectModel::OpenGallery(int64_t class_id) {
  gallery_ = class_id;
  selected_.clear();
  cursor_ = anchor_ = 0;
  if (class_id != 0) Choose(class_id);
}

void ProjectModel::SelectRange(int64_t from, int64_t to) {
  const std::vector<int64_t>& ids = SamplesOf(gallery_);
  const auto first = std::lower_bound(ids.begin(), ids.end(), std::min(from, to));
  const auto last = std::upper_bound(ids.begin(), ids.end(), std::max(from, to));
  selected_.clear();
  selected_.insert(first, last);
}

void ProjectModel::Click(int64_t sample_id, bool ctrl, bool shift) {
  const schema::SampleInfo* sample = Find(sample_id);
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

void ProjectModel::MoveCursor(int by, bool shift) {
  const std::vector<int64_t>& ids = SamplesOf(gallery_);
  if (ids.empty()) return;
  const auto at = std::lower_bound(ids.begin(), ids.end(), cursor_) - ids.begin();
  const auto last = static_cast<std::ptrdiff_t>(ids.size()) - 1;
  const auto to = cursor_ == 0 ? 0 : std::clamp<std::ptrdiff_t>(at + by, 0, last);
  moved_cursor_ = cursor_ = ids[static_cast<size_t>(to)];
  if (shift && anchor_ != 0) return SelectRange(anchor_, cursor_);
  anchor_ = cursor_;
  selected_ = {cursor_};
}

void ProjectModel::SelectAll() {
  const std::vector<int64_t>& ids = SamplesOf(gallery_);
  selected_ = {ids.begin(), ids.end()};
}

void ProjectModel::SelectNone() {
  selected_.clear();
  anchor_ = 0;
}

void ProjectModel::MoveSelected(int64_t class_id) {
  if (!selected_.empty() && class_id != gallery_) Send(schema::MoveSamples{.sample_ids = {selected_.begin(), selected_.end()}, .class_id = class_id});
}

void ProjectModel::DeleteSelected() {
  if (!selected_.empty()) Send(schema::DeleteSamples{.sample_ids = {selected_.begin(), selected_.end()}});
}

void ProjectModel::Undo() {
  if (!undo_.empty()) Send(schema::Undo{});
}

void ProjectModel::Redo() {
  if (!redo_.empty()) Send(schema::Redo{});
}

// ---- projects ------------------------------------------------------------------------------------------------------

void ProjectModel::ListProjects() { Send(schema::ListProjects{}); }

void ProjectModel::OpenProject(const std::string& id, bool take) { Send(schema::OpenProject{.project_id = id, .take = take}); }

void ProjectModel::CreateProject(const std::string& name) { Send(schema::CreateProject{.name = name}); }

void ProjectModel::RenameProject(const std::string& id, const std::string& name) {
  if (name.find_first_not_of(" \t\n") != std::string::npos) Send(schema::RenameProject{.project_id = id, .name = name});
}

void ProjectModel::DuplicateProject(const std::string& id, const std::string& name) { Send(schema::DuplicateProject{.project_id = id, .name = name}); }

void ProjectModel::DeleteProject(const std::string& id) { Send(schema::DeleteProject{.project_id = id}); }

void ProjectModel::ExportProject() { Send(schema::ExportProject{}); }

}  // namespace handful::ui
