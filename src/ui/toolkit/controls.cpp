// Widgets that are pressed, and those that only show how far something is.
#include <algorithm>
#include <cmath>

#include "ui/toolkit/widgets.h"

namespace handful::ui {
namespace {

constexpr float kIconSide = 18;

}  // namespace

void Ui::FocusRing(AccessId id, const Rect& r, float radius) {
  if (focus_visible_ && focus_ == id) paint.Stroke(r.Inset(-3), paint.Of(Token::kAccentText), radius + 3, 2);
}

float Ui::ButtonWidth(Icon icon, std::string_view label) {
  return std::ceil(paint.Width(Font::kBodyStrong, label) + (icon == Icon::kNone ? 0 : kIconSide + kGap) + 2 * kPad);
}

void Ui::ButtonFace(const Rect& r, ButtonStyle style, Icon icon, std::string_view label, bool disabled, bool hovered) {
  Token ink = style == ButtonStyle::kPrimary ? Token::kOnAccent : Token::kText;
  if (disabled) {
    ink = Token::kTextMuted;
    if (style != ButtonStyle::kQuiet) paint.Fill(r, paint.Of(Token::kTrack), kRadiusSmall);
  } else if (style == ButtonStyle::kPrimary) {
    paint.Fill(r, paint.Of(hovered ? Token::kAccentHover : Token::kAccent), kRadiusSmall);
  } else {
    if (hovered || style == ButtonStyle::kSecondary) {
      paint.Fill(r, paint.Of(hovered ? Token::kHover : Token::kSurface), kRadiusSmall);
    }
    if (style == ButtonStyle::kSecondary) paint.Stroke(r, paint.Of(Token::kControl), kRadiusSmall);
  }
  const float label_width = paint.Width(Font::kBodyStrong, label);
  const float icon_width = icon == Icon::kNone ? 0 : kIconSide + (label.empty() ? 0 : kGap);
  const float room = std::max(0.0F, r.w - icon_width - 2 * kGap);
  const float shown = std::min(label_width, room);
  float x = r.x + (r.w - icon_width - shown) / 2;
  if (icon != Icon::kNone) {
    paint.DrawIcon(icon, {x, r.center_y() - kIconSide / 2, kIconSide, kIconSide}, paint.Of(ink));
    x += icon_width;
  }
  paint.Text({x, r.center_y() - SpecOf(Font::kBodyStrong).line_height / 2}, Font::kBodyStrong, paint.Of(ink), label,
             room);
}

bool Ui::Button(std::string_view key, const Rect& r, ButtonStyle style, Icon icon, std::string_view label,
                const ButtonOptions& options) {
  const AccessId id = Id(key);
  const bool disabled = (options.state & kDisabled) != 0;
  const Press press = Interact(id, r, disabled);
  ButtonFace(r, style, icon, label, disabled, press.hovered);
  FocusRing(id, r);
  Open(id,
       {.role = options.role,
        .name = std::string(options.name.empty() ? label : options.name),
        .description = std::string(options.description),
        .value = std::string(options.accept),
        .state = options.state},
       r);
  Close();
  return press.clicked;
}

bool Ui::IconButton(std::string_view key, const Rect& r, Icon icon, std::string_view name, uint16_t state) {
  const AccessId id = Id(key);
  const Press press = Interact(id, r, (state & kDisabled) != 0);
  if (press.hovered) paint.Fill(r, paint.Of(Token::kHover), kRadiusSmall);
  const float side = std::min(20.0F, r.w - 8);
  const Color ink = paint.Of(press.hovered ? Token::kText : Token::kTextMuted);
  paint.DrawIcon(icon, {r.center_x() - side / 2, r.center_y() - side / 2, side, side},
                 (state & kDisabled) != 0 ? ink.Faded(0.4F) : ink);
  FocusRing(id, r);
  Open(id, {.role = Role::kButton, .name = std::string(name), .description = std::string(name), .state = state}, r);
  Close();
  return press.clicked;
}

float Ui::RadiosWidth(std::span<const RadioOption> options) {
  float width = 0;
  for (const RadioOption& option : options) {
    width = std::max(
        width, paint.Width(Font::kSmallStrong, option.label) + (option.icon == Icon::kNone ? 0 : kIconSide + 6) + 24);
  }
  return std::ceil(width) * static_cast<float>(options.size()) + 8;
}

int Ui::Radios(std::string_view key, const Rect& r, std::string_view name, std::span<const RadioOption> options,
               int chosen) {
  return Segments(key, r, name, options, chosen, Role::kRadioGroup, Role::kRadio);
}

int Ui::Tabs(std::string_view key, const Rect& r, std::string_view name, std::span<const RadioOption> options,
             int chosen) {
  return Segments(key, r, name, options, chosen, Role::kTabList, Role::kTab);
}

int Ui::Segments(std::string_view key, const Rect& r, std::string_view name, std::span<const RadioOption> options,
                 int chosen, Role group, Role item) {
  Open(key, group, name, r);
  paint.Fill(r, paint.Of(Token::kTrack), kRadiusSmall + 2);
  const Rect inner = r.Inset(4);
  const float width = inner.w / static_cast<float>(options.size());
  int result = chosen;
  for (size_t i = 0; i < options.size(); ++i) {
    const Rect cell{inner.x + width * static_cast<float>(i), inner.y, width, inner.h};
    const AccessId id = Id(options[i].label);
    const Press press = Interact(id, cell);
    const bool on = static_cast<int>(i) == chosen;
    if (press.clicked) result = static_cast<int>(i);
    if (on) {
      paint.Fill(cell, paint.Of(Token::kSurface), kRadiusSmall - 1);
      paint.Stroke(cell, paint.Of(Token::kControl).Faded(0.6F), kRadiusSmall - 1);
    }
    const Color ink = paint.Of(on || press.hovered ? Token::kText : Token::kTextMuted);
    const float icon_width = options[i].icon == Icon::kNone ? 0 : kIconSide + 6;
    const float text_width = paint.Width(Font::kSmallStrong, options[i].label);
    float x = cell.center_x() - (icon_width + text_width) / 2;
    if (icon_width > 0)
      paint.DrawIcon(options[i].icon, {x, cell.center_y() - kIconSide / 2, kIconSide, kIconSide}, ink);
    x += icon_width;
    paint.Text({x, cell.center_y() - SpecOf(Font::kSmallStrong).line_height / 2}, Font::kSmallStrong, ink,
               options[i].label);
    FocusRing(id, cell, kRadiusSmall - 1);
    Open(id,
         {.role = item,
          .name = std::string(options[i].label),
          .state = static_cast<uint16_t>(!on                  ? 0
                                         : item == Role::kTab ? kSelected
                                                              : kChecked)},
         cell);
    Close();
  }
  Close();
  return result;
}

void Ui::Bar(const Rect& bar, Color color, double fraction) {
  constexpr double kVisible = 0.004;  // less than that is an empty bar, not a dot
  const auto part = static_cast<float>(std::clamp(fraction, 0.0, 1.0));
  paint.Fill(bar, paint.Of(Token::kTrack), bar.h / 2);
  if (fraction >= kVisible) paint.Fill({bar.x, bar.y, std::max(bar.h, bar.w * part), bar.h}, color, bar.h / 2);
}

void Ui::Meter(std::string_view key, const Rect& bar, Color color, double fraction, std::string_view name,
               std::string_view value) {
  Bar(bar, color, fraction);
  Leaf(key, {.role = Role::kMeter, .name = std::string(name), .value = std::string(value), .now = fraction * 100}, bar);
}

void Ui::Progress(std::string_view key, const Rect& bar, double fraction, std::string_view name,
                  std::string_view value) {
  Bar(bar, paint.Of(Token::kAccent), fraction);
  Leaf(key,
       {.role = Role::kProgress,
        .name = std::string(name),
        .value = std::string(value),
        .now = fraction < 0 ? -1 : fraction * 100},
       bar);
}

void Ui::Card(const Rect& r) {
  if (r.h <= 0) return;
  paint.Fill(r, paint.Of(Token::kSurface), kRadius);
  paint.Stroke(r, paint.Of(Token::kHairline), kRadius);
}

void Ui::CardEdge(const Rect& r) {
  paint.Corners(r, paint.Of(Token::kPage), kRadius);
  paint.Stroke(r, paint.Of(Token::kHairline), kRadius);
}

}  // namespace handful::ui
