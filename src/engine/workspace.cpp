#include "engine/workspace.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <random>
#include <utility>

#include "engine/convert.h"
#include "image/encode.h"
#include "nn/mobilenet_v2.h"
#include "schema/json.h"

namespace handful::engine {
namespace {

using schema::Bytes;

constexpr int kListAtOnce = 500;
constexpr int kThumbnailQuality = 85;
constexpr const char* kPerSample[] = {"samples", "features", "pixels", "thumbnails", "copies"};
constexpr const char* kPerProject[] = {"samples", "features", "pixels", "thumbnails", "copies", "trainings"};

Bytes BytesOfText(const std::string& text) { return {text.begin(), text.end()}; }
std::string_view TextOf(const Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::string NewProjectId() {
  std::random_device device;
  return Format("%llx-%04x", static_cast<unsigned long long>(NowMs()), device() & 0xFFFFU);
}

std::string LockOf(const std::string& project) { return "project/" + project; }

// The sample's number in a key, or -1.
int64_t NumberIn(const std::string& key) {
  const size_t slash = key.rfind('/');
  int64_t number = 0;
  for (const char c : key.substr(slash + 1)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

std::string StoreKey(const std::string& project, int64_t id) { return Format("%s/%012lld", project.c_str(), static_cast<long long>(id)); }

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// ---- projects ------------------------------------------------------------------------------------------------------

Status Workspace::NeedsStore(const char* what) const {
  return store_.attached() ? Status() : Errorf("%s: nothing is kept here, so there is this one project only", what);
}

void Workspace::Fail(int64_t id, const char* command, const std::string& message) {
  send_(schema::Failed{id, command, "", message}, {});
}

void Workspace::ListAll(std::function<void(Result<std::vector<schema::ProjectInfo>>)> then) {
  store_.List("projects", "", "", 10'000, true, [this, then = std::move(then)](Result<StoreValues> found) {
    if (!found.ok()) {
      then(found.status());
      return;
    }
    std::vector<schema::ProjectInfo> projects;
    for (size_t i = 0; i < found->keys.size(); ++i) {
      Result<schema::ProjectInfo> info = schema::ProjectFromJson(TextOf(found->values[i]));
      if (info.ok()) {
        projects.push_back(std::move(*info));
      } else {
        Fail(0, schema::ListProjects::kType, "project " + found->keys[i] + " cannot be read: " + info.status().message());
      }
    }
    std::ranges::sort(projects, std::greater(), &schema::ProjectInfo::changed_ms);
    then(std::move(projects));
  });
}

void Workspace::SendProjects(int64_t id) {
  ListAll([this, id](Result<std::vector<schema::ProjectInfo>> projects) {
    if (!projects.ok()) {
      Fail(id, schema::ListProjects::kType, projects.status().message());
      return;
    }
    for (schema::ProjectInfo& info : *projects) info.classes.clear();
    send_(schema::Projects{id, std::move(*projects), project_.id()}, {});
  });
}

Status Workspace::Handle(const schema::ListProjects& command) {
  if (!store_.attached()) {
    send_(schema::Projects{command.id, {project_.info()}, project_.id()}, {});
    return {};
  }
  WhenKept([this, id = command.id] { SendProjects(id); });
  return {};
}

Status Workspace::Handle(const schema::OpenProject& command) {
  if (!store_.attached()) {
    if (!command.project_id.empty()) return NeedsStore("OpenProject");
    Load(command.id, project_.info(), {});
    return {};
  }
  WhenKept([this, command] {
    ListAll([this, command](Result<std::vector<schema::ProjectInfo>> projects) {
      if (!projects.ok()) {
        Fail(command.id, schema::OpenProject::kType, projects.status().message());
        return;
      }
      if (command.project_id.empty() && projects->empty()) {
        Create(command.id, {.name = "My first project"}, {});
        return;
      }
      const auto wanted = command.project_id.empty() ? projects->begin()
                                                     : std::ranges::find(*projects, command.project_id, &schema::ProjectInfo::id);
      if (wanted == projects->end()) {
        Fail(command.id, schema::OpenProject::kType, "there is no project " + command.project_id + " any more");
        return;
      }
      LockAndLoad(command.id, *wanted, command.take, {});
    });
  });
  return {};
}

Status Workspace::Handle(const schema::CreateProject& command) {
  const std::string name = command.name.empty() ? "New project" : command.name.substr(0, 4 * kMostNameCharacters);
  if (!store_.attached()) {
    Load(command.id, {.name = name}, {});
    return {};
  }
  WhenKept([this, id = command.id, name] { Create(id, {.name = name}, {}); });
  return {};
}

void Workspace::Create(int64_t id, schema::ProjectInfo info, std::function<void(Status)> then) {
  info.id = NewProjectId();
  info.created_ms = info.changed_ms = NowMs();
  if (!store_.attached()) {
    Load(id, info, std::move(then));
    return;
  }
  schema::StoreWrite batch{.puts = {{"projects", info.id}}};
  store_.Write(std::move(batch), {BytesOfText(schema::ToJson(info))}, [this, id, info, then = std::move(then)](const Status& kept) {
    if (!kept.ok()) {
      Fail(id, schema::CreateProject::kType, kept.message());
      if (then) then(kept);
      return;
    }
    LockAndLoad(id, info, false, then);
  });
}

Status Workspace::Handle(const schema::RenameProject& command) {
  const std::string name = command.name.substr(0, 4 * kMostNameCharacters);
  if (name.empty()) return Errorf("a project needs a name");
  if (command.project_id.empty() || command.project_id == project_.id()) {
    project_.Rename(name);
    project_dirty_ = true;
    SendProjectChanged();
    Flush();
    return {};
  }
  HANDFUL_TRY(NeedsStore("RenameProject"));
  store_.Read("projects", {command.project_id}, [this, command, name](Result<StoreValues> found) {
    Result<schema::ProjectInfo> info = !found.ok()             ? Result<schema::ProjectInfo>(found.status())
                                       : found->values.empty() ? Errorf("there is no project %s any more", command.project_id.c_str())
                                                               : schema::ProjectFromJson(TextOf(found->values[0]));
    if (!info.ok()) {
      Fail(command.id, schema::RenameProject::kType, info.status().message());
      return;
    }
    info->name = name;
    store_.Write({.puts = {{"projects", info->id}}}, {BytesOfText(schema::ToJson(*info))}, [this, command](const Status& kept) {
      if (!kept.ok()) Fail(command.id, schema::RenameProject::kType, kept.message());
      SendProjects(command.id);
    });
  });
  return {};
}

Status Workspace::Handle(const schema::DuplicateProject& command) {
  HANDFUL_TRY(NeedsStore("DuplicateProject"));
  WhenKept([this, command] {
    store_.Read("projects", {command.project_id}, [this, command](Result<StoreValues> found) {
      Result<schema::ProjectInfo> info = !found.ok()             ? Result<schema::ProjectInfo>(found.status())
                                         : found->values.empty() ? Errorf("there is no project %s any more", command.project_id.c_str())
                                                                 : schema::ProjectFromJson(TextOf(found->values[0]));
      if (!info.ok()) {
        Fail(command.id, schema::DuplicateProject::kType, info.status().message());
        return;
      }
      schema::ProjectInfo copy = *info;
      copy.id = NewProjectId();
      copy.name = command.name.empty() ? "Copy of " + info->name : command.name;
      copy.created_ms = copy.changed_ms = NowMs();
      schema::StoreWrite batch{.puts = {{"projects", copy.id}}, .copy_from = info->id + "/", .copy_to = copy.id + "/"};
      store_.Write(std::move(batch), {BytesOfText(schema::ToJson(copy))}, [this, command](const Status& kept) {
        if (!kept.ok()) Fail(command.id, schema::DuplicateProject::kType, kept.message());
        SendProjects(command.id);
      });
    });
  });
  return {};
}

Status Workspace::Handle(const schema::DeleteProject& command) {
  HANDFUL_TRY(NeedsStore("DeleteProject"));
  const bool open = command.project_id == project_.id();
  auto remove = [this, command, open](const Status& locked) {
    if (!locked.ok()) {
      Fail(command.id, schema::DeleteProject::kType, "this project is open in another tab, so it stays");
      return;
    }
    schema::StoreWrite batch{.removes = {{"projects", command.project_id}}};
    for (const char* store : kPerProject) batch.remove_prefixes.push_back({store, command.project_id + "/"});
    if (open) CloseProject();
    store_.Write(std::move(batch), {}, [this, command, open](const Status& kept) {
      store_.Unlock(LockOf(command.project_id));
      if (!kept.ok()) Fail(command.id, schema::DeleteProject::kType, kept.message());
      if (open) {
        (void)Handle(schema::OpenProject{.id = command.id});
      } else {
        SendProjects(command.id);
      }
    });
  };
  WhenKept([this, command, open, remove] {
    if (open) {
      remove(Status());
    } else {
      store_.Lock(LockOf(command.project_id), false, remove);
    }
  });
  return {};
}

void Workspace::Handle(const schema::StoreLost& command) {
  if (command.lock != lock_ || lock_.empty()) return;
  const std::string id = project_.id();
  lock_.clear();
  CloseProject();
  send_(schema::ProjectClosed{id, "This project was opened in another tab, so it is closed in this one."}, {});
}

void Workspace::CloseProject() {
  ++generation_;
  state_ = State::kClosed;
  project_ = Project();
  project_dirty_ = false;
  dirty_samples_.clear();
  removed_samples_.clear();
  dirty_features_.clear();
  unsaved_.clear();
  if (!lock_.empty()) store_.Unlock(lock_);
  lock_.clear();
  hooks_.opened({});
  hooks_.changed();
}

void Workspace::LockAndLoad(int64_t id, schema::ProjectInfo info, bool take, std::function<void(Status)> then) {
  const std::string lock = LockOf(info.id);
  if (lock == lock_) {
    Load(id, std::move(info), std::move(then));
    return;
  }
  store_.Lock(lock, take, [this, id, lock, info = std::move(info), then = std::move(then)](const Status& locked) {
    if (!locked.ok()) {
      send_(schema::ProjectBlocked{id, info.id, info.name}, {});
      if (then) then(locked);
      return;
    }
    if (!lock_.empty()) store_.Unlock(lock_);
    lock_ = lock;
    Load(id, info, then);
  });
}

void Workspace::Load(int64_t id, schema::ProjectInfo info, std::function<void(Status)> then) {
  ++generation_;
  project_ = Project(std::move(info));
  unsaved_.clear();
  state_ = State::kOpening;
  auto opened = [this, id, then = std::move(then)](std::vector<schema::TrainingInfo> trainings) {
    send_(schema::ProjectOpened{id, project_.info(), trainings}, {});
    hooks_.opened(std::move(trainings));
    if (store_.attached()) {
      LoadSamples(id, "", then);
      return;
    }
    state_ = State::kOpen;
    send_(schema::SamplesListed{id, 0}, {});
    hooks_.changed();
    if (then) then(Status());
  };
  if (!store_.attached()) {
    opened({});
    return;
  }
  store_.List("trainings", project_.id() + "/info/", "", 10'000, true,
              [this, id, generation = generation_, opened](Result<StoreValues> found) {
                if (generation != generation_) return;
                std::vector<schema::TrainingInfo> trainings;
                if (!found.ok()) Fail(id, schema::OpenProject::kType, "earlier trainings cannot be read: " + found.status().message());
                for (size_t i = 0; found.ok() && i < found->values.size(); ++i) {
                  Result<schema::TrainingInfo> training = schema::TrainingFromJson(TextOf(found->values[i]));
                  if (training.ok()) trainings.push_back(std::move(*training));
                }
                opened(std::move(trainings));
              });
}

void Workspace::LoadSamples(int64_t id, const std::string& after, std::function<void(Status)> then) {
  store_.List("samples", project_.id() + "/", after, kListAtOnce, true,
              [this, id, generation = generation_, then = std::move(then)](Result<StoreValues> found) {
                if (generation != generation_) return;
                if (!found.ok()) {
                  Fail(id, schema::OpenProject::kType, "the project's samples cannot be read: " + found.status().message());
                  if (then) then(found.status());
                  return;
                }
                schema::SamplesChanged event;
                for (size_t i = 0; i < found->values.size(); ++i) {
                  Result<schema::SampleInfo> info = schema::SampleFromJson(TextOf(found->values[i]));
                  if (!info.ok()) {
                    Fail(id, schema::OpenProject::kType, "sample " + found->keys[i] + " cannot be read: " + info.status().message());
                    continue;
                  }
                  if (project_.FindClass(info->class_id) == nullptr) continue;  // an orphan
                  info->saved = true;
                  project_.PutBack(*info);
                  event.samples.push_back(std::move(*info));
                }
                if (!event.samples.empty()) send_(std::move(event), {});
                if (found->more) {
                  LoadSamples(id, found->keys.back(), then);
                  return;
                }
                send_(schema::SamplesListed{id, static_cast<int>(project_.samples().size())}, {});
                SendProjectChanged();
                if (then) then(Status());
                LoadFeatures("");
              });
}

void Workspace::LoadFeatures(const std::string& after) {
  store_.List("features", project_.id() + "/", after, kListAtOnce, true, [this, generation = generation_](Result<StoreValues> found) {
    if (generation != generation_) return;
    for (size_t i = 0; found.ok() && i < found->keys.size(); ++i) {
      const Bytes& value = found->values[i];
      Sample* sample = project_.Find(NumberIn(found->keys[i]));
      if (sample == nullptr || sample->features != nullptr || value.size() != nn::kMobileNetFeatures * sizeof(float)) continue;
      std::vector<float> features(nn::kMobileNetFeatures);
      std::memcpy(features.data(), value.data(), value.size());
      sample->features = train::MakeFeatureRow(features);
    }
    if (found.ok() && found->more) {
      LoadFeatures(found->keys.back());
      return;
    }
    state_ = State::kOpen;
    if (!backbone_sha256_.empty()) UseBackbone(backbone_sha256_);
    hooks_.changed();
    ClearOrphans("");
  });
}

void Workspace::ClearOrphans(const std::string& after) {
  store_.List("thumbnails", project_.id() + "/", after, 20 * kListAtOnce, false, [this, generation = generation_](Result<StoreValues> found) {
    if (generation != generation_ || !found.ok()) return;
    schema::StoreWrite batch;
    for (const std::string& key : found->keys) {
      // Those of this session may come back.
      if (project_.Find(NumberIn(key)) != nullptr || unsaved_.contains(NumberIn(key)) || project_.WasRemoved(NumberIn(key))) continue;
      for (const char* store : kPerSample) batch.removes.push_back({store, key});
    }
    if (!batch.removes.empty()) store_.Write(std::move(batch), {}, [](const Status&) {});
    if (found->more) ClearOrphans(found->keys.back());
  });
}

// ---- changes -------------------------------------------------------------------------------------------------------

void Workspace::SendProjectChanged() {
  send_(schema::ProjectChanged{project_.info(), project_.undo_label(), project_.redo_label()}, {});
}

Status Workspace::Ready() const {
  if (state_ == State::kOpening) return Errorf("the project is still being opened");
  return store_.attached() && state_ != State::kOpen ? Errorf("no project is open") : Status();
}

Status Workspace::Announce(const Result<Changes>& changes) {
  if (!changes.ok()) return changes.status();
  for (size_t begin = 0; begin < changes->samples.size(); begin += kListAtOnce) {
    schema::SamplesChanged event;
    for (size_t i = begin; i < std::min(changes->samples.size(), begin + kListAtOnce); ++i) {
      const int64_t id = changes->samples[i];
      event.samples.push_back(project_.Find(id)->info);
      dirty_samples_.insert(id);
      removed_samples_.erase(id);
    }
    send_(std::move(event), {});
  }
  if (!changes->removed.empty()) {
    for (const int64_t id : changes->removed) {
      removed_samples_.insert(id);
      dirty_samples_.erase(id);
    }
    send_(schema::SamplesRemoved{changes->removed}, {});
  }
  if (changes->project || !changes->samples.empty() || !changes->removed.empty()) {
    project_dirty_ = true;
    SendProjectChanged();
    hooks_.changed();
    Flush();
  }
  return {};
}

Result<int64_t> Workspace::ClassFor(int64_t class_id, const std::string& label) {
  HANDFUL_TRY(Ready());
  if (class_id != 0) {
    if (project_.FindClass(class_id) == nullptr) return Errorf("there is no class %lld in this project", static_cast<long long>(class_id));
    return class_id;
  }
  if (const schema::ClassInfo* found = project_.FindClassCalled(label)) return found->id;
  HANDFUL_TRY(Announce(project_.AddClass(label)));
  return project_.classes().back().id;
}

Status Workspace::Add(schema::SampleInfo& info, const image::Image* square, train::FeatureRow features) {
  Unsaved unsaved;
  if (store_.attached() && square != nullptr) {
    Result<std::vector<uint8_t>> png = image::EncodePng(*square);
    if (!png.ok()) return png.status();
    Result<image::Image> small = image::Thumbnail(*square, kThumbnailSide);
    if (!small.ok()) return small.status();
    Result<std::vector<uint8_t>> jpeg = image::EncodeJpeg(*small, kThumbnailQuality);
    if (!jpeg.ok()) return jpeg.status();
    unsaved = {std::move(*png), std::move(*jpeg), features};
  }
  if (info.time_ms == 0) info.time_ms = NowMs();
  info.saved = false;
  Result<Changes> changes = project_.AddSample(info, std::move(features));
  if (!changes.ok()) return changes.status();
  if (store_.attached() && square != nullptr) {
    unsaved_[info.id] = std::move(unsaved);
    dirty_samples_.insert(info.id);
    project_dirty_ = true;
  }
  hooks_.changed();
  Flush();
  return {};
}

void Workspace::Clear() { Load(0, {.name = project_.info().name}, {}); }

// ---- what is kept --------------------------------------------------------------------------------------------------

Status Workspace::Handle(const schema::GetThumbnails& command) {
  HANDFUL_TRY(NeedsStore("GetThumbnails"));
  if (command.sample_ids.size() > kListAtOnce) return Errorf("%zu thumbnails were asked for, at most %d at a time", command.sample_ids.size(), kListAtOnce);
  auto answer = [this, command](const std::map<int64_t, const Bytes*>& jpegs) {
    schema::Thumbnails event{.id = command.id, .side = kThumbnailSide};
    std::vector<Bytes> pixels;
    for (const auto& [id, jpeg] : jpegs) {
      Result<image::Decoded> decoded = image::Decode(*jpeg);
      if (!decoded.ok() || decoded->image.width != kThumbnailSide || decoded->image.height != kThumbnailSide) continue;
      event.sample_ids.push_back(id);
      pixels.push_back(Rgba8(decoded->image));
    }
    send_(std::move(event), std::move(pixels));
  };
  std::vector<std::string> keys;
  std::map<int64_t, Bytes> waiting;  // not written yet
  for (const int64_t id : command.sample_ids) {
    const auto unsaved = unsaved_.find(id);
    if (unsaved != unsaved_.end()) {
      waiting[id] = unsaved->second.jpeg;
    } else {
      keys.push_back(StoreKey(project_.id(), id));
    }
  }
  store_.Read("thumbnails", std::move(keys), [this, command, answer, waiting = std::move(waiting)](Result<StoreValues> found) {
    if (!found.ok()) {
      Fail(command.id, schema::GetThumbnails::kType, found.status().message());
      return;
    }
    std::map<int64_t, const Bytes*> jpegs;
    for (const auto& [id, jpeg] : waiting) jpegs[id] = &jpeg;
    for (size_t i = 0; i < found->keys.size(); ++i) jpegs[NumberIn(found->keys[i])] = &found->values[i];
    answer(jpegs);
  });
  return {};
}

Status Workspace::Handle(const schema::GetSample& command) {
  HANDFUL_TRY(NeedsStore("GetSample"));
  ReadSquares({command.sample_id}, [this, command](Squares squares) {
    if (squares.empty()) {
      Fail(command.id, schema::GetSample::kType, "the picture cannot be read from the store");
      return;
    }
    send_(schema::SamplePixels{command.id, command.sample_id, kSampleSide}, {Rgba8(squares[0].second)});
  });
  return {};
}

void Workspace::ReadSquares(std::vector<int64_t> sample_ids, std::function<void(Squares)> done) {
  std::vector<std::string> keys;
  std::map<int64_t, Bytes> waiting;
  for (const int64_t id : sample_ids) {
    const auto unsaved = unsaved_.find(id);
    if (unsaved != unsaved_.end()) {
      waiting[id] = unsaved->second.png;
    } else {
      keys.push_back(StoreKey(project_.id(), id));
    }
  }
  store_.Read("pixels", std::move(keys), [waiting = std::move(waiting), done = std::move(done)](Result<StoreValues> found) {
    Squares squares;
    auto take = [&](int64_t id, const Bytes& png) {
      Result<image::Decoded> decoded = image::Decode(png);
      if (!decoded.ok() || decoded->image.width != kSampleSide || decoded->image.height != kSampleSide) return;
      squares.emplace_back(id, std::move(decoded->image));
    };
    for (const auto& [id, png] : waiting) take(id, png);
    for (size_t i = 0; found.ok() && i < found->keys.size(); ++i) take(NumberIn(found->keys[i]), found->values[i]);
    done(std::move(squares));
  });
}

void Workspace::SetFeatures(int64_t sample_id, train::FeatureRow features) {
  Sample* sample = project_.Find(sample_id);
  if (sample == nullptr) return;
  sample->features = std::move(features);
  if (store_.attached()) dirty_features_.insert(sample_id);
  hooks_.changed();
}

void Workspace::DropUnreadable(int64_t sample_id) {
  const Sample* sample = project_.Find(sample_id);
  if (sample == nullptr) return;
  Fail(0, schema::OpenProject::kType, "picture " + sample->info.name + " of this project cannot be read any more, so it was taken out");
  project_.Forget(sample_id);
  removed_samples_.insert(sample_id);
  send_(schema::SamplesRemoved{{sample_id}}, {});
  SendProjectChanged();
  hooks_.changed();
}

void Workspace::UseBackbone(const std::string& sha256) {
  backbone_sha256_ = sha256;
  const std::string made_by = project_.info().backbone_sha256;
  if (made_by == sha256 || state_ == State::kOpening) return;
  if (!made_by.empty()) {
    // The store forgets them in the transaction that names the new backbone: at no time are two backbones' features in one project.
    for (const int64_t id : project_.DropFeatures()) stale_features_.insert(id);
    for (auto& [id, unsaved] : unsaved_) unsaved.features.reset();
  }
  project_.SetBackbone(sha256);
  project_dirty_ = project_dirty_ || (store_.attached() && state_ == State::kOpen);
  hooks_.changed();
}

std::vector<int64_t> Workspace::Lacking(size_t most) const {
  std::vector<int64_t> ids;
  if (state_ != State::kOpen) return ids;
  for (const auto& [id, sample] : project_.samples()) {
    if (sample.features == nullptr) ids.push_back(id);
    if (ids.size() == most) break;
  }
  return ids;
}

struct Workspace::Batch {
  int generation = 0;
  bool project = false;
  std::vector<int64_t> added, changed, removed, features;
  std::set<int64_t> stale;
};

void Workspace::Flush() {
  const bool dirty = project_dirty_ || !dirty_samples_.empty() || !removed_samples_.empty() || !dirty_features_.empty() || !stale_features_.empty() ||
                     !unsaved_.empty();
  if (!dirty || !store_.attached() || writing_ || project_.id().empty()) return;
  Batch batch{.generation = generation_, .project = true};
  schema::StoreWrite write;
  std::vector<Bytes> values;
  auto put = [&](const char* store, const std::string& key, Bytes value) {
    write.puts.push_back({store, key});
    values.push_back(std::move(value));
  };
  project_.SetChanged(NowMs());
  put("projects", project_.id(), BytesOfText(schema::ToJson(project_.info())));
  for (const int64_t id : dirty_samples_) {
    Sample* sample = project_.Find(id);
    if (sample == nullptr) continue;
    schema::SampleInfo info = sample->info;
    info.saved = true;
    put("samples", StoreKey(project_.id(), id), BytesOfText(schema::ToJson(info)));
    if (!unsaved_.contains(id)) batch.changed.push_back(id);
  }
  for (const auto& [id, unsaved] : unsaved_) {
    const std::string key = StoreKey(project_.id(), id);
    put("pixels", key, unsaved.png);
    put("thumbnails", key, unsaved.jpeg);
    if (unsaved.features != nullptr) put("features", key, BytesOf({unsaved.features.get(), nn::kMobileNetFeatures}));
    batch.added.push_back(id);
  }
  for (const int64_t id : removed_samples_) {
    write.removes.push_back({"samples", StoreKey(project_.id(), id)});
    batch.removed.push_back(id);
  }
  for (const int64_t id : dirty_features_) {
    const Sample* sample = project_.Find(id);
    if (sample == nullptr || sample->features == nullptr) continue;
    put("features", StoreKey(project_.id(), id), BytesOf({sample->features.get(), nn::kMobileNetFeatures}));
    batch.features.push_back(id);
  }
  for (const int64_t id : stale_features_) {
    const std::string key = StoreKey(project_.id(), id);
    const bool is_put = std::ranges::any_of(write.puts, [&](const schema::StorePut& put) { return put.store == "features" && put.key == key; });
    if (!is_put) write.removes.push_back({"features", key});
  }
  batch.stale = std::exchange(stale_features_, {});
  project_dirty_ = false;
  dirty_samples_.clear();
  removed_samples_.clear();
  dirty_features_.clear();
  writing_ = true;
  store_.Write(std::move(write), std::move(values),
               [this, batch = std::move(batch)](const Status& status) { BatchDone(batch, status); });
}

void Workspace::BatchDone(Batch batch, const Status& status) {
  writing_ = false;
  if (batch.generation == generation_ && status.ok()) {
    for (const int64_t id : batch.added) {
      unsaved_.erase(id);
      if (Sample* sample = project_.Find(id)) sample->info.saved = true;
    }
    if (!batch.added.empty()) {
      send_(schema::SamplesSaved{batch.added}, {});
      SendProjectChanged();
    }
  } else if (batch.generation == generation_) {
    // New samples are taken back; of what was there before, the next change tries again to keep the records.
    std::vector<int64_t> gone;
    for (const int64_t id : batch.added) {
      if (project_.Find(id) != nullptr) gone.push_back(id);
      unsaved_.erase(id);
      project_.Forget(id);
    }
    if (!gone.empty()) send_(schema::SamplesRemoved{gone}, {});
    Fail(0, gone.empty() ? "" : schema::AddSample::kType,
         gone.empty() ? "the last change could not be kept: " + status.message()
                      : Format("%zu %s could not be kept: %s", gone.size(), gone.size() == 1 ? "picture" : "pictures", status.message().c_str()));
    SendProjectChanged();
    hooks_.changed();
    for (const int64_t id : batch.changed) dirty_samples_.insert(id);
    for (const int64_t id : batch.removed) removed_samples_.insert(id);
    for (const int64_t id : batch.features) dirty_features_.insert(id);
    stale_features_.merge(batch.stale);
    // Whoever waits goes on: the store says no, and asking again at once would change nothing.
    for (auto& then : std::exchange(when_kept_, {})) then();
    return;
  }
  Flush();
  if (!writing_) {
    for (auto& then : std::exchange(when_kept_, {})) then();
  }
}

void Workspace::WhenKept(std::function<void()> then) {
  Flush();
  if (writing_) {
    when_kept_.push_back(std::move(then));
  } else {
    then();
  }
}

}  // namespace handful::engine
