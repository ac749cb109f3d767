#include "ui/frame/app.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/frame/context.h"

namespace handful::ui {
namespace {

// ImGui hands a press and its release to separate frames, and hover follows one frame later.
constexpr int kFramesAfterInput = 4;

}  // namespace

App::App(Host& host)
    : host_(host), context_(ImGui::CreateContext()), textures_(host), model_(host),
      project_(host, [this](NoticeKind kind, std::string text) { model_.AddNotice(kind, std::move(text)); }), training_(host), hood_(host), backbones_(host),
      camera_(host, [this] { return project_.NextSession("camera"); }), ui_(host, access_) {
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

void App::AddFiles(std::span<const FileRef> files, const FilesFrom& from) {
  frames_wanted_ = std::max(frames_wanted_, 2);
  host_.RequestFrame();
  const FilePlace place = PlaceOf(from);
  if (place.archive) {
    for (const FileRef& file : files) project_.AddArchive(file, 0);
    return;
  }
  // A model opens as one wherever it lands, except a zip among samples: there it is pictures.
  std::vector<FileRef> samples, others;
  for (const FileRef& file : files) {
    const bool sample_archive = IsSampleArchive(file.name) || (place.samples && LowerExtension(file.name) == "zip");
    const bool model_part = !sample_archive && IsModelPart(file.name);
    (sample_archive || IsVideo(file.name) || (place.samples && !model_part) ? samples : others).push_back(file);
  }
  if (!samples.empty()) project_.AddFiles(samples, place.class_id);
  if (others.empty()) return;
  const size_t pictures = model_.pictures().size();
  model_.AddFiles(others);
  if (model_.pictures().size() > pictures) {  // their answers are in the third column
    step_ = Step::kTry;
    project_.OpenGallery(0);
  }
}

void App::OpenExample(const FileRef& zip) {
  project_.AddArchive(zip, 0);
  if (step_ == Step::kTry) step_ = Step::kTrain;  // where only one of both is seen
  Redraw();
}

App::FilePlace App::PlaceOf(const FilesFrom& from) const {
  FilePlace place;
  if (from.kind == FilesFrom::Kind::kPasted) {
    place.class_id = project_.gallery();
    place.samples = place.class_id != 0;
    return place;
  }
  for (const FileTarget& target : targets_) {
    const bool hit = from.kind == FilesFrom::Kind::kPicked ? from.control != 0 && target.control == from.control : target.rect.Contains(from.at);
    if (!hit) continue;
    place.archive = target.what == FileTarget::What::kArchive;
    place.samples = !place.archive;
    place.class_id = target.class_id;
  }
  return place;
}

void App::OpenShipped(std::vector<Backbones::Shipped> shipped) {
  if (shipped.empty()) training_.SetNetwork("cnn");  // what can be trained without one
  const FileRef head = shipped.empty() ? FileRef{} : shipped[0].head;
  backbones_.Offer(std::move(shipped));
  if (head.id != 0) model_.OpenModel({head}, /*shipped=*/true);
  Redraw();
}

void App::OnEvent(schema::EventEnvelope event) {
  Redraw();
  if (std::holds_alternative<schema::Ready>(event.message)) camera_.EngineReady();
  if (const auto* answers = std::get_if<schema::AnswersBy>(&event.message)) camera_.SetAnswersBy(answers->by);
  if (const std::optional<size_t> next = backbones_.Apply(event.message)) {
    const Backbones::Shipped& shipped = backbones_.shipped()[*next];
    model_.AddNotice(NoticeKind::kInfo, "Going on with the backbone “" + shipped.name + "” instead.");
    if (shipped.head.id != 0) model_.OpenModel({shipped.head}, /*shipped=*/true);
  }
  if (camera_.Apply(event.message) || hood_.Apply(event)) return;
  training_.Apply(event.message);
  if (project_.Apply(event)) return;
  // Its own card says what became of a training.
  if (const auto* failed = std::get_if<schema::Failed>(&event.message); failed != nullptr && training_.Owns(failed->id)) return;
  model_.Apply(std::move(event));
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
  camera_.EngineStopped();
  project_.EngineStopped();
  training_.EngineStopped();
  hood_.EngineStopped();
  model_.EngineStopped(sentence);
  Redraw();
}

void App::Notify(NoticeKind kind, const std::string& text) {
  model_.AddNotice(kind, text);
  Redraw();
}

void App::OnCameraState(CameraState state) {
  camera_.SetState(state);
  Redraw();
}

bool App::OnCameraFrame(double seconds) {
  Redraw();
  if (hood_.WantsFrame(seconds)) camera_.LendShot([this](FileId frame) { hood_.LookAtFrame(frame); });
  return camera_.WantsShot(seconds);
}

void App::OnShot(const Shot& shot) {
  shot.video != 0 ? project_.TakeVideoShot(shot) : camera_.TakeShot(shot);
  Redraw();
}

void App::OnVideoEnd(FileId video, const std::string& sentence) {
  project_.EndVideo(video, sentence);
  Redraw();
}

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
  camera_.SetCropMode(model_.crop_mode());
  const bool moving = camera_.Tick(seconds);
  Draw();
  project_.EndFrame();
  const std::string operations = ui_.EndFrame();
  if (!operations.empty()) host_.UpdateAccess(operations);

  if (frames_wanted_ > 0) --frames_wanted_;
  return frames_wanted_ > 0 || moving || textures_.Waiting() || ui_.NeedsAnotherFrame();
}

void App::Draw() {
  const int64_t now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  targets_.clear();
  if (overlay_.kind == Overlay::Kind::kNone && !project_.videos().empty() && !project_.sampling_video()) overlay_.Show(Overlay::Kind::kVideo);
  Context c{ui_, model_, project_, training_, camera_, hood_, backbones_, host_, textures_, overlay_, targets_, width_ >= kTwoColumnsFrom, drop_active_, drop_at_,
            ctrl_, shift_, now_ms, licenses_};
  const Overlay::Kind overlay_before = overlay_.kind;
  const int64_t gallery_before = project_.gallery();
  const uint16_t behind = overlay_.kind != Overlay::Kind::kNone ? kInert : 0;
  ui_.Open("page", Role::kGroup, "", {0, 0, width_, height_}, behind);
  const Step step_before = step_;
  DrawPage(c, step_);
  ui_.Close();
  DrawOverlay(c);
  if (overlay_.kind != overlay_before || project_.gallery() != gallery_before || step_ != step_before) frames_wanted_ = std::max(frames_wanted_, 2);
}

}  // namespace handful::ui
