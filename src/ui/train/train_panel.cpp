// The Train card: one large button; while it learns its progress and curves; afterwards the result in plain words. Settings
// are folded.
#include <algorithm>
#include <array>

#include "base/status.h"
#include "ui/frame/context.h"
#include "ui/train/training_charts.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

constexpr float kBigButton = 48;
constexpr float kSmallLine = 18;

std::vector<TrainClass> ClassesOf(const Context& c) {
  std::vector<TrainClass> classes;
  for (const schema::ClassInfo& info : c.project.classes()) {
    classes.push_back({info.name, static_cast<int64_t>(c.project.SamplesOf(info.id).size()), info.enabled});
  }
  return classes;
}

// What is about to be learned from, in one line.
std::string Prospect(const std::vector<TrainClass>& classes, const schema::TrainSettings& settings) {
  int64_t pictures = 0, used = 0;
  for (const TrainClass& c : classes) {
    if (!c.enabled) continue;
    pictures += c.samples;
    ++used;
  }
  return Count(pictures, "picture", "pictures") + " of " + Count(used, "class", "classes") + ", " + Count(settings.epochs, "epoch", "epochs");
}

// The button and what stands under it; `start`: it was pressed. Returns the height.
float DrawStart(Context& c, Vec2 at, float width, bool& start) {
  Ui& ui = c.ui;
  TrainingModel& t = c.training;
  const std::vector<TrainClass> classes = ClassesOf(c);
  const std::string obstacle = t.Obstacle(classes);
  const schema::TrainingInfo* newest = t.Newest();
  const bool resumable = newest != nullptr && newest->resumable && newest->state == "stopped";

  const float resume_width = resumable ? ui.ButtonWidth(Icon::kPlay, "Resume") : 0;
  const Rect button{at.x, at.y, width - (resumable ? resume_width + kGap : 0), kBigButton};
  const uint16_t state = obstacle.empty() ? 0 : static_cast<uint16_t>(kDisabled);
  if (ui.Button("train", button, ButtonStyle::kPrimary, Icon::kNone, "Train", {.state = state, .description = obstacle})) start = true;
  if (resumable && ui.Button("resume", {button.right() + kGap, at.y, resume_width, kBigButton}, ButtonStyle::kSecondary, Icon::kPlay, "Resume",
                             {.description = "Go on where it was stopped"})) {
    t.Resume(newest->id);
  }
  const float y = button.bottom() + kGap;
  const std::string under = obstacle.empty() ? Prospect(classes, t.settings()) : obstacle;
  return kBigButton + kGap + ui.Paragraph("next", {at.x, y}, width, Font::kSmall, Token::kTextMuted, under);
}

float DrawProgress(Context& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  TrainingModel& t = c.training;
  const float stop_width = ui.ButtonWidth(Icon::kStop, "Stop");
  const float bar_width = width - stop_width - kPad;
  const std::string percent = Format("%.0f %%", t.progress() * 100);
  const float percent_width = ui.paint.Width(Font::kSmallStrong, percent);
  // What is done above the bar, how fast and how long yet below it.
  const std::string_view text = t.progress_text();
  constexpr std::string_view kDot = " · ";
  const size_t dot = std::min(text.find(kDot), text.size());
  const std::string_view rate = text.substr(std::min(dot + kDot.size(), text.size()));
  ui.paint.Text({at.x, at.y}, Font::kSmall, ui.paint.Of(Token::kText), text.substr(0, dot), bar_width - percent_width - kGap);
  ui.paint.Text({at.x, at.y + 36}, Font::kSmall, ui.paint.Of(Token::kTextMuted), rate, bar_width);
  ui.paint.TextIn({at.x, at.y, bar_width, kSmallLine}, Font::kSmallStrong, ui.paint.Of(Token::kText), percent, Align::kRight);
  ui.Progress("progress", {at.x, at.y + 24, bar_width, 8}, t.progress(), "Training", t.progress_text());
  const uint16_t state = t.phase() == TrainingModel::Phase::kStopping ? static_cast<uint16_t>(kDisabled) : 0;
  if (ui.Button("stop", {at.x + width - stop_width, at.y, stop_width, kBigButton}, ButtonStyle::kSecondary, Icon::kStop, "Stop", {.state = state})) t.Stop();
  return kBigButton + 6;
}

