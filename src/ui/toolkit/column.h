// Layout: a cursor down a column, so that a panel says what stands below what, and nobody adds heights up by hand.
//
//   Column col(ui, {x, y}, width);
//   col.Paragraph("why", Font::kSmall, Token::kTextMuted, "…");
//   col.Gap(kGap);
//   if (ui.Button("go", col.Take(kControlHeight), …)) …       // as wide as the column
//   col.Add(DrawOther(c, col.at(), col.width()), kPad);       // something else drew: its height, and a gap
//   return col.height();
#pragma once

#include <string_view>

#include "ui/toolkit/widgets.h"

namespace handful::ui {

// The `index`th of `count` equal parts of a row, from the left.
Rect PartOf(const Rect& row, int index, int count, float gap = kGap);

class Column {
 public:
  Column(Ui& ui, Vec2 top_left, float width) : ui_(ui), at_(top_left), width_(width), top_(top_left.y) {}

  Vec2 at() const { return at_; }
  float x() const { return at_.x; }
  float y() const { return at_.y; }
  float width() const { return width_; }
  float right() const { return at_.x + width_; }
  // Of all so far, gaps included.
  float height() const { return at_.y - top_; }

  void Gap(float height) { at_.y += height; }
  // Something of that height was drawn at at(); `gap` stays free below.
  void Add(float height, float gap = 0) { at_.y += height + gap; }
  // The next so many pixels, over the whole width; `gap` stays free below.
  Rect Take(float height, float gap = 0) { return TakeLeft(width_, height, gap); }
  // Likewise from the left, `width` wide.
  Rect TakeLeft(float width, float height, float gap = 0);
  // A column in this one, so far from both edges, that begins here. It is added when it is done.
  Column Inner(float left, float right = 0) const { return {ui_, {at_.x + left, at_.y}, width_ - left - right}; }

  // Several lines, declared.
  void Paragraph(std::string_view key, Font font, Token color, std::string_view text, Role role = Role::kText,
                 int level = 0);
  // One line, declared, that takes this height.
  void Label(std::string_view key, Font font, Token color, std::string_view text, float height, Role role = Role::kText,
             int level = 0);

 protected:
  Ui& ui_;

 private:
  Vec2 at_;
  float width_, top_;
};

// A card that is as high as what it holds: it is drawn under its content at the height of the frame before, and a
// change asks for one more frame. Padded left and right; what stands above the content is `top`.
class Card : public Column {
 public:
  Card(Ui& ui, std::string_view key, std::string_view name, Vec2 top_left, float width, float pad, float top,
       uint16_t state = 0);
  // Closes it, with that much free below its content. Returns its height.
  float End(float bottom);

 private:
  Card(Ui& ui, AccessId id, std::string_view name, const Rect& r, float pad, float top, uint16_t state);

  AccessId id_;
  float card_y_;
};

// A list whose items are drawn one below the other; its declared height follows them.
class List {
 public:
  List(Ui& ui, std::string_view key, std::string_view name, const Column& column);
  void End(const Column& column);

 private:
  Ui& ui_;
  AccessId id_;
  float y_;
};

}  // namespace handful::ui
