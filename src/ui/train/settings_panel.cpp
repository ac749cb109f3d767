// The settings of the next training.
#include <algorithm>
#include <array>

#include "base/status.h"
#include "ui/toolkit/column.h"
#include "ui/train/train.h"

namespace handful::ui {
namespace {

constexpr float kSmallLine = 18;

class Settings {
 public:
  Settings(TrainPanel& c, Vec2 at, float width) : c_(c), col_(c.ui, at, width) {}

  float Draw() {
    Train& t = c_.train;
    const schema::TrainSettings& s = t.settings.now();
    Heading("network", "Network");
    Network();
    Heading("learning", "Learning");
    for (const Setting setting :
         {Setting::epochs, Setting::batch, Setting::learning_rate, Setting::hidden, Setting::dropout, Setting::size,
          Setting::dropout_dense, Setting::weight_decay, Setting::label_smoothing}) {
      if (Matters(schema::EntryOf(setting).scope, s)) Number(setting);
    }
    if (s.network == schema::Network::kCnn) {
      Dense();
      const bool cosine = Check("cosine", "Falling learning rate", "It goes down to 0 along half a cosine.",
                                s.schedule == schema::Schedule::kCosine);
      t.settings.Choose(Setting::schedule, cosine ? schema::Schedule::kCosine : schema::Schedule::kConstant);
    }
    Switch(Setting::class_weights, s.class_weights);
    Number(Setting::seed);

    Heading("held-out", "Held-out pictures");
    Number(Setting::validation);
    How();
    Number(Setting::patience);

    Heading("copies", "Altered copies");
    Number(Setting::augment);
    if (s.augment > 0) {
      Switch(Setting::flip, s.flip);
      Switch(Setting::invert, s.invert);
      for (const Setting setting : {Setting::rotate, Setting::zoom, Setting::light, Setting::color}) Number(setting);
    }

    col_.Gap(kGap);
    constexpr std::string_view kReset = "Reset to defaults";
    const uint16_t state = ChangedSettings(s).empty() ? static_cast<uint16_t>(kDisabled) : 0;
    if (c_.ui.Button("reset",
                     col_.TakeLeft(std::min(col_.width(), c_.ui.ButtonWidth(Icon::kUndo, kReset)), kControlHeight),
                     ButtonStyle::kSecondary, Icon::kUndo, kReset, {.state = state})) {
      t.settings.Reset();
    }
    return col_.height();
  }

 private:
  static constexpr float kFieldWidth = 96;

  void Heading(std::string_view key, std::string_view text) {
    col_.Gap(col_.height() == 0 ? 0 : kPad);
    col_.Label(key, Font::kSmallStrong, Token::kText, text, kSmallLine + kGap, Role::kHeading, 3);
  }

  // Name and help on the left, the field with its unit on the right, what is wrong with it below.
  void Number(Setting setting) {
    Ui& ui = c_.ui;
    const schema::SettingEntry& spec = schema::EntryOf(setting);
    const std::string key = std::string("setting-") + spec.name;
    const float unit_width = *spec.unit != 0 ? ui.paint.Width(Font::kSmall, spec.unit) + 6 : 0;
    const float text_width = col_.width() - kFieldWidth - unit_width - kPad;
    const float help = static_cast<float>(ui.paint.Lines(text_width, Font::kSmall, spec.help).size()) * kSmallLine;
    const Rect row = col_.Take(std::max(22 + help, kControlHeight));
    ui.paint.Text({row.x, row.y}, Font::kBody, ui.paint.Of(Token::kText), spec.title, text_width);
    ui.Paragraph(key + "-help", {row.x, row.y + 22}, text_width, Font::kSmall, Token::kTextMuted, spec.help);
    const Rect field{row.right() - kFieldWidth - unit_width, row.y, kFieldWidth, kControlHeight};
    if (unit_width > 0)
      ui.paint.TextIn({field.right() + 6, row.y, unit_width, kControlHeight}, Font::kSmall,
                      ui.paint.Of(Token::kTextMuted), spec.unit, Align::kLeft);
    const std::string name = *spec.unit != 0 ? Format("%s, %s", spec.title, spec.unit) : spec.title;
    const auto number =
        ui.NumberField(key, field, name, ShownValue(setting, c_.train.settings.now()),
                       {.least = ShownLeast(setting), .most = ShownMost(setting), .whole = spec.is_whole()});
    c_.train.settings.SetWrong(setting, number.error);
    if (number.changed) c_.train.settings.Set(setting, number.value);
    if (!number.error.empty()) {
      col_.Gap(4);
      col_.Paragraph(key + "-wrong", Font::kSmall, Token::kErrorText, number.error, Role::kAlert);
    }
    col_.Gap(12);
  }

  void Switch(Setting setting, bool on) {
    const schema::SettingEntry& spec = schema::EntryOf(setting);
    const bool now = Check(std::string("setting-") + spec.name, spec.title, spec.help, on);
    if (now != on) c_.train.settings.Switch(setting, now);
  }