// Features that are computed anew, with another backbone than the one that made them: how far, and Stop or Go on.
float DrawFeatures(Context& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  Backbones& b = c.backbones;
  const schema::FeaturesProgress& p = b.progress();
  const std::string_view label = p.halted ? "Go on" : "Stop";
  const float button = ui.ButtonWidth(p.halted ? Icon::kPlay : Icon::kStop, label);
  const float bar = width - button - kPad;
  const std::string value = Format("%d of %d", p.done, p.total);
  const std::string text = p.halted ? "Some pictures are not looked at yet" : "Looking at the pictures with “" + b.title() + "”";
  float y = at.y + ui.Paragraph("features-text", at, bar, Font::kSmall, Token::kText, text, Role::kStatus);
  y += ui.Paragraph("features-count", {at.x, y}, bar, Font::kSmall, Token::kTextMuted, value);
  ui.Progress("features", {at.x, y + 4, bar, 8}, static_cast<double>(p.done) / static_cast<double>(p.total), "Pictures looked at", value);
  if (ui.Button("features-halt", {at.x + width - button, at.y, button, kControlHeight}, ButtonStyle::kSecondary, p.halted ? Icon::kPlay : Icon::kStop, label,
                {.description = p.halted ? "Look at the rest of the pictures" : "Leave the rest for later; Train looks at them, too"})) {
    b.Halt(!p.halted);
  }
  return std::max(y + 12 - at.y, kControlHeight) + kPad;
}

float DrawError(Context& c, Vec2 at, float width) {
  Painter& p = c.ui.paint;
  const float inner = width - 12 - 28 - 12;
  const float height = static_cast<float>(p.Lines(inner, Font::kSmall, c.training.error()).size()) * kSmallLine + 20;
  p.Fill({at.x, at.y, width, height}, p.Of(Token::kErrorSoft), kRadiusSmall);
  p.DrawIcon(Icon::kError, {at.x + 12, at.y + 10, 18, 18}, p.Of(Token::kErrorText));
  c.ui.Paragraph("error", {at.x + 40, at.y + 10}, inner, Font::kSmall, Token::kErrorText, c.training.error(), Role::kAlert);
  return height;
}

// The figure large, what it counts beside it, and what that is worth below.
float DrawResult(Context& c, Vec2 at, float width, const schema::TrainingInfo& training) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const Outcome outcome = OutcomeOf(training);
  const std::string rest = outcome.headline.substr(std::min(outcome.headline.size(), outcome.figure.size() + 1));
  const float figure = outcome.figure.empty() ? 0 : p.Width(Font::kTitle, outcome.figure) + kGap;
  float y = at.y;
  if (figure > 0 && figure + p.Width(Font::kBodyStrong, rest) <= width) {
    p.Text(at, Font::kTitle, p.Of(Token::kText), outcome.figure);
    p.Text({at.x + figure, y + 5}, Font::kBodyStrong, p.Of(Token::kText), rest);
    y += SpecOf(Font::kTitle).line_height;
    ui.Leaf("result", {.role = Role::kHeading, .name = outcome.headline, .level = 3}, {at.x, at.y, width, y - at.y});
  } else {
    y += ui.Paragraph("result", at, width, Font::kBodyStrong, Token::kText, outcome.headline, Role::kHeading, 3);
  }
  if (!outcome.explanation.empty()) {
    y += 2 + ui.Paragraph("honest", {at.x, y + 2}, width, Font::kSmall, Token::kTextMuted, outcome.explanation);
  }
  return y - at.y;
}

// ---- settings ----------------------------------------------------------------------------------------------------------

class Settings {
 public:
  Settings(Context& c, Vec2 at, float width) : c_(c), x_(at.x), width_(width), top_(at.y), y_(at.y) {}

