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
  void Run(schema::Command command, std::vector<schema::Bytes> buffers, const std::function<void(const schema::EventEnvelope&)>& watch);

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

  // Loads the shared backbone. `path` may be empty for the one that ./tools/fetch-backbone obtained.
  Status LoadBackbone(const std::string& path);
  // Loads a model, and the backbone before it where there is one; a model that carries its own needs none. Errors name a file
  // only if it is the backbone's.
  Status LoadModel(const std::string& path, const std::string& backbone_path);

 private:
  std::vector<schema::EventEnvelope> events_;
  engine::MemoryStore store_;
  std::vector<schema::CommandEnvelope> answers_;
  const std::function<void(const schema::EventEnvelope&)>* watch_ = nullptr;
  engine::Engine engine_;
};

inline constexpr char kBackboneFile[] = "mobilenet_v2_035_224_backbone.safetensors";
inline constexpr char kDefaultModelFile[] = "fingers-head.safetensors";

}  // namespace handful::cli
