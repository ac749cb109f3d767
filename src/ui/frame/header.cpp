// Name, promise, theme, about.
#include <algorithm>

#include "ui/frame/panels.h"

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

void DrawHeader(FramePanel& c, const Rect& r) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  ui.Open("header", Role::kBanner, "Handful", r);
  p.Fill(r, p.Of(Token::kSurface));
  p.Line({r.x, r.bottom() - 1}, {r.right(), r.bottom() - 1}, p.Of(Token::kHairline));
  const float margin = c.wide ? kPadLarge : kPad;
  DrawLogo(p, {r.x + margin, r.center_y() - 14, 28, 28});
  const float text_x = r.x + margin + 40;
  constexpr float kSide = 40;

  // From the right: about, theme, keys, redo, undo.
  Rect button{r.right() - margin + 8 - kSide, r.center_y() - kSide / 2, kSide, kSide};
  const auto next = [&button] {
    const Rect here = button;
    button.x -= kSide + 4;
    return here;
  };
  const Rect about = next(), theme = next(), keys = c.wide ? next() : Rect{}, redo = next(), undo = next();
  const float right = undo.x - kPad;

  const float name_y = c.wide ? r.center_y() - 15 : r.y + 4;
  const float name_width =
      ui.Label("name", {text_x, name_y}, Font::kTitle, Token::kText, "Handful", 0, Role::kHeading, 1);

  // The project; a press opens them all.
  const std::string& project = c.models.projects.list.open().name;
  if (!project.empty()) {
    constexpr float kChevron = 14;
    const AccessId id = ui.Id("project");
    const float x = c.wide ? text_x + name_width + kPad : text_x;
    const float room = std::min(right - x, 320.0F);
    const Font font = c.wide ? Font::kBody : Font::kSmall;
    const float width = std::min(p.Width(font, project), room - kChevron - 24);
    const Rect place{x - kGap, c.wide ? r.center_y() - 18 : r.y + 32, width + kChevron + 24, c.wide ? 36.0F : 28.0F};
    const Ui::Press press = ui.Interact(id, place);
    if (press.hovered) p.Fill(place, p.Of(Token::kHover), kRadiusSmall);
    if (c.wide) p.Stroke(place, p.Of(Token::kHairline), kRadiusSmall);
    p.TextIn({x, place.y, width, place.h}, font, p.Of(Token::kText), project, Align::kLeft);
    p.DrawIcon(Icon::kChevronDown, {x + width + 5, place.center_y() - kChevron / 2, kChevron, kChevron},
               p.Of(Token::kTextMuted));
    ui.FocusRing(id, place);
    ui.Open(id,
            {.role = Role::kButton,
             .name = "Project: " + project,
             .description = "Open, rename, export or delete projects"},
            place);
    ui.Close();
    if (press.clicked) {
      c.overlay.Show(Overlay::Kind::kProjects);
      c.models.projects.list.Ask();
    }
    constexpr std::string_view kPromise = "Nothing leaves this machine";
    const float promise = p.Width(Font::kSmall, kPromise);
    if (c.wide && place.right() + kPadLarge + 26 + promise <= right) {
      p.DrawIcon(Icon::kLock, {right - promise - 26, r.center_y() - 9, 18, 18}, p.Of(Token::kTextMuted));
      ui.Label("promise", {right - promise, r.center_y() - 9}, Font::kSmall, Token::kTextMuted, kPromise);
    }
  } else {
    constexpr std::string_view kPromise = "Nothing leaves this machine";
    const float x = c.wide ? text_x + name_width + kPad : text_x;
    ui.Label("promise", {x, c.wide ? r.center_y() - 9 : r.y + 36}, Font::kSmall, Token::kTextMuted, kPromise,
             right - x);
  }

  const auto state = [](bool possible) { return static_cast<uint16_t>(possible ? 0 : kDisabled); };
  const std::string undo_name =
      c.models.projects.history.undo().empty() ? "Undo" : "Undo: " + c.models.projects.history.undo();
  const std::string redo_name =
      c.models.projects.history.redo().empty() ? "Redo" : "Redo: " + c.models.projects.history.redo();
  if (ui.IconButton("undo", undo, Icon::kUndo, undo_name, state(!c.models.projects.history.undo().empty())))
    c.models.projects.history.Undo();
  if (ui.IconButton("redo", redo, Icon::kRedo, redo_name, state(!c.models.projects.history.redo().empty())))
    c.models.projects.history.Redo();
  if (c.wide && ui.IconButton("keys", keys, Icon::kKeyboard, "Keys")) c.overlay.Show(Overlay::Kind::kKeys);
  const char* other = p.dark() ? "Switch to the light theme" : "Switch to the dark theme";
  if (ui.IconButton("theme", theme, p.dark() ? Icon::kSun : Icon::kMoon, other)) {
    c.host.ChooseTheme(p.dark() ? ThemeMode::kLight : ThemeMode::kDark);
  }
  if (ui.IconButton("about", about, Icon::kInfo, "About Handful and licences")) {
    c.overlay.Show(Overlay::Kind::kAbout);
    c.host.FetchLicenses();
  }
  ui.Close();
}

}  // namespace handful::ui
