// The samples of one class, thousands of them: only those in sight are drawn and declared.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/teach/teach.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

constexpr float kToolbar = 64, kFooter = 40, kInset = 16, kCellGap = 6;

std::string SourceText(const TeachPanel& c, const schema::SampleInfo& sample) {
  const std::string when = WhenText(sample.time_ms, c.now_ms);
  std::string text = sample.session.empty() ? when : sample.session + " · " + when;
  if (!sample.saved) text += " · not saved yet";
  return text;
}

// Name, count and what can be done with the selection.
void DrawToolbar(TeachPanel& c, const Rect& r, const schema::ClassInfo& info) {
  Ui& ui = c.ui;
  const auto count = static_cast<int64_t>(c.teach.samples.Of(info.id).size());
  const auto picked = static_cast<int64_t>(c.teach.selection.selected().size());
  const bool narrow = r.w < 640;
  const float y = r.y + 12;
  float x = r.x + 12;
  if (ui.IconButton("back", {x, y, kControlHeight, kControlHeight}, Icon::kBack, "Back"))
    c.teach.selection.OpenGallery(0);
  x += kControlHeight + kGap;
  if (!narrow || picked == 0) x += DrawMark(c.ui.paint, {x, y + 4}, 32, MarkOf(c, info.id)) + 12;

  float right = r.right() - 12;
  const auto button = [&](std::string_view key, Icon icon, std::string_view label, std::string_view name,
                          uint16_t state = 0) {
    const float width = narrow ? kControlHeight : ui.ButtonWidth(icon, label);
    right -= width;
    const bool pressed =
        ui.Button(key, {right, y, width, kControlHeight}, ButtonStyle::kQuiet, icon, narrow ? "" : label,
                  {.state = state, .description = narrow ? name : "", .name = name});
    right -= 4;
    return pressed;
  };
  if (picked > 0) {
    if (button("delete", Icon::kTrash, "Delete", "Delete " + Count(picked, "picture", "pictures")))
      c.teach.DeleteSelected();
    const Rect move{right - 44, y, 44, kControlHeight};
    if (c.teach.classes.all().size() > 1 && button("move", Icon::kMove, "Move…", "Move to another class"))
      c.overlay.Show(Overlay::Kind::kMoveSamples, info.id, move);
    if (picked == 1 && button("larger", Icon::kEye, "Look", "Look at it larger"))
      c.overlay.Show(Overlay::Kind::kSample, *c.teach.selection.selected().begin());
    if (button("none", Icon::kClose, "Select none", "Select none")) c.teach.selection.SelectNone();
  } else if (count > 0 && button("all", Icon::kCheck, "Select all", "Select all")) {
    c.teach.selection.SelectAll();
  }
  const std::string title = picked > 0 ? Format("%lld of %s selected", static_cast<long long>(picked),
                                                Count(count, "picture", "pictures").c_str())
                                       : Count(count, "picture", "pictures");
  const float room = right - x - kGap;
  ui.Label("title", {x, y}, Font::kBodyStrong, Token::kText, info.name, room, Role::kHeading, 2);
  ui.Label("count", {x, y + 21}, Font::kSmall, Token::kTextMuted, title, room, Role::kStatus);
}

void DrawCell(TeachPanel& c, const Rect& r, int64_t id, size_t index, size_t count, int64_t& hovered) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const schema::SampleInfo* sample = c.teach.samples.Find(id);
  if (sample == nullptr) return;
  const bool selected = c.teach.selection.selected().contains(id), at_cursor = c.teach.selection.cursor() == id;
  const AccessId cell = ui.Id(id);
  const Ui::Press press = ui.Interact(cell, r);
  if (press.hovered) hovered = id;
  const Rect corner{r.x, r.y, 36, 36};
  const bool in_corner = corner.Contains(ui.Pointer());
  if (press.clicked) {
    // A finger has no Ctrl; the corner, and a screen reader's press, select one more or less.
    c.teach.selection.Click(id, c.ctrl || in_corner || ui.Activated(cell), c.shift);
  }
  if (press.hovered && !in_corner && ui.DoubleClicked()) c.overlay.Show(Overlay::Kind::kSample, id);

  const Rect box = selected ? r.Inset(5) : r;
  if (selected) p.Fill(r, p.Of(Token::kAccentSoft), 8);
  const Pixels* pixels = c.teach.thumbnails.Find(id);
  const TextureId texture = pixels == nullptr ? 0 : c.textures.Get(kSampleTextures + id, 0, *pixels);
  if (texture != 0) {
    p.Picture(texture, box, 6);
  } else {
    p.Fill(box, p.Of(Token::kTrack), 6);
    if (pixels != nullptr && pixels->empty())
      p.DrawIcon(Icon::kPicture, {box.center_x() - 14, box.center_y() - 14, 28, 28}, p.Of(Token::kTextMuted));
  }
  if (selected) {
    p.Stroke(r, p.Of(Token::kAccentText), 8, 3);
    const Rect check{r.x + 8, r.y + 8, 22, 22};
    p.Fill(check, p.Of(Token::kAccent), 11);
    p.DrawIcon(Icon::kCheck, check.Inset(3), p.Of(Token::kOnAccent));
  } else if (press.hovered) {
    p.Stroke(r, p.Of(Token::kControl), 6, 2);
    const Rect check{r.x + 8, r.y + 8, 22, 22};
    p.Fill(check, {11, 13, 17, 120}, 11);
    p.Stroke(check, {255, 255, 255, 235}, 11, 2);
  }
  ui.FocusRing(cell, r, 6);
  ui.Open(cell,
          {.role = Role::kOption,
           .name = BaseName(sample->name),
           .description = SourceText(c, *sample),
           .state = static_cast<uint16_t>(selected ? kSelected : 0),
           .set_size = static_cast<int>(count),
           .position = static_cast<int>(index) + 1,
           .take_focus = at_cursor},
          r);
  ui.Close();
}

}  // namespace

