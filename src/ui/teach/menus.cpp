// Popovers of a class and of selected pictures.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/status.h"
#include "ui/teach/teach.h"
#include "ui/toolkit/column.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

constexpr float kRow = 40, kEdge = 6;

// A list of classes to choose from, without `except`. Returns the chosen one's id, or 0.
int64_t DrawClassList(TeachPanel& c, std::string_view key, const std::string& title, int64_t except) {
  Ui& ui = c.ui;
  constexpr float kTitle = 36, kMostRows = 8;
  const auto rows = static_cast<float>(c.teach.classes.all().size()) - 1;
  const float height = kTitle + std::min(rows, kMostRows) * kRow + 2 * kEdge;
  const Rect r = BeginPopover(c, key, title, 260, height);
  ui.paint.TextIn({r.x + 8, r.y, r.w - 16, kTitle}, Font::kSmallStrong, ui.paint.Of(Token::kTextMuted), title,
                  Align::kLeft);
  const Vec2 start = ui.BeginScroll("list", {r.x, r.y + kTitle, r.w, r.h - kTitle}, title);
  int64_t chosen = 0;
  Column col(ui, start, r.w);
  for (const schema::ClassInfo& info : c.teach.classes.all()) {
    if (info.id == except) continue;
    const Rect row = col.Take(kRow);
    ui.Open(ui.Id(info.id), {.role = Role::kGroup}, row);
    if (ui.MenuItem("choose", row, Icon::kNone, info.name)) chosen = info.id;
    DrawMark(c.ui.paint, {row.x + 10, row.y + 9}, 22, MarkOf(c, info.id));
    ui.Close();
  }
  ui.EndScroll(rows * kRow);
  EndPopover(c);
  return chosen;
}

}  // namespace

void DrawClassMenu(TeachPanel& c) {
  const schema::ClassInfo* info = c.teach.classes.Find(c.overlay.target);
  if (info == nullptr) return c.overlay.Close();
  const int64_t id = info->id;
  const bool enabled = info->enabled;
  const int index = c.teach.classes.IndexOf(id), last = static_cast<int>(c.teach.classes.all().size()) - 1;
  const Rect anchor = c.overlay.anchor;
  struct Item {
    const char* key;
    Icon icon;
    std::string label;
    bool possible = true;
  };
  const std::array<Item, 8> items = {
      {{"look", Icon::kPicture, "All pictures"},
       {"shoot", Icon::kCamera, "Take one picture"},
       {"up", Icon::kChevronUp, "Move up", index > 0},
       {"down", Icon::kChevronDown, "Move down", index < last},
       {"palette", Icon::kSun, "Colour…"},
       {"merge", Icon::kMerge, "Merge into…", last > 0},
       {"enable", enabled ? Icon::kEyeOff : Icon::kEye, enabled ? "Leave out of training" : "Use in training"},
       {"delete", Icon::kTrash, "Delete class"}}};
  const Rect r = BeginPopover(c, "class-menu", info->name, 240, static_cast<float>(items.size()) * kRow + 2 * kEdge);
  std::string_view chosen;
  Column col(c.ui, {r.x, r.y}, r.w);
  for (const Item& item : items) {
    if (c.ui.MenuItem(item.key, col.Take(kRow), item.icon, item.label,
                      static_cast<uint16_t>(item.possible ? 0 : kDisabled)))
      chosen = item.key;
  }
  EndPopover(c);
  if (chosen.empty()) return;
  c.overlay.Close();
  if (chosen == "look") c.teach.selection.OpenGallery(id);
  if (chosen == "shoot") c.teach.classes.Choose(id), c.teach.camera.Shoot(id);
  if (chosen == "up") c.teach.classes.Move(id, -1);
  if (chosen == "down") c.teach.classes.Move(id, 1);
  if (chosen == "palette") c.overlay.Show(Overlay::Kind::kPalette, id, anchor);
  if (chosen == "merge") c.overlay.Show(Overlay::Kind::kMerge, id, anchor);
  if (chosen == "enable") c.teach.classes.Enable(id, !enabled);
  if (chosen == "delete") c.teach.DeleteClass(id);
}

