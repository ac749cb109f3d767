// What Handful is, what runs, and the licences of all that ships.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/frame/panels.h"
#include "ui/toolkit/column.h"

namespace handful::ui {

void DrawAbout(FramePanel& c) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const Vec2 window = ui.window();
  const float width = std::min(720.0F, window.x - 2 * kPad), height = std::min(640.0F, window.y - 2 * kPad);
  const Rect r = Centered(window, width, height);
  bool open = ui.BeginDialog("about", "About Handful", r);
  const float pad = window.x >= 640 ? kPadLarge : kPad;
  const float x = r.x + pad, inner = width - 2 * pad;
  Column col(ui, {x, r.y + pad}, inner);
  ui.Label("title", {x, col.y() + 2}, Font::kTitle, Token::kText, "About Handful", inner - 48, Role::kHeading, 1);
  if (ui.IconButton("close", {r.right() - pad - 32, col.y() - 2, 40, 40}, Icon::kClose, "Close")) open = false;
  col.Gap(44);
  col.Paragraph("what", Font::kBody, Token::kText,
                "Handful classifies pictures on your own machine. Pictures and models are read by this page and go "
                "nowhere else.");
  col.Gap(kGap);
  std::string facts =
      "Version " + (c.models.engine.about().version.empty() ? "unknown" : c.models.engine.about().version);
  if (!c.models.engine.about().kernels.empty()) {
    facts += std::string(" · engine ") + TextOf(c.models.engine.about().variant) + " · kernels " +
             c.models.engine.about().kernels;
  }
  col.Paragraph("facts", Font::kSmall, Token::kTextMuted, facts);
  col.Gap(kPad);
  col.Label("licences", Font::kBodyStrong, Token::kText, "Licences of all that ships", 22 + kGap, Role::kHeading, 2);

  const Rect well{x, col.y(), inner, r.bottom() - pad - col.y()};
  p.Fill(well, p.Of(Token::kSunken), kRadiusSmall);
  const Vec2 start = ui.BeginScroll("text", well.Inset(0, kGap), "Licences");
  const float text_width = inner - 2 * kPad;
  const std::string_view text = c.licenses.empty() ? std::string_view("Loading …") : std::string_view(c.licenses);
  constexpr float kLine = 18;
  const std::vector<std::string_view> lines = p.Lines(text_width, Font::kSmall, text);
  for (size_t i = 0; i < lines.size(); ++i) {
    const Rect line{start.x + kPad, start.y + static_cast<float>(i) * kLine, text_width, kLine};
    if (ui.Visible(line)) p.Text({line.x, line.y}, Font::kSmall, p.Of(Token::kTextMuted), lines[i], text_width);
  }
  const float content = static_cast<float>(lines.size()) * kLine;
  ui.Leaf("licence-text", {.role = Role::kText, .name = std::string(text)},
          {start.x + kPad, start.y, text_width, content});
  ui.EndScroll(content);
  p.Stroke(well, p.Of(Token::kHairline), kRadiusSmall);
  ui.EndDialog();
  if (!open) c.overlay.Close();
}

}  // namespace handful::ui
