#include "ui/frame/app.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/base/files.h"
#include "ui/frame/panels.h"

namespace handful::ui {
namespace {

// ImGui hands a press and its release to separate frames, and hover follows one frame later.
constexpr int kFramesAfterInput = 4;

}  // namespace

App::App(Host& host)
    : host_(host), context_(ImGui::CreateContext()), textures_(host), models_(host), ui_(host, access_) {
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

void App::Touched(int frames) {
  frames_wanted_ = std::max(frames_wanted_, frames);
  host_.RequestFrame();
}

void App::Redraw() { Touched(1); }

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

void App::AddFiles(std::span<const FileRef> files, const FilesFrom& from) {
  Touched(2);
  const FilePlace place = PlaceOf(from);
  if (place.archive) {
    for (const FileRef& file : files) models_.teach.AddArchive(file, 0);
    return;
  }
  // A model opens as one wherever it lands, except a zip among samples: there it is pictures.
  std::vector<FileRef> samples, others;
  for (const FileRef& file : files) {
    const bool sample_archive = IsSampleArchive(file.name) || (place.samples && LowerExtension(file.name) == "zip");
    const bool model_part = !sample_archive && IsModelPart(file.name);
    (sample_archive || IsVideo(file.name) || (place.samples && !model_part) ? samples : others).push_back(file);
  }
  if (!samples.empty()) models_.teach.AddFiles(samples, place.class_id);
  if (others.empty()) return;
  const size_t pictures = models_.trying.queue.pictures().size();
  models_.trying.AddFiles(others);
  if (models_.trying.queue.pictures().size() > pictures) {  // their answers are in the third column
    step_ = Step::kTry;
    models_.teach.selection.OpenGallery(0);
  }
}

void App::OpenExample(const FileRef& zip) {
  models_.teach.AddArchive(zip, 0);
  if (step_ == Step::kTry) step_ = Step::kTrain;  // where only one of both is seen
  Redraw();
}

App::FilePlace App::PlaceOf(const FilesFrom& from) const {
  FilePlace place;
  if (from.kind == FilesFrom::Kind::kPasted) {
    place.class_id = models_.teach.selection.gallery();
    place.samples = place.class_id != 0;
    return place;
  }
  for (const FileTarget& target : targets_) {
    const bool hit = from.kind == FilesFrom::Kind::kPicked ? from.control != 0 && target.control == from.control
                                                           : target.rect.Contains(from.at);
    if (!hit) continue;
    place.archive = target.what == FileTarget::What::kArchive;
    place.samples = !place.archive;
    place.class_id = target.class_id;
  }
  return place;
}

void App::OpenShipped(std::vector<Backbones::Shipped> shipped) {
  models_.Offer(std::move(shipped));
  Redraw();
}

void App::OnEvent(schema::EventEnvelope event) {
  models_.Apply(std::move(event));
  Redraw();
}

void App::OnDownload(const std::string& what, int64_t loaded, int64_t total) {
  models_.trying.arrivals.SetDownload(what, loaded, total);
  Redraw();
}

void App::OnMissing(const std::string& sentence) {
  models_.trying.arrivals.SetMissing(sentence);
  Redraw();
}

void App::OnEngineStopped(const std::string& sentence) {
  models_.EngineStopped(sentence);
  Redraw();
}

void App::Notify(NoticeKind kind, const std::string& text) {
  models_.notices.Add(kind, text);
  Redraw();
}

void App::OnCameraState(CameraState state) {
  models_.teach.camera.SetState(state);
  Redraw();
}

bool App::OnCameraFrame(double seconds) {
  Redraw();
  if (models_.hood.WantsFrame(seconds))
    models_.teach.camera.LendShot([this](FileId frame) { models_.hood.LookAtFrame(frame); });
  return models_.teach.camera.WantsShot(seconds);
}

void App::OnShot(const Shot& shot) {
  shot.video != 0 ? models_.teach.videos.TakeShot(shot) : models_.teach.camera.TakeShot(shot);
  Redraw();
}

void App::OnVideoEnd(FileId video, const std::string& sentence) {
  models_.teach.videos.Ended(video, sentence);
  Redraw();
}

// ---- input ---------------------------------------------------------------------------------------------------------

void App::PointerMoved(float x, float y) {
  ImGui::GetIO().AddMousePosEvent(x * dpr_, y * dpr_);
  Touched(kFramesAfterInput);
}

void App::PointerLeft() {
  ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX);
  Touched(kFramesAfterInput);
}

void App::PointerButton(bool down) {
  ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, down);
  Touched(kFramesAfterInput + 1);
}

