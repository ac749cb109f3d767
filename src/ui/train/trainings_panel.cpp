// Earlier trainings, newest first: when, how, how well; any of them can answer again, and two can be laid side by side.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/frame/context.h"
#include "ui/train/training_charts.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

constexpr float kIndent = 28;      // of what stands under a checkbox's label
constexpr size_t kListed = 5;      // before all are asked for

std::string JoinedSettings(const schema::TrainSettings& settings) {
  std::string text;
  for (const std::string& one : ChangedSettings(settings)) text += (text.empty() ? "" : ", ") + one;
  return text.empty() ? "default settings" : text;
}

float DrawBadge(Context& c, float right, float center_y) {
  constexpr std::string_view kText = "In use";
  Painter& p = c.ui.paint;
  const float width = p.Width(Font::kSmallStrong, kText) + 20;
  const Rect r{right - width, center_y - 13, width, 26};
  p.Fill(r, p.Of(Token::kAccentSoft), 13);
  p.TextIn(r, Font::kSmallStrong, p.Of(Token::kAccentText), kText, Align::kCenter);
  c.ui.Leaf("in-use", {.role = Role::kText, .name = std::string(kText)}, r);
  return width;
}

// Returns the height.
float DrawRow(Context& c, Vec2 at, float width, const schema::TrainingInfo& training) {
  Ui& ui = c.ui;
  TrainingModel& t = c.training;
  const std::string name = t.NameOf(training.id);
  const AccessId id = ui.Id(training.id);
  const Rect row{at.x, at.y, width, ui.HeightOf(id)};
  ui.Open(id, {.role = Role::kListItem}, row);
  float y = at.y + kGap;

  // Right: what can be done with it.
  float right = at.x + width;
  const bool running = training.id == t.running_id();
  if (!running) {
    if (ui.IconButton("delete", {right - kControlHeight + 8, y, kControlHeight, kControlHeight}, Icon::kTrash, "Delete " + name)) t.AskToDelete(training.id);
    right -= kControlHeight - 4;
    if (training.current) {
      right -= DrawBadge(c, right, y + kControlHeight / 2);
    } else if (!training.curve.empty() && training.state != "failed") {
      constexpr std::string_view kRestore = "Restore";
      const float restore_width = ui.ButtonWidth(Icon::kNone, kRestore);
      const std::string restore_name = "Restore " + name;
      if (ui.Button("restore", {right - restore_width, y, restore_width, kControlHeight}, ButtonStyle::kQuiet, Icon::kNone, kRestore,
                    {.description = "Let it answer again", .name = restore_name})) {
        t.Restore(training.id);
      }
      right -= restore_width;
    }
  }
  const bool compared = t.IsCompared(training.id);
  const float label_width = std::max(80.0F, right - kGap - at.x);
  const uint16_t state = training.curve.empty() ? static_cast<uint16_t>(kDisabled) : 0;
  if (ui.Checkbox("compare", {at.x, y, label_width, kControlHeight}, name, compared, state) != compared) t.SetCompared(training.id, !compared);
  y += kControlHeight - 4;

  const Outcome outcome = OutcomeOf(training);
  const float x = at.x + kIndent, inner = width - kIndent;
  const Token ink = training.state == "failed" ? Token::kErrorText : Token::kText;
  const std::string headline = running ? "Under way" : training.state == "stopped" && !outcome.figure.empty() ? outcome.headline + ", stopped" : outcome.headline;
  y += ui.Paragraph("result", {x, y}, inner, Font::kSmall, ink, headline);
  const std::string facts = WhenText(training.time_ms, c.now_ms) + " · " + JoinedSettings(training.settings);
  y += ui.Paragraph("facts", {x, y}, inner, Font::kSmall, Token::kTextMuted, facts);
  if (!training.backbone_sha256.empty() && !c.backbones.sha256().empty() && training.backbone_sha256 != c.backbones.sha256()) {
    y += ui.Paragraph("backbone", {x, y}, inner, Font::kSmall, Token::kTextMuted, "Stands on another backbone: " + training.backbone);
  }

  if (t.asked_to_delete() == training.id) {
    y += kGap;
    constexpr std::string_view kDelete = "Delete for good", kKeep = "Keep";
    const float delete_width = ui.ButtonWidth(Icon::kTrash, kDelete), keep_width = ui.ButtonWidth(Icon::kNone, kKeep);
    if (ui.Button("delete-now", {x, y, delete_width, kControlHeight}, ButtonStyle::kSecondary, Icon::kTrash, kDelete)) t.Delete(training.id);
    if (ui.Button("keep", {x + delete_width + kGap, y, keep_width, kControlHeight}, ButtonStyle::kQuiet, Icon::kNone, kKeep)) t.AskToDelete(0);
    y += kControlHeight;
  }
  y += kGap + 4;
  ui.Close();
  ui.SetHeightOf(id, y - at.y);
  return y - at.y;
}