  float Draw() {
    TrainingModel& t = c_.training;
    const schema::TrainSettings& s = t.settings();
    Heading("network", "Network");
    Network();
    Heading("learning", "Learning");
    for (const Setting setting : {Setting::kEpochs, Setting::kBatch, Setting::kLearningRate, Setting::kHidden, Setting::kDropout, Setting::kSize,
                                  Setting::kDropoutDense, Setting::kWeightDecay, Setting::kLabelSmoothing}) {
      if (Matters(setting, s)) Number(setting);
    }
    if (s.network == "cnn") {
      Dense();
      const bool cosine = Check("cosine", "Falling learning rate", "It goes down to 0 along half a cosine.", s.schedule == "cosine");
      t.SetCosine(cosine);
    }
    const bool weights = Check("weights", "Class weights", "Classes with few pictures count as much as those with many.", s.class_weights);
    if (weights != s.class_weights) t.SetClassWeights(weights);
    Number(Setting::kSeed);

    Heading("held-out", "Held-out pictures");
    Number(Setting::kValidation);
    How();
    Number(Setting::kPatience);

    Heading("copies", "Altered copies");
    Number(Setting::kCopies);
    if (s.augment > 0) {
      const bool flip = Check("flip", "Mirror half of them", "Not where left and right matter.", s.flip);
      if (flip != s.flip) t.SetFlip(flip);
      const bool invert = Check("invert", "Make negatives of half of them", "Where light and dark may trade places, as before a window.", s.invert);
      if (invert != s.invert) t.SetInvert(invert);
      for (const Setting setting : {Setting::kRotate, Setting::kZoom, Setting::kLight, Setting::kColor}) Number(setting);
    }

    y_ += kGap;
    constexpr std::string_view kReset = "Reset to defaults";
    const uint16_t state = ChangedSettings(s).empty() ? static_cast<uint16_t>(kDisabled) : 0;
    if (c_.ui.Button("reset", {x_, y_, std::min(width_, c_.ui.ButtonWidth(Icon::kUndo, kReset)), kControlHeight}, ButtonStyle::kSecondary,
                     Icon::kUndo, kReset, {.state = state})) {
      t.ResetSettings();
    }
    return y_ + kControlHeight - top_;
  }

 private:
  static constexpr float kFieldWidth = 96;

  void Heading(std::string_view key, std::string_view text) {
    y_ += y_ == top_ ? 0 : kPad;
    c_.ui.Label(key, {x_, y_}, Font::kSmallStrong, Token::kText, text, width_, Role::kHeading, 3);
    y_ += kSmallLine + kGap;
  }

  // Name and help on the left, the field with its unit on the right, what is wrong with it below.
  void Number(Setting setting) {
    Ui& ui = c_.ui;
    const SettingSpec& spec = SpecOf(setting);
    const std::string key = std::string("setting-") + std::to_string(static_cast<int>(setting));
    const float unit_width = *spec.unit != 0 ? ui.paint.Width(Font::kSmall, spec.unit) + 6 : 0;
    const float text_width = width_ - kFieldWidth - unit_width - kPad;
    const float help = static_cast<float>(ui.paint.Lines(text_width, Font::kSmall, spec.help).size()) * kSmallLine;
    const float height = std::max(22 + help, kControlHeight);
    ui.paint.Text({x_, y_}, Font::kBody, ui.paint.Of(Token::kText), spec.name, text_width);
    ui.Paragraph(key + "-help", {x_, y_ + 22}, text_width, Font::kSmall, Token::kTextMuted, spec.help);
    const Rect field{x_ + width_ - kFieldWidth - unit_width, y_, kFieldWidth, kControlHeight};
    if (unit_width > 0) ui.paint.TextIn({field.right() + 6, y_, unit_width, kControlHeight}, Font::kSmall, ui.paint.Of(Token::kTextMuted), spec.unit, Align::kLeft);
    const std::string name = *spec.unit != 0 ? Format("%s, %s", spec.name, spec.unit) : spec.name;
    const auto number = ui.NumberField(key, field, name, ShownValue(setting, c_.training.settings()),
                                       {.least = spec.least, .most = spec.most, .whole = spec.whole});
    c_.training.SetWrong(setting, number.error);
    if (number.changed) c_.training.Set(setting, number.value);
    y_ += height;
    if (!number.error.empty()) y_ += 4 + ui.Paragraph(key + "-wrong", {x_, y_ + 4}, width_, Font::kSmall, Token::kErrorText, number.error, Role::kAlert);
    y_ += 12;
  }

