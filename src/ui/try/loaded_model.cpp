#include "ui/try/loaded_model.h"

#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

std::string Names(const std::vector<FileRef>& files) {
  std::vector<std::string> names;
  for (const FileRef& file : files) names.push_back(file.name);
  return Joined(names, 3);
}

}  // namespace

void LoadedModel::Release(std::vector<FileRef>& files) {
  for (const FileRef& file : files) sink_.Release(file.id);
  files.clear();
}

void LoadedModel::Open(std::vector<FileRef> files, bool shipped) {
  Release(opening_files_);
  opening_files_ = std::move(files);
  opening_ = Names(opening_files_);
  request_ = requests_.Next();
  schema::LoadModel command{.id = request_, .names = {}, .shipped = shipped};
  std::vector<FileId> ids;
  for (const FileRef& file : opening_files_) {
    command.names.push_back(file.name);
    ids.push_back(file.id);
  }
  sink_.Send(command, ids);
}

bool LoadedModel::Apply(const schema::Event& event) {
  if (const auto* backbone = std::get_if<schema::BackboneLoaded>(&event)) {
    if (backbone->id == request_) {  // the file that was opened as a model is a backbone
      Release(opening_files_);
      opening_.clear();
    }
    // A model that waits for a backbone, or was refused for want of one, gets its chance.
    if (!info_ && opening_files_.empty() && !files_.empty()) Open(std::move(files_));
  } else if (const auto* loaded = std::get_if<schema::ModelLoaded>(&event)) {
    return Loaded(*loaded);
  } else if (const auto* failed = std::get_if<schema::Failed>(&event);
             failed != nullptr && failed->command == schema::LoadModel::kType && failed->id == request_) {
    opening_.clear();
    if (info_) {
      Release(opening_files_);
    } else {
      files_ = std::move(opening_files_);
      opening_files_.clear();
    }
  }
  return false;
}

bool LoadedModel::Loaded(const schema::ModelLoaded& event) {
  info_ = event.model;
  warning_ = Sentence(event.warning);
  opening_.clear();
  class_index_.clear();
  for (size_t i = 0; i < info_->classes.size(); ++i) class_index_.emplace(info_->classes[i], static_cast<int>(i));
  // A restarted engine is given its model again by the host; that is no reason to do everything again.
  if (event.id == loaded_request_) return false;
  loaded_request_ = event.id;
  Release(files_);
  files_ = std::move(opening_files_);
  opening_files_.clear();
  return true;
}

int LoadedModel::ClassIndex(const std::string& label) const {
  const auto it = class_index_.find(label);
  return it == class_index_.end() ? -1 : it->second;
}

}  // namespace handful::ui
