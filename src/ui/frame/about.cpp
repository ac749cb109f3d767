// What Handful is, what runs, and the licences of all that ships.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/frame/context.h"

namespace handful::ui {

void DrawAbout(Context& c) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const Vec2 window = ui.window();
  const float width = std::min(720.0F, window.x - 2 * kPad), height = std::min(640.0F, window.y - 2 * kPad);
  const Rect r{std::round((window.x - width) / 2), std::round((window.y - height) / 2), width, height};
  bool open = ui.BeginDialog("about", "About Handful", r);
  const float pad = window.x >= 640 ? kPadLarge : kPad;
  const float x = r.x + pad, inner = width - 2 * pad;
  float y = r.y + pad;
  ui.Label("title", {x, y + 2}, Font::kTitle, Token::kText, "About Handful", inner - 48, Role::kHeading, 1);
  if (ui.IconButton("close", {r.right() - pad - 32, y - 2, 40, 40}, Icon::kClose, "Close")) open = false;
  y += 44;
  y += ui.Paragraph("what", {x, y}, inner, Font::kBody, Token::kText,
                    "Handful classifies pictures on your own machine. Pictures and models are read by this page and go nowhere else.");
  y += kGap;
  std::string facts = "Version " + (c.model.version().empty() ? "unknown" : c.model.version());
  if (!c.model.engine_variant().empty()) facts += " · engine " + c.model.engine_variant();
  if (!c.model.kernels().empty()) facts += " · kernels " + c.model.kernels();
  y += ui.Paragraph("facts", {x, y}, inner, Font::kSmall, Token::kTextMuted, facts) + kPad;
  ui.Label("licences", {x, y}, Font::kBodyStrong, Token::kText, "Licences of all that ships", inner, Role::kHeading, 2);
  y += 22 + kGap;

  const Rect well{x, y, inner, r.bottom() - pad - y};
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
  ui.Leaf("licence-text", {.role = Role::kText, .name = std::string(text)}, {start.x + kPad, start.y, text_width, content});
  ui.EndScroll(content);
  p.Stroke(well, p.Of(Token::kHairline), kRadiusSmall);
  ui.EndDialog();
  if (!open) c.overlay.Close();
}

}  // namespace handful::ui
