// Archives of pictures that are being read into the project.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/base/engine.h"
#include "ui/base/host.h"
#include "ui/base/notice.h"
#include "ui/base/requests.h"

namespace handful::ui {

struct Import {
  int64_t id = 0;
  FileRef file;
  int64_t done = 0, total = 0;  // pictures; total 0: not known yet
};

class Imports {
 public:
  Imports(CommandSink& sink, const EngineState& engine, Notify notify)
      : sink_(sink), engine_(engine), notify_(std::move(notify)) {}

  // `class_id` 0: of the classes that its folders name.
  void Add(const FileRef& file, int64_t class_id, const std::string& session);
  const std::vector<Import>& under_way() const { return imports_; }

  // ---- from the engine
  bool Owns(int64_t request) const { return requests_.Owns(request); }
  void Apply(const schema::ImportProgress& event);
  void Apply(const schema::ImportDone& event);
  void Apply(const schema::Failed& event);  // one of its own
  void EngineStopped();

 private:
  void End(int64_t id);

  CommandSink& sink_;
  const EngineState& engine_;
  Notify notify_;
  Requests requests_{Asker::kImports};
  std::vector<Import> imports_;
};

}  // namespace handful::ui
