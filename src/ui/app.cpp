#include "ui/app.h"

#include <algorithm>
#include <cmath>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/panels/context.h"

namespace handful::ui {
namespace {

constexpr float kHeaderHeight = 64;
constexpr float kWideFrom = 960;      // CSS px: two columns
constexpr float kMostContent = 1360;
constexpr float kEmptyWidth = 760;    // of the single column before there is a picture
// ImGui hands a press and its release to separate frames, and hover follows one frame later.
constexpr int kFramesAfterInput = 4;

}  // namespace

App::App(Host& host)
    : host_(host), context_(ImGui::CreateContext()), textures_(host), model_(host),
      project_(host, [this](NoticeKind kind, std::string text) { model_.AddNotice(kind, std::move(text)); }), training_(host), camera_(host),
      ui_(host, access_) {
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags = ImGuiConfigFlags_NoMouseCursorChange;
  io.ConfigMemoryCompactTimer = -1;
  // A pointer may arrive and press within one frame, as a finger does; ImGui then gives each a frame of its own.
  io.AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
  ImGuiStyle& style = ImGui::GetStyle();
  style.WindowPadding = {0, 0};
  style.WindowBorderSize = 0;
  style.WindowRounding = 0;
  style.WindowMinSize = {1, 1};
  style.ChildBorderSize = 0;
  style.ItemSpacing = {0, 0};
  style.CircleTessellationMaxError = 0.1F;
}

App::~App() { ImGui::DestroyContext(context_); }

void App::Redraw() {
  frames_wanted_ = std::max(frames_wanted_, 1);
  host_.RequestFrame();
}

Status App::SetFonts(std::vector<uint8_t> regular_ttf, std::vector<uint8_t> strong_ttf) {
  HANDFUL_TRY(fonts_.SetFiles(std::move(regular_ttf), std::move(strong_ttf)));
  fonts_dpr_ = 0;
  Redraw();
  return Status::Ok();
}

void App::Resize(float width_css, float height_css, float dpr) {
  width_ = std::max(1.0F, width_css);
  height_ = std::max(1.0F, height_css);
  dpr_ = std::clamp(dpr, 0.5F, 4.0F);
  Redraw();
}

void App::SetDark(bool dark) {
  dark_ = dark;
  Redraw();
}

void App::SetDropActive(bool active, Vec2 at) {
  drop_active_ = active;
  drop_at_ = at;
  Redraw();
}

void App::SetLicenses(std::string text) {
  licenses_ = std::move(text);
  Redraw();
}

void App::AddFiles(std::span<const FileRef> files, const FilesFrom&) {
  model_.AddFiles(files);
  Redraw();
}

void App::OpenShipped(const FileRef* backbone, const FileRef* model) {
  if (backbone != nullptr) model_.OpenBackbone(*backbone);
  if (model != nullptr && backbone != nullptr) model_.OpenModel({*model});
  if (model != nullptr && backbone == nullptr) model_.HoldModel({*model});
  Redraw();
}

void App::OnEvent(schema::EventEnvelope event) {
  model_.Apply(std::move(event));
  Redraw();
}

void App::OnDownload(const std::string& what, int64_t loaded, int64_t total) {
  model_.SetDownload(what, loaded, total);
  Redraw();
}

void App::OnMissing(const std::string& sentence) {
  model_.SetMissing(sentence);
  Redraw();
}

void App::OnEngineStopped(const std::string& sentence) {
  model_.EngineStopped(sentence);
  Redraw();
}

void App::Notify(NoticeKind kind, const std::string& text) {
  model_.AddNotice(kind, text);
  Redraw();
}

void App::OnCameraState(CameraState) { Redraw(); }

bool App::OnCameraFrame(double) {
  Redraw();
  return false;
}

void App::OnShot(const Shot& shot) { host_.Release(shot.file.id); }

void App::OnVideoEnd(FileId, const std::string&) { Redraw(); }

// ---- input ---------------------------------------------------------------------------------------------------------

void App::PointerMoved(float x, float y) {
  ImGui::GetIO().AddMousePosEvent(x * dpr_, y * dpr_);
  frames_wanted_ = kFramesAfterInput;
  host_.RequestFrame();
}

void App::PointerLeft() {
  ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX);
  frames_wanted_ = kFramesAfterInput;
  host_.RequestFrame();
}

void App::PointerButton(bool down) {
  ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, down);
  frames_wanted_ = kFramesAfterInput + 1;
  host_.RequestFrame();
}

void App::ScrollBy(float x, float y, float dy) {
  ui_.ScrollBy({x, y}, dy);
  frames_wanted_ = std::max(frames_wanted_, 2);
  host_.RequestFrame();
}

void App::ScrollTo(AccessId region, float y) {
  ui_.ScrollTo(region, y);
  frames_wanted_ = std::max(frames_wanted_, 2);
  host_.RequestFrame();
}

void App::Activate(AccessId id) {
  ui_.Activate(id);
  frames_wanted_ = std::max(frames_wanted_, 2);
  host_.RequestFrame();
}

void App::Focus(AccessId id, bool visible) {
  ui_.SetFocus(id, visible);
  Redraw();
}

void App::Input(AccessId id, std::string text, bool committed) {
  ui_.Input(id, std::move(text), committed);
  frames_wanted_ = std::max(frames_wanted_, 2);
  host_.RequestFrame();
}

