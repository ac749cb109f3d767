#include "cli/session.h"

#include <utility>

#include "cli/files.h"

namespace handful::cli {

Session::Session()
    : engine_([this](schema::EventEnvelope event) {
        if (std::optional<schema::CommandEnvelope> answer = store_.Answer(event)) {
          answers_.push_back(std::move(*answer));
          return;
        }
        if (watch_ != nullptr) (*watch_)(event);
        events_.push_back(std::move(event));
      }) {}

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

Status Session::LoadBackbone(const std::string& path) {
  const std::string file = path.empty() ? ModelPath(kBackboneFile) : path;
  Result<std::vector<uint8_t>> bytes = ReadFile(file);
  if (!bytes.ok()) {
    return Errorf("%s: %s. This is the MobileNetV2 backbone; ./tools/fetch-backbone obtains it, and --backbone FILE names another place",
                  file.c_str(), bytes.status().message().c_str());
  }
  Run(schema::LoadBackbone{.name = file}, {std::move(*bytes)});
  return status().WithContext(file);
}

Status Session::LoadModel(const std::string& path, const std::string& backbone_path) {
  const std::string file = path.empty() ? ModelPath(kDefaultModelFile) : path;
  Result<std::vector<uint8_t>> bytes = ReadFile(file);
  if (!bytes.ok()) return bytes.status();
  const Status backbone = LoadBackbone(backbone_path);
  if (!backbone.ok() && !backbone_path.empty()) return backbone;
  Run(schema::LoadModel{.names = {file}}, {std::move(*bytes)});
  return status();
}

}  // namespace handful::cli