void DrawPalette(TeachPanel& c) {
  constexpr std::array<const char*, kClassColors> kNames = {"Blue",   "Vermilion", "Green", "Purple",
                                                            "Yellow", "Sky",       "Brown", "Grey"};
  constexpr float kSwatch = 44;
  const schema::ClassInfo* info = c.teach.classes.Find(c.overlay.target);
  if (info == nullptr) return c.overlay.Close();
  Ui& ui = c.ui;
  const Rect r =
      BeginPopover(c, "palette", "Colour of " + info->name, 4 * kSwatch + 2 * kEdge, 2 * kSwatch + 2 * kEdge);
  int chosen = -1;
  for (int i = 0; i < kClassColors; ++i) {
    const Rect cell{r.x + static_cast<float>(i % 4) * kSwatch, r.y + static_cast<float>(i / 4) * kSwatch, kSwatch,
                    kSwatch};
    const AccessId id = ui.Id(kNames[static_cast<size_t>(i)]);
    const Ui::Press press = ui.Interact(id, cell);
    if (press.clicked) chosen = i;
    if (press.hovered) ui.paint.Fill(cell, ui.paint.Of(Token::kHover), kRadiusSmall);
    const Color color = ClassColor(i, ui.paint.dark());
    ui.paint.Fill(cell.Inset(8), color, 7);
    const bool on = info->color % kClassColors == i;
    if (on) ui.paint.DrawIcon(Icon::kCheck, cell.Inset(13), InkOn(color));
    ui.FocusRing(id, cell.Inset(4));
    ui.Open(id,
            {.role = Role::kButton,
             .name = kNames[static_cast<size_t>(i)],
             .state = static_cast<uint16_t>(on ? kSelected : 0)},
            cell);
    ui.Close();
  }
  EndPopover(c);
  if (chosen < 0) return;
  c.teach.classes.Recolor(info->id, chosen);
  c.overlay.Close();
}

void DrawMerge(TeachPanel& c) {
  const int64_t from = c.overlay.target;
  if (c.teach.classes.Find(from) == nullptr) return c.overlay.Close();
  if (const int64_t into = DrawClassList(c, "merge", "Move all its pictures into", from); into != 0) {
    c.overlay.Close();
    c.teach.classes.Merge(from, into);
  }
}

void DrawMoveSamples(TeachPanel& c) {
  const auto n = static_cast<int64_t>(c.teach.selection.selected().size());
  if (n == 0) return c.overlay.Close();
  if (const int64_t into =
          DrawClassList(c, "move", "Move " + Count(n, "picture", "pictures") + " to", c.overlay.target);
      into != 0) {
    c.overlay.Close();
    c.teach.selection.Move(into);
  }
}

void DrawBurst(TeachPanel& c) {
  const schema::ClassInfo* info = c.teach.classes.Find(c.overlay.target);
  if (info == nullptr) return c.overlay.Close();
  Ui& ui = c.ui;
  constexpr float kHeight = 232;
  Burst burst = c.teach.camera.burst();
  Rect r = BeginPopover(c, "burst", "Record " + info->name + " by itself", 300, kHeight).Inset(10, 8);
  ui.Label("title", {r.x, r.y}, Font::kBodyStrong, Token::kText, "Record by itself", r.w, Role::kHeading, 2);
  ui.Label("after", {r.x, r.y + 23}, Font::kSmall, Token::kTextMuted, "It counts to three first.", r.w);
  constexpr std::array<RadioOption, 2> kKinds = {{{"Seconds", Icon::kTimer}, {"Pictures", Icon::kPicture}}};
  Column col(ui, {r.x, r.y + 54}, r.w);
  burst.by_seconds = ui.Radios("kind", col.Take(40, kGap), "How long", kKinds, burst.by_seconds ? 0 : 1) == 0;
  const Rect field = col.Take(kControlHeight, 22);
  const Number number =
      ui.NumberField(burst.by_seconds ? "seconds" : "pictures", field, burst.by_seconds ? "Seconds" : "Pictures",
                     burst.by_seconds ? burst.seconds : burst.pictures,
                     {.least = 1, .most = burst.by_seconds ? 120.0 : 500.0, .whole = true});
  if (number.changed) (burst.by_seconds ? burst.seconds : burst.pictures) = static_cast<int>(number.value);
  if (!number.error.empty())
    ui.Label("wrong", {r.x, field.y + 42}, Font::kSmall, Token::kErrorText, number.error, r.w, Role::kAlert);
  c.teach.camera.SetBurst(burst);
  const bool start = ui.Button("start", col.Take(kControlHeight), ButtonStyle::kPrimary, Icon::kRecord, "Start");
  EndPopover(c);
  if (!start) return;
  c.overlay.Close();
  c.teach.camera.StartBurst(info->id);
}

}  // namespace handful::ui
