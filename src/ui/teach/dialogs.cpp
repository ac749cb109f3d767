// Dialogs of teaching: one sample large, and how many pictures a video shall give.
#include <algorithm>
#include <array>

#include "base/status.h"
#include "ui/teach/teach.h"
#include "ui/toolkit/column.h"
#include "ui/toolkit/words.h"

namespace handful::ui {

void DrawSample(TeachPanel& c) {
  const schema::SampleInfo* sample = c.teach.samples.Find(c.overlay.target);
  if (sample == nullptr) return c.overlay.Close();
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const Vec2 window = ui.window();
  const float side = std::min({480.0F, window.x - 2 * kPad - 2 * kPad, window.y - 2 * kPad - 140});
  const Rect r = Centered(window, side + 2 * kPad, side + 140);
  bool open = ui.BeginDialog("sample", BaseName(sample->name), r);
  ui.Label("name", {r.x + kPad, r.y + kPad + 6}, Font::kBodyStrong, Token::kText, BaseName(sample->name), side - 48,
           Role::kHeading, 1);
  if (ui.IconButton("close", {r.right() - kPad - 34, r.y + kPad - 4, 40, 40}, Icon::kClose, "Close")) open = false;
  const Rect box{r.x + kPad, r.y + 60, side, side};
  const Pixels* pixels = c.teach.thumbnails.Detail(sample->id);
  const TextureId texture =
      pixels == nullptr ? 0 : c.textures.Get(kSampleDetailTexture, c.teach.thumbnails.detail_revision(), *pixels);
  if (texture != 0) p.Picture(texture, box, kRadiusSmall);
  else p.Fill(box, p.Of(Token::kTrack), kRadiusSmall);
  ui.Leaf("image", {.role = Role::kImage, .name = BaseName(sample->name)}, box);
  const schema::ClassInfo* info = c.teach.classes.Find(sample->class_id);
  const std::string facts =
      (sample->session.empty() ? TextOf(sample->source) : sample->session) + " · " +
      WhenText(sample->time_ms, c.now_ms) +
      (sample->crop_mode == schema::CropMode::kFit ? " · fitted with a border" : " · centre square") +
      (sample->saved ? "" : " · not saved yet");
  float x = box.x;
  if (info != nullptr) {
    x += DrawMark(c.ui.paint, {x, box.bottom() + 14}, 22, MarkOf(c, info->id)) + kGap;
    ui.Label("class", {x, box.bottom() + 14}, Font::kBodyStrong, Token::kText, info->name, box.right() - x);
  }
  ui.Label("facts", {box.x, box.bottom() + 42}, Font::kSmall, Token::kTextMuted, facts, side);
  ui.EndDialog();
  if (!open) c.overlay.Close();
}

void DrawVideo(TeachPanel& c) {
  if (c.teach.videos.waiting().empty()) return c.overlay.Close();
  Ui& ui = c.ui;
  const VideoWish& video = c.teach.videos.waiting().front();
  const schema::ClassInfo* into = c.teach.classes.Find(video.class_id);
  const Vec2 window = ui.window();
  const float width = std::min(440.0F, window.x - 2 * kPad), inner = width - 2 * kPadLarge;
  const Rect r = Centered(window, width, 268);
  bool open = ui.BeginDialog("video", "Pictures from a video", r);
  Column col(ui, {r.x + kPadLarge, r.y + kPadLarge}, inner);
  col.Label("title", Font::kTitle, Token::kText, "Pictures from a video", 34, Role::kHeading, 1);
  std::string what = BaseName(video.file.name);
  if (into != nullptr) what += " → " + into->name;
  col.Label("what", Font::kBody, Token::kTextMuted, what, 38);
  static constexpr std::array<double, 5> kRates = {1, 2, 5, 10, 15};
  const std::vector<std::string> names = {"1 picture a second", "2 pictures a second", "5 pictures a second",
                                          "10 pictures a second", "15 pictures a second"};
  const int chosen = c.teach.videos.rate();
  const int now = ui.Choice("rate", col.Take(kControlHeight, 28), "Pictures a second", names, chosen);
  if (now != chosen) c.teach.videos.SetRate(now);
  const Rect row = col.Take(kControlHeight);
  if (ui.Button("cancel", PartOf(row, 0, 2), ButtonStyle::kSecondary, Icon::kNone, "Cancel")) open = false;
  const bool start = ui.Button("start", PartOf(row, 1, 2), ButtonStyle::kPrimary, Icon::kVideo, "Take pictures");
  ui.EndDialog();
  if (start) {
    c.teach.videos.Start(kRates[static_cast<size_t>(now)], c.teach.camera.wish().crop_mode);
    c.overlay.Close();
  } else if (!open) {
    c.teach.videos.Refuse();
    c.overlay.Close();
  }
}

}  // namespace handful::ui
