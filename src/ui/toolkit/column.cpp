#include "ui/toolkit/column.h"

#include <string>

namespace handful::ui {

Rect PartOf(const Rect& row, int index, int count, float gap) {
  const float width = (row.w - static_cast<float>(count - 1) * gap) / static_cast<float>(count);
  return {row.x + static_cast<float>(index) * (width + gap), row.y, width, row.h};
}

Rect Column::TakeLeft(float width, float height, float gap) {
  const Rect r{at_.x, at_.y, width, height};
  Add(height, gap);
  return r;
}

void Column::Paragraph(std::string_view key, Font font, Token color, std::string_view text, Role role, int level) {
  Add(ui_.Paragraph(key, at_, width_, font, color, text, role, level));
}

void Column::Label(std::string_view key, Font font, Token color, std::string_view text, float height, Role role,
                   int level) {
  ui_.Label(key, at_, font, color, text, width_, role, level);
  Add(height);
}

Card::Card(Ui& ui, std::string_view key, std::string_view name, Vec2 top_left, float width, float pad, float top,
           uint16_t state)
    : Card(ui, ui.Id(key), name, {top_left.x, top_left.y, width, ui.HeightOf(ui.Id(key))}, pad, top, state) {}

Card::Card(Ui& ui, AccessId id, std::string_view name, const Rect& r, float pad, float top, uint16_t state)
    : Column(ui, {r.x + pad, r.y + top}, r.w - 2 * pad), id_(id), card_y_(r.y) {
  ui.Card(r);
  ui.Open(id, {.role = Role::kRegion, .name = std::string(name), .state = state}, r);
}

float Card::End(float bottom) {
  ui_.Close();
  const float height = y() + bottom - card_y_;
  ui_.SetHeightOf(id_, height);
  return height;
}

List::List(Ui& ui, std::string_view key, std::string_view name, const Column& column)
    : ui_(ui), id_(ui.Id(key)), y_(column.y()) {
  ui.Open(id_, {.role = Role::kList, .name = std::string(name)},
          {column.x(), column.y(), column.width(), ui.HeightOf(id_)});
}

void List::End(const Column& column) {
  ui_.Close();
  ui_.SetHeightOf(id_, column.y() - y_);
}

}  // namespace handful::ui
