#include "ui/base/panel.h"

#include <algorithm>
#include <cmath>

namespace handful::ui {
namespace {

constexpr float kEdge = 6;

}  // namespace

Rect Centered(Vec2 window, float width, float height) {
  return {std::round((window.x - width) / 2), std::round((window.y - height) / 2), width, height};
}

Rect BeginPopover(Panel& c, std::string_view key, std::string_view name, float width, float height) {
  const Vec2 window = c.ui.window();
  const Rect& anchor = c.overlay.anchor;
  width = std::min(width, window.x - 2 * kGap);
  const bool below = anchor.bottom() + 4 + height <= window.y - kGap;
  const float y = below ? anchor.bottom() + 4 : anchor.y - 4 - height;
  const Rect r{std::clamp(anchor.right() - width, kGap, window.x - kGap - width),
               std::clamp(y, kGap, std::max(kGap, window.y - kGap - height)), width, height};
  if (!c.ui.BeginDialog(key, name, r, false)) c.overlay.Close();
  return r.Inset(kEdge);
}

void EndPopover(Panel& c) { c.ui.EndDialog(); }

bool ExampleButton(Panel& c, const Rect& r, ButtonStyle style, bool coming) {
  const ButtonOptions options{.state = static_cast<uint16_t>(coming ? kDisabled : 0),
                              .description = "A project with drawn pictures of four kinds of fruit, ready to train"};
  const bool pressed = c.ui.Button("example", r, style, Icon::kPicture, kOpenExample, options);
  if (pressed) c.host.OpenExample();
  return pressed;
}

}  // namespace handful::ui
