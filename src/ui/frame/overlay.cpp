// Which dialog or popover is open, and the small ones.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/status.h"
#include "ui/frame/context.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

Rect Centered(Vec2 window, float width, float height) {
  return {std::round((window.x - width) / 2), std::round((window.y - height) / 2), width, height};
}

}  // namespace

void DrawKeys(Context& c) {
  struct KeyHelp {
    std::string_view keys, what;
  };
  constexpr std::array<KeyHelp, 10> kKeys = {{{"1 – 9", "Choose a class"},
                                              {"Space", "Hold to record into it; tap for one picture"},
                                              {"A", "Add a class"},
                                              {"G", "Look at the pictures of the chosen class"},
                                              {"Arrows, Shift", "Move and select among pictures"},
                                              {"Ctrl A", "Select all pictures of the class"},
                                              {"Delete", "Delete the selected pictures"},
                                              {"Ctrl Z, Ctrl Y", "Undo, redo"},
                                              {"Esc", "Close what is open"},
                                              {"?", "Show these keys"}}};
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const Vec2 window = ui.window();
  constexpr float kRow = 36, kKeyWidth = 132;
  const float width = std::min(520.0F, window.x - 2 * kPad), pad = window.x >= 640 ? kPadLarge : kPad;
  const float height = pad + 48 + static_cast<float>(kKeys.size()) * kRow + pad - 8;
  const Rect r = Centered(window, width, height);
  bool open = ui.BeginDialog("keys", "Keys", r);
  ui.Label("title", {r.x + pad, r.y + pad + 2}, Font::kTitle, Token::kText, "Keys", width - 2 * pad - 48, Role::kHeading, 1);
  if (ui.IconButton("close", {r.right() - pad - 32, r.y + pad - 2, 40, 40}, Icon::kClose, "Close")) open = false;
  float y = r.y + pad + 48;
  ui.Open("list", Role::kList, "Keys", {r.x + pad, y, width - 2 * pad, static_cast<float>(kKeys.size()) * kRow});
  for (const KeyHelp& help : kKeys) {
    const Rect key{r.x + pad, y + 3, std::max(30.0F, p.Width(Font::kSmallStrong, help.keys) + 16), 28};
    p.Fill(key, p.Of(Token::kSunken), 6);
    p.Stroke(key, p.Of(Token::kHairline), 6);
    p.TextIn(key, Font::kSmallStrong, p.Of(Token::kText), help.keys, Align::kCenter);
    p.TextIn({r.x + pad + kKeyWidth, y, width - 2 * pad - kKeyWidth, 34}, Font::kBody, p.Of(Token::kText), help.what, Align::kLeft);
    ui.Leaf(help.keys, {.role = Role::kListItem, .name = std::string(help.keys) + ": " + std::string(help.what)}, {r.x + pad, y, width - 2 * pad, kRow});
    y += kRow;
  }
  ui.Close();
  ui.EndDialog();
  if (!open) c.overlay.Close();
}

void DrawSample(Context& c) {
  const schema::SampleInfo* sample = c.project.Find(c.overlay.target);
  if (sample == nullptr) return c.overlay.Close();
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const Vec2 window = ui.window();
  const float side = std::min({480.0F, window.x - 2 * kPad - 2 * kPad, window.y - 2 * kPad - 140});
  const Rect r = Centered(window, side + 2 * kPad, side + 140);
  bool open = ui.BeginDialog("sample", BaseName(sample->name), r);
  ui.Label("name", {r.x + kPad, r.y + kPad + 6}, Font::kBodyStrong, Token::kText, BaseName(sample->name), side - 48, Role::kHeading, 1);
  if (ui.IconButton("close", {r.right() - kPad - 34, r.y + kPad - 4, 40, 40}, Icon::kClose, "Close")) open = false;
  const Rect box{r.x + kPad, r.y + 60, side, side};
  const Pixels* pixels = c.project.Detail(sample->id);
  const TextureId texture = pixels == nullptr ? 0 : c.textures.Get(kSampleDetailTexture, c.project.detail_revision(), *pixels);
  if (texture != 0) p.Picture(texture, box, kRadiusSmall);
  else p.Fill(box, p.Of(Token::kTrack), kRadiusSmall);
  ui.Leaf("image", {.role = Role::kImage, .name = BaseName(sample->name)}, box);
  const schema::ClassInfo* info = c.project.FindClass(sample->class_id);
  const std::string facts = (sample->session.empty() ? sample->source : sample->session) + " · " + WhenText(sample->time_ms, c.now_ms) +
                            (sample->crop_mode == "fit" ? " · fitted with a border" : " · centre square") + (sample->saved ? "" : " · not saved yet");
  float x = box.x;
  if (info != nullptr) {
    x += DrawMark(c, {x, box.bottom() + 14}, 22, MarkOf(c, info->id)) + kGap;
    ui.Label("class", {x, box.bottom() + 14}, Font::kBodyStrong, Token::kText, info->name, box.right() - x);
  }
  ui.Label("facts", {box.x, box.bottom() + 42}, Font::kSmall, Token::kTextMuted, facts, side);
  ui.EndDialog();
  if (!open) c.overlay.Close();
}

