#include "engine/project/projects.h"

#include <algorithm>

#include "engine/project/edits.h"
#include "engine/project/records.h"
#include "schema/json.h"

namespace handful::engine {
namespace {

using schema::ProjectInfo;

constexpr int kListAtOnce = 500;

std::string NameOf(const std::string& wanted, const char* otherwise) {
  const std::string name = Trimmed(wanted.substr(0, 4 * kMostNameCharacters));
  return name.empty() ? otherwise : name;
}

}  // namespace

// ---- one after the other -------------------------------------------------------------------------------------------

void Projects::Queue(Job job) {
  jobs_.push_back(std::move(job));
  if (!under_way_) Next();
}

void Projects::Next() {
  if (jobs_.empty()) return;
  under_way_ = true;
  const Job job = std::move(jobs_.front());
  jobs_.pop_front();
  Turn turn(static_cast<void*>(this), [this, alive = std::weak_ptr(alive_)](void*) {
    if (alive.expired()) return;
    under_way_ = false;
    Next();
  });
  workspace_.WhenQuiet([job, turn] { job(turn); });
}

// ---- reading -------------------------------------------------------------------------------------------------------

void Projects::ListAll(std::function<void(Result<Infos>)> then) {
  auto projects = std::make_shared<Infos>();
  store_.ListAll(
      "projects", "", kListAtOnce, true,
      [this, projects](const StoreValues& found) {
        for (size_t i = 0; i < found.keys.size(); ++i) {
          Result<ProjectInfo> info = schema::ProjectFromJson(TextOf(found.values[i]));
          if (info.ok()) {
            projects->push_back(std::move(*info));
          } else {
            Complain(send_, schema::ListProjects::kType,
                     info.status().WithContextf("project %s cannot be read", found.keys[i].c_str()));
          }
        }
        return true;
      },
      [projects, then](const Status& read) {
        std::ranges::sort(*projects, std::greater(), &ProjectInfo::changed_ms);
        then(read.ok() ? Result<Infos>(std::move(*projects)) : Result<Infos>(read));
      });
}

void Projects::Read(const std::string& project_id, std::function<void(Result<ProjectInfo>)> then) {
  store_.Read("projects", {project_id}, [project_id, then](Result<StoreValues> found) {
    then(!found.ok()             ? Result<ProjectInfo>(found.status())
         : found->values.empty() ? Errorf("there is no project %s any more", project_id.c_str())
                                 : schema::ProjectFromJson(TextOf(found->values[0])));
  });
}

void Projects::SayProjects(const Reply& reply, Turn turn) {
  ListAll([this, reply, turn](Result<Infos> projects) {
    if (!projects.ok()) {
      reply->Fail(projects.status());
      return;
    }
    for (ProjectInfo& info : *projects) info.classes.clear();
    const OpenProject* open = workspace_.project();
    reply->Say(schema::Projects{reply->id(), std::move(*projects), open == nullptr ? "" : open->id()});
  });
}

void Projects::Handle(const schema::ListProjects&, Reply reply) {
  Queue([this, reply](Turn turn) { SayProjects(reply, turn); });
}

// ---- opening -------------------------------------------------------------------------------------------------------

void Projects::LockAndOpen(ProjectInfo info, bool take, const Reply& reply, const Opened& then, Turn turn) {
  const std::string lock = LockOf(info.id);
  if (lock == workspace_.lock()) {
    workspace_.Open(reply, std::move(info), lock);
    if (then) then(Status());
    return;
  }
  store_.Lock(lock, take, [this, info = std::move(info), lock, reply, then, turn](const Status& locked) {
    if (!locked.ok()) {
      reply->Say(schema::ProjectBlocked{reply->id(), info.id, info.name});
      if (then) then(locked);
      return;
    }
    workspace_.Open(reply, info, lock);
    if (then) then(Status());
  });
}

// The one that was open last.
void Projects::OpenLast(bool take, const Reply& reply, Turn turn) {
  ListAll([this, take, reply, turn](Result<Infos> projects) {
    if (!projects.ok()) {
      reply->Fail(projects.status());
    } else if (projects->empty()) {
      CreateNow({.name = "My first project"}, reply, {}, turn);
    } else {
      const auto last = std::ranges::max_element(*projects, [](const ProjectInfo& a, const ProjectInfo& b) {
        return std::pair(a.opened_ms, a.changed_ms) < std::pair(b.opened_ms, b.changed_ms);
      });
      LockAndOpen(*last, take, reply, {}, turn);
    }
  });
}

void Projects::Handle(const schema::OpenProject& command, Reply reply) {
  Queue([this, command, reply](Turn turn) {
    if (command.project_id.empty()) {
      OpenLast(command.take, reply, turn);
      return;
    }
    Read(command.project_id, [this, take = command.take, reply, turn](Result<ProjectInfo> info) {
      if (!info.ok()) reply->Fail(info.status());
      else LockAndOpen(std::move(*info), take, reply, {}, turn);
    });
  });
}

void Projects::Handle(const schema::CreateProject& command, Reply reply) {
  Create({.name = NameOf(command.name, "New project")}, std::move(reply), {});
}

void Projects::Create(ProjectInfo info, Reply reply, Opened then) {
  Queue([this, info, reply, then](Turn turn) { CreateNow(info, reply, then, turn); });
}

void Projects::CreateNow(ProjectInfo info, const Reply& reply, const Opened& then, Turn turn) {
  info.id = NewProjectId();
  info.created_ms = info.changed_ms = info.opened_ms = NowMs();
  schema::StoreWrite batch{.puts = {{"projects", info.id}}};
  store_.Write(std::move(batch), {BytesOfText(schema::ToJson(info))},
               [this, info, reply, then, turn](const Status& kept) {
                 if (!kept.ok()) {
                   if (then) then(kept);
                   else reply->Fail(kept);
                   return;
                 }
                 LockAndOpen(info, false, reply, then, turn);
               });
}

// ---- changing ------------------------------------------------------------------------------------------------------

void Projects::Handle(const schema::RenameProject& command, Reply reply) {
  const std::string name = NameOf(command.name, "");
  if (name.empty()) {
    reply->Fail(Errorf("a project needs a name"));
    return;
  }
  OpenProject* open = workspace_.project();
  if (open != nullptr && (command.project_id.empty() || command.project_id == open->id())) {
    open->Rename(name);
    open->AnswerWhenKept(reply);
    return;
  }
  Queue([this, command, name, reply](Turn turn) {
    Read(command.project_id, [this, name, reply, turn](Result<ProjectInfo> info) {
      if (!info.ok()) {
        reply->Fail(info.status());
        return;
      }
      info->name = name;
      store_.Write({.puts = {{"projects", info->id}}}, {BytesOfText(schema::ToJson(*info))},
                   [this, reply, turn](const Status& kept) {
                     if (!kept.ok()) reply->Fail(kept);
                     else SayProjects(reply, turn);
                   });
    });
  });
}

void Projects::Handle(const schema::DuplicateProject& command, Reply reply) {
  Queue([this, command, reply](Turn turn) {
    Read(command.project_id, [this, command, reply, turn](Result<ProjectInfo> info) {
      if (!info.ok()) {
        reply->Fail(info.status());
        return;
      }
      ProjectInfo copy = *info;
      copy.id = NewProjectId();
      copy.name = NameOf(command.name, ("Copy of " + info->name).c_str());
      copy.created_ms = copy.changed_ms = NowMs();
      copy.opened_ms = 0;
      schema::StoreWrite batch{.puts = {{"projects", copy.id}}, .copy_from = info->id + "/", .copy_to = copy.id + "/"};
      store_.Write(std::move(batch), {BytesOfText(schema::ToJson(copy))}, [this, reply, turn](const Status& kept) {
        if (!kept.ok()) reply->Fail(kept);
        else SayProjects(reply, turn);
      });
    });
  });
}

void Projects::Handle(const schema::DeleteProject& command, Reply reply) {
  Queue([this, project_id = command.project_id, reply](Turn turn) {
    if (LockOf(project_id) == workspace_.lock()) {
      DeleteNow(project_id, reply, turn);
      return;
    }
    store_.Lock(LockOf(project_id), false, [this, project_id, reply, turn](const Status& locked) {
      if (!locked.ok()) reply->Fail(Errorf("this project is open in another tab, so it stays"));
      else DeleteNow(project_id, reply, turn);
    });
  });
}

// An open one is closed first, so that nothing of it is kept afterwards; its lock is held to the end.
void Projects::DeleteNow(const std::string& project_id, const Reply& reply, Turn turn) {
  const bool open = LockOf(project_id) == workspace_.lock();
  if (open) workspace_.CloseAndKeepLock();
  schema::StoreWrite batch{.removes = {{"projects", project_id}}};
  for (const char* store : kProjectStores) batch.remove_prefixes.push_back({store, project_id + "/"});
  store_.Write(std::move(batch), {}, [this, project_id, open, reply, turn](const Status& kept) {
    store_.Unlock(LockOf(project_id));
    if (!kept.ok()) reply->Fail(kept.WithContextf("the project could not be deleted"));
    // The answer was given then, but a project is to be open all the same.
    const Reply next = kept.ok() ? reply : std::make_shared<Answer>(send_, 0, schema::OpenProject::kType, "");
    if (open) OpenLast(false, next, turn);
    else SayProjects(next, turn);
  });
}

}  // namespace handful::engine
