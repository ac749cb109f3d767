#include "ui/frame/layout.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace handful::ui {
namespace {

constexpr float kHeaderHeight = 64, kHeadingHeight = 56;
constexpr float kMostContent = 1760;
constexpr float kTallEnough = 620;  // of the body, for the camera to stay in view above the classes

struct StepWords {
  const char* number;
  const char* title;
  const char* key;
};
constexpr std::array<StepWords, 3> kSteps = {{{"1", "Show it", "show"}, {"2", "Train", "train"}, {"3", "Try it", "try"}}};

// "① Show it" over a column. Returns the height.
float DrawHeading(Context& c, Vec2 at, float width, Step step) {
  const StepWords& words = kSteps[static_cast<size_t>(step)];
  Painter& p = c.ui.paint;
  const Rect circle{at.x, at.y + 12, 28, 28};
  p.Fill(circle, p.Of(Token::kAccent), 14);
  p.TextIn(circle, Font::kBodyStrong, p.Of(Token::kOnAccent), words.number, Align::kCenter);
  c.ui.Label(words.key, {at.x + 40, at.y + 11}, Font::kTitle, Token::kText, words.title, width - 40, Role::kHeading, 2);
  return kHeadingHeight;
}

float DrawSamplesColumn(Context& c, Vec2 at, float width, bool with_camera) {
  float y = at.y;
  if (with_camera) y += DrawCamera(c, {at.x, y}, width) + kPad;
  return y - at.y + DrawClasses(c, {at.x, y}, width);
}

// Classes scroll below a camera that stays, where there is room for both. `r` reaches to the column's edges.
void DrawShow(Context& c, const Rect& r, float margin, bool heading) {
  Ui& ui = c.ui;
  const float x = r.x + margin, width = r.w - 2 * margin;
  c.targets.push_back({.rect = r});
  float y = r.y;
  if (heading) y += DrawHeading(c, {x, y}, width, Step::kShow);
  const bool stays = c.camera.on() && r.h > kTallEnough && !c.project.blocked() && !c.project.closed();
  if (stays && !heading) y += kGap;
  if (stays) y += DrawCamera(c, {x, y}, width) + kGap;
  const Rect rest{r.x, y, r.w, r.bottom() - y};
  const Vec2 start = ui.BeginScroll("classes", rest, "Classes");
  const float top = heading && !stays ? 4 : kGap;
  const float height = DrawSamplesColumn(c, {x, start.y + top}, width, !stays);
  ui.EndScroll(top + height + kPadLarge);
}

void DrawTrainColumn(Context& c, const Rect& r, float margin, bool heading) {
  Ui& ui = c.ui;
  const float x = r.x + margin, width = r.w - 2 * margin;
  float y = r.y;
  if (heading) y += DrawHeading(c, {x, y}, width, Step::kTrain);
  const Vec2 start = ui.BeginScroll("training", {r.x, y, r.w, r.bottom() - y}, "Training");
  float v = start.y + (heading ? 4 : kPad);
  v += DrawTrain(c, {x, v}, width) + kPad;
  v += DrawTrainings(c, {x, v}, width);
  ui.EndScroll(v + kPadLarge - start.y);
}

void DrawTry(Context& c, const Rect& r, float margin, bool heading) {
  Ui& ui = c.ui;
  const float x = r.x + margin, width = r.w - 2 * margin;
  const size_t pictures = c.model.pictures().size();
  float y = r.y;
  if (heading) y += DrawHeading(c, {x, y}, width, Step::kTry);
  const Vec2 start = ui.BeginScroll("trying", {r.x, y, r.w, r.bottom() - y}, "Try it");
  float v = start.y + (heading ? 4 : kPad);
  if (const float live = DrawLive(c, {x, v}, width); live > 0) v += live + kPad;
  const bool teaching = !c.project.classes().empty();
  const Density density = pictures == 0 && !teaching ? Density::kNormal : Density::kCompact;
  if (pictures > 0) {
    v += DrawDrop(c, {x, v}, width, Density::kCompact) + kPad;
    v += DrawPicture(c, {x, v}, width, 300) + kPad;
    v += DrawHood(c, {x, v}, width) + kPad;
    if (pictures > 1) v += DrawTable(c, {x, v, width, 0}) + kPad;
    v += DrawModel(c, {x, v}, width, Density::kCompact) + kPad;
  } else {
    if (c.camera.on() && !c.project.answers_by().empty()) v += DrawHood(c, {x, v}, width) + kPad;
    v += DrawModel(c, {x, v}, width, density) + kPad;
    v += DrawDrop(c, {x, v}, width, Density::kNormal) + kPad;
  }
  ui.EndScroll(v + kGap - start.y);
}

// A switch between steps. Returns the height.
float DrawSwitch(Context& c, Vec2 at, float width, Step& step, bool with_show) {
  constexpr std::array<RadioOption, 3> kOptions = {{{"1 Show it"}, {"2 Train"}, {"3 Try it"}}};
  const std::span<const RadioOption> options = std::span(kOptions).subspan(with_show ? 0 : 1);
  const int offset = with_show ? 0 : 1;
  const int chosen = c.ui.Tabs("steps", {at.x, at.y, width, 44}, "Steps", options, static_cast<int>(step) - offset);
  step = static_cast<Step>(chosen + offset);
  return 44;
}

void DrawStep(Context& c, const Rect& r, float margin, Step step) {
  switch (step) {
    case Step::kShow: return DrawShow(c, r, margin, false);
    case Step::kTrain: return DrawTrainColumn(c, r, margin, false);
    case Step::kTry: return DrawTry(c, r, margin, false);
  }
}

// Notices stand above all columns, so that none hides them. Returns the height.
float DrawTop(Context& c, const Rect& body, float margin) {
  if (c.model.notices().empty()) return 0;
  return kGap + 4 + DrawNotices(c, {body.x + margin, body.y + kGap + 4}, body.w - 2 * margin);
}

}  // namespace

