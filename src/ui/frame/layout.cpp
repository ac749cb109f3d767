#include "ui/frame/layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "ui/toolkit/column.h"

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
constexpr std::array<StepWords, 3> kSteps = {
    {{"1", "Show it", "show"}, {"2", "Train", "train"}, {"3", "Try it", "try"}}};

// "① Show it" over a column. Returns the height.
float DrawHeading(FramePanel& c, Vec2 at, float width, Step step) {
  const StepWords& words = kSteps[static_cast<size_t>(step)];
  Painter& p = c.ui.paint;
  const Rect circle{at.x, at.y + 12, 28, 28};
  p.Fill(circle, p.Of(Token::kAccent), 14);
  p.TextIn(circle, Font::kBodyStrong, p.Of(Token::kOnAccent), words.number, Align::kCenter);
  c.ui.Label(words.key, {at.x + 40, at.y + 11}, Font::kTitle, Token::kText, words.title, width - 40, Role::kHeading, 2);
  return kHeadingHeight;
}

float DrawSamplesColumn(FramePanel& c, Vec2 at, float width, bool with_camera) {
  TeachPanel teach = TeachOf(c);
  ProjectsPanel projects = ProjectsOf(c);
  Column col(c.ui, at, width);
  if (with_camera) col.Add(DrawCamera(teach, at, width), kPad);
  const bool elsewhere = projects.projects.list.elsewhere();
  if (!elsewhere) col.Add(DrawCutImports(projects, col.at(), width));
  return col.height() + (elsewhere ? DrawElsewhere(projects, col.at(), width) : DrawClasses(teach, col.at(), width));
}

// Classes scroll below a camera that stays, where there is room for both. `r` reaches to the column's edges.
void DrawShow(FramePanel& c, const Rect& r, float margin, bool heading) {
  Ui& ui = c.ui;
  const float x = r.x + margin, width = r.w - 2 * margin;
  c.targets.push_back({.rect = r});
  Column col(ui, {x, r.y}, width);
  if (heading) col.Add(DrawHeading(c, col.at(), width, Step::kShow));
  const bool stays = c.models.teach.camera.on() && r.h > kTallEnough && !c.models.projects.list.elsewhere();
  if (stays && !heading) col.Gap(kGap);
  TeachPanel teach = TeachOf(c);
  if (stays) col.Add(DrawCamera(teach, col.at(), width), kGap);
  const Rect rest{r.x, col.y(), r.w, r.bottom() - col.y()};
  const Vec2 start = ui.BeginScroll("classes", rest, "Classes");
  const float top = heading && !stays ? 4 : kGap;
  const float height = DrawSamplesColumn(c, {x, start.y + top}, width, !stays);
  ui.EndScroll(top + height + kPadLarge);
}

void DrawTrainColumn(FramePanel& c, const Rect& r, float margin, bool heading) {
  Ui& ui = c.ui;
  const float x = r.x + margin, width = r.w - 2 * margin;
  const float head = heading ? DrawHeading(c, {x, r.y}, width, Step::kTrain) : 0;
  const Vec2 start = ui.BeginScroll("training", {r.x, r.y + head, r.w, r.h - head}, "Training");
  Column col(ui, {x, start.y}, width);
  col.Gap(heading ? 4 : kPad);
  const std::vector<TrainClass> classes = TrainClassesOf(c.models);
  TrainPanel train{c, c.models.train, classes};
  col.Add(DrawTrain(train, col.at(), width), kPad);
  col.Add(DrawTrainings(train, col.at(), width), kPadLarge);
  ui.EndScroll(col.height());
}

// The hood follows the selected picture, else the camera. Returns the height.
float DrawInside(FramePanel& c, Vec2 at, float width) {
  const Queue& queue = c.models.trying.queue;
  std::optional<HoodModel::Subject> subject;
  if (const Picture* picture = queue.selected())
    subject = HoodModel::Subject{picture->id, picture->file, picture->name, picture->state == PictureState::kDone};
  c.models.hood.Look(subject, queue.generation(), c.models.teach.camera.on());
  HoodPanel hood = HoodOf(c);
  return DrawHood(hood, at, width);
}

