// Earlier trainings, newest first: when, how, how well; any of them can answer again, and two can be laid side by side.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/toolkit/column.h"
#include "ui/toolkit/words.h"
#include "ui/train/train.h"
#include "ui/train/training_charts.h"

namespace handful::ui {
namespace {

constexpr float kIndent = 28;  // of what stands under a checkbox's label
constexpr size_t kListed = 5;  // before all are asked for

std::string JoinedSettings(const schema::TrainSettings& settings) {
  std::string text;
  for (const std::string& one : ChangedSettings(settings)) text += (text.empty() ? "" : ", ") + one;
  return text.empty() ? "default settings" : text;
}

float DrawBadge(TrainPanel& c, float right, float center_y) {
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
float DrawRow(TrainPanel& c, Vec2 at, float width, const schema::TrainingInfo& training) {
  Ui& ui = c.ui;
  Train& t = c.train;
  const std::string name = t.trainings.NameOf(training.id);
  const AccessId id = ui.Id(training.id);
  const Rect row{at.x, at.y, width, ui.HeightOf(id)};
  ui.Open(id, {.role = Role::kListItem}, row);
  Column col(ui, at, width);
  col.Gap(kGap);
  const float y = col.y();

  // Right: what can be done with it.
  float right = at.x + width;
  const bool running = training.id == t.run.id();
  if (!running) {
    if (ui.IconButton("delete", {right - kControlHeight + 8, y, kControlHeight, kControlHeight}, Icon::kTrash,
                      "Delete " + name))
      t.trainings.AskToDelete(training.id);
    right -= kControlHeight - 4;
    if (training.current) {
      right -= DrawBadge(c, right, y + kControlHeight / 2);
    } else if (!training.curve.empty() && training.state != schema::TrainingState::kFailed) {
      constexpr std::string_view kRestore = "Restore";
      const float restore_width = ui.ButtonWidth(Icon::kNone, kRestore);
      const std::string restore_name = "Restore " + name;
      if (ui.Button("restore", {right - restore_width, y, restore_width, kControlHeight}, ButtonStyle::kQuiet,
                    Icon::kNone, kRestore, {.description = "Let it answer again", .name = restore_name})) {
        t.Restore(training.id);
      }
      right -= restore_width;
    }
  }
  const bool compared = t.trainings.IsCompared(training.id);
  const float label_width = std::max(80.0F, right - kGap - at.x);
  const uint16_t state = training.curve.empty() ? static_cast<uint16_t>(kDisabled) : 0;
  if (ui.Checkbox("compare", {at.x, y, label_width, kControlHeight}, name, compared, state) != compared)
    t.trainings.SetCompared(training.id, !compared);
  col.Gap(kControlHeight - 4);

  const Outcome outcome = OutcomeOf(training);
  Column text = col.Inner(kIndent);
  const Token ink = training.state == schema::TrainingState::kFailed ? Token::kErrorText : Token::kText;
  const std::string headline = running ? "Under way"
                               : training.state == schema::TrainingState::kStopped && !outcome.figure.empty()
                                   ? outcome.headline + ", stopped"
                                   : outcome.headline;
  text.Paragraph("result", Font::kSmall, ink, headline);
  const std::string facts = WhenText(training.time_ms, c.now_ms) + " · " + JoinedSettings(training.settings);
  text.Paragraph("facts", Font::kSmall, Token::kTextMuted, facts);
  if (!training.backbone_sha256.empty() && !c.train.backbones.sha256().empty() &&
      training.backbone_sha256 != c.train.backbones.sha256()) {
    text.Paragraph("backbone", Font::kSmall, Token::kTextMuted, "Stands on another backbone: " + training.backbone);
  }

  if (t.trainings.asked_to_delete() == training.id) {
    text.Gap(kGap);
    constexpr std::string_view kDelete = "Delete for good", kKeep = "Keep";
    const float delete_width = ui.ButtonWidth(Icon::kTrash, kDelete), keep_width = ui.ButtonWidth(Icon::kNone, kKeep);
    const Rect row_of_two = text.Take(kControlHeight);
    if (ui.Button("delete-now", {row_of_two.x, row_of_two.y, delete_width, kControlHeight}, ButtonStyle::kSecondary,
                  Icon::kTrash, kDelete))
      t.Delete(training.id);
    if (ui.Button("keep", {row_of_two.x + delete_width + kGap, row_of_two.y, keep_width, kControlHeight},
                  ButtonStyle::kQuiet, Icon::kNone, kKeep))
      t.trainings.AskToDelete(0);
  }
  col.Add(text.height(), kGap + 4);
  ui.Close();
  ui.SetHeightOf(id, col.height());
  return col.height();
}

// Two trainings: their curves over each other, what was different, and what came of it. Returns the height.
float DrawComparison(TrainPanel& c, Vec2 at, float width, const schema::TrainingInfo& a,
                     const schema::TrainingInfo& b) {
  constexpr float kRow = 30;
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  Column col(ui, at, width);
  col.Add(DrawTrainingCharts(ui, at, width, c.train.trainings, a, &b, 0), kPad);

  const std::vector<Compared> rows = Compare(a, b);
  const float column = std::floor(width * 0.3F);
  const float name_width = width - 2 * column;
  ui.Open(ui.Id("comparison"),
          {.role = Role::kTable,
           .name = c.train.trainings.NameOf(a.id) + " and " + c.train.trainings.NameOf(b.id),
           .now = static_cast<double>(rows.size()) + 1},
          {at.x, col.y(), width, kRow * static_cast<float>(rows.size() + 1)});
  const auto line = [&](int64_t key, std::string_view name, std::string_view first, std::string_view second, Font font,
                        Role head) {
    const Rect row = col.Take(kRow);
    ui.Open(ui.Id(key), {.role = Role::kRow}, row);
    const Rect cells[] = {{row.x, row.y, name_width - kGap, kRow},
                          {row.x + name_width, row.y, column - kGap, kRow},
                          {row.x + name_width + column, row.y, column, kRow}};
    const std::string_view texts[] = {name, first, second};
    for (size_t i = 0; i < 3; ++i) {
      p.TextIn(cells[i], i == 0 ? Font::kSmall : font, p.Of(i == 0 ? Token::kTextMuted : Token::kText), texts[i],
               Align::kLeft);
      ui.Leaf(std::to_string(i), {.role = head, .name = std::string(texts[i])}, cells[i]);
    }
    p.Line({at.x, row.bottom() - 1}, {at.x + width, row.bottom() - 1}, p.Of(Token::kHairline));
    ui.Close();
  };
  line(-1, "", c.train.trainings.NameOf(a.id), c.train.trainings.NameOf(b.id), Font::kSmallStrong, Role::kColumnHeader);
  bool results = false;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].setting && !results && i > 0)
      p.Line({at.x, col.y() - 1}, {at.x + width, col.y() - 1}, p.Of(Token::kControl));
    results = !rows[i].setting;
    line(static_cast<int64_t>(i), rows[i].name, rows[i].a, rows[i].b, results ? Font::kSmallStrong : Font::kSmall,
         Role::kCell);
  }
  ui.Close();
  return col.height();
}

}  // namespace