void DrawGallery(TeachPanel& c, const Rect& r) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const schema::ClassInfo* info = c.teach.classes.Find(c.teach.selection.gallery());
  if (info == nullptr) return;
  const std::vector<int64_t>& ids = c.teach.samples.Of(info->id);
  ui.Card(r);
  ui.Open("gallery", Role::kRegion, "Pictures of " + info->name, r);
  c.targets.push_back({.rect = r, .class_id = info->id});
  DrawToolbar(c, {r.x, r.y, r.w, kToolbar}, *info);
  p.Line({r.x, r.y + kToolbar}, {r.right(), r.y + kToolbar}, p.Of(Token::kHairline));
  const Rect body{r.x + 1, r.y + kToolbar + 1, r.w - 2, r.h - kToolbar - kFooter - 2};

  if (ids.empty()) {
    const std::string_view text =
        c.teach.samples.listed() ? "No pictures yet. Hold to record, or drop some here." : "Loading …";
    const float width = std::min(p.Width(Font::kBody, text), body.w - 2 * kPad);
    ui.Label("empty", {body.center_x() - width / 2, body.center_y() - 11}, Font::kBody, Token::kTextMuted, text,
             body.w - 2 * kPad, Role::kStatus);
    ui.Close();
    return;
  }

  const float inner = body.w - 2 * kInset;
  const float wanted = inner >= 560 ? 104 : 84;
  const auto columns = static_cast<size_t>(std::max(2.0F, std::floor((inner + kCellGap) / (wanted + kCellGap))));
  const float side = std::floor((inner - kCellGap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  const size_t rows = (ids.size() + columns - 1) / columns;
  const float step = side + kCellGap;
  const float content = 2 * kInset - kCellGap + static_cast<float>(rows) * step;
  const Vec2 start = ui.BeginScroll("samples", body, "Pictures of " + info->name);
  // Keys move the cursor; the page's own scrolling of the region follows it.
  c.teach.selection.SetColumns(static_cast<int>(columns));
  if (const int64_t cursor = c.teach.selection.TakeMovedCursor(); cursor != 0) {
    const auto at = static_cast<size_t>(std::lower_bound(ids.begin(), ids.end(), cursor) - ids.begin());
    const float top = kInset + static_cast<float>(at / columns) * step;
    ui.ScrollIntoView(top - kInset, top + side + kInset);
  }
  ui.Open(ui.Id("grid"), {.role = Role::kGrid, .name = "Pictures", .now = static_cast<double>(ids.size())},
          {start.x, start.y, body.w, content});
  const auto first = static_cast<size_t>(
      std::clamp(std::floor((body.y - start.y - kInset) / step) - 1, 0.0F, static_cast<float>(rows)));
  const size_t last = std::min(rows, first + static_cast<size_t>(std::ceil(body.h / step)) + 3);
  int64_t hovered = 0;
  for (size_t i = first * columns; i < std::min(ids.size(), last * columns); ++i) {
    const Rect cell{start.x + kInset + static_cast<float>(i % columns) * step,
                    start.y + kInset + static_cast<float>(i / columns) * step, side, side};
    DrawCell(c, cell, ids[i], i, ids.size(), hovered);
  }
  ui.Close();
  ui.EndScroll(content);

  // Where the one under the pointer, else at the cursor, comes from.
  const Rect footer{r.x, r.bottom() - kFooter, r.w, kFooter};
  p.Line({footer.x, footer.y}, {footer.right(), footer.y}, p.Of(Token::kHairline));
  const schema::SampleInfo* shown = c.teach.samples.Find(hovered != 0 ? hovered : c.teach.selection.cursor());
  const std::string text = shown != nullptr
                               ? BaseName(shown->name) + " — " + SourceText(c, *shown)
                               : "Click to select; Ctrl and Shift select more; double-click to look closer.";
  p.TextIn(footer.Inset(kInset, 0), Font::kSmall, p.Of(Token::kTextMuted), text, Align::kLeft);
  ui.Leaf("where-from", {.role = Role::kText, .name = text}, footer);
  ui.Close();
}

}  // namespace handful::ui