void DrawTry(FramePanel& c, const Rect& r, float margin, bool heading) {
  Ui& ui = c.ui;
  const float x = r.x + margin, width = r.w - 2 * margin;
  const size_t pictures = c.models.trying.queue.pictures().size();
  const float head = heading ? DrawHeading(c, {x, r.y}, width, Step::kTry) : 0;
  const Vec2 start = ui.BeginScroll("trying", {r.x, r.y + head, r.w, r.h - head}, "Try it");
  Column col(ui, {x, start.y}, width);
  col.Gap(heading ? 4 : kPad);
  TryPanel trying = TryOf(c);
  if (const float live = DrawLive(trying, col.at(), width); live > 0) col.Add(live, kPad);
  const bool teaching = !c.models.teach.classes.empty();
  const Density density = pictures == 0 && !teaching ? Density::kNormal : Density::kCompact;
  if (pictures > 0) {
    col.Add(DrawDrop(trying, col.at(), width, Density::kCompact), kPad);
    col.Add(DrawPicture(trying, col.at(), width, 300), kPad);
    col.Add(DrawInside(c, col.at(), width), kPad);
    if (pictures > 1) col.Add(DrawTable(trying, {x, col.y(), width, 0}), kPad);
    col.Add(DrawModel(trying, col.at(), width, Density::kCompact), kPad);
  } else {
    if (c.models.teach.camera.on() && c.models.engine.answers_by() != schema::Answerer::kNobody)
      col.Add(DrawInside(c, col.at(), width), kPad);
    col.Add(DrawModel(trying, col.at(), width, density), kPad);
    col.Add(DrawDrop(trying, col.at(), width, Density::kNormal), kPad);
  }
  ui.EndScroll(col.height() + kGap);
}

// A switch between steps. Returns the height.
float DrawSwitch(FramePanel& c, Vec2 at, float width, Step& step, bool with_show) {
  constexpr std::array<RadioOption, 3> kOptions = {{{"1 Show it"}, {"2 Train"}, {"3 Try it"}}};
  const std::span<const RadioOption> options = std::span(kOptions).subspan(with_show ? 0 : 1);
  const int offset = with_show ? 0 : 1;
  const int chosen = c.ui.Tabs("steps", {at.x, at.y, width, 44}, "Steps", options, static_cast<int>(step) - offset);
  step = static_cast<Step>(chosen + offset);
  return 44;
}

void DrawStep(FramePanel& c, const Rect& r, float margin, Step step) {
  switch (step) {
    case Step::kShow: return DrawShow(c, r, margin, false);
    case Step::kTrain: return DrawTrainColumn(c, r, margin, false);
    case Step::kTry: return DrawTry(c, r, margin, false);
  }
}

// Notices stand above all columns, so that none hides them. Returns the height.
float DrawTop(FramePanel& c, const Rect& body, float margin) {
  if (c.models.notices.all().empty()) return 0;
  return kGap + 4 + DrawNotices(c, {body.x + margin, body.y + kGap + 4}, body.w - 2 * margin);
}

}  // namespace

void DrawPage(FramePanel& c, Step& step) {
  Ui& ui = c.ui;
  const Vec2 window = ui.window();
  DrawHeader(c, {0, 0, window.x, kHeaderHeight});
  Rect body{0, kHeaderHeight, window.x, window.y - kHeaderHeight};
  ui.Open("main", Role::kMain, "", body);
  TeachPanel teach = TeachOf(c);
  const bool gallery = c.models.teach.selection.gallery() != 0;

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
      DrawGallery(teach, {rest.x + kMargin, rest.y + kPad, rest.w - 2 * kMargin, rest.h - 2 * kPad});
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
      DrawGallery(teach, {rest.x + kMargin, rest.y + kPad, rest.w - 2 * kMargin, rest.h - 2 * kPad});
    } else {
      if (step == Step::kShow) step = c.models.teach.classes.empty() ? Step::kTry : Step::kTrain;
      const float used = kGap + DrawSwitch(c, {rest.x + kMargin, rest.y + kGap}, rest.w - 2 * kMargin, step, false);
      DrawStep(c, {rest.x, rest.y + used, rest.w, rest.h - used}, kMargin, step);
    }
  } else {
    constexpr float kMargin = kPad;
    if (gallery) {
      DrawGallery(teach, {kGap, body.y + kGap, body.w - 2 * kGap, body.h - 2 * kGap});
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
