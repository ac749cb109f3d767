#include "ui/projects/projects.h"

#include <algorithm>

#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

schema::ProjectInfo WithoutClasses(schema::ProjectInfo info) {
  info.classes.clear();
  return info;
}

// "delete 3 pictures"; "" where there is nothing.
std::string WordsOf(const schema::EditSummary& edit) {
  using schema::EditKind;
  const std::string samples = Count(edit.samples, "picture", "pictures");
  switch (edit.kind) {
    case EditKind::kNone: return "";
    case EditKind::kAddClass: return "add the class " + edit.name;
    case EditKind::kRenameClass: return "rename " + edit.name;
    case EditKind::kSwitchClassOn: return "switch on " + edit.name;
    case EditKind::kSwitchClassOff: return "switch off " + edit.name;
    case EditKind::kRecolorClass: return "recolour " + edit.name;
    case EditKind::kMoveClass: return "move " + edit.name;
    case EditKind::kMergeClasses: return "merge " + edit.name + " into " + edit.into;
    case EditKind::kDeleteClass: return "delete the class " + edit.name;
    case EditKind::kAddSamples: return "add " + samples;
    case EditKind::kMoveSamples: return "move " + samples + " to " + edit.name;
    case EditKind::kDeleteSamples: return "delete " + samples;
  }
  return "";
}

}  // namespace

void ProjectList::Apply(const schema::Event& event) {
  if (std::holds_alternative<schema::Ready>(event)) {
    Open(open_.id);
  } else if (const auto* opened = std::get_if<schema::ProjectOpened>(&event)) {
    open_ = WithoutClasses(opened->project);
    cut_imports_ = opened->project.imports;
    blocked_.reset();
    closed_.reset();
    Ask();
  } else if (const auto* changed = std::get_if<schema::ProjectChanged>(&event)) {
    open_ = WithoutClasses(changed->project);
    std::erase_if(cut_imports_, [&](const auto& cut) {
      return std::ranges::find(open_.imports, cut.id, &schema::ImportInfo::id) == open_.imports.end();
    });
  } else if (const auto* projects = std::get_if<schema::Projects>(&event)) {
    projects_ = projects->projects;
  } else if (const auto* blocked = std::get_if<schema::ProjectBlocked>(&event)) {
    blocked_ = *blocked;
  } else if (const auto* closed = std::get_if<schema::ProjectClosed>(&event)) {
    closed_ = *closed;
  }
}

void ProjectList::Ask() { Send(schema::ListProjects{}); }

void ProjectList::Open(const std::string& id, bool take) { Send(schema::OpenProject{.project_id = id, .take = take}); }

void ProjectList::Create(const std::string& name) { Send(schema::CreateProject{.name = name}); }

void ProjectList::Rename(const std::string& id, const std::string& name) {
  if (name.find_first_not_of(" \t\n") != std::string::npos) Send(schema::RenameProject{.project_id = id, .name = name});
}

void ProjectList::Duplicate(const std::string& id, const std::string& name) {
  Send(schema::DuplicateProject{.project_id = id, .name = name});
}

void ProjectList::Delete(const std::string& id) { Send(schema::DeleteProject{.project_id = id}); }

void ProjectList::DismissImport(int64_t import_id) { Send(schema::DismissImport{.import_id = import_id}); }

void ProjectList::Export() { Send(schema::ExportProject{}); }

void History::Apply(const schema::Event& event) {
  if (std::holds_alternative<schema::ProjectOpened>(event)) {
    undo_.clear();
    redo_.clear();
  } else if (const auto* changed = std::get_if<schema::ProjectChanged>(&event)) {
    undo_ = WordsOf(changed->undo);
    redo_ = WordsOf(changed->redo);
  }
}

void History::Undo() {
  if (!undo_.empty()) sink_.Send(schema::Undo{.id = requests_.Next()}, {});
}

void History::Redo() {
  if (!redo_.empty()) sink_.Send(schema::Redo{.id = requests_.Next()}, {});
}

void Projects::Apply(const schema::Event& event) {
  list.Apply(event);
  history.Apply(event);
  if (const auto* state = std::get_if<schema::StorageState>(&event)) {
    const bool news = !state->message.empty() && state->message != storage.message;
    storage = *state;
    if (news) notify_(NoticeKind::kWarning, Sentence(storage.message));
  } else if (const auto* failed = std::get_if<schema::Failed>(&event); failed != nullptr && Owns(failed->id)) {
    notify_(NoticeKind::kError, SentenceOf(*failed));
  }
}

}  // namespace handful::ui
