// One picture, large: the crop that the network saw, the answer, and the runners-up as bars.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/toolkit/column.h"
#include "ui/toolkit/words.h"
#include "ui/try/try.h"

namespace handful::ui {
namespace {

// Draws the picture into `box`, all of it, with what the network did not see dimmed.
void DrawCropped(TryPanel& c, const Rect& box, const Picture& picture) {
  Painter& p = c.ui.paint;
  const Detail& detail = c.trying.queue.detail();
  const bool sharp = detail.picture == picture.id && !detail.pixels.empty();
  const Pixels& pixels = sharp ? detail.pixels : picture.thumbnail;
  TextureId texture = sharp ? c.textures.Get(kDetailTexture, detail.revision, detail.pixels) : 0;
  if (texture == 0) texture = c.textures.Get(picture.id, picture.thumbnail_revision, picture.thumbnail);

  p.Fill(box, p.Of(Token::kSunken), kRadiusSmall);
  if (texture == 0 || pixels.empty()) {
    const bool failed = picture.state == PictureState::kFailed;
    p.DrawIcon(failed ? Icon::kError : Icon::kPicture, {box.center_x() - 20, box.center_y() - 20, 40, 40},
               p.Of(failed ? Token::kErrorText : Token::kTextMuted));
    return;
  }
  // With a border the network's square reaches beyond the picture; what is shown is the union of both.
  const auto w = static_cast<float>(std::max(picture.width, 1)), h = static_cast<float>(std::max(picture.height, 1));
  const auto cx = static_cast<float>(picture.crop.x), cy = static_cast<float>(picture.crop.y);
  const auto side = static_cast<float>(picture.crop.side);
  const float left = std::min(0.0F, side > 0 ? cx : 0), top = std::min(0.0F, side > 0 ? cy : 0);
  const float all_w = std::max(w, cx + side) - left, all_h = std::max(h, cy + side) - top;
  const float scale = std::min(box.w / all_w, box.h / all_h);
  const float ox = box.center_x() - all_w * scale / 2 - left * scale,
              oy = box.center_y() - all_h * scale / 2 - top * scale;
  const Rect shown{ox, oy, w * scale, h * scale};
  const Rect seen{ox + cx * scale, oy + cy * scale, side * scale, side * scale};

  p.PushClip(box);
  if (side > 0 && (seen.w > shown.w + 1 || seen.h > shown.h + 1)) p.Fill(seen, {128, 128, 128, 255});
  p.Picture(texture, shown);
  if (side > 0) {
    const Color dim = p.Of(Token::kScrim);
    if (seen.x > shown.x + 0.5F) p.Fill({shown.x, shown.y, seen.x - shown.x, shown.h}, dim);
    if (seen.right() < shown.right() - 0.5F)
      p.Fill({seen.right(), shown.y, shown.right() - seen.right(), shown.h}, dim);
    if (seen.y > shown.y + 0.5F) p.Fill({shown.x, shown.y, shown.w, seen.y - shown.y}, dim);
    if (seen.bottom() < shown.bottom() - 0.5F)
      p.Fill({shown.x, seen.bottom(), shown.w, shown.bottom() - seen.bottom()}, dim);
    if (seen.w < shown.w - 0.5F || seen.h < shown.h - 0.5F) {
      p.Stroke(seen, {255, 255, 255, 235}, 0, 2);
    }
  }
  p.PopClip();
}

std::string CropText(const Picture& picture) {
  if (picture.crop.side <= 0) return {};
  if (picture.width == picture.height) return "The network sees all of it.";
  const bool border = picture.crop.side >= std::max(picture.width, picture.height);
  return border ? "The network sees all of it, with a grey border." : "The network sees the bright square.";
}

// The answer and its bars. Returns the height.
float DrawAnswer(TryPanel& c, Vec2 at, float width, const Picture& picture) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  Column col(ui, at, width);
  const bool stale = picture.state == PictureState::kWaiting || picture.state == PictureState::kRunning;
  if (picture.state == PictureState::kFailed) {
    col.Label("failed", Font::kBodyStrong, Token::kErrorText, "This picture could not be classified", 26);
    col.Paragraph("error", Font::kBody, Token::kText, picture.error, Role::kAlert);
    return col.height();
  }
  if (picture.top.empty()) {
    const char* text = !c.trying.model.info()     ? "Waiting for a model"
                       : c.trying.queue.stopped() ? "Stopped before its turn"
                                                  : "Being classified …";
    ui.Label("waiting", at, Font::kBodyStrong, Token::kTextMuted, text, width);
    return 26;
  }