void DrawVideo(Context& c) {
  if (c.project.videos().empty()) return c.overlay.Close();
  Ui& ui = c.ui;
  const VideoWish& video = c.project.videos().front();
  const schema::ClassInfo* into = c.project.FindClass(video.class_id);
  const Vec2 window = ui.window();
  const float width = std::min(440.0F, window.x - 2 * kPad), inner = width - 2 * kPadLarge;
  const Rect r = Centered(window, width, 268);
  bool open = ui.BeginDialog("video", "Pictures from a video", r);
  const float x = r.x + kPadLarge;
  float y = r.y + kPadLarge;
  ui.Label("title", {x, y}, Font::kTitle, Token::kText, "Pictures from a video", inner, Role::kHeading, 1);
  y += 34;
  std::string what = BaseName(video.file.name);
  if (into != nullptr) what += " → " + into->name;
  ui.Label("what", {x, y}, Font::kBody, Token::kTextMuted, what, inner);
  y += 38;
  static constexpr std::array<double, 5> kRates = {1, 2, 5, 10, 15};
  const std::vector<std::string> names = {"1 picture a second", "2 pictures a second", "5 pictures a second", "10 pictures a second", "15 pictures a second"};
  const int chosen = c.project.video_rate();
  const int now = ui.Choice("rate", {x, y, inner, kControlHeight}, "Pictures a second", names, chosen);
  if (now != chosen) c.project.SetVideoRate(now);
  y += kControlHeight + 28;
  const float half = (inner - kGap) / 2;
  if (ui.Button("cancel", {x, y, half, kControlHeight}, ButtonStyle::kSecondary, Icon::kNone, "Cancel")) open = false;
  const bool start = ui.Button("start", {x + half + kGap, y, half, kControlHeight}, ButtonStyle::kPrimary, Icon::kVideo, "Take pictures");
  ui.EndDialog();
  if (start) {
    c.project.StartVideo(kRates[static_cast<size_t>(now)], c.model.crop_mode());
    c.overlay.Close();
  } else if (!open) {
    c.project.RefuseVideo();
    c.overlay.Close();
  }
}

void DrawOverlay(Context& c) {
  switch (c.overlay.kind) {
    case Overlay::Kind::kNone: return;
    case Overlay::Kind::kAbout: return DrawAbout(c);
    case Overlay::Kind::kKeys: return DrawKeys(c);
    case Overlay::Kind::kProjects: return DrawProjects(c);
    case Overlay::Kind::kDeleteProject: return DrawDeleteProject(c);
    case Overlay::Kind::kVideo: return DrawVideo(c);
    case Overlay::Kind::kSample: return DrawSample(c);
    case Overlay::Kind::kClassMenu: return DrawClassMenu(c);
    case Overlay::Kind::kPalette: return DrawPalette(c);
    case Overlay::Kind::kMerge: return DrawMerge(c);
    case Overlay::Kind::kMoveSamples: return DrawMoveSamples(c);
    case Overlay::Kind::kBurst: return DrawBurst(c);
  }
}

}  // namespace handful::ui
