// What went wrong or deserves a word, until it is dismissed.
#include "ui/frame/panels.h"
#include "ui/toolkit/column.h"

namespace handful::ui {

float DrawNotices(FramePanel& c, Vec2 top_left, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  Column col(ui, top_left, width);
  int64_t dismissed = 0, held = 0;
  for (const Notice& notice : c.models.notices.all()) {
    const bool error = notice.kind == NoticeKind::kError, warning = notice.kind == NoticeKind::kWarning;
    const bool undo = !notice.undoes.empty();
    const Token ink = error ? Token::kErrorText : warning ? Token::kWarningText : Token::kText;
    const Token ground = error ? Token::kErrorSoft : warning ? Token::kWarningSoft : Token::kAccentSoft;
    const float button = undo ? ui.ButtonWidth(Icon::kUndo, "Undo") : 0;
    const float inner = width - 16 - 28 - 48 - (undo ? button + kGap : 0);
    const float height = static_cast<float>(p.Lines(inner, Font::kSmall, notice.text).size()) * 18 + 24;
    const Rect r = col.Take(height, 12);
    p.Fill(r, p.Of(ground), kRadiusSmall);
    p.DrawIcon(error ? Icon::kError : warning ? Icon::kWarning : Icon::kInfo, {r.x + 16, r.y + 12, 18, 18}, p.Of(ink));
    ui.Open(ui.Id(notice.id), {.role = Role::kGroup}, r);
    ui.Paragraph("text", {r.x + 44, r.y + 12}, inner, Font::kSmall, ink, notice.text,
                 error ? Role::kAlert : Role::kStatus);
    if (undo) {
      const Rect at{r.right() - 48 - button, r.y + 4, button, 34};
      if (ui.Button("undo", at, ButtonStyle::kQuiet, Icon::kUndo, "Undo", {.description = notice.undoes})) {
        c.models.projects.history.Undo();
        dismissed = notice.id;
      }
      if (r.Contains(ui.Pointer()) || ui.Focused(ui.Id("undo")) || ui.Focused(ui.Id("dismiss"))) held = notice.id;
    }
    if (ui.IconButton("dismiss", {r.right() - 40, r.y + 5, 32, 32}, Icon::kClose, "Dismiss")) dismissed = notice.id;
    ui.Close();
  }
  if (held != 0) c.models.notices.Hold(held);
  if (dismissed != 0) c.models.notices.Dismiss(dismissed);
  return col.height();
}

}  // namespace handful::ui
