#include "ui/teach/classes.h"

#include "base/status.h"

namespace handful::ui {

void Classes::Opened(std::vector<schema::ClassInfo> classes) {
  chosen_ = 0;
  classes_ = std::move(classes);
}

void Classes::Changed(std::vector<schema::ClassInfo> classes) {
  classes_ = std::move(classes);
  if (const schema::ClassInfo* added = named_for_now_.empty() ? nullptr : Find(named_for_now_)) {
    naming_ = added->id;
    named_for_now_.clear();
  }
}

const schema::ClassInfo* Classes::Find(int64_t class_id) const {
  for (const schema::ClassInfo& info : classes_) {
    if (info.id == class_id) return &info;
  }
  return nullptr;
}

const schema::ClassInfo* Classes::Find(const std::string& name) const {
  for (const schema::ClassInfo& info : classes_) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

int Classes::IndexOf(int64_t class_id) const {
  const schema::ClassInfo* info = Find(class_id);
  return info == nullptr ? -1 : static_cast<int>(info - classes_.data());
}

int64_t Classes::chosen() const {
  if (Find(chosen_) != nullptr) return chosen_;
  return classes_.empty() ? 0 : classes_.front().id;
}

ClassMark Classes::MarkOf(const Painter& p, int64_t class_id) const {
  const int index = IndexOf(class_id);
  if (index < 0) return {"", p.OfClass(-1)};
  return {ClassLetters(index), p.OfClass(classes_[static_cast<size_t>(index)].color)};
}

void Classes::Choose(int64_t class_id) {
  if (Find(class_id) != nullptr) chosen_ = class_id;
}

void Classes::Add() {
  std::string name;
  for (size_t n = classes_.size() + 1; name.empty() || Find(name) != nullptr; ++n) name = Format("Class %zu", n);
  Send(schema::AddClass{.name = name});
  named_for_now_ = std::move(name);
}

void Classes::Edit(const schema::ClassInfo& info) {
  Send(schema::EditClass{.class_id = info.id, .name = info.name, .color = info.color, .enabled = info.enabled});
}

void Classes::Rename(int64_t class_id, const std::string& name) {
  if (naming_ == class_id) naming_ = 0;
  const schema::ClassInfo* info = Find(class_id);
  if (info == nullptr || name == info->name) return;
  if (name.find_first_not_of(" \t\n") == std::string::npos) return;  // a class keeps its name rather than have none
  schema::ClassInfo now = *info;
  now.name = name;
  Edit(now);
}

void Classes::Recolor(int64_t class_id, int color) {
  if (const schema::ClassInfo* info = Find(class_id); info != nullptr && info->color != color) {
    schema::ClassInfo now = *info;
    now.color = color;
    Edit(now);
  }
}

void Classes::Enable(int64_t class_id, bool enabled) {
  if (const schema::ClassInfo* info = Find(class_id); info != nullptr && info->enabled != enabled) {
    schema::ClassInfo now = *info;
    now.enabled = enabled;
    Edit(now);
  }
}

void Classes::Move(int64_t class_id, int by) {
  const int from = IndexOf(class_id), to = from + by;
  if (from < 0 || to < 0 || to >= static_cast<int>(classes_.size())) return;
  Send(schema::MoveClass{.class_id = class_id, .index = to});
}

void Classes::Merge(int64_t from, int64_t into) {
  if (from != into) Send(schema::MergeClasses{.from = from, .into = into});
}

void Classes::Delete(int64_t class_id) { Send(schema::DeleteClass{.class_id = class_id}); }

}  // namespace handful::ui
