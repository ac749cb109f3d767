// The classes of the open project: their order, names and colours, and which one is chosen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/base/host.h"
#include "ui/base/requests.h"
#include "ui/toolkit/mark.h"

namespace handful::ui {

class Classes {
 public:
  explicit Classes(CommandSink& sink) : sink_(sink) {}

  // ---- from the engine
  void Opened(std::vector<schema::ClassInfo> classes);  // another project's
  void Changed(std::vector<schema::ClassInfo> classes);
  bool Owns(int64_t request) const { return requests_.Owns(request); }

  // ---- from the panels
  void Add();  // "Class 3"
  void Rename(int64_t class_id, const std::string& name);
  void Recolor(int64_t class_id, int color);
  void Enable(int64_t class_id, bool enabled);
  void Move(int64_t class_id, int by);
  void Merge(int64_t from, int64_t into);
  void Delete(int64_t class_id);
  void Choose(int64_t class_id);  // where the keyboard's shots go

  // ---- what there is to show
  const std::vector<schema::ClassInfo>& all() const { return classes_; }
  bool empty() const { return classes_.empty(); }
  const schema::ClassInfo* Find(int64_t class_id) const;
  const schema::ClassInfo* Find(const std::string& name) const;
  int IndexOf(int64_t class_id) const;  // its place, or -1
  // The class just added, until it is given its name; 0: none.
  int64_t naming() const { return naming_; }
  int64_t chosen() const;  // 0 where there is no class
  ClassMark MarkOf(const Painter& p, int64_t class_id) const;

 private:
  template <class Command>
  void Send(Command command) {
    command.id = requests_.Next();
    sink_.Send(command, {});
  }
  void Edit(const schema::ClassInfo& info);

  CommandSink& sink_;
  Requests requests_{Asker::kClasses};
  std::vector<schema::ClassInfo> classes_;
  std::string named_for_now_;  // the class that Add asked for
  int64_t naming_ = 0, chosen_ = 0;
};

}  // namespace handful::ui