  bool Check(std::string_view key, std::string_view label, std::string_view help, bool on) {
    Ui& ui = c_.ui;
    const bool now = ui.Checkbox(key, {x_, y_, width_, 28}, label, on);
    constexpr float kIndent = 28;
    const float height = ui.Paragraph(std::string(key) + "-help", {x_ + kIndent, y_ + 27}, width_ - kIndent, Font::kSmall, Token::kTextMuted, help);
    y_ += 28 + height + 12;
    return now;
  }

  void Network() {
    Ui& ui = c_.ui;
    TrainingModel& t = c_.training;
    const bool cnn = t.settings().network == "cnn";
    static constexpr std::array<RadioOption, 2> kOptions = {{{"Fine-tune MobileNet"}, {"From scratch"}}};
    const float radios = std::min(width_, ui.RadiosWidth(kOptions));
    const int chosen = ui.Radios("network-kind", {x_, y_, radios, kControlHeight}, "Network", kOptions, cnn ? 1 : 0);
    if ((chosen == 1) != cnn) t.SetNetwork(chosen == 1 ? "cnn" : "mobilenet");
    y_ += kControlHeight + 4;
    y_ += ui.Paragraph("network-help", {x_, y_}, width_, Font::kSmall, Token::kTextMuted,
                       cnn ? "Sees only your pictures, needs no downloaded weights, and wants hundreds of them and minutes."
                           : "Fast, and a few pictures are enough: it has seen very many others before.");
    y_ += 12;
    if (!cnn) Backbone();
  }

  // Which weights MobileNet has, where there is a choice.
  void Backbone() {
    Ui& ui = c_.ui;
    Backbones& b = c_.backbones;
    if (b.shipped().size() > 1) {
      std::vector<RadioOption> options;
      for (const Backbones::Shipped& shipped : b.shipped()) options.push_back({shipped.name.c_str()});
      const float radios = std::min(width_, ui.RadiosWidth(options));
      const int chosen = ui.Radios("backbone", {x_, y_, radios, kControlHeight}, "MobileNet's weights", options, static_cast<int>(b.chosen()));
      if (chosen >= 0 && static_cast<size_t>(chosen) != b.chosen()) {
        b.Choose(static_cast<size_t>(chosen));
        c_.host.KeepBackbone(b.shipped()[b.chosen()].weights.name);
      }
      y_ += kControlHeight + 4;
    }
    if (!b.title().empty()) {
      const std::string in_use = "In use: " + b.title() + ".";
      y_ += ui.Paragraph("backbone-help", {x_, y_}, width_, Font::kSmall, Token::kTextMuted,
                         b.shipped().size() > 1 ? in_use + " With other weights all pictures of the project are looked at anew." : in_use);
      y_ += 12;
    }
  }

  // The layers before the output, "256,128".
  void Dense() {
    Ui& ui = c_.ui;
    const float text_width = width_ - kFieldWidth - kPad;
    ui.paint.Text({x_, y_}, Font::kBody, ui.paint.Of(Token::kText), "Dense layers", text_width);
    const float help = ui.Paragraph("dense-help", {x_, y_ + 22}, text_width, Font::kSmall, Token::kTextMuted, "Their units, with commas between; none is possible, too.");
    const Typed typed = ui.TextField("dense", {x_ + width_ - kFieldWidth, y_, kFieldWidth, kControlHeight}, "Dense layers", c_.training.settings().dense, {.max_length = 40});
    if (typed.changed || typed.committed) c_.training.SetDense(typed.text);
    y_ += std::max(22 + help, kControlHeight) + 12;
  }

