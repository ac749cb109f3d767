// The Train card: one large button; while it learns its progress and curves; afterwards the result in plain words.
// Settings are folded.
#include <algorithm>
#include <array>

#include "base/status.h"
#include "ui/toolkit/column.h"
#include "ui/toolkit/words.h"
#include "ui/train/train.h"
#include "ui/train/training_charts.h"

namespace handful::ui {
namespace {

constexpr float kBigButton = 48;
constexpr float kSmallLine = 18;

// What is about to be learned from, in one line.
std::string Prospect(std::span<const TrainClass> classes, const schema::TrainSettings& settings) {
  int64_t pictures = 0, used = 0;
  for (const TrainClass& c : classes) {
    if (!c.enabled) continue;
    pictures += c.samples;
    ++used;
  }
  return Count(pictures, "picture", "pictures") + " of " + Count(used, "class", "classes") + ", " +
         Count(settings.epochs, "epoch", "epochs");
}

// The button and what stands under it; `start`: it was pressed. Returns the height.
float DrawStart(TrainPanel& c, Vec2 at, float width, bool& start) {
  Ui& ui = c.ui;
  Train& t = c.train;
  const std::string obstacle = t.Obstacle(c.classes);
  const schema::TrainingInfo* newest = t.Newest();
  const bool resumable = newest != nullptr && newest->resumable && newest->state != schema::TrainingState::kRunning;

  const float resume_width = resumable ? ui.ButtonWidth(Icon::kPlay, "Resume") : 0;
  const Rect button{at.x, at.y, width - (resumable ? resume_width + kGap : 0), kBigButton};
  const uint16_t state = obstacle.empty() ? 0 : static_cast<uint16_t>(kDisabled);
  if (ui.Button("train", button, ButtonStyle::kPrimary, Icon::kNone, "Train",
                {.state = state, .description = obstacle}))
    start = true;
  if (resumable && ui.Button("resume", {button.right() + kGap, at.y, resume_width, kBigButton}, ButtonStyle::kSecondary,
                             Icon::kPlay, "Resume", {.description = "Go on where it was stopped"})) {
    t.run.Resume(newest->id);
  }
  Column col(ui, at, width);
  col.Gap(kBigButton + kGap);
  col.Paragraph("next", Font::kSmall, Token::kTextMuted,
                obstacle.empty() ? Prospect(c.classes, t.settings.now()) : obstacle);
  return col.height();
}

float DrawProgress(TrainPanel& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  Train& t = c.train;
  const float stop_width = ui.ButtonWidth(Icon::kStop, "Stop");
  const float bar_width = width - stop_width - kPad;
  const std::string percent = Format("%.0f %%", t.run.progress() * 100);
  const float percent_width = ui.paint.Width(Font::kSmallStrong, percent);
  // What is done above the bar, how fast and how long yet below it.
  const std::string_view text = t.run.progress_text();
  constexpr std::string_view kDot = " · ";
  const size_t dot = std::min(text.find(kDot), text.size());
  const std::string_view rate = text.substr(std::min(dot + kDot.size(), text.size()));
  ui.paint.Text({at.x, at.y}, Font::kSmall, ui.paint.Of(Token::kText), text.substr(0, dot),
                bar_width - percent_width - kGap);
  ui.paint.Text({at.x, at.y + 36}, Font::kSmall, ui.paint.Of(Token::kTextMuted), rate, bar_width);
  ui.paint.TextIn({at.x, at.y, bar_width, kSmallLine}, Font::kSmallStrong, ui.paint.Of(Token::kText), percent,
                  Align::kRight);
  ui.Progress("progress", {at.x, at.y + 24, bar_width, 8}, t.run.progress(), "Training", t.run.progress_text());
  const uint16_t state = t.run.phase() == Run::Phase::kStopping ? static_cast<uint16_t>(kDisabled) : 0;
  if (ui.Button("stop", {at.x + width - stop_width, at.y, stop_width, kBigButton}, ButtonStyle::kSecondary, Icon::kStop,
                "Stop", {.state = state}))
    t.run.Stop();
  return kBigButton + 6;
}

// Features that are computed anew, with another backbone than the one that made them: how far, and Stop or Go on.
float DrawFeatures(TrainPanel& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  Backbones& b = c.train.backbones;
  const schema::FeaturesProgress& p = b.progress();
  const std::string_view label = p.halted ? "Go on" : "Stop";
  const float button = ui.ButtonWidth(p.halted ? Icon::kPlay : Icon::kStop, label);
  const float bar = width - button - kPad;
  const std::string value = Format("%d of %d", p.done, p.total);
  const std::string text =
      p.halted ? "Some pictures are not looked at yet" : "Looking at the pictures with “" + b.title() + "”";
  Column col(ui, at, bar);
  col.Paragraph("features-text", Font::kSmall, Token::kText, text, Role::kStatus);
  col.Paragraph("features-count", Font::kSmall, Token::kTextMuted, value);
  col.Gap(4);
  ui.Progress("features", col.Take(8), static_cast<double>(p.done) / static_cast<double>(p.total), "Pictures looked at",
              value);
  if (ui.Button("features-halt", {at.x + width - button, at.y, button, kControlHeight}, ButtonStyle::kSecondary,
                p.halted ? Icon::kPlay : Icon::kStop, label,
                {.description = p.halted ? "Look at the rest of the pictures"
                                         : "Leave the rest for later; Train looks at them, too"})) {
    b.Halt(!p.halted);
  }
  return std::max(col.height(), kControlHeight) + kPad;
}

float DrawError(TrainPanel& c, Vec2 at, float width) {
  Painter& p = c.ui.paint;
  const float inner = width - 12 - 28 - 12;
  const float height = static_cast<float>(p.Lines(inner, Font::kSmall, c.train.run.error()).size()) * kSmallLine + 20;
  p.Fill({at.x, at.y, width, height}, p.Of(Token::kErrorSoft), kRadiusSmall);
  p.DrawIcon(Icon::kError, {at.x + 12, at.y + 10, 18, 18}, p.Of(Token::kErrorText));
  c.ui.Paragraph("error", {at.x + 40, at.y + 10}, inner, Font::kSmall, Token::kErrorText, c.train.run.error(),
                 Role::kAlert);
  return height;
}

// The figure large, what it counts beside it, and what that is worth below; of which training, where it is not the
// last.
float DrawResult(TrainPanel& c, Vec2 at, float width, const schema::TrainingInfo& training, const std::string& note) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const Outcome outcome = OutcomeOf(training);
  const std::string rest = outcome.headline.substr(std::min(outcome.headline.size(), outcome.figure.size() + 1));
  const float figure = outcome.figure.empty() ? 0 : p.Width(Font::kTitle, outcome.figure) + kGap;
  Column col(ui, at, width);
  if (figure > 0 && figure + p.Width(Font::kBodyStrong, rest) <= width) {
    p.Text(at, Font::kTitle, p.Of(Token::kText), outcome.figure);
    p.Text({at.x + figure, at.y + 5}, Font::kBodyStrong, p.Of(Token::kText), rest);
    ui.Leaf("result", {.role = Role::kHeading, .name = outcome.headline, .level = 3},
            col.Take(SpecOf(Font::kTitle).line_height));
  } else {
    col.Paragraph("result", Font::kBodyStrong, Token::kText, outcome.headline, Role::kHeading, 3);
  }
  if (!outcome.explanation.empty()) {
    col.Gap(2);
    col.Paragraph("honest", Font::kSmall, Token::kTextMuted, outcome.explanation);
  }
  if (!note.empty()) {
    col.Gap(kGap);
    col.Paragraph("which", Font::kSmall, Token::kText, note, Role::kStatus);
    const schema::TrainingInfo* last = c.train.trainings.last();
    if (last != nullptr &&
        (last->state == schema::TrainingState::kDone || last->state == schema::TrainingState::kStopped)) {
      col.Gap(kGap);
      constexpr std::string_view kUse = "Use the last one";
      if (ui.Button("use-last", col.TakeLeft(ui.ButtonWidth(Icon::kSwap, kUse), kControlHeight),
                    ButtonStyle::kSecondary, Icon::kSwap, kUse,
                    {.description = c.train.trainings.NameOf(last->id) + " answers from then on"})) {
        c.train.Restore(last->id);
      }
    }
  }
  return col.height();
}

float DrawAdvanced(TrainPanel& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  Train& t = c.train;
  const bool open = t.settings.open();
  // A row as wide as the card; its label stands where other text does.
  if (ui.MenuItem("advanced", {at.x - 12, at.y, width + 24, kControlHeight},
                  open ? Icon::kChevronUp : Icon::kChevronDown, "Advanced settings", open ? kUnfolded : kFolded)) {
    t.settings.SetOpen(!open);
  }
  Column col(ui, at, width);
  col.Gap(kControlHeight);
  if (open) return kControlHeight + kGap + DrawSettings(c, {at.x, col.y() + kGap}, width);
  std::string changed;
  for (const std::string& one : ChangedSettings(t.settings.now())) changed += (changed.empty() ? "" : ", ") + one;
  if (!changed.empty())
    col.Add(ui.Paragraph("changed", {at.x + 30, col.y()}, width - 30, Font::kSmall, Token::kTextMuted, changed), kGap);
  return col.height();
}

}  // namespace

