// Which project is open, and in which state the opening is. There is at most one; until somebody keeps a store there
// always is one, in memory.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/open_project.h"

namespace handful::engine {

class Workspace {
 public:
  struct Hooks {
    // Another project is open, or none; its trainings are known.
    std::function<void()> opened;
    // As OpenProject's.
    std::function<void(bool by_visitor)> changed;
  };

  Workspace(Send send, StoreClient& store, Hooks hooks)
      : send_(std::move(send)), store_(store), hooks_(std::move(hooks)) {}

  // Null: none is open.
  OpenProject* project() const { return project_.get(); }
  Scope scope() const { return project_; }
  // The one that was last said to be open: what is asked now is meant for it. None: nobody was told of any.
  const std::optional<Scope>& announced() const { return announced_; }
  // Errors: none is open.
  Result<OpenProject*> RequireProject() const;
  // Empty where none is open.
  const State& state() const;

  // Opens a project whose lock is ours; the one before is closed, and its lock let go of unless it is the same.
  void Open(const Reply& reply, schema::ProjectInfo info, const std::string& lock);
  // An empty one in memory.
  void OpenInMemory();
  void Close();
  // Whoever calls this unlocks it.
  void CloseAndKeepLock();
  void Handle(const schema::StoreLost& command);
  // The lock of the one that is open.
  const std::string& lock() const { return lock_; }

  void UseBackbone(const std::string& sha256);

  // Once nothing of the open project is on its way to the store.
  void WhenQuiet(std::function<void()> then);
  // Too much waits for the store: no more samples for now.
  bool Overfull() const { return project_ != nullptr && project_->keeper().unsaved() >= kMostUnsaved; }
  void Flush() {
    if (project_ != nullptr) project_->keeper().Flush();
  }

 private:
  static constexpr size_t kMostUnsaved = 64;
  std::shared_ptr<OpenProject> NewProject(schema::ProjectInfo info);

  Send send_;
  StoreClient& store_;
  Hooks hooks_;
  std::string backbone_sha256_, lock_;
  int64_t last_opened_ms_ = 0;
  std::shared_ptr<OpenProject> project_;
  std::optional<Scope> announced_;
};

}  // namespace handful::engine