  void How() {
    Ui& ui = c_.ui;
    TrainingModel& t = c_.training;
    const bool random = t.settings().recipe == "writeup";
    static constexpr std::array<RadioOption, 2> kOptions = {{{"Whole recordings"}, {"At random"}}};
    const float radios = std::min(width_, ui.RadiosWidth(kOptions));
    const int chosen = ui.Radios("how", {x_, y_, radios, kControlHeight}, "How they are chosen", kOptions, random ? 1 : 0);
    if ((chosen == 1) != random) t.SetRandomSplit(chosen == 1);
    y_ += kControlHeight + 4;
    y_ += ui.Paragraph("how-help", {x_, y_}, width_, Font::kSmall, random ? Token::kWarningText : Token::kTextMuted,
                       random ? "Optimistic: neighbours of the same recording are learned from." : "Frames of one recording never stand on both sides.");
    y_ += 12;
  }

  Context& c_;
  float x_, width_, top_, y_;
};

float DrawAdvanced(Context& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  TrainingModel& t = c.training;
  const bool open = t.advanced_open();
  // A row as wide as the card; its label stands where other text does.
  if (ui.MenuItem("advanced", {at.x - 12, at.y, width + 24, kControlHeight}, open ? Icon::kChevronUp : Icon::kChevronDown, "Advanced settings",
                  open ? kUnfolded : kFolded)) {
    t.SetAdvancedOpen(!open);
  }
  float y = at.y + kControlHeight;
  if (open) return y + kGap + Settings(c, {at.x, y + kGap}, width).Draw() - at.y;
  std::string changed;
  for (const std::string& one : ChangedSettings(t.settings())) changed += (changed.empty() ? "" : ", ") + one;
  if (!changed.empty()) y += ui.Paragraph("changed", {at.x + 30, y}, width - 30, Font::kSmall, Token::kTextMuted, changed) + kGap;
  return y - at.y;
}

}  // namespace

float DrawTrain(Context& c, Vec2 top_left, float width) {
  Ui& ui = c.ui;
  TrainingModel& t = c.training;
  const AccessId id = ui.Id("train");
  const Rect card{top_left.x, top_left.y, width, ui.HeightOf(id)};
  ui.Card(card);
  ui.Open(id, {.role = Role::kRegion, .name = "Train", .state = static_cast<uint16_t>(t.running() ? kBusy : 0)}, card);
  const float pad = c.wide ? 20 : kPad;
  const float x = top_left.x + pad, inner = width - 2 * pad;
  float y = top_left.y + pad;

  bool start = false;
  if (c.backbones.computing()) y += DrawFeatures(c, {x, y}, inner);
  y += t.running() ? DrawProgress(c, {x, y}, inner) : DrawStart(c, {x, y}, inner, start);
  if (!t.error().empty()) y += 12 + DrawError(c, {x, y + 12}, inner);
  if (const schema::TrainingInfo* newest = t.Newest()) {
    const bool running = newest->state == "running";
    if (!running && !(newest->state == "failed" && !t.error().empty())) y += kPad + DrawResult(c, {x, y + kPad}, inner, *newest);
    if (running || !newest->curve.empty()) {
      // One chosen among the earlier ones is laid under it.
      const auto compared = t.compared();
      const schema::TrainingInfo* second = compared.size() == 1 && compared[0]->id != newest->id ? compared[0] : nullptr;
      y += kPadLarge;
      y += DrawTrainingCharts(ui, {x, y}, inner, t, *newest, second, running ? newest->settings.epochs : 0);
    }
  }
  y += 12;
  y += DrawAdvanced(c, {x, y}, inner);
  if (start) t.Start();  // now that the settings below have taken what was typed in them
  ui.Status("said", t.said());
  ui.Close();
  const float height = y + kGap - top_left.y;
  ui.SetHeightOf(id, height);
  return height;
}

}  // namespace handful::ui
