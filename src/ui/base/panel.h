// What every panel is given beside the models of its feature. A panel is one file with one Draw function: it reads the
// models, draws into the rectangle it is given, and returns the height it took (or fills it).
#pragma once

#include <vector>

#include "ui/base/host.h"
#include "ui/base/overlay.h"
#include "ui/toolkit/textures.h"
#include "ui/toolkit/widgets.h"

namespace handful::ui {

// Where files may be let go, or which control picked them, and what then becomes of them.
struct FileTarget {
  enum class What { kSamples, kArchive } what = What::kSamples;
  Rect rect{};  // on screen; of no size where only the control counts
  AccessId control = 0;
  int64_t class_id = 0;  // 0: the classes their folders name
};

struct Panel {
  Ui& ui;
  Host& host;
  Textures& textures;
  Overlay& overlay;
  std::vector<FileTarget>& targets;  // of this frame; the innermost last
  bool wide = false;                 // more than one column
  bool drop_active = false;          // files hover over the window …
  Vec2 drop_at{};                    // … here
  bool ctrl = false, shift = false;  // held down
  int64_t now_ms = 0;                // since 1970
};

// Keys of textures: pictures count from 1, samples from kSampleTextures.
inline constexpr int64_t kDetailTexture = 0, kSampleTextures = int64_t{1} << 40,
                         kSampleDetailTexture = kSampleTextures - 1;
// The first layer's filters, then a layer each.
inline constexpr int64_t kHoodTextures = int64_t{1} << 50;

// Where a dialog of that size stands.
Rect Centered(Vec2 window, float width, float height);
// A popover of `height` at the overlay's anchor; returns its inside. Then EndPopover.
Rect BeginPopover(Panel& c, std::string_view key, std::string_view name, float width, float height);
void EndPopover(Panel& c);

// The button of that name, where the host has one; `coming`: one is on its way already. Whether it was pressed.
inline constexpr std::string_view kOpenExample = "Open an example";
bool ExampleButton(Panel& c, const Rect& r, ButtonStyle style, bool coming);

}  // namespace handful::ui
