#include "ui/toolkit/mark.h"

#include <algorithm>

namespace handful::ui {

float DrawMark(Painter& p, Vec2 top_left, float side, const ClassMark& mark) {
  const Font font = side >= 28 ? Font::kBodyStrong : Font::kSmallStrong;
  const Rect r{top_left.x, top_left.y, std::max(side, p.Width(font, mark.letters) + 12), side};
  p.Fill(r, mark.color, side >= 28 ? 7 : 5);
  p.TextIn(r, font, InkOn(mark.color), mark.letters, Align::kCenter);
  return r.w;
}

}  // namespace handful::ui
