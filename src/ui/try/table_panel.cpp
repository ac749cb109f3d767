// All pictures as a sortable table, with progress, CSV and clear above it. Every row is declared, also out of sight.
#include <algorithm>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "ui/toolkit/words.h"
#include "ui/try/csv.h"
#include "ui/try/try.h"

namespace handful::ui {
namespace {

constexpr float kHeadHeight = 36;
constexpr float kThumb = 40;

// Where the columns stand, from the left edge of a row.
struct Columns {
  float name = 0, name_width = 0;
  float answer = 0, answer_width = 0;
  float probability = 0, probability_width = 0;
  float time = 0, time_width = 0;  // 0: no room for it
  bool two_lines = false;          // the answer stands under the name
  float row_height = 56;

  Rect Name(const Rect& row) const { return {row.x + name, row.y, name_width, two_lines ? row.h / 2 : row.h}; }
  Rect Answer(const Rect& row) const {
    return two_lines ? Rect{row.x + name, row.y + row.h / 2 - 3, name_width, row.h / 2}
                     : Rect{row.x + answer, row.y, answer_width, row.h};
  }
  // In place of all answers.
  Rect Error(const Rect& row) const {
    return two_lines ? Answer(row) : Rect{row.x + answer, row.y, row.w - 16 - answer, row.h};
  }
};

Columns Arrange(float width, bool roomy) {
  constexpr float kLeft = 16, kGapX = 16;
  Columns c;
  c.name = kLeft + kThumb + 12;
  float right = width - kLeft;
  if (width >= 640) {
    c.time_width = 64;
    right -= c.time_width;
    c.time = right;
    right -= kGapX;
  }
  c.probability_width = width >= 560 ? (roomy ? 160.0F : 130.0F) : 70;
  right -= c.probability_width;
  c.probability = right;
  right -= kGapX;
  c.two_lines = width < 520;
  if (c.two_lines) {
    // Name and answer share the room; only their heads stand side by side.
    c.row_height = 68;
    c.name_width = right - c.name;
    c.answer_width = 90;
    c.answer = right - c.answer_width;
    return c;
  }
  c.answer_width = std::clamp(width * 0.22F, 110.0F, 220.0F);
  right -= c.answer_width;
  c.answer = right;
  c.name_width = right - kGapX - c.name;
  return c;
}

void DrawHeadCell(TryPanel& c, std::string_view key, SortColumn column, std::string_view label, const Rect& r,
                  Align align) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const Sorting& sorting = c.trying.order.sorting();
  const bool sorted = sorting.column == column;
  const uint16_t state = !sorted ? 0 : static_cast<uint16_t>(sorting.descending ? kDescending : kAscending);
  ui.Open(key, Role::kColumnHeader, label, r, state);
  const AccessId id = ui.Id("sort");
  const Ui::Press press = ui.Interact(id, r);
  if (press.clicked) c.trying.order.SortBy(column);
  const Color ink = p.Of(sorted || press.hovered ? Token::kText : Token::kTextMuted);
  constexpr float kIcon = 14;
  const float text = std::min(p.Width(Font::kSmallStrong, label), r.w - kIcon - 4);
  const bool right = align == Align::kRight;
  const float x = right ? r.right() - text : r.x;
  p.Text({x, r.center_y() - 9}, Font::kSmallStrong, ink, label, text + 1);
  const Icon icon = !sorted ? Icon::kSort : sorting.descending ? Icon::kChevronDown : Icon::kChevronUp;
  if (sorted || press.hovered)
    p.DrawIcon(icon, {right ? x - kIcon - 4 : x + text + 4, r.center_y() - kIcon / 2, kIcon, kIcon}, ink);
  ui.FocusRing(id, r.Inset(0, 4), 4);
  ui.Open(id, {.role = Role::kButton, .name = std::string(label), .description = "Sort"}, r);
  ui.Close();
  ui.Close();
}

const char* StateText(const TryPanel& c, const Picture& picture) {
  if (picture.state == PictureState::kRunning) return "…";
  return c.trying.queue.stopped() ? "stopped" : "waiting";
}

void DeclareRow(Ui& ui, const Picture& picture, const Columns& col, const Rect& r, bool selected, uint64_t stamp) {
  const AccessId id = ui.Id(picture.id);
  if (ui.Keep(id, stamp, r) || ui.Postpone(id)) return;
  ui.Open(id, {.role = Role::kRow, .state = static_cast<uint16_t>(selected ? kSelected : 0)}, r, ui.StampAt(stamp, r));
  const auto cell = [&](std::string_view key, const Rect& place, const std::string& text) {
    ui.Leaf(key, {.role = Role::kCell, .name = text}, place);
  };
  const Rect show{r.x, r.y, col.Name(r).right() - r.x, r.h};
  ui.Open("name-cell", Role::kCell, "", show);
  ui.Leaf("show",
          {.role = Role::kButton,
           .name = BaseName(picture.name),
           .description = "Show " + picture.name,
           .state = static_cast<uint16_t>(selected ? kSelected : 0)},
          show);
  ui.Close();
  const bool done = picture.state == PictureState::kDone && !picture.top.empty();
  if (picture.state == PictureState::kFailed) {
    cell("error", col.Error(r), picture.error);
  } else {
    cell("answer", col.Answer(r), done ? picture.top[0].label : "");
    cell("probability", {r.x + col.probability, r.y, col.probability_width, r.h},
         done ? Percent(picture.top[0].p) : "");
    if (col.time_width > 0)
      cell("time", {r.x + col.time, r.y, col.time_width, r.h}, done ? Milliseconds(picture.ms) : "");
    if (!picture.warning.empty()) cell("warning", col.Name(r), picture.warning);
  }
  ui.Close();
}

void DrawRow(TryPanel& c, const Picture& picture, const Columns& col, const Rect& r, bool selected,
             const Ui::Press& press) {
  Painter& p = c.ui.paint;
  if (selected) p.Fill(r, p.Of(Token::kAccentSoft));
  else if (press.hovered) p.Fill(r, p.Of(Token::kHover));
  if (selected) p.Fill({r.x, r.y, 3, r.h}, p.Of(Token::kAccentText));
  p.Line({r.x, r.bottom() - 1}, {r.right(), r.bottom() - 1}, p.Of(Token::kHairline));

  // The thumbnail, its middle square.
  const Rect box{r.x + 16, r.center_y() - kThumb / 2, kThumb, kThumb};
  const TextureId texture = c.textures.Get(picture.id, picture.thumbnail_revision, picture.thumbnail);
  if (texture != 0) {
    const auto w = static_cast<float>(picture.thumbnail.width), h = static_cast<float>(picture.thumbnail.height);
    p.PictureCovering(texture, box, w / h, 6);
  } else {
    p.Fill(box, p.Of(Token::kTrack), 6);
    if (picture.state == PictureState::kFailed) p.DrawIcon(Icon::kError, box.Inset(11), p.Of(Token::kErrorText));
  }

  const bool noted = !picture.warning.empty();
  const bool failed = picture.state == PictureState::kFailed;
  const Rect name = col.Name(r);
  const bool raised = noted && !col.two_lines;
  // Two lines of a sentence under the name need all the height.
  const Rect error = col.two_lines ? Rect{name.x, r.y + 27, r.w - 16 - col.name, 36} : col.Error(r);
  const auto error_lines = failed ? p.Lines(error.w, Font::kSmall, picture.error) : std::vector<std::string_view>{};
  const float name_y =
      col.two_lines ? r.y + (error_lines.size() > 1 ? 5 : 11) : name.center_y() - (raised ? 20.0F : 11.0F);
  const float name_width = col.two_lines && failed ? r.w - 16 - col.name : name.w;
  p.Text({name.x, name_y}, Font::kBody, p.Of(Token::kText), BaseName(picture.name),
         name_width - (noted && col.two_lines ? 22 : 0));
  if (noted && col.two_lines) {
    p.DrawIcon(Icon::kWarning, {name.right() - 16, name_y + 4, 14, 14}, p.Of(Token::kWarningText));
  } else if (noted) {
    p.DrawIcon(Icon::kWarning, {name.x, r.center_y() + 4, 14, 14}, p.Of(Token::kWarningText));
    p.Text({name.x + 20, r.center_y() + 2}, Font::kSmall, p.Of(Token::kWarningText), picture.warning, name.w - 20);
  }

  const Rect answer = col.Answer(r);
  if (failed) {
    const size_t shown = std::min<size_t>(error_lines.size(), 2);
    float y = col.two_lines ? name_y + 22 : error.center_y() - static_cast<float>(shown) * 9;
    for (size_t i = 0; i < shown; ++i, y += 18) {
      const char* const line = error_lines[i].data();
      const bool more = i + 1 == shown && error_lines.size() > shown;
      const std::string_view rest{line, static_cast<size_t>(picture.error.data() + picture.error.size() - line)};
      p.Text({error.x, y}, Font::kSmall, p.Of(Token::kErrorText), more ? rest : error_lines[i], error.w);
    }
    return;
  }
  if (picture.top.empty()) {
    p.Text({answer.x, answer.center_y() - 9}, Font::kSmall, p.Of(Token::kTextMuted), StateText(c, picture), answer.w);
    return;
  }
  const bool stale = picture.state != PictureState::kDone;
  const schema::ClassProbability& best = picture.top[0];
  const int index = c.trying.model.ClassIndex(best.label);
  const Color color = p.OfClass(index).Faded(stale ? 0.4F : 1);
  const Color ink = p.Of(stale ? Token::kTextMuted : Token::kText);
  float x = answer.x;
  if (index >= 0) {
    const std::string letters = ClassLetters(index);
    const Rect badge{x, answer.center_y() - 11, std::max(22.0F, p.Width(Font::kSmallStrong, letters) + 10), 22};
    p.Fill(badge, color, 5);
    p.TextIn(badge, Font::kSmallStrong, InkOn(color), letters, Align::kCenter);
    x = badge.right() + kGap;
  }
  p.Text({x, answer.center_y() - 11}, Font::kBody, ink, best.label, answer.right() - x);
  const std::string percent = Percent(best.p);
  const Rect probability{r.x + col.probability, r.y, col.probability_width, r.h};
  if (probability.w >= 110) {
    constexpr float kNumber = 70;
    const Rect bar{probability.x, probability.center_y() - 4, probability.w - kNumber - 4, 8};
    c.ui.Bar(bar, color, best.p);
  }
  p.TextIn(probability, Font::kBody, ink, percent, Align::kRight);
  if (col.time_width > 0)
    p.TextIn({r.x + col.time, r.y, col.time_width, r.h}, Font::kBody, p.Of(Token::kTextMuted), Milliseconds(picture.ms),
             Align::kRight);
}

// Counts and buttons; progress while there is some. Returns the height.
float DrawToolbar(TryPanel& c, const Rect& r) {
  Ui& ui = c.ui;
  const Counts& n = c.trying.queue.counts();
  const auto total = static_cast<int64_t>(c.trying.queue.pictures().size());
  const bool narrow = r.w < 520;
  const std::string_view save = narrow ? "CSV" : "Download CSV";
  const float save_width = ui.ButtonWidth(Icon::kDownload, save),
              clear_width = narrow ? kControlHeight : ui.ButtonWidth(Icon::kTrash, "Clear");
  const float y = r.y + 12;
  float x = r.right() - 12 - clear_width;
  if (ui.Button("clear", {x, y, clear_width, kControlHeight}, ButtonStyle::kQuiet, Icon::kTrash, narrow ? "" : "Clear",
                {.description = "Remove all pictures from the list", .name = "Clear"})) {
    c.trying.Clear();
    return 64;
  }
  x -= save_width + 4;
  const bool nothing = n.done + n.failed == 0;
  if (ui.Button("csv", {x, y, save_width, kControlHeight}, ButtonStyle::kQuiet, Icon::kDownload, save,
                {.state = static_cast<uint16_t>(nothing ? kDisabled : 0), .name = "Download CSV"})) {
    c.host.SaveText("handful.csv", "text/csv", ToCsv(c.trying));
  }
  const float room = x - r.x - 16 - kGap;
  ui.Label("count", {r.x + 16, y + (n.failed + n.warned > 0 ? 0.0F : 9.0F)}, Font::kBodyStrong, Token::kText,
           Count(total, "picture", "pictures"), room, Role::kHeading, 2);
  std::string problems;
  if (n.failed > 0) problems = Format("%d could not be read", n.failed);
  if (n.warned > 0) problems += (problems.empty() ? "" : " · ") + Count(n.warned, "warning", "warnings");
  if (!problems.empty()) ui.Label("problems", {r.x + 16, y + 22}, Font::kSmall, Token::kTextMuted, problems, room);
  float bottom = y + kControlHeight + 12;

  if (n.pending() > 0 && c.trying.model.info()) {
    const std::string value = Format("%d of %lld", n.done + n.failed, static_cast<long long>(total));
    const std::string_view label = c.trying.queue.stopped() ? "Continue" : "Stop";
    const float button = ui.ButtonWidth(c.trying.queue.stopped() ? Icon::kPlay : Icon::kStop, label);
    const float value_width = ui.paint.Width(Font::kSmall, value) + 12;
    ui.Progress("progress", {r.x + 16, bottom + 17, r.w - 32 - button - 12 - value_width, 6},
                static_cast<double>(n.done + n.failed) / static_cast<double>(total), "Classifying", value);
    ui.paint.TextIn({r.right() - 16 - button - 12 - value_width, bottom + 11, value_width, 18}, Font::kSmall,
                    ui.paint.Of(Token::kTextMuted), value, Align::kRight);
    if (ui.Button(c.trying.queue.stopped() ? "continue" : "stop",
                  {r.right() - 12 - button, bottom, button, kControlHeight}, ButtonStyle::kSecondary,
                  c.trying.queue.stopped() ? Icon::kPlay : Icon::kStop, label)) {
      c.trying.queue.stopped() ? c.trying.queue.Continue() : c.trying.queue.Stop();
    }
    bottom += kControlHeight + 12;
  }
  // Said once, when the last answer is there.
  ui.Status("status", n.pending() == 0 ? Count(n.done, "picture answered", "pictures answered") +
                                             (n.failed > 0 ? Format(", %d could not be read", n.failed) : "")
                                       : "");
  return bottom - r.y;
}

}  // namespace

