// Zips on their way in and out of the open project. The engine never unpacks: whoever answers StoreRead gives it entries by
// name (see ImportArchive), and WriteArchive says what a zip is to be made of. Formats: docs/FORMATS.md.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/store_client.h"
#include "engine/workspace.h"
#include "schema/messages.h"

namespace handful::engine {

inline constexpr char kProjectFile[] = "project.json";

// A project.json. Errors: no JSON, another format, a newer version, a field of the wrong type.
Result<schema::ProjectFile> ReadProjectFile(std::span<const uint8_t> json);

class ArchiveImports {
 public:
  using Send = StoreClient::Send;
  // Adds one picture file to the open project.
  using Add = std::function<Status(schema::SampleInfo info, const std::string& label, const schema::Bytes& file)>;

  // An earlier training that came with a project.
  using Adopted = std::function<void(schema::TrainingInfo)>;

  ArchiveImports(Send send, StoreClient& store, Workspace& workspace, Add add, Adopted adopted);
  ~ArchiveImports();

  // One after the other, in the order they came.
  Status Handle(const schema::ImportArchive& command);
  // Adds one picture. Returns whether it could do something: it may have to wait for the store.
  bool Step();
  bool busy() const { return job_ != nullptr; }

 private:
  struct Job;
  void Begin(const schema::ImportArchive& command);
  void OpenProjectOf(const schema::Bytes& json);
  void ReadMore();
  void KeepTrainings(const schema::ProjectFile& file);
  void Finish();
  void Fail(const std::string& message);
  void Next();

  Send send_;
  StoreClient& store_;
  Workspace& workspace_;
  Add add_;
  Adopted adopted_;
  std::deque<schema::ImportArchive> waiting_;
  std::unique_ptr<Job> job_;
};

// The open project, its pictures and its trainings' models as one WriteArchive.
void ExportArchive(int64_t id, Workspace& workspace, const std::vector<schema::TrainingInfo>& trainings, const StoreClient::Send& send);

}  // namespace handful::engine
