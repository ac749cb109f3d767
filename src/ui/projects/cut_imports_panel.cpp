// Imports that were cut short: what there is of them, and how the rest comes in.
#include "base/status.h"
#include "ui/projects/projects.h"
#include "ui/toolkit/column.h"
#include "ui/toolkit/words.h"

namespace handful::ui {

float DrawCutImports(ProjectsPanel& c, Vec2 top_left, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  Column col(ui, top_left, width);
  int64_t dismissed = 0;
  for (const schema::ImportInfo& cut : c.projects.list.cut_imports()) {
    const std::string text = Format(
        "%s was cut short: %lld of %lld pictures are here. Add the same file again, and only those that are missing "
        "come in.",
        BaseName(cut.name).c_str(), static_cast<long long>(cut.added), static_cast<long long>(cut.total));
    constexpr std::string_view kDismiss = "Leave it so";
    const float inner = width - 40 - 12;
    const float lines =
        static_cast<float>(p.Lines(inner, Font::kSmall, text).size()) * SpecOf(Font::kSmall).line_height;
    const Rect r = col.Take(10 + lines + kGap + kControlHeight + 10, kPad);
    const std::string name = "Cut short: " + cut.name;
    ui.Open(ui.Id(Format("cut-%lld", static_cast<long long>(cut.id))), {.role = Role::kRegion, .name = name}, r);
    p.Fill(r, p.Of(Token::kWarningSoft), kRadiusSmall);
    p.DrawIcon(Icon::kWarning, {r.x + 12, r.y + 10, 18, 18}, p.Of(Token::kWarningText));
    ui.Paragraph("text", {r.x + 40, r.y + 10}, inner, Font::kSmall, Token::kWarningText, text, Role::kStatus);
    const float button = ui.ButtonWidth(Icon::kNone, kDismiss);
    if (ui.Button("dismiss", {r.x + 40, r.y + 10 + lines + kGap, button, kControlHeight}, ButtonStyle::kSecondary,
                  Icon::kNone, kDismiss, {.description = "Do not speak of it any more"})) {
      dismissed = cut.id;
    }
    ui.Close();
  }
  if (dismissed != 0) c.projects.list.DismissImport(dismissed);
  return col.height();
}

}  // namespace handful::ui
