// What the loaded model knows, and that anything else gets a wrong answer.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/toolkit/column.h"
#include "ui/toolkit/words.h"
#include "ui/try/try.h"

namespace handful::ui {
namespace {

constexpr size_t kMostChips = 24;

std::string InputRangeText(const schema::ModelInfo& info) {
  const auto number = [](double v) {
    const double rounded = std::round(v * 1000) / 1000;
    std::string text = Format("%g", std::fabs(rounded));
    return (rounded < 0 ? "−" : "") + text;
  };
  return number(info.input_offset) + " to " + number(255 * info.input_scale + info.input_offset);
}

std::string NetworkText(const std::string& network) {
  if (network == "finger_cnn") return "own CNN";
  return network.starts_with("mobilenet_v2") ? "MobileNetV2" : network;
}

// The classes as chips, wrapped. Returns the height.
float DrawChips(TryPanel& c, Vec2 top_left, float width, const std::vector<std::string>& classes) {
  constexpr float kHeight = 32, kLetter = 24, kMostWidth = 240;
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  ui.Open("classes", Role::kList, "Classes", {top_left.x, top_left.y, width, kHeight});
  float x = top_left.x, y = top_left.y;
  const auto place = [&](float w) {
    if (x > top_left.x && x + w > top_left.x + width) {
      x = top_left.x;
      y += kHeight + kGap;
    }
    const Rect r{x, y, w, kHeight};
    x += w + kGap;
    return r;
  };
  const size_t shown = std::min(classes.size(), kMostChips);
  for (size_t i = 0; i < shown; ++i) {
    const std::string letters = ClassLetters(static_cast<int>(i));
    const float letter_width = std::max(kLetter, p.Width(Font::kSmallStrong, letters) + 12);
    const float text_width = std::min(p.Width(Font::kBody, classes[i]), kMostWidth - letter_width - 24);
    const Rect r = place(4 + letter_width + kGap + text_width + 12);
    const Color color = ClassColor(static_cast<int>(i), p.dark());
    p.Fill(r, p.Of(Token::kSunken), kRadiusSmall);
    p.Stroke(r, p.Of(Token::kHairline), kRadiusSmall);
    const Rect letter{r.x + 4, r.y + 4, letter_width, kHeight - 8};
    p.Fill(letter, color, 5);
    p.TextIn(letter, Font::kSmallStrong, InkOn(color), letters, Align::kCenter);
    p.Text({letter.right() + kGap, r.y + 5}, Font::kBody, p.Of(Token::kText), classes[i], text_width);
    ui.Leaf(std::to_string(i), {.role = Role::kListItem, .name = classes[i]}, r);
  }
  if (classes.size() > shown) {
    const std::string more = Format("and %zu more", classes.size() - shown);
    const Rect r = place(p.Width(Font::kBody, more));
    p.Text({r.x, r.y + 5}, Font::kBody, p.Of(Token::kTextMuted), more);
    ui.Leaf("more", {.role = Role::kListItem, .name = more}, r);
  }
  ui.Close();
  return y + kHeight - top_left.y;
}

// A sentence with an icon, on a soft ground.
float DrawBox(TryPanel& c, std::string_view key, Vec2 at, float width, Icon icon, Token ink, Token ground,
              std::string_view text) {
  Painter& p = c.ui.paint;
  const float inner = width - 24 - 28;
  const float height =
      static_cast<float>(p.Lines(inner, Font::kSmall, text).size()) * SpecOf(Font::kSmall).line_height + 20;
  p.Fill({at.x, at.y, width, height}, p.Of(ground), kRadiusSmall);
  p.DrawIcon(icon, {at.x + 12, at.y + 10, 18, 18}, p.Of(ink));
  c.ui.Paragraph(key, {at.x + 40, at.y + 10}, inner, Font::kSmall, ink, text);
  return height;
}

const char* NameOfDownload(const std::string& what) {
  if (what == "engine") return "Loading the engine";
  if (what == "backbone") return "Loading the network";
  if (what == "picture") return "Loading a picture";
  return "Loading the model";
}

}  // namespace

float DrawModel(TryPanel& c, Vec2 top_left, float width, Density density) {
  Ui& ui = c.ui;
  const float pad = c.wide ? 20 : kPad;
  const bool busy = !c.trying.model.opening().empty() || !c.trying.arrivals.downloads().empty();
  Card card(ui, "model", "Model", top_left, width, pad, pad, static_cast<uint16_t>(busy ? kBusy : 0));
  const float x = card.x(), y = card.y(), inner = card.width();
  constexpr std::string_view kLoad = "Load a model…";
  const float load_width = ui.ButtonWidth(Icon::kNone, kLoad);
  const bool compact = density == Density::kCompact;
  const bool room_beside = compact || inner >= load_width + 200;
  const bool can_pick = c.host.CanPickFiles();
  const bool icon_only = compact && inner < load_width + 200;
  const float button_width = icon_only ? kControlHeight : load_width;
  const float text_width = can_pick && room_beside ? inner - button_width - kPad : inner;

  const auto load_button = [&](const Rect& r) {
    if (can_pick &&
        ui.Button("load", r, ButtonStyle::kSecondary, icon_only ? Icon::kUpload : Icon::kNone, icon_only ? "" : kLoad,
                  {.role = Role::kFileButton,
                   .description = "Handful .safetensors, Keras .h5, Teachable Machine zip or files",
                   .name = kLoad})) {
      c.host.PickFiles(Pick::kModel);
    }
  };
  if (room_beside) load_button({x + inner - button_width, y, button_width, kControlHeight});

  if (c.trying.model.info()) {
    const schema::ModelInfo& info = *c.trying.model.info();
    ui.Label("lead", {x, y - 2}, Font::kSmall, Token::kTextMuted, "This model knows", text_width);
    card.Gap(17);
    const std::string title = info.title.empty() ? "Untitled model" : info.title;
    card.Add(ui.Paragraph("title", card.at(), text_width, Font::kTitle, Token::kText, title, Role::kHeading, 2), 12);
    card.Add(DrawChips(c, card.at(), inner, info.classes), 12);
    card.Paragraph("only", Font::kSmall, Token::kTextMuted,
                   "It always answers with one of these, so anything else will get a wrong answer.");
    std::string facts = Format("%s · sees %d × %d pixels, values %s", NetworkText(info.network).c_str(),
                               info.input_side, info.input_side, InputRangeText(info).c_str());
    if (!info.source.empty()) facts += " · " + info.source;
    if (!info.backbone.empty()) facts += " · stands on " + info.backbone;
    if (!compact) {
      card.Gap(4);
      card.Paragraph("facts", Font::kSmall, Token::kTextMuted, facts);
    }
    if (!c.trying.model.warning().empty()) {
      card.Gap(kGap + 4);
      card.Add(DrawBox(c, "warning", card.at(), inner, Icon::kWarning, Token::kWarningText, Token::kWarningSoft,
                       c.trying.model.warning()));
    }
  } else {
    const bool missing = !c.trying.arrivals.missing().empty();
    ui.Label("title", {x, y + (room_beside ? 5 : 0)}, Font::kTitle, Token::kText,
             missing ? "No model yet" : "Getting ready", text_width, Role::kHeading, 2);
    card.Gap((room_beside ? kControlHeight : 30) + 12);
    if (!missing && c.trying.arrivals.downloads().empty()) {
      card.Paragraph("loading", Font::kSmall, Token::kTextMuted, "Loading the engine and the model …", Role::kStatus);
    }
    if (missing)
      card.Add(DrawBox(c, "missing", card.at(), inner, Icon::kWarning, Token::kWarningText, Token::kWarningSoft,
                       c.trying.arrivals.missing()));
  }
  for (const Download& download : c.trying.arrivals.downloads()) {
    card.Gap(kGap + 4);
    const std::string value = download.total > 0 ? Format("%.1f of %s", static_cast<double>(download.loaded) / 1e6,
                                                          Megabytes(download.total).c_str())
                                                 : Megabytes(download.loaded);
    const std::string name = NameOfDownload(download.what);
    const Rect words = card.Take(18, 4);
    ui.paint.Text({words.x, words.y}, Font::kSmall, ui.paint.Of(Token::kTextMuted), name);
    ui.paint.TextIn(words, Font::kSmall, ui.paint.Of(Token::kTextMuted), value, Align::kRight);
    ui.Progress(download.what, card.Take(6),
                download.total > 0 ? static_cast<double>(download.loaded) / static_cast<double>(download.total) : -1,
                name, value);
  }
  if (!c.trying.model.opening().empty() && (c.trying.model.info() || !c.trying.arrivals.missing().empty())) {
    card.Gap(kGap);
    card.Paragraph("opening", Font::kSmall, Token::kText, "Opening " + c.trying.model.opening() + " …", Role::kStatus);
  }
  if (!room_beside && can_pick) {
    card.Gap(12);
    load_button(card.Take(kControlHeight));
  }
  if (c.trying.model.info() && c.host.CanTakeModel() && c.engine.answers_by() == schema::Answerer::kModel) {
    card.Gap(12);
    if (ui.Button("take", card.Take(kControlHeight), ButtonStyle::kSecondary, Icon::kDownload, "Take it with you…",
                  {.description = "For a sketch, a phone, a micro-controller, a notebook"}))
      c.host.TakeModel();
  }
  return card.End(pad);
}

}  // namespace handful::ui
