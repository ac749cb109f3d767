// Sentences for the visitor. They stay until they are dismissed, except those that offer to undo what was just done:
// these go after some seconds, and as soon as Undo would undo something else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ui/base/notice.h"

namespace handful::ui {

struct Notice {
  int64_t id = 0;
  NoticeKind kind = NoticeKind::kInfo;
  std::string text;
  std::string undoes{};  // what its Undo undoes, as History::undo() calls it; "": it offers none
  double until = 0;      // seconds; 0: it has not been seen yet
};

class Notices {
 public:
  static constexpr size_t kMost = 4;  // the oldest gives way
  static constexpr double kUndoSeconds = 10;

  void Add(NoticeKind kind, std::string text);
  // In place of an earlier offer.
  void OfferUndo(std::string text, std::string undoes);
  // What Undo would undo now.
  void SetUndo(const std::string& undo);
  void Dismiss(int64_t id);
  // Its time begins anew: somebody is about to use it.
  void Hold(int64_t id);
  // Lets go what has had its time, on Frame()'s clock. Returns in how many seconds there is more to let go; below 0:
  // never.
  double Tick(double seconds);

  const std::vector<Notice>& all() const { return notices_; }

 private:
  void Push(Notice notice);

  std::vector<Notice> notices_;
  int64_t next_ = 1;
};

}  // namespace handful::ui
