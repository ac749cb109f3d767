// Lengths of the user interface are CSS pixels: one of them is `dpr` device pixels, and only paint.cpp knows about
// those.
#pragma once

namespace handful::ui {

struct Vec2 {
  float x = 0, y = 0;
};

struct Rect {
  float x = 0, y = 0, w = 0, h = 0;

  float right() const { return x + w; }
  float bottom() const { return y + h; }
  float center_x() const { return x + w / 2; }
  float center_y() const { return y + h / 2; }
  bool Contains(Vec2 p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
  bool Overlaps(const Rect& o) const { return x < o.right() && o.x < right() && y < o.bottom() && o.y < bottom(); }
  Rect Inset(float by) const { return Inset(by, by); }
  Rect Inset(float by_x, float by_y) const { return {x + by_x, y + by_y, w - 2 * by_x, h - 2 * by_y}; }
  bool operator==(const Rect&) const = default;
};

}  // namespace handful::ui
