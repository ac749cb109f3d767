// The project is open in another tab.
#include "ui/projects/projects.h"
#include "ui/toolkit/column.h"

namespace handful::ui {
namespace {

// The project is somebody else's at the moment. Returns the height.
float DrawAway(ProjectsPanel& c, Vec2 at, float width, const std::string& title, std::string_view text,
               const std::string& project_id) {
  Ui& ui = c.ui;
  const AccessId id = ui.Id("elsewhere");
  const Rect card{at.x, at.y, width, ui.HeightOf(id)};
  ui.Card(card);
  Column col(ui, {at.x + kPadLarge, at.y + kPadLarge}, width - 2 * kPadLarge);
  col.Paragraph("elsewhere-title", Font::kTitle, Token::kText, title, Role::kHeading, 3);
  col.Gap(4);
  col.Paragraph("elsewhere-text", Font::kBody, Token::kTextMuted, text, Role::kStatus);
  col.Gap(kPad);
  constexpr std::string_view kHere = "Use it here", kOther = "Other projects…";
  const float here = ui.ButtonWidth(Icon::kNone, kHere), other = ui.ButtonWidth(Icon::kNone, kOther);
  const Rect row = col.Take(kControlHeight, kPadLarge);
  if (ui.Button("here", {row.x, row.y, here, row.h}, ButtonStyle::kPrimary, Icon::kNone, kHere))
    c.projects.list.Open(project_id, true);
  if (ui.Button("others", {row.x + here + kGap, row.y, other, row.h}, ButtonStyle::kQuiet, Icon::kNone, kOther)) {
    c.overlay.Show(Overlay::Kind::kProjects);
    c.projects.list.Ask();
  }
  ui.SetHeightOf(id, col.y() - at.y);
  return col.y() - at.y;
}

}  // namespace

float DrawElsewhere(ProjectsPanel& c, Vec2 top_left, float width) {
  if (c.projects.list.blocked()) {
    const auto blocked = *c.projects.list.blocked();
    return DrawAway(c, top_left, width, "“" + blocked.name + "” is open in another tab",
                    "Two tabs must not change the same project. You can go on there, or take it over.",
                    blocked.project_id);
  }
  if (!c.projects.list.closed()) return 0;
  const auto closed = *c.projects.list.closed();
  return DrawAway(c, top_left, width, "Another tab has taken this project over", "Everything up to then is kept.",
                  closed.project_id);
}

}  // namespace handful::ui
