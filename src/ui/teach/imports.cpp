#include "ui/teach/imports.h"

#include <algorithm>

#include "ui/toolkit/words.h"

namespace handful::ui {

void Imports::Add(const FileRef& file, int64_t class_id, const std::string& session) {
  const int64_t id = requests_.Next();
  imports_.push_back({.id = id, .file = file});
  sink_.Send(schema::ImportArchive{.id = id,
                                   .name = file.name,
                                   .class_id = class_id,
                                   .project_id = engine_.project_id(),
                                   .session = session,
                                   .store = {},
                                   .entries = {}},
             {&file.id, 1});
}

void Imports::End(int64_t id) {
  const auto it = std::ranges::find(imports_, id, &Import::id);
  if (it == imports_.end()) return;
  sink_.Release(it->file.id);
  imports_.erase(it);
}

void Imports::Apply(const schema::ImportProgress& event) {
  const auto it = std::ranges::find(imports_, event.id, &Import::id);
  if (it != imports_.end()) it->done = event.done, it->total = event.total;
}

void Imports::Apply(const schema::ImportDone& event) {
  End(event.id);
  std::string text = BaseName(event.name) + ": " + Count(event.added, "picture", "pictures") + " added.";
  if (event.failed > 0) {
    text += " " + Count(event.failed, "picture", "pictures") + " could not be read";
    text += event.failures.empty()
                ? "."
                : ": " + BaseName(event.failures[0].name) + ": " + Sentence(event.failures[0].message);
  }
  if (!event.warning.empty()) text += " " + Sentence(event.warning);
  notify_(event.failed > 0 || !event.warning.empty() ? NoticeKind::kWarning : NoticeKind::kInfo, text);
}

void Imports::Apply(const schema::Failed& event) {
  End(event.id);
  notify_(NoticeKind::kError, SentenceOf(event));
}

void Imports::EngineStopped() {
  while (!imports_.empty()) End(imports_.front().id);
}

}  // namespace handful::ui
