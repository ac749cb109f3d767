// The live answer: the square that the network sees, what it says, and how fast.
#include <algorithm>
#include <cmath>
#include <map>

#include "base/status.h"
#include "ui/toolkit/column.h"
#include "ui/toolkit/words.h"
#include "ui/try/try.h"

namespace handful::ui {
namespace {

constexpr float kSmallLine = 18;

// The part of a frame that becomes the square, in parts of its width and height; with a border all of it.
Rect SeenPart(const CameraState& state, bool fit) {
  const auto w = static_cast<float>(std::max(state.width, 1)), h = static_cast<float>(std::max(state.height, 1));
  if (fit) return {0, 0, 1, 1};
  const float part_w = std::min(1.0F, h / w), part_h = std::min(1.0F, w / h);
  return {(1 - part_w) / 2, (1 - part_h) / 2, part_w, part_h};
}

void DrawSquare(TryPanel& c, const Rect& r) {
  Painter& p = c.ui.paint;
  const CameraModel& camera = c.camera;
  const bool fit = camera.wish().crop_mode == schema::CropMode::kFit;
  const auto w = static_cast<float>(std::max(camera.state().width, 1)),
             h = static_cast<float>(std::max(camera.state().height, 1));
  p.Fill(r, fit ? Color{128, 128, 128, 255} : p.Of(Token::kSunken), kRadiusSmall);
  Rect place = r;
  if (fit) {
    const float scale = r.w / std::max(w, h);
    place = {r.center_x() - w * scale / 2, r.center_y() - h * scale / 2, w * scale, h * scale};
  }
  p.PicturePart(c.host.CameraTexture(), place, SeenPart(camera.state(), fit), camera.mirrored(),
                fit ? 0 : kRadiusSmall);
  c.ui.Leaf("square", {.role = Role::kImage, .name = "What the network sees"}, r);
}

// "12 ms · 14 a second"
std::string Speed(const CameraModel& camera) {
  if (!camera.live()) return {};
  std::string text = Milliseconds(camera.live_latency_ms());
  if (camera.live_rate() > 0)
    text += Format(camera.live_rate() < 10 ? " · %.1f a second" : " · %.0f a second", camera.live_rate());
  return text;
}

std::string NotLearned(const std::string& class_name) {
  return "The trained model does not know \"" + class_name + "\" yet";
}

// Returns the height.
float DrawNeighbours(TryPanel& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  constexpr std::string_view kBadge = "Nearest neighbours";
  const Rect badge{at.x, at.y, std::min(width, p.Width(Font::kSmallStrong, kBadge) + 20), 26};
  p.Fill(badge, p.Of(Token::kAccentSoft), 13);
  p.TextIn(badge, Font::kSmallStrong, p.Of(Token::kAccentText), kBadge, Align::kCenter);
  ui.Leaf("by", {.role = Role::kText, .name = std::string(kBadge)}, badge);
  const std::string& unknown = c.engine.unknown_class();
  return 30 + ui.Paragraph("reason", {at.x, badge.bottom() + 4}, width, Font::kSmall, Token::kTextMuted,
                           unknown.empty() ? "An instant answer: whose pictures are most alike. Train for a better one."
                                           : NotLearned(unknown) + ", so the nearest pictures answer.");
}

struct Entry {
  std::string label;
  double p = 0;
};

// In the order of the classes, so that bars stay where they are; of many classes the most probable.
std::vector<Entry> Entries(const TryPanel& c, const schema::Prediction& answer) {
  std::vector<Entry> entries;
  for (const schema::ClassProbability& one : answer.top)
    entries.push_back({one.label, std::isfinite(one.p) ? one.p : 0});
  std::map<std::string, int> place;
  if (c.classes.Find(answer.top.empty() ? "" : answer.top[0].label) != nullptr) {
    for (const schema::ClassInfo& info : c.classes.all()) place.emplace(info.name, static_cast<int>(place.size()));
  } else {
    for (const Entry& entry : entries) place.emplace(entry.label, c.trying.model.ClassIndex(entry.label));
  }
  if (answer.top.size() >= place.size()) {
    std::stable_sort(entries.begin(), entries.end(),
                     [&](const Entry& a, const Entry& b) { return place[a.label] < place[b.label]; });
  }
  return entries;
}

float DrawBars(TryPanel& c, Vec2 at, float width, const schema::Prediction& answer) {
  constexpr float kRow = 40;
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  Column col(ui, at, width);
  const std::vector<Entry> entries = Entries(c, answer);
  ui.Open("bars", Role::kList, "Probabilities", {at.x, at.y, width, (kRow + 2) * static_cast<float>(entries.size())});
  for (const Entry& entry : entries) {
    const ClassMark mark = MarkOf(c, entry.label);
    const std::string value = Percent(entry.p);
    const bool best = entry.label == answer.top[0].label;
    const Rect row = col.Take(kRow, 2);
    ui.Open(ui.Id(entry.label), {.role = Role::kListItem}, row);
    const float mark_width = mark.letters.empty() ? 0 : DrawMark(c.ui.paint, {row.x, row.y}, 22, mark) + kGap;
    const float value_width = p.Width(Font::kSmallStrong, "> 99.9 %");
    const Font font = best ? Font::kSmallStrong : Font::kSmall;
    p.Text({row.x + mark_width, row.y + 2}, font, p.Of(Token::kText), entry.label,
           width - mark_width - value_width - kGap);
    p.TextIn({row.x, row.y + 2, width, kSmallLine}, font, p.Of(Token::kText), value, Align::kRight);
    ui.Meter("bar", {row.x, row.y + 26, width, 8}, mark.color, entry.p, entry.label, value);
    ui.Close();
  }
  ui.Close();
  return col.height() - 6;
}

// Camera on, and somebody who answers. Returns the height.
float DrawAnswer(TryPanel& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const CameraModel& camera = c.camera;
  const float side = std::round(std::clamp(width * 0.36F, 96.0F, 200.0F));
  DrawSquare(c, {at.x, at.y, side, side});
  const float x = at.x + side + kPad, inner = width - side - kPad;
  const std::string speed = Speed(camera);
  ui.Label("speed", {x, at.y + side - kSmallLine}, Font::kSmall, Token::kTextMuted, speed, inner);
  if (!camera.live() || camera.live()->top.empty()) {
    ui.Paragraph("waiting", {x, at.y}, inner, Font::kBody, Token::kTextMuted,
                 camera.live_on() ? "Looking …" : "Paused.");
    return side;
  }
  const schema::Prediction& answer = *camera.live();
  const schema::ClassProbability& best = answer.top[0];
  const ClassMark mark = MarkOf(c, best.label);
  const float mark_width = mark.letters.empty() ? 0 : DrawMark(c.ui.paint, {x, at.y}, 30, mark) + 10;
  ui.Label("answer", {x + mark_width, at.y}, Font::kTitle, Token::kText, best.label, inner - mark_width, Role::kHeading,
           3);
  p.Text({x, at.y + SpecOf(Font::kTitle).line_height + 4}, Font::kBody, p.Of(Token::kTextMuted), Percent(best.p),
         inner);
  Column col(ui, at, width);
  col.Gap(side + kPad);
  col.Add(DrawBars(c, col.at(), width, answer));
  const std::string& unknown = c.engine.unknown_class();
  if (answer.by == schema::Answerer::kNeighbours) {
    col.Gap(kPad);
    col.Add(DrawNeighbours(c, col.at(), width));
  } else if (!unknown.empty()) {
    col.Gap(kPad);
    col.Paragraph("reason", Font::kSmall, Token::kWarningText, NotLearned(unknown) + ": train again.");
  } else if (!c.classes.all().empty() && c.classes.Find(best.label) == nullptr) {
    col.Gap(kPad);
    col.Paragraph("reason", Font::kSmall, Token::kTextMuted,
                  "This is the loaded model. With two pictures of each class, yours answer.");
  }
  if (!answer.warning.empty()) {
    col.Gap(kGap);
    col.Paragraph("warning", Font::kSmall, Token::kWarningText, answer.warning);
  }
  return col.height();
}

// What to do next where nothing can be answered; "" where the camera's answers can be shown.
std::string NextStep(const TryPanel& c) {
  if (c.engine.answers_by() == schema::Answerer::kNobody) {
    return c.classes.all().size() < 2
               ? "Add two classes and show two pictures of each: the answer then appears here by itself."
               : "Show two pictures of each class: the answer then appears here by itself.";
  }
  return {};
}

}  // namespace

float DrawLive(TryPanel& c, Vec2 top_left, float width) {
  Ui& ui = c.ui;
  CameraModel& camera = c.camera;
  const float pad = c.wide ? 20 : kPad;
  Card card(ui, "live", "Live answer", top_left, width, pad, pad);
  const float inner = card.width();
  const Rect head = card.Take(22, 12);
  ui.Label("title", {head.x, head.y}, Font::kBodyStrong, Token::kText, "Live answer", inner - kControlHeight,
           Role::kHeading, 2);
  const std::string next = NextStep(c);
  const bool starting = camera.state().status == CameraStatus::kStarting;
  if (next.empty() && camera.on()) {
    const bool live = camera.live_on();
    if (ui.IconButton("pause", {head.right() - kControlHeight + 8, head.y - 9, kControlHeight, kControlHeight},
                      live ? Icon::kStop : Icon::kPlay,
                      live ? "Pause the live answer" : "Go on with the live answer")) {
      camera.SetLive(!live);
    }
  }
  if (!next.empty()) {
    card.Paragraph("next", Font::kSmall, Token::kTextMuted, next);
  } else if (!camera.on()) {
    card.Paragraph("off", Font::kSmall, Token::kTextMuted,
                   starting ? "The camera is being turned on …"
                            : "Hold something in front of the camera, and the answer follows it.");
    if (!starting) {
      constexpr std::string_view kOn = "Turn on the camera";
      card.Gap(12);
      if (ui.Button("turn-on", card.TakeLeft(std::min(inner, ui.ButtonWidth(Icon::kCamera, kOn)), kControlHeight),
                    ButtonStyle::kSecondary, Icon::kCamera, kOn)) {
        camera.TurnOn();
      }
    }
  } else {
    card.Add(DrawAnswer(c, card.at(), inner));
    if (!camera.live_error().empty()) {
      card.Gap(kGap);
      card.Paragraph("error", Font::kSmall, Token::kErrorText, camera.live_error(), Role::kAlert);
    }
  }
  return card.End(pad);
}

}  // namespace handful::ui