float DrawTable(TryPanel& c, const Rect& r) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const bool fills = r.h > 0;
  const auto rows = static_cast<float>(c.trying.queue.pictures().size());
  const AccessId id = ui.Id("results");
  const float height = fills ? r.h : ui.HeightOf(id);
  const Rect card{r.x, r.y, r.w, height};
  ui.Card(card);
  ui.Open("results", Role::kRegion, "Results", card);
  const float tools = DrawToolbar(c, card);
  const std::vector<int>& order = c.trying.order.Order();

  const Columns col = Arrange(r.w, c.wide);
  const float body_height = rows * col.row_height;
  const Rect head{r.x, r.y + tools, r.w, kHeadHeight};
  const float table_height = fills ? std::max(0.0F, card.bottom() - head.y) : kHeadHeight + body_height;
  ui.Open(ui.Id("table"), {.role = Role::kTable, .name = "Pictures and answers", .now = rows},
          {r.x, head.y, r.w, table_height});
  p.Fill(head, p.Of(Token::kSunken));
  p.Line({head.x, head.y}, {head.right(), head.y}, p.Of(Token::kHairline));
  p.Line({head.x, head.bottom() - 1}, {head.right(), head.bottom() - 1}, p.Of(Token::kHairline));
  ui.Open("head", Role::kRow, "", head);
  const float name_head = (col.two_lines ? col.answer - 8 - col.name : col.name_width);
  DrawHeadCell(c, "by-name", SortColumn::kName, "Picture", {r.x + col.name, head.y, name_head, head.h}, Align::kLeft);
  DrawHeadCell(c, "by-answer", SortColumn::kAnswer, "Answer", {r.x + col.answer, head.y, col.answer_width, head.h},
               Align::kLeft);
  DrawHeadCell(c, "by-probability", SortColumn::kProbability, col.probability_width < 100 ? "Prob." : "Probability",
               {r.x + col.probability, head.y, col.probability_width, head.h}, Align::kRight);
  if (col.time_width > 0)
    DrawHeadCell(c, "by-time", SortColumn::kTime, "Time", {r.x + col.time, head.y, col.time_width, head.h},
                 Align::kRight);
  ui.Close();

  const Rect body{r.x, head.bottom(), r.w, fills ? std::max(0.0F, card.bottom() - 1 - head.bottom()) : body_height};
  const Vec2 start = fills ? ui.BeginScroll("rows", body, "Rows") : Vec2{body.x, body.y};
  const Picture* selected = c.trying.queue.selected();
  const int64_t selected_id = selected != nullptr ? selected->id : 0;
  int64_t chosen = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    const Picture& picture = c.trying.queue.pictures()[static_cast<size_t>(order[i])];
    const Rect row{start.x, start.y + static_cast<float>(i) * col.row_height, r.w, col.row_height};
    const bool is_selected = picture.id == selected_id;
    const uint64_t stamp = static_cast<uint64_t>(picture.revision) * 4 + (is_selected ? 1 : 0) + (c.wide ? 2 : 0);
    DeclareRow(ui, picture, col, row, is_selected, stamp);
    const AccessId button = MakeAccessId(MakeAccessId(ui.Id(picture.id), "name-cell"), "show");
    if (ui.Activated(button)) chosen = picture.id;
    if (!ui.Visible(row)) continue;
    const Ui::Press press = ui.Interact(ui.Id(picture.id), row);
    if (press.clicked) chosen = picture.id;
    DrawRow(c, picture, col, row, is_selected, press);
    ui.FocusRing(button, row.Inset(4), 4);
  }
  if (fills) ui.EndScroll(body_height);
  ui.CardEdge(card);  // over the corners of the last row
  ui.Close();
  ui.Close();
  if (chosen != 0) c.trying.queue.Select(chosen);
  const float taken = tools + kHeadHeight + body_height + 8;
  ui.SetHeightOf(id, taken);
  return fills ? r.h : taken;
}

}  // namespace handful::ui
