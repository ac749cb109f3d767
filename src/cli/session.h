// The engine run inline, with the models a verb needs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/engine.h"
#include "engine/memory_store.h"

namespace handful::cli {

class Session {
 public:
  Session();

  // Runs one command to its end. Its events stay until the next call.
  void Run(schema::Command command, std::vector<schema::Bytes> buffers = {});
  // As Run; calls `watch` for each event as it comes.
  void Run(schema::Command command, std::vector<schema::Bytes> buffers,
           const std::function<void(const schema::EventEnvelope&)>& watch);

  // The first event of that kind among the last command's, or null.
  template <class T>
  const T* Find() const {
    for (const schema::EventEnvelope& event : events_) {
      if (const T* found = std::get_if<T>(&event.message)) return found;
    }
    return nullptr;
  }
  // The buffers of the first event of that kind.
  template <class T>
  const std::vector<schema::Bytes>* BuffersOf() const {
    for (const schema::EventEnvelope& event : events_) {
      if (std::holds_alternative<T>(event.message)) return &event.buffers;
    }
    return nullptr;
  }
  // Why the last command failed, where it did.
  Status status() const;

  // Keeps pictures, too, and not only what is known of them: augmentation needs them.
  void KeepPictures();

  // Loads the backbone that makes features. `path` may be empty for the preferred one of those that come with Handful:
  // one that is damaged is passed over with a warning on stderr.
  Status LoadBackbone(const std::string& path);
  // The file that LoadBackbone took.
  const std::string& backbone_file() const { return backbone_file_; }
  // Loads a model, and before it the backbone, or where `backbone_path` is empty all that come with Handful: the model
  // names the one it stands on. One that carries its own needs none. Errors name a file only if it is the backbone's.
  Status LoadModel(const std::string& path, const std::string& backbone_path);

 private:
  Status LoadBackboneFile(const std::string& file);

  std::string backbone_file_;
  std::vector<schema::EventEnvelope> events_;
  engine::MemoryStore store_;
  std::vector<schema::CommandEnvelope> answers_;
  const std::function<void(const schema::EventEnvelope&)>* watch_ = nullptr;
  engine::Engine engine_;
};

// The path of the fingers model that stands on the preferred backbone that is there.
std::string DefaultModelPath();

}  // namespace handful::cli
