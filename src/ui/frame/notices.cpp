// What went wrong or deserves a word, until it is dismissed.
#include "ui/frame/context.h"

namespace handful::ui {

float DrawNotices(Context& c, Vec2 top_left, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  float y = top_left.y;
  int64_t dismissed = 0;
  for (const Notice& notice : c.model.notices()) {
    const bool error = notice.kind == NoticeKind::kError, warning = notice.kind == NoticeKind::kWarning;
    const Token ink = error ? Token::kErrorText : warning ? Token::kWarningText : Token::kText;
    const Token ground = error ? Token::kErrorSoft : warning ? Token::kWarningSoft : Token::kAccentSoft;
    const float inner = width - 16 - 28 - 48;
    const float height = static_cast<float>(p.Lines(inner, Font::kSmall, notice.text).size()) * 18 + 24;
    const Rect r{top_left.x, y, width, height};
    p.Fill(r, p.Of(ground), kRadiusSmall);
    p.DrawIcon(error ? Icon::kError : warning ? Icon::kWarning : Icon::kInfo, {r.x + 16, r.y + 12, 18, 18}, p.Of(ink));
    ui.Open(ui.Id(notice.id), {.role = Role::kGroup}, r);
    ui.Paragraph("text", {r.x + 44, r.y + 12}, inner, Font::kSmall, ink, notice.text, error ? Role::kAlert : Role::kStatus);
    if (ui.IconButton("dismiss", {r.right() - 40, r.y + 5, 32, 32}, Icon::kClose, "Dismiss")) dismissed = notice.id;
    ui.Close();
    y += height + 12;
  }
  if (dismissed != 0) c.model.DismissNotice(dismissed);
  return y - top_left.y;
}

}  // namespace handful::ui