  bool Check(std::string_view key, std::string_view label, std::string_view help, bool on) {
    Ui& ui = c_.ui;
    const bool now = ui.Checkbox(key, col_.Take(28, -1), label, on);
    Column text = col_.Inner(28);
    text.Paragraph(std::string(key) + "-help", Font::kSmall, Token::kTextMuted, help);
    col_.Add(text.height(), 13);
    return now;
  }

  void Network() {
    Ui& ui = c_.ui;
    Train& t = c_.train;
    const bool cnn = t.settings.now().network == schema::Network::kCnn;
    static constexpr std::array<RadioOption, 2> kOptions = {{{"Fine-tune MobileNet"}, {"From scratch"}}};
    const float radios = std::min(col_.width(), ui.RadiosWidth(kOptions));
    const int chosen =
        ui.Radios("network-kind", col_.TakeLeft(radios, kControlHeight, 4), "Network", kOptions, cnn ? 1 : 0);
    if ((chosen == 1) != cnn) t.settings.SetNetwork(chosen == 1 ? schema::Network::kCnn : schema::Network::kMobileNet);
    col_.Paragraph("network-help", Font::kSmall, Token::kTextMuted,
                   cnn ? "Sees only your pictures, needs no downloaded weights, and wants hundreds of them and minutes."
                       : "Fast, and a few pictures are enough: it has seen very many others before.");
    col_.Gap(12);
    if (!cnn) Backbone();
  }

  // Which weights MobileNet has, where there is a choice.
  void Backbone() {
    Ui& ui = c_.ui;
    Backbones& b = c_.train.backbones;
    if (b.shipped().size() > 1) {
      std::vector<RadioOption> options;
      for (const Backbones::Shipped& shipped : b.shipped()) options.push_back({shipped.name.c_str()});
      const float radios = std::min(col_.width(), ui.RadiosWidth(options));
      const int chosen = ui.Radios("backbone", col_.TakeLeft(radios, kControlHeight, 4), "MobileNet's weights", options,
                                   static_cast<int>(b.chosen()));
      if (chosen >= 0 && static_cast<size_t>(chosen) != b.chosen()) {
        b.Choose(static_cast<size_t>(chosen));
        c_.host.KeepBackbone(b.shipped()[b.chosen()].weights.name);
      }
    }
    if (!b.title().empty()) {
      const std::string in_use = "In use: " + b.title() + ".";
      col_.Paragraph("backbone-help", Font::kSmall, Token::kTextMuted,
                     b.shipped().size() > 1
                         ? in_use + " With other weights all pictures of the project are looked at anew."
                         : in_use);
      col_.Gap(12);
    }
  }

  // The layers before the output, "256,128".
  void Dense() {
    Ui& ui = c_.ui;
    const float text_width = col_.width() - kFieldWidth - kPad;
    const Vec2 at = col_.at();
    ui.paint.Text(at, Font::kBody, ui.paint.Of(Token::kText), schema::EntryOf(Setting::dense).title, text_width);
    const float help = ui.Paragraph("dense-help", {at.x, at.y + 22}, text_width, Font::kSmall, Token::kTextMuted,
                                    schema::EntryOf(Setting::dense).help);
    const Typed typed =
        ui.TextField("dense", {col_.right() - kFieldWidth, at.y, kFieldWidth, kControlHeight},
                     schema::EntryOf(Setting::dense).title, c_.train.settings.now().dense, {.max_length = 40});
    if (typed.changed || typed.committed) c_.train.settings.SetDense(typed.text);
    col_.Add(std::max(22 + help, kControlHeight), 12);
  }

  void How() {
    Ui& ui = c_.ui;
    Train& t = c_.train;
    const bool random = t.settings.now().recipe == schema::Recipe::kWriteup;
    static constexpr std::array<RadioOption, 2> kOptions = {{{"Whole recordings"}, {"At random"}}};
    const float radios = std::min(col_.width(), ui.RadiosWidth(kOptions));
    const int chosen =
        ui.Radios("how", col_.TakeLeft(radios, kControlHeight, 4), "How they are chosen", kOptions, random ? 1 : 0);
    if ((chosen == 1) != random)
      t.settings.Choose(Setting::recipe, chosen == 1 ? schema::Recipe::kWriteup : schema::Recipe::kDefault);
    col_.Paragraph("how-help", Font::kSmall, random ? Token::kWarningText : Token::kTextMuted,
                   random ? "Optimistic: neighbours of the same recording are learned from."
                          : "Frames of one recording never stand on both sides.");
    col_.Gap(12);
  }

  TrainPanel& c_;
  Column col_;
};

}  // namespace

float DrawSettings(TrainPanel& c, Vec2 top_left, float width) { return Settings(c, top_left, width).Draw(); }

}  // namespace handful::ui
