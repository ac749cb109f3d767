#include "engine/jobs/import.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "engine/convert.h"
#include "engine/jobs/archive_names.h"
#include "engine/jobs/project_file.h"

namespace handful::engine {
namespace {

using schema::Bytes;

constexpr size_t kEntriesAtOnce = 8;
constexpr int64_t kBytesAtOnce = 16 << 20;
constexpr size_t kFailuresTold = 20;
constexpr int kProgressEvery = 5;  // pictures

}  // namespace

Status ImportJob::Handle(const schema::ImportArchive& command, const Reply& reply) {
  if (command.store.empty())
    return Errorf("field \"store\" is empty: whoever unpacks the archive says where its entries are");
  queue_.emplace_back(command, reply);
  if (run_ == nullptr) Next();
  return {};
}

std::function<bool()> ImportJob::StillRuns() const {
  return [this, weak = std::weak_ptr(run_)] { return run_ != nullptr && weak.lock() == run_; };
}

void ImportJob::Next() {
  run_.reset();
  while (run_ == nullptr && !queue_.empty()) {
    run_ = std::make_shared<Run>();
    std::tie(run_->command, run_->reply) = std::move(queue_.front());
    queue_.pop_front();
    Begin();
  }
}

// ---- what there is -------------------------------------------------------------------------------------------------

void ImportJob::Begin() {
  const schema::ImportArchive& command = run_->command;
  std::string project;
  for (const schema::ArchiveEntry& entry : command.entries) {
    run_->sizes[entry.name] = entry.bytes;
    if (FileNameOf(entry.name) == kProjectFile && (project.empty() || entry.name.size() < project.size()))
      project = entry.name;
  }
  if (!project.empty()) {
    ReadProjectOf(project);
    return;
  }
  for (const schema::ArchiveEntry& entry : command.entries) {
    if (!IsPicture(entry.name)) continue;
    Item item{.entry = entry.name, .label = command.class_id != 0 ? "" : LabelOf(entry.name, command.name)};
    item.info.name = FileNameOf(entry.name);
    item.info.session = command.session.empty() ? command.name : command.session;
    run_->items.push_back(std::move(item));
  }
  std::ranges::sort(run_->items, std::less(), &Item::entry);
  run_->total = static_cast<int64_t>(run_->items.size());
  if (run_->items.empty()) return Fail(Errorf("there is no picture in this archive, nor a project"));
  const OpenProject* open = workspace_.project();
  if (open == nullptr) return Fail(Errorf("no project is open"));
  if (!command.project_id.empty() && command.project_id != open->id())
    return Fail(Errorf("the project it was for was closed"));
  run_->scope = workspace_.scope();
}

void ImportJob::ReadProjectOf(const std::string& entry) {
  run_->waiting = true;
  store_.Read(run_->command.store, {entry}, [this, entry, still_runs = StillRuns()](Result<StoreValues> found) {
    if (!still_runs()) return;
    run_->waiting = false;
    if (found.ok() && !found->values.empty()) return OpenProjectOf(found->values[0]);
    Fail(!found.ok()              ? found.status()
         : found->warning.empty() ? Errorf("%s cannot be unpacked", entry.c_str())
                                  : Status::Error(found->warning));
  });
}

void ImportJob::OpenProjectOf(const Bytes& json) {
  Result<schema::ProjectFile> file = ReadProjectFile(json);
  if (!file.ok()) return Fail(file.status());
  std::map<int64_t, std::string> labels;
  for (const schema::ClassInfo& c : file->project.classes) labels[c.id] = c.name;
  for (const schema::ArchivedSample& archived : file->samples) {
    const auto label = labels.find(archived.sample.class_id);
    if (label == labels.end()) {
      ++run_->failed;
      run_->warning =
          Format("sample %lld belongs to class %lld, which project.json does not list",
                 static_cast<long long>(archived.sample.id), static_cast<long long>(archived.sample.class_id));
      continue;
    }
    run_->items.push_back({archived.file, label->second, archived.sample});
  }
  run_->trainings.assign(file->trainings.begin(), file->trainings.end());
  run_->total = static_cast<int64_t>(run_->items.size()) + run_->failed;
  schema::ProjectInfo info = file->project;
  info.samples = 0;
  info.edit = 0;
  info.imports.clear();
  info.backbone_sha256.clear();
  if (info.name.empty()) info.name = StemOf(run_->command.name);
  run_->waiting = true;
  // Its events are the import's, but the answer comes at the end.
  const Reply opening = std::make_shared<Answer>(send_, 0, schema::ImportArchive::kType, run_->command.name);
  projects_.Create(std::move(info), opening, [this, still_runs = StillRuns()](const Status& opened) {
    if (!still_runs()) return;
    run_->waiting = false;
    run_->scope = workspace_.scope();
    if (!opened.ok()) Fail(opened);
  });
}

// ---- into the project ----------------------------------------------------------------------------------------------

bool ImportJob::Step() {
  if (run_ == nullptr || run_->waiting) return false;
  const auto project = run_->scope.lock();
  if (project == nullptr) {
    Fail(Errorf("the project it was for was closed: %lld of %lld pictures are in it",
                static_cast<long long>(run_->sample_ids.size()), static_cast<long long>(run_->total)));
    return true;
  }
  return StepIn(*project);
}

bool ImportJob::StepIn(OpenProject& project) {
  if (!project.loaded() || workspace_.Overfull()) return false;
  if (run_->import_id == 0) {
    BeginIn(project);
  } else if (!run_->read.empty()) {
    AddNext(project);
  } else if (!run_->items.empty()) {
    ReadMore();
  } else if (!run_->trainings.empty()) {
    ReadTraining();
  } else {
    Finish(project);
  }
  return true;
}

// One of that name that was cut short goes on, in its session.
void ImportJob::BeginIn(OpenProject& project) {
  const std::vector<schema::ImportInfo> imports = project.state().info.imports;
  for (const schema::ImportInfo& import : imports) {
    if (import.name != run_->command.name) continue;
    (void)project.EndImport(import.id);
    for (Item& item : run_->items) item.info.session = import.session;
    LeaveOutWhatIsThere(project.state());
  }
  const std::string session = run_->items.empty() ? "" : run_->items.front().info.session;
  run_->import_id = project.BeginImport(run_->command.name, session, run_->total);
}

void ImportJob::LeaveOutWhatIsThere(const State& state) {
  using Picture = std::tuple<std::string, std::string, std::string>;  // session, name and class
  std::multiset<Picture> there;
  for (const auto& [id, sample] : state.samples) {
    if (const schema::ClassInfo* c = state.FindClass(sample.info.class_id))
      there.emplace(sample.info.session, sample.info.name, c->name);
  }
  const schema::ClassInfo* only = state.FindClass(run_->command.class_id);
  std::erase_if(run_->items, [&](const Item& item) {
    const auto same = there.find(
        {item.info.session, item.info.name, item.label.empty() && only != nullptr ? only->name : Trimmed(item.label)});
    if (same == there.end()) return false;
    there.erase(same);
    return true;
  });
  run_->total = static_cast<int64_t>(run_->items.size()) + run_->failed;
}

void ImportJob::ReadMore() {
  std::vector<Item> items;
  std::vector<std::string> keys;
  int64_t bytes = 0;
  while (!run_->items.empty() && items.size() < kEntriesAtOnce && bytes < kBytesAtOnce) {
    bytes += run_->sizes[run_->items.front().entry];
    keys.push_back(run_->items.front().entry);
    items.push_back(std::move(run_->items.front()));
    run_->items.pop_front();
  }
  run_->waiting = true;
  store_.Read(run_->command.store, std::move(keys),
              [this, items = std::move(items), still_runs = StillRuns()](Result<StoreValues> found) {
                if (!still_runs()) return;
                run_->waiting = false;
                std::map<std::string, Bytes*> values;
                for (size_t i = 0; found.ok() && i < found->keys.size(); ++i)
                  values[found->keys[i]] = &found->values[i];
                for (const Item& item : items) {
                  const auto value = values.find(item.entry);
                  if (value != values.end()) run_->read.emplace_back(item, std::move(*value->second));
                  else
                    CannotAdd(item, !found.ok()              ? found.status()
                                    : found->warning.empty() ? Errorf("it is not in the archive")
                                                             : Status::Error(found->warning));
                }
              });
}

void ImportJob::CannotAdd(const Item& item, const Status& why) {
  ++run_->done;
  ++run_->failed;
  if (run_->failures.size() < kFailuresTold) run_->failures.push_back({item.entry, why.message(), PhrasesOf(why)});
}

void ImportJob::AddNext(OpenProject& project) {
  auto [item, bytes] = std::move(run_->read.front());
  run_->read.pop_front();
  item.info.class_id = item.label.empty() ? run_->command.class_id : 0;
  if (const Result<int64_t> added = add_(project, item.info, item.label, bytes); added.ok()) {
    ++run_->done;
    run_->sample_ids.push_back(*added);
    project.ImportGotOn(run_->import_id, static_cast<int64_t>(run_->sample_ids.size()));
  } else {
    CannotAdd(item, added.status());
  }
  if (run_->done % kProgressEvery == 0) {
    send_(schema::ImportProgress{run_->command.id, run_->command.name, run_->done, run_->total}, {});
  }
}

// Earlier trainings keep their curves and models under numbers of the new project.
void ImportJob::ReadTraining() {
  const schema::ArchivedTraining archived = std::move(run_->trainings.front());
  run_->trainings.pop_front();
  run_->waiting = true;
  store_.Read(run_->command.store, {archived.file},
              [this, info = archived.training, still_runs = StillRuns()](Result<StoreValues> found) mutable {
                if (!still_runs()) return;
                run_->waiting = false;
                const auto project = run_->scope.lock();
                if (project == nullptr || !found.ok() || found->values.empty()) return;
                info.resumable = false;
                info.current = false;
                const int64_t training_id = project->AddTraining(std::move(info));
                project->trainings().KeepModel(training_id, std::move(found->values[0]));
              });
}

// ---- its end -------------------------------------------------------------------------------------------------------

// Done when the last picture is kept.
void ImportJob::Finish(OpenProject& project) {
  (void)project.EndImport(run_->import_id);
  project.keeper().WhenKept([run = run_, scope = run_->scope](const Status& kept) {
    const auto open = scope.lock();
    const auto is_kept = [&](int64_t id) {
      return open != nullptr && (open->state().samples.contains(id) || open->state().removed.contains(id));
    };
    const int64_t added = std::ranges::count_if(run->sample_ids, is_kept);
    if (!kept.ok() && run->warning.empty()) run->warning = kept.message();
    run->reply->Say(schema::ImportDone{run->reply->id(), run->command.name, added,
                                       run->failed + static_cast<int64_t>(run->sample_ids.size()) - added,
                                       run->failures, run->warning});
  });
  Next();
}

void ImportJob::Fail(const Status& why) {
  const std::shared_ptr<Run> run = std::move(run_);
  run->reply->Fail(why);
  Next();
}

}  // namespace handful::engine