float DrawTrain(TrainPanel& c, Vec2 top_left, float width) {
  Ui& ui = c.ui;
  Train& t = c.train;
  const float pad = c.wide ? 20 : kPad;
  Card card(ui, "train", "Train", top_left, width, pad, pad, static_cast<uint16_t>(t.run.running() ? kBusy : 0));
  const float inner = card.width();

  bool start = false;
  if (c.train.backbones.computing()) card.Add(DrawFeatures(c, card.at(), inner));
  card.Add(t.run.running() ? DrawProgress(c, card.at(), inner) : DrawStart(c, card.at(), inner, start));
  if (!t.run.error().empty()) {
    card.Gap(12);
    card.Add(DrawError(c, card.at(), inner));
  }
  if (const schema::TrainingInfo* shown = t.Headline()) {
    const bool running = shown->state == schema::TrainingState::kRunning;
    if (!running && !(shown->state == schema::TrainingState::kFailed && !t.run.error().empty())) {
      card.Gap(kPad);
      card.Add(DrawResult(c, card.at(), inner, *shown, t.HeadlineNote()));
    }
    if (running || !shown->curve.empty()) {
      // One chosen among the earlier ones is laid under it.
      const auto compared = t.trainings.compared();
      const schema::TrainingInfo* second = compared.size() == 1 && compared[0]->id != shown->id ? compared[0] : nullptr;
      card.Gap(kPadLarge);
      card.Add(
          DrawTrainingCharts(ui, card.at(), inner, t.trainings, *shown, second, running ? shown->settings.epochs : 0));
    }
  }
  card.Gap(12);
  card.Add(DrawAdvanced(c, card.at(), inner));
  if (start) t.Start();  // now that the settings below have taken what was typed in them
  ui.Status("said", t.run.said());
  return card.End(kGap);
}

}  // namespace handful::ui
