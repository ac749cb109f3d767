// The projects in the store: listed, opened, made, renamed, copied and deleted, one after the other in the order in
// which that was asked for. A project is changed by whoever holds its lock.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "engine/answer.h"
#include "engine/store_client.h"
#include "engine/workspace.h"
#include "schema/messages.h"

namespace handful::engine {

class Projects {
 public:
  Projects(StoreClient& store, Workspace& workspace, Send send)
      : store_(store), workspace_(workspace), send_(std::move(send)) {}

  void Handle(const schema::ListProjects& command, Reply reply);
  void Handle(const schema::OpenProject& command, Reply reply);
  void Handle(const schema::CreateProject& command, Reply reply);
  void Handle(const schema::RenameProject& command, Reply reply);
  void Handle(const schema::DuplicateProject& command, Reply reply);
  void Handle(const schema::DeleteProject& command, Reply reply);
  // A new one, opened; `then` comes when it is open (or cannot be), and may be null.
  using Opened = std::function<void(const Status&)>;
  void Create(schema::ProjectInfo info, Reply reply, Opened then);

 private:
  // One thing that is done; whoever lets go of the last reference ends it, and the next one begins.
  using Turn = std::shared_ptr<void>;
  using Job = std::function<void(Turn)>;
  using Infos = std::vector<schema::ProjectInfo>;

  // Begins when all before it have ended, and nothing is on its way to the store.
  void Queue(Job job);
  void Next();
  void ListAll(std::function<void(Result<Infos>)> then);
  void SayProjects(const Reply& reply, Turn turn);
  void Read(const std::string& project_id, std::function<void(Result<schema::ProjectInfo>)> then);
  void OpenLast(bool take, const Reply& reply, Turn turn);
  void CreateNow(schema::ProjectInfo info, const Reply& reply, const Opened& then, Turn turn);
  void LockAndOpen(schema::ProjectInfo info, bool take, const Reply& reply, const Opened& then, Turn turn);
  void DeleteNow(const std::string& project_id, const Reply& reply, Turn turn);

  StoreClient& store_;
  Workspace& workspace_;
  Send send_;
  std::deque<Job> jobs_;
  bool under_way_ = false;
  const std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace handful::engine
