#include "cli/session.h"

#include <cstdio>
#include <utility>

#include "cli/files.h"
#include "cli/shipped.h"
#include "import/import.h"

namespace handful::cli {

Session::Session()
    : engine_(
          [this](schema::EventEnvelope event) {
            if (std::optional<schema::CommandEnvelope> answer = store_.Answer(event)) {
              answers_.push_back(std::move(*answer));
              return;
            }
            if (watch_ != nullptr) (*watch_)(event);
            events_.push_back(std::move(event));
          },
          importers::ImportModel) {}

void Session::Run(schema::Command command, std::vector<schema::Bytes> buffers) {
  events_.clear();
  engine_.Post({std::move(command), std::move(buffers)});
  do {
    for (schema::CommandEnvelope& answer : std::exchange(answers_, {})) engine_.Post(std::move(answer));
    while (engine_.Step()) {
    }
  } while (!answers_.empty());
}

void Session::Run(schema::Command command, std::vector<schema::Bytes> buffers,
                  const std::function<void(const schema::EventEnvelope&)>& watch) {
  watch_ = &watch;
  Run(std::move(command), std::move(buffers));
  watch_ = nullptr;
}

Status Session::status() const {
  if (const auto* failed = Find<schema::Failed>()) return Status::Error(failed->message);
  if (const auto* needs = Find<schema::NeedsDecoding>()) return Status::Error(needs->message);
  return {};
}

void Session::KeepPictures() {
  Run(schema::UseStore{});
  Run(schema::OpenProject{});
}

Status Session::LoadBackboneFile(const std::string& file) {
  Result<std::vector<uint8_t>> bytes = ReadFile(file);
  if (!bytes.ok()) return bytes.status().WithContext(file);
  Run(schema::LoadBackbone{.name = file}, {std::move(*bytes)});
  backbone_file_ = file;
  return status().WithContext(file);
}

Status Session::LoadBackbone(const std::string& path) {
  if (!path.empty()) return LoadBackboneFile(path);
  Result<std::vector<ShippedBackbone>> shipped = ShippedBackbones();
  if (!shipped.ok()) return shipped.status().WithContextf("no backbone is there (--backbone FILE names one)");
  Status loaded;
  for (const ShippedBackbone& backbone : *shipped) {
    loaded = LoadBackboneFile(backbone.file);
    if (loaded.ok()) return loaded;
    if (&backbone != &shipped->back())
      std::fprintf(stderr, "warning: %s; going on with the next backbone\n", loaded.message().c_str());
  }
  return loaded;
}

Status Session::LoadModel(const std::string& path, const std::string& backbone_path) {
  Result<std::vector<uint8_t>> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.status();
  if (!backbone_path.empty()) {
    HANDFUL_TRY(LoadBackboneFile(backbone_path));
  } else if (Result<std::vector<ShippedBackbone>> shipped = ShippedBackbones(); shipped.ok()) {
    // The preferred one last: it is the one in use.
    for (auto backbone = shipped->rbegin(); backbone != shipped->rend(); ++backbone) {
      if (const Status loaded = LoadBackboneFile(backbone->file); !loaded.ok())
        std::fprintf(stderr, "warning: %s\n", loaded.message().c_str());
    }
  }
  Run(schema::LoadModel{.names = {path}}, {std::move(*bytes)});
  return status();
}

std::string DefaultModelPath() {
  if (Result<std::vector<ShippedBackbone>> shipped = ShippedBackbones(); shipped.ok()) {
    for (const ShippedBackbone& backbone : *shipped) {
      if (!backbone.head.empty()) return backbone.head;
    }
  }
  return ModelPath("fingers-head.safetensors");
}

}  // namespace handful::cli
