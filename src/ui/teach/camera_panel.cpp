// The camera: its picture as in a mirror, what it can be told, and what to do in every state it can be in.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/status.h"
#include "ui/teach/teach.h"
#include "ui/toolkit/column.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

struct Words {
  Icon icon;
  std::string title, text, button;
};

// What is wrong, and the next step.
Words WordsFor(const CameraState& state) {
  switch (state.status) {
    case CameraStatus::kOff:
      return {Icon::kCamera, "Show it with your camera", "Pictures stay on this machine.", "Turn on the camera"};
    case CameraStatus::kStarting: return {Icon::kCamera, "The camera starts …", "If the browser asks, allow it.", ""};
    case CameraStatus::kDenied:
      return {Icon::kWarning, "The camera is not allowed",
              "Allow it beside the page's address, then try again. Or add pictures to a class.", "Try again"};
    case CameraStatus::kBusy:
      return {Icon::kWarning, "Another program uses the camera", "Close that program, then try again.", "Try again"};
    case CameraStatus::kUnplugged:
      return {Icon::kWarning, "The camera was unplugged", "Plug it in, then try again.", "Try again"};
    case CameraStatus::kNone:
      return {Icon::kPicture, "No camera found", "Plug one in and look again, or add pictures to a class.",
              "Look again"};
    case CameraStatus::kInsecure:
      return {Icon::kLock, "No camera on this address",
              "Browsers give it only to https:// pages and to localhost. Pictures can be added.", ""};
    case CameraStatus::kFailed:
      return {Icon::kError, "The camera did not start",
              state.message.empty() ? "Try again, or add pictures to a class." : Sentence(state.message), "Try again"};
    case CameraStatus::kOn: break;
  }
  return {Icon::kCamera, "", "", ""};
}

// Returns the height.
float DrawOff(TeachPanel& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const CameraState& state = c.teach.camera.state();
  const Words words = WordsFor(state);
  const bool trouble = state.status != CameraStatus::kOff && state.status != CameraStatus::kStarting;
  constexpr float kIconBox = 40;
  const float text_x = at.x + kPad + kIconBox + 12, text_width = width - kPad - kIconBox - 12 - kPad;
  const float lines = static_cast<float>(p.Lines(text_width, Font::kSmall, words.text).size());
  const float text_height = 22 + lines * 18;
  const bool button = !words.button.empty();
  const float height = kPad + std::max(kIconBox, text_height) + (button ? 12 + kControlHeight : 0) + kPad;
  ui.Card({at.x, at.y, width, height});
  const Rect box{at.x + kPad, at.y + kPad, kIconBox, kIconBox};
  p.Fill(box, p.Of(trouble ? Token::kWarningSoft : Token::kAccentSoft), kIconBox / 2);
  p.DrawIcon(words.icon, box.Inset(10), p.Of(trouble ? Token::kWarningText : Token::kAccentText));
  ui.Label("title", {text_x, at.y + kPad}, Font::kBodyStrong, Token::kText, words.title, text_width, Role::kHeading, 3);
  ui.Paragraph("text", {text_x, at.y + kPad + 22}, text_width, Font::kSmall, Token::kTextMuted, words.text,
               trouble ? Role::kAlert : Role::kText);
  if (button) {
    const Rect r{at.x + kPad, at.y + height - kPad - kControlHeight, width - 2 * kPad, kControlHeight};
    if (ui.Button("on", r, c.teach.classes.all().empty() || trouble ? ButtonStyle::kSecondary : ButtonStyle::kPrimary,
                  Icon::kCamera, words.button))
      c.teach.camera.TurnOn();
  }
  return height;
}

// Words on a dark pill over the picture.
void DrawPill(TeachPanel& c, Vec2 top_left, std::string_view text, bool dot) {
  Painter& p = c.ui.paint;
  const float width = p.Width(Font::kSmallStrong, text) + 20 + (dot ? 16 : 0);
  const Rect r{top_left.x, top_left.y, width, 28};
  p.Fill(r, {11, 13, 17, 200}, 14);
  if (dot) p.Fill({r.x + 10, r.center_y() - 5, 10, 10}, {255, 92, 80, 255}, 5);
  p.Text({r.x + (dot ? 26.0F : 10.0F), r.y + 5}, Font::kSmallStrong, {255, 255, 255, 255}, text);
}

