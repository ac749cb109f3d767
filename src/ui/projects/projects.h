// Projects: the open one, the others, where they are kept, and what can be undone in the open one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/base/host.h"
#include "ui/base/notice.h"
#include "ui/base/panel.h"
#include "ui/base/requests.h"

namespace handful::ui {

// The list of projects, and which one is open. Its classes and samples are teach's.
class ProjectList {
 public:
  explicit ProjectList(CommandSink& sink) : sink_(sink) {}

  // ---- from the engine
  void Apply(const schema::Event& event);
  bool Owns(int64_t request) const { return requests_.Owns(request); }

  // ---- from the panels
  void Ask();  // for the list
  void Open(const std::string& id, bool take = false);
  void Create(const std::string& name);
  void Rename(const std::string& id, const std::string& name);
  void Duplicate(const std::string& id, const std::string& name);
  void Delete(const std::string& id);
  void Export();
  void DismissImport(int64_t import_id);
  void AskToDelete(const std::string& id) { asked_to_delete_ = id; }

  // ---- what there is to show
  const schema::ProjectInfo& open() const { return open_; }  // without its classes
  const std::vector<schema::ProjectInfo>& all() const { return projects_; }
  // Imports that had not come to their end when the open project was opened: they were cut short.
  const std::vector<schema::ImportInfo>& cut_imports() const { return cut_imports_; }
  // The project is somebody else's at the moment, or was taken over.
  const std::optional<schema::ProjectBlocked>& blocked() const { return blocked_; }
  const std::optional<schema::ProjectClosed>& closed() const { return closed_; }
  bool elsewhere() const { return blocked_ || closed_; }
  const std::string& asked_to_delete() const { return asked_to_delete_; }

 private:
  template <class Command>
  void Send(Command command) {
    command.id = requests_.Next();
    sink_.Send(command, {});
  }

  CommandSink& sink_;
  Requests requests_{Asker::kProjects};
  schema::ProjectInfo open_;
  std::vector<schema::ProjectInfo> projects_;
  std::vector<schema::ImportInfo> cut_imports_;
  std::optional<schema::ProjectBlocked> blocked_;
  std::optional<schema::ProjectClosed> closed_;
  std::string asked_to_delete_;
};

// Undo and redo of the open project.
class History {
 public:
  explicit History(CommandSink& sink) : sink_(sink) {}

  void Apply(const schema::Event& event);
  bool Owns(int64_t request) const { return requests_.Owns(request); }
  void Undo();
  void Redo();
  const std::string& undo() const { return undo_; }  // what it would undo in words, "" for nothing: "delete 3 pictures"
  const std::string& redo() const { return redo_; }

 private:
  CommandSink& sink_;
  Requests requests_{Asker::kHistory};
  std::string undo_, redo_;
};

struct Projects {
  Projects(CommandSink& sink, Notify notify) : list(sink), history(sink), notify_(std::move(notify)) {}

  void Apply(const schema::Event& event);
  bool Owns(int64_t request) const { return list.Owns(request) || history.Owns(request); }

  ProjectList list;
  History history;
  schema::StorageState storage;

 private:
  Notify notify_;
};

struct ProjectsPanel : Panel {
  Projects& projects;
  int64_t samples = 0;     // of the open project
  bool importing = false;  // an archive is being read into it
};

void DrawProjects(ProjectsPanel& c);
void DrawDeleteProject(ProjectsPanel& c);
// What was cut short, above the classes. Returns the height; 0: nothing was.
float DrawCutImports(ProjectsPanel& c, Vec2 top_left, float width);
// In place of the classes of a project that is open in another tab. Returns the height.
float DrawElsewhere(ProjectsPanel& c, Vec2 top_left, float width);

}  // namespace handful::ui