void App::Choose(AccessId id, int index) {
  ui_.Choose(id, index);
  frames_wanted_ = std::max(frames_wanted_, 2);
  host_.RequestFrame();
}

void App::Hold(AccessId id, bool down) {
  ui_.Hold(id, down);
  frames_wanted_ = std::max(frames_wanted_, 2);
  host_.RequestFrame();
}

bool App::Key(const std::string&, bool, bool, bool, bool) { return false; }

// ---- frame ---------------------------------------------------------------------------------------------------------

bool App::Frame(double seconds) {
  if (width_ <= 0 || !fonts_.HasFiles()) return false;
  ImGui::SetCurrentContext(context_);
  if (fonts_dpr_ != dpr_) {
    if (const Status built = fonts_.Build(dpr_); !built.ok()) {
      model_.AddNotice(NoticeKind::kError, built.message());
      return false;
    }
    fonts_dpr_ = dpr_;
    host_.UploadFonts();
  }
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {std::round(width_ * dpr_), std::round(height_ * dpr_)};
  io.DeltaTime = static_cast<float>(std::clamp(seconds - last_seconds_, 1e-4, 0.1));
  last_seconds_ = seconds;

  textures_.BeginFrame();
  ui_.BeginFrame({width_, height_}, dpr_, dark_, &fonts_);
  Layout();
  const std::string operations = ui_.EndFrame();
  if (!operations.empty()) host_.UpdateAccess(operations);

  if (frames_wanted_ > 0) --frames_wanted_;
  return frames_wanted_ > 0 || textures_.Waiting() || ui_.NeedsAnotherFrame();
}

void App::Layout() {
  Context c{ui_, model_, project_, training_, camera_, host_, textures_, overlay_, width_ >= kWideFrom, drop_active_, drop_at_,
            ctrl_, shift_, last_seconds_, licenses_};
  const Overlay::Kind overlay_before = overlay_.kind;
  const Rect window{0, 0, width_, height_};
  ui_.Open("page", Role::kGroup, "", window, static_cast<uint16_t>(overlay_.kind != Overlay::Kind::kNone ? kInert : 0));
  DrawHeader(c, {0, 0, width_, kHeaderHeight});

  const Rect body{0, kHeaderHeight, width_, height_ - kHeaderHeight};
  ui_.Open("main", Role::kMain, "", body);
  const float margin = c.wide ? kPadLarge : kPad;
  const float gap = c.wide ? kPadLarge : kPad;
  const size_t pictures = model_.pictures().size();

  if (!c.wide || pictures == 0) {
    // One column, one scroll.
    const float width = std::min(body.w - 2 * margin, c.wide ? kEmptyWidth : kMostContent);
    const Vec2 start = ui_.BeginScroll("column", body, "Page");
    const float x = std::round((body.w - width) / 2);
    float y = start.y + (c.wide ? 40 : margin);
    y += DrawNotices(c, {x, y}, width);
    const Density density = pictures == 0 ? Density::kRoomy : Density::kCompact;
    y += DrawModel(c, {x, y}, width, density) + gap;
    y += DrawDrop(c, {x, y}, width, density) + gap;
    if (pictures > 0) y += DrawPicture(c, {x, y}, width, 360) + gap;
    if (pictures > 1) y += DrawTable(c, {x, y, width, 0}) + gap;
    ui_.EndScroll(y - gap + margin - start.y);
  } else {
    // Model and drop area on the left; the picture and the table fill the right.
    const float content = std::min(body.w - 2 * margin, kMostContent);
    const float left = std::round((body.w - content) / 2);
    const float side = std::round(std::clamp(content * 0.3F, 320.0F, 400.0F));
    const Rect column{left - 4, body.y, side + 8 + 8, body.h};
    const Vec2 start = ui_.BeginScroll("side", column, "Model and pictures");
    float y = start.y + gap;
    y += DrawModel(c, {left, y}, side, Density::kNormal) + gap;
    y += DrawDrop(c, {left, y}, side, Density::kNormal) + gap;
    ui_.EndScroll(y - start.y);

    const float x = left + side + gap, width = content - side - gap;
    if (pictures == 1 || body.h < 640) {
      const Vec2 at = ui_.BeginScroll("results-column", {x - 4, body.y, width + 16, body.h}, "Results");
      float v = at.y + gap;
      v += DrawNotices(c, {x, v}, width);
      v += DrawPicture(c, {x, v}, width, pictures == 1 ? 420 : 240) + gap;
      if (pictures > 1) v += DrawTable(c, {x, v, width, 0}) + gap;
      ui_.EndScroll(v - at.y);
    } else {
      float v = body.y + gap;
      v += DrawNotices(c, {x, v}, width);
      v += DrawPicture(c, {x, v}, width, std::clamp(body.h * 0.32F, 220.0F, 340.0F)) + gap;
      DrawTable(c, {x, v, width, std::max(240.0F, body.bottom() - gap - v)});
    }
  }
  ui_.Close();
  ui_.Close();
  DrawOverlay(c);
  if (overlay_.kind != overlay_before) frames_wanted_ = std::max(frames_wanted_, 2);
}

}  // namespace handful::ui