void App::ScrollBy(float x, float y, float dy) {
  ui_.ScrollBy({x, y}, dy);
  Touched(2);
}

void App::ScrollTo(AccessId region, float y) {
  ui_.ScrollTo(region, y);
  Touched(2);
}

void App::Activate(AccessId id) {
  ui_.Activate(id);
  Touched(2);
}

void App::Focus(AccessId id, bool visible) {
  ui_.SetFocus(id, visible);
  Redraw();
}

void App::Input(AccessId id, std::string text, bool committed) {
  ui_.Input(id, std::move(text), committed);
  Touched(2);
}

void App::Choose(AccessId id, int index) {
  ui_.Choose(id, index);
  Touched(2);
}

void App::Hold(AccessId id, bool down) {
  ui_.Hold(id, down);
  Touched(2);
}

// ---- frame ---------------------------------------------------------------------------------------------------------

bool App::Frame(double seconds) {
  if (width_ <= 0 || !fonts_.HasFiles()) return false;
  ImGui::SetCurrentContext(context_);
  if (fonts_dpr_ != dpr_) {
    if (const Status built = fonts_.Build(dpr_); !built.ok()) {
      models_.notices.Add(NoticeKind::kError, built.message());
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
  models_.teach.camera.SetCropMode(models_.trying.queue.crop_mode());
  const bool moving = models_.teach.camera.Tick(seconds);
  if (const double next = models_.notices.Tick(seconds); next >= 0 && seconds + next != frame_asked_for_) {
    constexpr double kSlack = 0.05;  // rather late than too early, which would be once more
    frame_asked_for_ = seconds + next;
    host_.RequestFrameIn(next + kSlack);
  }
  Draw();
  models_.teach.thumbnails.EndFrame();
  const std::string operations = ui_.EndFrame();
  if (!operations.empty()) host_.UpdateAccess(operations);

  if (frames_wanted_ > 0) --frames_wanted_;
  return frames_wanted_ > 0 || moving || textures_.Waiting() || ui_.NeedsAnotherFrame();
}

void App::Draw() {
  const int64_t now_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  targets_.clear();
  if (overlay_.kind == Overlay::Kind::kNone && !models_.teach.videos.waiting().empty() &&
      !models_.teach.videos.playing())
    overlay_.Show(Overlay::Kind::kVideo);
  FramePanel c{{ui_, host_, textures_, overlay_, targets_, width_ >= kTwoColumnsFrom, drop_active_, drop_at_, ctrl_,
                shift_, now_ms},
               models_,
               licenses_};
  const Overlay::Kind overlay_before = overlay_.kind;
  const int64_t gallery_before = models_.teach.selection.gallery();
  const uint16_t behind = overlay_.kind != Overlay::Kind::kNone ? kInert : 0;
  ui_.Open("page", Role::kGroup, "", {0, 0, width_, height_}, behind);
  const Step step_before = step_;
  DrawPage(c, step_);
  ui_.Close();
  DrawOverlay(c);
  if (overlay_.kind != overlay_before || models_.teach.selection.gallery() != gallery_before || step_ != step_before)
    frames_wanted_ = std::max(frames_wanted_, 2);
}

}  // namespace handful::ui