  const schema::ClassProbability& best = picture.top[0];
  const int index = c.trying.model.ClassIndex(best.label);
  const Color color = p.OfClass(index);
  ui.Label("answer-lead", at, Font::kSmall, Token::kTextMuted, stale ? "Being classified again …" : "Answer");
  col.Gap(22);
  const float y = col.y();
  float x = at.x;
  if (index >= 0) {
    const std::string letters = ClassLetters(index);
    const Rect badge{x, y, std::max(30.0F, p.Width(Font::kBodyStrong, letters) + 14), 30};
    p.Fill(badge, color, 6);
    p.TextIn(badge, Font::kBodyStrong, InkOn(color), letters, Align::kCenter);
    x = badge.right() + 10;
  }
  const std::string percent = Percent(best.p);
  const float percent_width = p.Width(Font::kTitle, percent);
  ui.Label("answer", {x, y}, Font::kTitle, Token::kText, best.label, width - (x - at.x) - percent_width - kPad,
           Role::kHeading, 3);
  p.Text({at.x + width - percent_width, y}, Font::kTitle, p.Of(Token::kText), percent);
  col.Gap(30 + 18);

  ui.Open("top", Role::kList, "Most probable classes",
          {at.x, col.y(), width, 42 * static_cast<float>(picture.top.size())});
  for (size_t i = 0; i < picture.top.size(); ++i) {
    const schema::ClassProbability& entry = picture.top[i];
    const int entry_index = c.trying.model.ClassIndex(entry.label);
    const std::string value = Percent(entry.p);
    const Rect row = col.Take(40, 2);
    ui.Open(ui.Id(static_cast<int64_t>(i)), {.role = Role::kListItem}, row);
    const Color bar = p.OfClass(entry_index);
    p.Fill({row.x, row.y + 4, 10, 10}, bar, 3);
    const std::string letters = entry_index >= 0 ? ClassLetters(entry_index) : "";
    p.Text({row.x + 18, row.y}, Font::kSmallStrong, p.Of(Token::kTextMuted), letters);
    const float label_x = at.x + 18 + (letters.empty() ? 0 : std::max(18.0F, p.Width(Font::kSmallStrong, letters) + 8));
    const float value_width = p.Width(Font::kSmallStrong, value);
    p.Text({label_x, row.y}, Font::kSmall, p.Of(Token::kText), entry.label,
           width - (label_x - at.x) - value_width - 12);
    p.TextIn({row.x, row.y, width, 18}, Font::kSmallStrong, p.Of(Token::kText), value, Align::kRight);
    ui.Meter("bar", {row.x, row.y + 22, width, 8}, bar, entry.p, entry.label, value);
    ui.Close();
  }
  ui.Close();
  return col.height() - 12;
}

}  // namespace

float DrawPicture(TryPanel& c, Vec2 top_left, float width, float most_height) {
  const Picture* picture = c.trying.queue.selected();
  if (picture == nullptr) return 0;
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const float pad = c.wide ? 20 : kPad;
  Card card(ui, "picture", "Selected picture", top_left, width, pad, pad);
  const float x = card.x(), inner = card.width();
  card.Label("name", Font::kBodyStrong, Token::kText, BaseName(picture->name), 22, Role::kHeading, 2);
  std::string facts;
  if (picture->width > 0) facts = Format("%d × %d · ", picture->width, picture->height);
  if (picture->state == PictureState::kDone) facts += "answered in " + Milliseconds(picture->ms);
  else if (!facts.empty()) facts.resize(facts.size() - std::string(" · ").size());
  if (!facts.empty()) ui.Label("facts", card.at(), Font::kSmall, Token::kTextMuted, facts, inner);
  card.Gap(18 + 14);
  const float y = card.y();

  const bool beside = inner >= 520;
  const float gap = kPadLarge;
  const float box_w = beside ? std::round(std::min(inner * 0.5F, most_height * 1.34F)) : inner;
  const float box_h = std::round(beside ? std::min(most_height, box_w * 0.8F) : std::min(box_w * 0.8F, 240.0F));
  const Rect box{x, y, box_w, box_h};
  c.trying.queue.SetDetailSide(
      std::clamp(static_cast<int>(std::ceil(std::max(box_w, box_h) * p.dpr() / 256)) * 256, 256, 1024));
  DrawCropped(c, box, *picture);
  const std::string crop = CropText(*picture);
  ui.Leaf("image", {.role = Role::kImage, .name = BaseName(picture->name), .description = crop}, box);
  Column under(ui, {x, box.bottom() + kGap}, box_w);
  if (!crop.empty()) under.Label("crop", Font::kSmall, Token::kTextMuted, crop, 18);

  Column answer(ui, beside ? Vec2{box.right() + gap, y} : Vec2{x, under.y() + 14},
                beside ? inner - box_w - gap : inner);
  answer.Add(DrawAnswer(c, answer.at(), answer.width(), *picture));
  if (!picture->warning.empty()) {
    answer.Gap(12);
    p.DrawIcon(Icon::kWarning, {answer.x(), answer.y(), 18, 18}, p.Of(Token::kWarningText));
    answer.Add(ui.Paragraph("warning", {answer.x() + 26, answer.y()}, answer.width() - 26, Font::kSmall,
                            Token::kWarningText, picture->warning));
  }
  // What a screen reader says when the answer arrives.
  std::string said;
  if (picture->state == PictureState::kDone && !picture->top.empty()) {
    said = BaseName(picture->name) + ": " + picture->top[0].label + ", " + Percent(picture->top[0].p);
  }
  ui.Status("said", said);
  card.Add(std::max(under.y(), answer.y()) - y);
  return card.End(pad);
}

}  // namespace handful::ui
