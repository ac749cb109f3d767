#include "ui/frame/notices.h"

#include <algorithm>
#include <utility>

namespace handful::ui {

void Notices::Push(Notice notice) {
  notice.id = next_++;
  notices_.push_back(std::move(notice));
  if (notices_.size() > kMost) notices_.erase(notices_.begin());
}

void Notices::Add(NoticeKind kind, std::string text) { Push({.kind = kind, .text = std::move(text)}); }

void Notices::OfferUndo(std::string text, std::string undoes) {
  std::erase_if(notices_, [](const Notice& notice) { return !notice.undoes.empty(); });
  if (undoes.empty()) return Add(NoticeKind::kInfo, std::move(text));
  Push({.text = std::move(text), .undoes = std::move(undoes)});
}

void Notices::SetUndo(const std::string& undo) {
  std::erase_if(notices_, [&](const Notice& notice) { return !notice.undoes.empty() && notice.undoes != undo; });
}

void Notices::Dismiss(int64_t id) {
  std::erase_if(notices_, [id](const Notice& notice) { return notice.id == id; });
}

void Notices::Hold(int64_t id) {
  const auto it = std::ranges::find(notices_, id, &Notice::id);
  if (it != notices_.end()) it->until = 0;
}

double Notices::Tick(double seconds) {
  double next = -1;
  for (Notice& notice : notices_) {
    if (notice.undoes.empty()) continue;
    if (notice.until == 0) notice.until = seconds + kUndoSeconds;
    next = std::max(0.0, notice.until - seconds);
  }
  std::erase_if(notices_, [seconds](const Notice& notice) { return notice.until > 0 && seconds >= notice.until; });
  return next;
}

}  // namespace handful::ui
