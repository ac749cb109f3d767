// Which class's samples are looked at, and which of them are selected, as in a file manager.
#pragma once

#include <cstdint>
#include <set>
#include <utility>

#include "ui/base/host.h"
#include "ui/base/requests.h"
#include "ui/teach/classes.h"
#include "ui/teach/samples.h"

namespace handful::ui {

class Selection {
 public:
  Selection(CommandSink& sink, Classes& classes, const Samples& samples)
      : sink_(sink), classes_(classes), samples_(samples) {}

  // ---- from the engine
  void Forget();  // another project is opened
  void Prune();   // classes or samples have changed
  bool Owns(int64_t request) const { return requests_.Owns(request); }

  // ---- from the panels and the keys
  void OpenGallery(int64_t class_id);  // 0: closes it
  // Alone, with ctrl one more or less, with shift all from the last one clicked.
  void Click(int64_t sample_id, bool ctrl, bool shift);
  void MoveCursor(int by, bool shift);
  void SetColumns(int columns) { columns_ = columns; }  // of the grid on screen, for the arrow keys
  int columns() const { return columns_; }
  // The sample the keys have moved to since the last time, or 0: it is to be scrolled into view.
  int64_t TakeMovedCursor() { return std::exchange(moved_cursor_, 0); }
  void SelectAll();
  void SelectNone();
  void Move(int64_t class_id);
  void Delete();

  // ---- what there is to show
  int64_t gallery() const { return gallery_; }  // a class; 0: none is looked at
  const std::set<int64_t>& selected() const { return selected_; }
  int64_t cursor() const { return cursor_; }

 private:
  void SelectRange(int64_t from, int64_t to);

  CommandSink& sink_;
  Classes& classes_;
  const Samples& samples_;
  Requests requests_{Asker::kSelection};
  int64_t gallery_ = 0, cursor_ = 0, anchor_ = 0, moved_cursor_ = 0;
  int columns_ = 1;
  std::set<int64_t> selected_;
};

}  // namespace handful::ui