// Two trainings: their curves over each other, what was different, and what came of it. Returns the height.
float DrawComparison(Context& c, Vec2 at, float width, const schema::TrainingInfo& a, const schema::TrainingInfo& b) {
  constexpr float kRow = 30;
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  float y = at.y + DrawTrainingCharts(ui, at, width, c.training, a, &b, 0) + kPad;

  const std::vector<Compared> rows = Compare(a, b);
  const float column = std::floor(width * 0.3F);
  const float name_width = width - 2 * column;
  ui.Open(ui.Id("comparison"), {.role = Role::kTable, .name = c.training.NameOf(a.id) + " and " + c.training.NameOf(b.id), .now = static_cast<double>(rows.size()) + 1},
          {at.x, y, width, kRow * static_cast<float>(rows.size() + 1)});
  const auto line = [&](int64_t key, std::string_view name, std::string_view first, std::string_view second, Font font, Role head) {
    const Rect row{at.x, y, width, kRow};
    ui.Open(ui.Id(key), {.role = Role::kRow}, row);
    const Rect cells[] = {{at.x, y, name_width - kGap, kRow}, {at.x + name_width, y, column - kGap, kRow}, {at.x + name_width + column, y, column, kRow}};
    const std::string_view texts[] = {name, first, second};
    for (size_t i = 0; i < 3; ++i) {
      p.TextIn(cells[i], i == 0 ? Font::kSmall : font, p.Of(i == 0 ? Token::kTextMuted : Token::kText), texts[i], Align::kLeft);
      ui.Leaf(std::to_string(i), {.role = head, .name = std::string(texts[i])}, cells[i]);
    }
    p.Line({at.x, row.bottom() - 1}, {at.x + width, row.bottom() - 1}, p.Of(Token::kHairline));
    ui.Close();
    y += kRow;
  };
  line(-1, "", c.training.NameOf(a.id), c.training.NameOf(b.id), Font::kSmallStrong, Role::kColumnHeader);
  bool results = false;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].setting && !results && i > 0) p.Line({at.x, y - 1}, {at.x + width, y - 1}, p.Of(Token::kControl));
    results = !rows[i].setting;
    line(static_cast<int64_t>(i), rows[i].name, rows[i].a, rows[i].b, results ? Font::kSmallStrong : Font::kSmall, Role::kCell);
  }
  ui.Close();
  return y - at.y;
}

}  // namespace

float DrawTrainings(Context& c, Vec2 top_left, float width) {
  TrainingModel& t = c.training;
  const std::vector<schema::TrainingInfo>& trainings = t.trainings();
  // The first one under way is all in the card above.
  if (trainings.empty() || (trainings.size() == 1 && t.running())) return 0;
  Ui& ui = c.ui;
  const AccessId id = ui.Id("trainings");
  const Rect card{top_left.x, top_left.y, width, ui.HeightOf(id)};
  ui.Card(card);
  ui.Open(id, {.role = Role::kRegion, .name = "Trainings"}, card);
  const float pad = c.wide ? 20 : kPad;
  const float x = top_left.x + pad, inner = width - 2 * pad;
  float y = top_left.y + pad;

  ui.Label("title", {x, y}, Font::kBodyStrong, Token::kText, "Trainings", inner, Role::kHeading, 2);
  const std::vector<const schema::TrainingInfo*> compared = t.compared();
  if (compared.size() == TrainingModel::kMostCompared) {
    constexpr std::string_view kClear = "Clear";
    const float clear_width = ui.ButtonWidth(Icon::kNone, kClear);
    if (ui.Button("clear", {x + inner - clear_width + kGap, y - 9, clear_width, kControlHeight}, ButtonStyle::kQuiet, Icon::kNone, kClear,
                  {.name = "Clear the comparison"})) {
      t.ClearCompared();
    }
    y += 22 + kPad;
    y += DrawComparison(c, {x, y}, inner, *compared[0], *compared[1]) + kGap;
  } else {
    y += 24;
    if (trainings.size() > 1) {
      y += ui.Paragraph("how", {x, y}, inner, Font::kSmall, Token::kTextMuted, compared.empty() ? "Tick two to compare them." : "Tick another to compare the two.");
    }
    y += kGap;
  }

  const size_t shown = t.all_listed() ? trainings.size() : std::min(kListed, trainings.size());
  const AccessId list = ui.Id("list");
  const float first = y;
  ui.Open(list, {.role = Role::kList, .name = "Trainings, newest first"}, {x, y, inner, ui.HeightOf(list)});
  for (size_t i = 0; i < shown; ++i) {
    if (i > 0 || compared.size() == TrainingModel::kMostCompared) ui.paint.Line({x, y}, {x + inner, y}, ui.paint.Of(Token::kHairline));
    y += DrawRow(c, {x, y}, inner, trainings[trainings.size() - 1 - i]);
  }
  ui.Close();
  ui.SetHeightOf(list, y - first);
  if (trainings.size() > kListed) {
    const std::string label = t.all_listed() ? "Show fewer" : Format("Show all %zu", trainings.size());
    if (ui.Button("all", {x, y, ui.ButtonWidth(Icon::kNone, label), kControlHeight}, ButtonStyle::kSecondary, Icon::kNone, label)) t.SetAllListed(!t.all_listed());
    y += kControlHeight + kGap;
  }
  ui.Close();
  const float height = y + kGap - top_left.y;
  ui.SetHeightOf(id, height);
  return height;
}

}  // namespace handful::ui