float DrawTrainings(TrainPanel& c, Vec2 top_left, float width) {
  Train& t = c.train;
  const std::vector<schema::TrainingInfo>& trainings = t.trainings.all();
  // The first one under way is all in the card above.
  if (trainings.empty() || (trainings.size() == 1 && t.run.running())) return 0;
  Ui& ui = c.ui;
  const float pad = c.wide ? 20 : kPad;
  Card card(ui, "trainings", "Trainings", top_left, width, pad, pad);
  const float inner = card.width();
  card.Label("title", Font::kBodyStrong, Token::kText, "Trainings", 24, Role::kHeading, 2);
  const std::vector<const schema::TrainingInfo*> compared = t.trainings.compared();
  if (compared.size() == Trainings::kMostCompared) {
    constexpr std::string_view kClear = "Clear";
    const float clear_width = ui.ButtonWidth(Icon::kNone, kClear);
    if (ui.Button("clear", {card.right() - clear_width + kGap, card.y() - 33, clear_width, kControlHeight},
                  ButtonStyle::kQuiet, Icon::kNone, kClear, {.name = "Clear the comparison"})) {
      t.trainings.ClearCompared();
    }
    card.Gap(kPad - 2);
    card.Add(DrawComparison(c, card.at(), inner, *compared[0], *compared[1]), kGap);
  } else {
    if (trainings.size() > 1) {
      card.Paragraph("how", Font::kSmall, Token::kTextMuted,
                     compared.empty() ? "Tick two to compare them." : "Tick another to compare the two.");
    }
    card.Gap(kGap);
  }

  const size_t shown = t.trainings.all_listed() ? trainings.size() : std::min(kListed, trainings.size());
  List list(ui, "list", "Trainings, newest first", card);
  for (size_t i = 0; i < shown; ++i) {
    if (i > 0 || compared.size() == Trainings::kMostCompared)
      ui.paint.Line(card.at(), {card.right(), card.y()}, ui.paint.Of(Token::kHairline));
    card.Add(DrawRow(c, card.at(), inner, trainings[trainings.size() - 1 - i]));
  }
  list.End(card);
  if (trainings.size() > kListed) {
    const std::string label = t.trainings.all_listed() ? "Show fewer" : Format("Show all %zu", trainings.size());
    if (ui.Button("all", card.TakeLeft(ui.ButtonWidth(Icon::kNone, label), kControlHeight, kGap),
                  ButtonStyle::kSecondary, Icon::kNone, label))
      t.trainings.SetAllListed(!t.trainings.all_listed());
  }
  return card.End(kGap);
}

}  // namespace handful::ui
