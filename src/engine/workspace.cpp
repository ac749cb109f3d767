#include "engine/workspace.h"

#include <algorithm>

namespace handful::engine {

std::shared_ptr<OpenProject> Workspace::NewProject(schema::ProjectInfo info) {
  return OpenProject::Create(send_, store_, std::move(info), backbone_sha256_,
                             {.changed = [this](bool by_visitor) { hooks_.changed(by_visitor); },
                              .opened =
                                  [this] {
                                    announced_ = project_;
                                    hooks_.opened();
                                  }});
}

Result<OpenProject*> Workspace::RequireProject() const {
  if (project_ == nullptr) return Errorf("no project is open");
  return project_.get();
}

const State& Workspace::state() const {
  static const State none;
  return project_ == nullptr ? none : project_->state();
}

void Workspace::Open(const Reply& reply, schema::ProjectInfo info, const std::string& lock) {
  const std::string before = lock_;
  CloseAndKeepLock();
  if (!before.empty() && before != lock) store_.Unlock(before);
  lock_ = lock;
  // Two that are opened within a millisecond are told apart as well.
  last_opened_ms_ = info.opened_ms = std::max(NowMs(), last_opened_ms_ + 1);
  project_ = NewProject(std::move(info));
  project_->Load(reply);
}

void Workspace::OpenInMemory() {
  Close();
  project_ = NewProject({.id = "memory", .name = "My first project"});
  project_->StartEmpty();
}

void Workspace::CloseAndKeepLock() {
  lock_.clear();
  if (project_ == nullptr) return;
  const std::shared_ptr<OpenProject> closed = std::exchange(project_, nullptr);
  closed->Close();
  hooks_.opened();
  hooks_.changed(true);
}

void Workspace::Close() {
  const std::string lock = lock_;
  CloseAndKeepLock();
  if (!lock.empty()) store_.Unlock(lock);
}

void Workspace::Handle(const schema::StoreLost& command) {
  if (command.lock != lock_ || lock_.empty()) return;
  const std::string id = project_ == nullptr ? "" : project_->id();
  lock_.clear();
  Close();
  announced_.reset();
  send_(schema::ProjectClosed{id}, {});
}

void Workspace::UseBackbone(const std::string& sha256) {
  backbone_sha256_ = sha256;
  if (project_ != nullptr) project_->UseBackbone(sha256);
}

void Workspace::WhenQuiet(std::function<void()> then) {
  if (project_ != nullptr) project_->keeper().WhenQuiet(std::move(then));
  else then();
}

}  // namespace handful::engine
