// Letters and colours of classes.
#include <algorithm>

#include "ui/frame/context.h"

namespace handful::ui {

ClassMark MarkOf(const Context& c, int64_t class_id) {
  const int index = c.project.IndexOf(class_id);
  if (index < 0) return {"", c.ui.paint.OfClass(-1)};
  return {ClassLetters(index), c.ui.paint.OfClass(c.project.classes()[static_cast<size_t>(index)].color)};
}

ClassMark MarkOf(const Context& c, const std::string& label) {
  if (const schema::ClassInfo* info = c.project.FindClass(label)) return MarkOf(c, info->id);
  const int index = c.model.ClassIndex(label);
  return {index < 0 ? "" : ClassLetters(index), c.ui.paint.OfClass(index)};
}

float DrawMark(Context& c, Vec2 top_left, float side, const ClassMark& mark) {
  Painter& p = c.ui.paint;
  const Font font = side >= 28 ? Font::kBodyStrong : Font::kSmallStrong;
  const Rect r{top_left.x, top_left.y, std::max(side, p.Width(font, mark.letters) + 12), side};
  p.Fill(r, mark.color, side >= 28 ? 7 : 5);
  p.TextIn(r, font, InkOn(mark.color), mark.letters, Align::kCenter);
  return r.w;
}

}  // namespace handful::ui
