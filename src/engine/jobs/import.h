// Zips on their way into a project, one after the other, a picture a step. The engine never unpacks: whoever answers
// StoreRead gives it entries by name (see ImportArchive). An import belongs to the project it began in; when that is
// closed, it ends, and what is missing is remembered there (ProjectInfo.imports).
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/answer.h"
#include "engine/project/projects.h"
#include "engine/store_client.h"
#include "engine/workspace.h"
#include "schema/messages.h"

namespace handful::engine {

class ImportJob {
 public:
  // Adds one picture file to a project; returns the sample's number.
  using Add = std::function<Result<int64_t>(OpenProject& project, schema::SampleInfo info, const std::string& label,
                                            const schema::Bytes& file)>;

  ImportJob(Send send, StoreClient& store, Workspace& workspace, Projects& projects, Add add)
      : send_(std::move(send)), store_(store), workspace_(workspace), projects_(projects), add_(std::move(add)) {}

  Status Handle(const schema::ImportArchive& command, const Reply& reply);
  // Returns whether it could do something: it may have to wait for the store.
  bool Step();

 private:
  struct Item {
    std::string entry;
    std::string label;  // "": the command's class
    schema::SampleInfo info;
  };
  struct Run {
    schema::ImportArchive command;
    Reply reply;
    Scope scope;
    std::deque<Item> items;
    std::deque<schema::ArchivedTraining> trainings;
    std::map<std::string, int64_t> sizes;  // of entries, bytes
    std::deque<std::pair<Item, schema::Bytes>> read;
    std::vector<int64_t> sample_ids;  // added
    bool waiting = false;             // for the store
    int64_t import_id = 0;            // 0: it has not begun to add
    int64_t done = 0, failed = 0, total = 0;
    std::vector<schema::ImportFailure> failures;
    std::string warning;
  };

  void Next();
  void Begin();
  void ReadProjectOf(const std::string& entry);
  void OpenProjectOf(const schema::Bytes& json);
  bool StepIn(OpenProject& project);
  void BeginIn(OpenProject& project);
  void LeaveOutWhatIsThere(const State& state);
  void ReadMore();
  void AddNext(OpenProject& project);
  void CannotAdd(const Item& item, const Status& why);
  void ReadTraining();
  void Finish(OpenProject& project);
  void Fail(const Status& why);
  // For callbacks: whether this is still the same run.
  std::function<bool()> StillRuns() const;

  Send send_;
  StoreClient& store_;
  Workspace& workspace_;
  Projects& projects_;
  Add add_;
  std::deque<std::pair<schema::ImportArchive, Reply>> queue_;
  std::shared_ptr<Run> run_;
};

}  // namespace handful::engine
