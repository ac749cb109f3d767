// What the keys do, in words.
#include <algorithm>
#include <array>
#include <string>

#include "ui/frame/panels.h"
#include "ui/toolkit/column.h"

namespace handful::ui {

void DrawKeys(FramePanel& c) {
  struct KeyHelp {
    std::string_view keys, what;
  };
  constexpr std::array<KeyHelp, 10> kKeys = {{{"1 – 9", "Choose a class"},
                                              {"Space", "Hold to record into it; tap for one picture"},
                                              {"A", "Add a class"},
                                              {"G", "Look at the pictures of the chosen class"},
                                              {"Arrows, Shift", "Move and select among pictures"},
                                              {"Ctrl A", "Select all pictures of the class"},
                                              {"Delete", "Delete the selected pictures"},
                                              {"Ctrl Z, Ctrl Y", "Undo, redo"},
                                              {"Esc", "Close what is open"},
                                              {"?", "Show these keys"}}};
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const Vec2 window = ui.window();
  constexpr float kRow = 36, kKeyWidth = 132;
  const float width = std::min(520.0F, window.x - 2 * kPad), pad = window.x >= 640 ? kPadLarge : kPad;
  const float height = pad + 48 + static_cast<float>(kKeys.size()) * kRow + pad - 8;
  const Rect r = Centered(window, width, height);
  bool open = ui.BeginDialog("keys", "Keys", r);
  ui.Label("title", {r.x + pad, r.y + pad + 2}, Font::kTitle, Token::kText, "Keys", width - 2 * pad - 48,
           Role::kHeading, 1);
  if (ui.IconButton("close", {r.right() - pad - 32, r.y + pad - 2, 40, 40}, Icon::kClose, "Close")) open = false;
  Column col(ui, {r.x + pad, r.y + pad + 48}, width - 2 * pad);
  ui.Open("list", Role::kList, "Keys", {r.x + pad, col.y(), width - 2 * pad, static_cast<float>(kKeys.size()) * kRow});
  for (const KeyHelp& help : kKeys) {
    const Rect row = col.Take(kRow);
    const Rect key{row.x, row.y + 3, std::max(30.0F, p.Width(Font::kSmallStrong, help.keys) + 16), 28};
    p.Fill(key, p.Of(Token::kSunken), 6);
    p.Stroke(key, p.Of(Token::kHairline), 6);
    p.TextIn(key, Font::kSmallStrong, p.Of(Token::kText), help.keys, Align::kCenter);
    p.TextIn({row.x + kKeyWidth, row.y, row.w - kKeyWidth, 34}, Font::kBody, p.Of(Token::kText), help.what,
             Align::kLeft);
    ui.Leaf(help.keys, {.role = Role::kListItem, .name = std::string(help.keys) + ": " + std::string(help.what)}, row);
  }
  ui.Close();
  ui.EndDialog();
  if (!open) c.overlay.Close();
}

}  // namespace handful::ui