void DrawPage(Context& c, Step& step) {
  Ui& ui = c.ui;
  const Vec2 window = ui.window();
  DrawHeader(c, {0, 0, window.x, kHeaderHeight});
  Rect body{0, kHeaderHeight, window.x, window.y - kHeaderHeight};
  ui.Open("main", Role::kMain, "", body);
  const bool gallery = c.project.gallery() != 0;

  if (window.x >= kThreeColumnsFrom) {
    constexpr float kMargin = 12;
    const float content = std::min(body.w - 2 * kMargin, kMostContent);
    const float left = std::round((body.w - content) / 2);
    const float top = DrawTop(c, {left, body.y, content, body.h}, kMargin);
    body.y += top;
    body.h -= top;
    const float show = std::round(std::clamp(content * 0.32F, 400.0F, 480.0F));
    const float train = std::round(std::clamp(content * 0.3F, 370.0F, 460.0F));
    DrawShow(c, {left, body.y, show, body.h}, kMargin, true);
    const Rect rest{left + show, body.y, content - show, body.h};
    if (gallery) {
      DrawGallery(c, {rest.x + kMargin, rest.y + kPad, rest.w - 2 * kMargin, rest.h - 2 * kPad});
    } else {
      DrawTrainColumn(c, {rest.x, rest.y, train, rest.h}, kMargin, true);
      DrawTry(c, {rest.x + train, rest.y, rest.w - train, rest.h}, kMargin, true);
    }
  } else if (window.x >= kTwoColumnsFrom) {
    constexpr float kMargin = 12;
    const float top = DrawTop(c, body, kMargin);
    body.y += top;
    body.h -= top;
    const float show = std::round(std::clamp(body.w * 0.42F, 350.0F, 440.0F));
    DrawShow(c, {0, body.y, show, body.h}, kMargin, true);
    const Rect rest{show, body.y, body.w - show, body.h};
    if (gallery) {
      DrawGallery(c, {rest.x + kMargin, rest.y + kPad, rest.w - 2 * kMargin, rest.h - 2 * kPad});
    } else {
      if (step == Step::kShow) step = c.project.classes().empty() ? Step::kTry : Step::kTrain;
      const float used = kGap + DrawSwitch(c, {rest.x + kMargin, rest.y + kGap}, rest.w - 2 * kMargin, step, false);
      DrawStep(c, {rest.x, rest.y + used, rest.w, rest.h - used}, kMargin, step);
    }
  } else {
    constexpr float kMargin = kPad;
    if (gallery) {
      DrawGallery(c, {kGap, body.y + kGap, body.w - 2 * kGap, body.h - 2 * kGap});
    } else {
      const float used = kGap + DrawSwitch(c, {kMargin, body.y + kGap}, body.w - 2 * kMargin, step, true);
      body.y += used;
      body.h -= used;
      const float top = DrawTop(c, body, kMargin);
      DrawStep(c, {0, body.y + top, body.w, body.h - top}, kMargin, step);
    }
  }
  ui.Close();
}

}  // namespace handful::ui