void DrawPreview(TeachPanel& c, const Rect& box) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const CameraModel& camera = c.teach.camera;
  const CameraState& state = camera.state();
  p.Fill(box, {11, 13, 17, 255});
  const float w = static_cast<float>(std::max(state.width, 1)), h = static_cast<float>(std::max(state.height, 1));
  const float scale = std::min(box.w / w, box.h / h);
  const Rect shown{box.center_x() - w * scale / 2, box.center_y() - h * scale / 2, w * scale, h * scale};
  const bool fit = camera.wish().crop_mode == schema::CropMode::kFit;
  if (const TextureId texture = c.host.CameraTexture(); texture != 0)
    p.PicturePart(texture, shown, {0, 0, 1, 1}, camera.mirrored());
  const float side = std::min(shown.w, shown.h);
  const Rect seen = fit ? shown : Rect{shown.center_x() - side / 2, shown.center_y() - side / 2, side, side};
  if (!fit) {
    const Color dim{11, 13, 17, 150};
    p.Fill({shown.x, shown.y, seen.x - shown.x, shown.h}, dim);
    p.Fill({seen.right(), shown.y, shown.right() - seen.right(), shown.h}, dim);
    p.Fill({shown.x, shown.y, shown.w, seen.y - shown.y}, dim);
    p.Fill({shown.x, seen.bottom(), shown.w, shown.bottom() - seen.bottom()}, dim);
  }
  const std::string what = fit ? "Camera; all of it becomes a sample" : "Camera; the bright square becomes a sample";
  ui.Leaf("preview", {.role = Role::kImage, .name = "Camera picture", .description = what}, box);
  std::string said;
  const schema::ClassInfo* into = c.teach.classes.Find(camera.recording_class());
  if (camera.recording() == Recording::kCountdown) {
    const std::string number = Format("%.0f", std::max(1.0, std::ceil(camera.seconds_left())));
    const Rect circle{box.center_x() - 36, box.center_y() - 36, 72, 72};
    p.Fill(circle, {11, 13, 17, 200}, 36);
    p.TextIn(circle, Font::kTitle, {255, 255, 255, 255}, number, Align::kCenter);
    said = number;
  } else if (camera.recording() != Recording::kNone && into != nullptr) {
    p.Stroke(seen, {255, 92, 80, 255}, 4, 3);
    std::string text = Count(camera.recorded(), "picture", "pictures");
    if (camera.measured_rate() > 0) text += Format(" · %.0f a second", camera.measured_rate());
    DrawPill(c, {box.x + 10, box.bottom() - 38}, text, true);
    said = "Recording " + into->name;
  }
  ui.Status("said", said);
}

float DrawOn(TeachPanel& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  CameraModel& camera = c.teach.camera;
  const CameraState& state = camera.state();
  constexpr float kInset = 12, kTallest = 264;
  const float inner = width - 2 * kInset;
  const float aspect = state.height > 0 ? static_cast<float>(state.width) / static_cast<float>(state.height) : 4.0F / 3;
  const float box_height =
      std::round(std::min({inner / std::max(aspect, 1.0F), kTallest, std::max(160.0F, ui.window().y * 0.32F)}));
  const std::string error = camera.error();
  const float error_height =
      error.empty() ? 0 : static_cast<float>(ui.paint.Lines(inner, Font::kSmall, error).size()) * 18 + kGap;
  const float height = kInset + box_height + error_height + 12 + kControlHeight + kInset;
  ui.Card({at.x, at.y, width, height});
  const float x = at.x + kInset;
  DrawPreview(c, {x, at.y + kInset, inner, box_height});
  Column col(ui, {x, at.y + kInset + box_height}, inner);
  if (!error.empty()) {
    col.Gap(kGap);
    col.Paragraph("error", Font::kSmall, Token::kErrorText, error, Role::kAlert);
  }
  const float y = col.y() + 12;

  // Which camera, how fast, off.
  constexpr std::array<int, 5> kRates = {2, 5, 8, 10, 15};
  std::vector<std::string> rates, names;
  int rate = 3, device = 0;
  for (size_t i = 0; i < kRates.size(); ++i) {
    rates.push_back(Format("%d a second", kRates[i]));
    if (kRates[i] == camera.rate()) rate = static_cast<int>(i);
  }
  for (size_t i = 0; i < state.devices.size(); ++i) {
    names.push_back(state.devices[i].label.empty() ? Format("Camera %zu", i + 1) : state.devices[i].label);
    if (state.devices[i].id == state.device) device = static_cast<int>(i);
  }
  constexpr float kRate = 132;
  const bool flip = state.devices.size() > 1 && width < 420;
  const float buttons = kControlHeight + (flip ? kControlHeight + kGap : 0);
  const float choice = inner - kRate - kGap - buttons - kGap;
  if (names.empty()) names.emplace_back("Camera");
  const int now = ui.Choice("device", {x, y, choice, kControlHeight}, "Camera", names, device,
                            static_cast<uint16_t>(names.size() < 2 ? kDisabled : 0));
  if (now != device) camera.UseDevice(state.devices[static_cast<size_t>(now)].id);
  const int rate_now = ui.Choice("rate", {x + choice + kGap, y, kRate, kControlHeight},
                                 "Pictures a second while recording", rates, rate);
  if (rate_now != rate) camera.SetRate(kRates[static_cast<size_t>(rate_now)]);
  float button_x = x + choice + kGap + kRate + kGap;
  if (flip) {
    if (ui.Button("flip", {button_x, y, kControlHeight, kControlHeight}, ButtonStyle::kSecondary, Icon::kSwap, "",
                  {.name = "Use the other side's camera"}))
      camera.Flip();
    button_x += kControlHeight + kGap;
  }
  if (ui.Button("off", {button_x, y, kControlHeight, kControlHeight}, ButtonStyle::kSecondary, Icon::kClose, "",
                {.description = "Turn off the camera", .name = "Turn off the camera"}))
    camera.TurnOff();
  return height;
}

}  // namespace

float DrawCamera(TeachPanel& c, Vec2 top_left, float width) {
  Ui& ui = c.ui;
  const AccessId id = ui.Id("camera");
  ui.Open(id, {.role = Role::kRegion, .name = "Camera"}, {top_left.x, top_left.y, width, ui.HeightOf(id)});
  const float height = c.teach.camera.on() ? DrawOn(c, top_left, width) : DrawOff(c, top_left, width);
  ui.Close();
  ui.SetHeightOf(id, height);
  return height;
}

}  // namespace handful::ui
