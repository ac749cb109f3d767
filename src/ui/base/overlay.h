// What lies over the page: one dialog or popover at a time.
#pragma once

#include <cstdint>

#include "ui/toolkit/geometry.h"

namespace handful::ui {

struct Overlay {
  enum class Kind {
    kNone,
    kAbout,
    kKeys,
    kProjects,
    kDeleteProject,
    kVideo,
    kSample,
    kClassMenu,
    kPalette,
    kMerge,
    kMoveSamples,
    kBurst,
  };
  Kind kind = Kind::kNone;
  int64_t target = 0;  // a class or a sample
  Rect anchor;         // what a popover hangs from
  void Show(Kind what, int64_t of = 0, const Rect& at = {}) { *this = {what, of, at}; }
  void Close() { kind = Kind::kNone; }
};

}  // namespace handful::ui
