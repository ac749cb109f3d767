// The model that was opened from files: what it knows, and the files of one that is being opened.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/base/host.h"
#include "ui/base/requests.h"

namespace handful::ui {

class LoadedModel {
 public:
  explicit LoadedModel(CommandSink& sink) : sink_(sink) {}

  // ---- from the engine and the host
  // Returns whether another model is in use now.
  bool Apply(const schema::Event& event);
  void EngineStopped() { opening_.clear(); }
  // `shipped`: it comes with the page, and answers only while a project has nothing to say.
  void Open(std::vector<FileRef> files, bool shipped = false);
  // To be opened as soon as there is a backbone.
  void Hold(std::vector<FileRef> files) { files_ = std::move(files); }

  // ---- what there is to show
  const std::optional<schema::ModelInfo>& info() const { return info_; }
  const std::string& warning() const { return warning_; }
  // The files being opened as a model, or empty.
  const std::string& opening() const { return opening_; }
  // The position of a class among the model's outputs, or -1.
  int ClassIndex(const std::string& label) const;

 private:
  bool Loaded(const schema::ModelLoaded& event);
  void Release(std::vector<FileRef>& files);

  CommandSink& sink_;
  Requests requests_{Asker::kModel};
  std::optional<schema::ModelInfo> info_;
  std::map<std::string, int> class_index_;
  std::string warning_, opening_;
  std::vector<FileRef> opening_files_;  // sent, not answered
  std::vector<FileRef> files_;          // of the model in use; before there is one, of the last that was refused
  int64_t request_ = 0, loaded_request_ = 0;
};

}  // namespace handful::ui
