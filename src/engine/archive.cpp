#include "engine/archive.h"

#include <algorithm>
#include <map>

#include "image/kinds.h"
#include "schema/json.h"

namespace handful::engine {
namespace {

using schema::Bytes;

constexpr char kFormat[] = "handful-project";
constexpr int kVersion = 1;
constexpr size_t kEntriesAtOnce = 8;
constexpr int64_t kBytesAtOnce = 16 << 20;
constexpr int kFailuresTold = 20;
constexpr int kProgressEvery = 5;  // pictures

// Hidden files and what a Mac adds are passed over.
bool IsPicture(const std::string& name) {
  if (name.starts_with("__MACOSX/") || name.find("/.") != std::string::npos || name.starts_with(".")) return false;
  return image::KindOfName(name) != nullptr;
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return "";
  const std::string folders = path.substr(0, slash);
  return folders.substr(folders.rfind('/') + 1);
}

std::string NameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string Stem(const std::string& name) {
  const std::string file = NameOf(name);
  return file.substr(0, file.rfind('.'));
}

// The class a picture's path speaks of: Teachable Machine's projects say "<class>-!-<number>.jpg", others have a folder each;
// a zip of one class's samples is called "<class>-samples.zip".
std::string LabelOf(const std::string& path, const std::string& archive) {
  const std::string name = NameOf(path);
  if (const size_t mark = name.rfind("-!-"); mark != std::string::npos && mark > 0) return name.substr(0, mark);
  if (const std::string folder = FolderOf(path); !folder.empty()) return folder;
  std::string stem = Stem(archive);
  constexpr std::string_view kSamples = "-samples";
  if (stem.size() > kSamples.size() && stem.ends_with(kSamples)) stem.resize(stem.size() - kSamples.size());
  return stem;
}

// A folder's name any file system takes: "01 cat".
std::string FolderFor(size_t index, const std::string& class_name) {
  std::string safe;
  for (const char c : class_name) {
    safe += static_cast<unsigned char>(c) < 0x20 || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos ? '_' : c;
  }
  constexpr size_t kMost = 80;  // bytes
  size_t length = std::min(safe.size(), kMost);
  while (length > 0 && length < safe.size() && (static_cast<unsigned char>(safe[length]) & 0xC0U) == 0x80) --length;
  safe.resize(length);
  while (!safe.empty() && (safe.back() == '.' || safe.back() == ' ')) safe.pop_back();
  return Format("%02zu %s", index + 1, safe.c_str());
}

}  // namespace

Result<schema::ProjectFile> ReadProjectFile(std::span<const uint8_t> json) {
  Result<schema::ProjectFile> file = schema::ProjectFileFromJson({reinterpret_cast<const char*>(json.data()), json.size()});
  Status status = file.status();
  if (file.ok() && file->format != kFormat) status = Errorf("field \"format\" is \"%s\", not \"%s\"", file->format.c_str(), kFormat);
  if (file.ok() && status.ok() && file->version > kVersion) {
    status = Errorf("it was written by a newer Handful (field \"version\" is %d, and this one reads %d): open it with that one, or reload this page",
                    file->version, kVersion);
  }
  if (!status.ok()) return status.WithContext(kProjectFile);
  return file;
}

struct ArchiveImports::Job {
  struct Item {
    std::string entry;
    std::string label;         // "": the command's class
    schema::SampleInfo info;
  };
  schema::ImportArchive command;
  std::deque<Item> items;
  std::map<std::string, int64_t> sizes;
  std::deque<std::pair<Item, Bytes>> read;
  bool waiting = false;
  int added = 0, failed = 0, total = 0;
  std::string warning;
  schema::ProjectFile project;  // of ours
};

ArchiveImports::ArchiveImports(Send send, StoreClient& store, Workspace& workspace, Add add, Adopted adopted)
    : send_(std::move(send)), store_(store), workspace_(workspace), add_(std::move(add)), adopted_(std::move(adopted)) {}
ArchiveImports::~ArchiveImports() = default;

Status ArchiveImports::Handle(const schema::ImportArchive& command) {
  if (command.store.empty()) return Errorf("field \"store\" is empty: whoever unpacks the archive says where its entries are");
  waiting_.push_back(command);
  if (job_ == nullptr) Next();
  return {};
}

void ArchiveImports::Begin(const schema::ImportArchive& command) {
  job_ = std::make_unique<Job>();
  job_->command = command;
  std::string project;
  for (const schema::ArchiveEntry& entry : command.entries) {
    job_->sizes[entry.name] = entry.bytes;
    if (NameOf(entry.name) == kProjectFile && (project.empty() || entry.name.size() < project.size())) project = entry.name;
  }
  if (!project.empty()) {
    job_->waiting = true;
    store_.Read(command.store, {project}, [this, project](Result<StoreValues> found) {
      job_->waiting = false;
      if (!found.ok() || found->values.empty()) {
        Fail(found.ok() ? (found->warning.empty() ? project + " cannot be unpacked" : found->warning) : found.status().message());
        return;
      }
      OpenProjectOf(found->values[0]);
    });
    return;
  }
  for (const schema::ArchiveEntry& entry : command.entries) {
    if (!IsPicture(entry.name)) continue;
    Job::Item item{.entry = entry.name, .label = command.class_id != 0 ? "" : LabelOf(entry.name, command.name)};
    item.info.name = NameOf(entry.name);
    item.info.session = command.session.empty() ? command.name : command.session;
    job_->items.push_back(std::move(item));
  }
  std::ranges::sort(job_->items, std::less(), &Job::Item::entry);
  job_->total = static_cast<int>(job_->items.size());
  if (job_->items.empty()) Fail("there is no picture in this archive, nor a project");
}

void ArchiveImports::OpenProjectOf(const Bytes& json) {
  Result<schema::ProjectFile> file = ReadProjectFile(json);
  if (!file.ok()) {
    Fail(file.status().message());
    return;
  }
  job_->project = std::move(*file);
  std::map<int64_t, std::string> labels;
  for (const schema::ClassInfo& c : job_->project.project.classes) labels[c.id] = c.name;
  for (const schema::ArchivedSample& archived : job_->project.samples) {
    const auto label = labels.find(archived.sample.class_id);
    if (label == labels.end()) {
      ++job_->failed;
      job_->warning = Format("sample %lld belongs to class %lld, which project.json does not list", static_cast<long long>(archived.sample.id),
                             static_cast<long long>(archived.sample.class_id));
      continue;
    }
    job_->items.push_back({archived.file, label->second, archived.sample});
  }
  job_->total = static_cast<int>(job_->items.size()) + job_->failed;
  schema::ProjectInfo info = job_->project.project;
  info.samples = 0;
  info.backbone_sha256.clear();
  if (info.name.empty()) info.name = Stem(job_->command.name);
  job_->waiting = true;
  workspace_.Create(job_->command.id, std::move(info), [this](const Status& opened) {
    job_->waiting = false;
    if (!opened.ok()) Fail(opened.message());
  });
}

bool ArchiveImports::Step() {
  if (job_ == nullptr || job_->waiting || workspace_.Overfull()) return false;
  if (job_->read.empty()) {
    if (job_->items.empty()) {
      Finish();
    } else {
      ReadMore();
    }
    return true;
  }
  auto [item, bytes] = std::move(job_->read.front());
  job_->read.pop_front();
  if (item.label.empty()) item.info.class_id = job_->command.class_id;
  const std::string label = item.label;
  if (!label.empty()) item.info.class_id = 0;
  if (const Status status = add_(item.info, label, bytes); status.ok()) {
    ++job_->added;
  } else if (++job_->failed <= kFailuresTold) {
    send_(schema::Failed{job_->command.id, schema::AddSample::kType, item.entry, status.message()}, {});
  }
  const int done = job_->added + job_->failed;
  if (done % kProgressEvery == 0) send_(schema::ImportProgress{job_->command.id, job_->command.name, done, job_->total}, {});
  return true;
}

void ArchiveImports::ReadMore() {
  std::vector<Job::Item> items;
  std::vector<std::string> keys;
  int64_t bytes = 0;
  while (!job_->items.empty() && items.size() < kEntriesAtOnce && bytes < kBytesAtOnce) {
    bytes += job_->sizes[job_->items.front().entry];
    keys.push_back(job_->items.front().entry);
    items.push_back(std::move(job_->items.front()));
    job_->items.pop_front();
  }
  job_->waiting = true;
  store_.Read(job_->command.store, std::move(keys), [this, items = std::move(items)](Result<StoreValues> found) {
    job_->waiting = false;
    std::map<std::string, Bytes*> values;
    for (size_t i = 0; found.ok() && i < found->keys.size(); ++i) values[found->keys[i]] = &found->values[i];
    for (const Job::Item& item : items) {
      const auto value = values.find(item.entry);
      if (value != values.end()) {
        job_->read.emplace_back(item, std::move(*value->second));
      } else if (++job_->failed <= kFailuresTold) {
        const std::string why = !found.ok() ? found.status().message() : found->warning.empty() ? "it is not in the archive" : found->warning;
        send_(schema::Failed{job_->command.id, schema::AddSample::kType, item.entry, why}, {});
      }
    }
  });
}

// Earlier trainings keep their curves and models under numbers of the new project.
void ArchiveImports::KeepTrainings(const schema::ProjectFile& file) {
  if (!store_.attached()) return;
  for (const schema::ArchivedTraining& archived : file.trainings) {
    store_.Read(job_->command.store, {archived.file}, [this, archived](Result<StoreValues> found) {
      if (!found.ok() || found->values.empty()) return;
      schema::TrainingInfo info = archived.training;
      const std::string& project = workspace_.project().id();
      info.id = workspace_.project().TakeId();
      info.resumable = false;
      info.current = false;
      const std::string json = schema::ToJson(info);
      schema::StoreWrite batch{.puts = {{"trainings", StoreKey(project + "/info", info.id)}, {"trainings", StoreKey(project + "/model", info.id)}}};
      store_.Write(std::move(batch), {Bytes(json.begin(), json.end()), std::move(found->values[0])}, [](const Status&) {});
      adopted_(std::move(info));
    });
  }
}

void ArchiveImports::Finish() {
  KeepTrainings(job_->project);
  send_(schema::ImportDone{job_->command.id, job_->command.name, job_->added, job_->failed, job_->warning}, {});
  Next();
}

void ArchiveImports::Fail(const std::string& message) {
  send_(schema::Failed{job_->command.id, schema::ImportArchive::kType, job_->command.name, message}, {});
  Next();
}

void ArchiveImports::Next() {
  job_.reset();
  if (waiting_.empty()) return;
  const schema::ImportArchive next = std::move(waiting_.front());
  waiting_.pop_front();
  Begin(next);
}

void ExportArchive(int64_t id, Workspace& workspace, const std::vector<schema::TrainingInfo>& trainings, const StoreClient::Send& send) {
  const Project& project = workspace.project();
  schema::ProjectFile file{.project = project.info()};
  schema::WriteArchive archive{.id = id, .name = FolderFor(0, project.info().name).substr(3) + ".handful.zip"};
  archive.parts.push_back({kProjectFile, "", ""});
  std::map<int64_t, std::string> folders;
  for (size_t i = 0; i < project.classes().size(); ++i) folders[project.classes()[i].id] = FolderFor(i, project.classes()[i].name);
  for (const auto& [sample_id, sample] : project.samples()) {
    const std::string path = Format("samples/%s/%06lld.png", folders[sample.info.class_id].c_str(), static_cast<long long>(sample_id));
    file.samples.push_back({sample.info, path});
    archive.parts.push_back({path, "pixels", StoreKey(project.id(), sample_id)});
  }
  for (const schema::TrainingInfo& training : trainings) {
    if (training.state != "done" && training.state != "stopped") continue;
    const std::string path = Format("trainings/%06lld.safetensors", static_cast<long long>(training.id));
    file.trainings.push_back({training, path});
    archive.parts.push_back({path, "trainings", StoreKey(project.id() + "/model", training.id)});
  }
  const std::string json = schema::ToJson(file);
  send(std::move(archive), {Bytes(json.begin(), json.end())});
}

}  // namespace handful::engine
