// Name, promise, theme, about.
#include "ui/panels/context.h"

namespace handful::ui {
namespace {

// An open hand, each finger a class.
void DrawLogo(Painter& p, const Rect& r) {
  const float unit = r.w / 28;
  const auto bar = [&](float x, float y, float w, float h, float radius, int class_index) {
    p.Fill({r.x + x * unit, r.y + y * unit, w * unit, h * unit}, ClassColor(class_index, p.dark()), radius * unit);
  };
  bar(6, 5, 4.6F, 14, 2.3F, 1);
  bar(11.6F, 1, 4.6F, 18, 2.3F, 2);
  bar(17.2F, 2, 4.6F, 17, 2.3F, 3);
  bar(22.8F, 6, 4.6F, 13, 2.3F, 4);
  bar(0.4F, 11, 4.6F, 12, 2.3F, 0);
  bar(0.4F, 16, 27, 11, 5, 0);
}

}  // namespace

void DrawHeader(Context& c, const Rect& r) {
  Ui& ui = c.ui;
  ui.Open("header", Role::kBanner, "Handful", r);
  ui.paint.Fill(r, ui.paint.Of(Token::kSurface));
  ui.paint.Line({r.x, r.bottom() - 1}, {r.right(), r.bottom() - 1}, ui.paint.Of(Token::kHairline));
  const float margin = c.wide ? kPadLarge : kPad;
  DrawLogo(ui.paint, {r.x + margin, r.center_y() - 14, 28, 28});
  const float text_x = r.x + margin + 40;
  const float name_y = r.center_y() - (c.wide ? 15.0F : 26.0F);
  ui.Label("name", {text_x, name_y}, Font::kTitle, Token::kText, "Handful", 0, Role::kHeading, 1);

  constexpr float kSide = 40;
  Rect button{r.right() - margin + 8 - kSide, r.center_y() - kSide / 2, kSide, kSide};
  const Rect about = button;
  button.x -= kSide + 4;
  const char* other = ui.paint.dark() ? "Switch to the light theme" : "Switch to the dark theme";

  constexpr std::string_view kPromise = "Nothing leaves this machine";
  Vec2 promise{text_x, r.center_y() + 5};
  if (c.wide) {
    promise = {button.x - 16 - ui.paint.Width(Font::kSmall, kPromise), r.center_y() - 9};
    ui.paint.DrawIcon(Icon::kLock, {promise.x - 26, r.center_y() - 9, 18, 18}, ui.paint.Of(Token::kTextMuted));
  }
  ui.Label("promise", promise, Font::kSmall, Token::kTextMuted, kPromise, c.wide ? 0 : button.x - text_x);
  if (ui.IconButton("theme", button, ui.paint.dark() ? Icon::kSun : Icon::kMoon, other)) {
    c.host.ChooseTheme(ui.paint.dark() ? ThemeMode::kLight : ThemeMode::kDark);
  }
  if (ui.IconButton("about", about, Icon::kInfo, "About Handful and licences")) {
    c.overlay.Show(Overlay::Kind::kAbout);
    c.host.FetchLicenses();
  }
  ui.Close();
}

}  // namespace handful::ui
