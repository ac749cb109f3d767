// Name, promise, theme, about.
#include "ui/panels/context.h"

namespace handful::ui {
namespace {

// Four fingers and a thumb.
void DrawLogo(Painter& p, const Rect& r) {
  const float unit = r.w / 28;
  const auto bar = [&](float x, float top, float bottom, Color color) {
    p.Fill({r.x + x * unit, r.y + top * unit, 4.6F * unit, (bottom - top) * unit}, color, 2.3F * unit);
  };
  const bool dark = p.dark();
  bar(0, 12, 20, ClassColor(1, dark));
  bar(5.8F, 4, 26, ClassColor(0, dark));
  bar(11.6F, 1, 26, ClassColor(0, dark));
  bar(17.4F, 3, 26, ClassColor(0, dark));
  bar(23.2F, 8, 24, ClassColor(0, dark));
  p.Fill({r.x + 3 * unit, r.y + 15 * unit, 22 * unit, 11 * unit}, ClassColor(0, dark), 4 * unit);
}

}  // namespace

void DrawHeader(Context& c, const Rect& r) {
  Ui& ui = c.ui;
  ui.Open("header", Role::kBanner, "Handful", r);
  ui.paint.Fill(r, ui.paint.Of(Token::kSurface));
  ui.paint.Line({r.x, r.bottom() - 1}, {r.right(), r.bottom() - 1}, ui.paint.Of(Token::kHairline));
  const float margin = c.wide ? kPadLarge : kPad;
  DrawLogo(ui.paint, {r.x + margin, r.center_y() - 14, 28, 28});
  const float name = ui.Label("name", {r.x + margin + 40, r.center_y() - 15}, Font::kTitle, Token::kText, "Handful", 0, Role::kHeading, 1);

  constexpr float kSide = 40;
  Rect button{r.right() - margin + 8 - kSide, r.center_y() - kSide / 2, kSide, kSide};
  const Rect about = button;
  button.x -= kSide + 4;
  const char* other = ui.paint.dark() ? "Switch to the light theme" : "Switch to the dark theme";

  constexpr std::string_view kPromise = "Nothing leaves this machine";
  const float promise = ui.paint.Width(Font::kSmall, kPromise) + 26;
  const float room = button.x - 16 - (r.x + margin + 40 + name + 24);
  if (room >= promise) {
    const float x = button.x - 16 - promise;
    ui.paint.DrawIcon(Icon::kLock, {x, r.center_y() - 9, 18, 18}, ui.paint.Of(Token::kTextMuted));
    ui.Label("promise", {x + 26, r.center_y() - 9}, Font::kSmall, Token::kTextMuted, kPromise);
  }
  if (ui.IconButton("theme", button, ui.paint.dark() ? Icon::kSun : Icon::kMoon, other)) {
    c.host.ChooseTheme(ui.paint.dark() ? ThemeMode::kLight : ThemeMode::kDark);
  }
  if (ui.IconButton("about", about, Icon::kInfo, "About Handful and licences")) {
    c.about_open = true;
    c.host.FetchLicenses();
  }
  ui.Close();
}

}  // namespace handful::ui
