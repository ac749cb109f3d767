#include "ui/try/try.h"

#include "base/status.h"
#include "ui/base/files.h"
#include "ui/toolkit/words.h"

namespace handful::ui {

Try::Try(CommandSink& sink, const EngineState& engine, Notify notify)
    : model(sink), queue(sink, engine, model), order(queue, model), sink_(sink), notify_(std::move(notify)) {}

void Try::Apply(schema::EventEnvelope& event) {
  arrivals.Apply(event.message);
  if (model.Apply(event.message)) queue.UseModel(model.info()->crop_mode);
  queue.Apply(event);
}

void Try::EngineStopped(const std::string& sentence) {
  arrivals.EngineStopped();
  model.EngineStopped();
  queue.EngineStopped(sentence);
}

void Try::AddFiles(std::span<const FileRef> files) {
  SortedFiles sorted = SortFiles(files);
  std::vector<std::string> left_out;
  for (const FileRef& file : sorted.left_out) {
    sink_.Release(file.id);
    left_out.push_back(file.name);
  }
  if (!left_out.empty()) {
    const size_t n = left_out.size();
    notify_(NoticeKind::kInfo,
            Format("%zu %s left out because %s: %s", n, n == 1 ? "file in the folder was" : "files in the folder were",
                   n == 1 ? "it is not a picture" : "they are not pictures", Joined(left_out, 3).c_str()));
  }
  if (!sorted.model.empty()) model.Open(std::move(sorted.model));
  queue.Add(sorted.pictures);
}

void Try::Clear() {
  queue.Clear();
  order.Reset();
}

bool Try::Settled() const {
  const bool settled = model.info() || !arrivals.missing().empty();
  return settled && model.opening().empty() && (queue.counts().pending() == 0 || !model.info());
}

ClassMark MarkOf(const TryPanel& c, const std::string& label) {
  if (const schema::ClassInfo* info = c.classes.Find(label)) return c.classes.MarkOf(c.ui.paint, info->id);
  const int index = c.trying.model.ClassIndex(label);
  return {index < 0 ? "" : ClassLetters(index), c.ui.paint.OfClass(index)};
}

}  // namespace handful::ui
