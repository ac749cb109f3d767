// The user interface as a whole: models, panels and access tree behind one door for the platform mains.
//
//   src/ui never includes the engine: commands leave through Host, events come in by OnEvent.
//   models (plain data, one job each) → panels (one file, one Draw) → widgets (draw, react, declare)
//     → access tree → DOM elements.
//   A new feature is a folder with its models and panels; nothing here waits, and frames are drawn on demand:
//   whoever changes something calls Host::RequestFrame, and Frame says whether it wants another.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ui/base/host.h"
#include "ui/base/overlay.h"
#include "ui/base/panel.h"
#include "ui/frame/layout.h"
#include "ui/frame/models.h"
#include "ui/toolkit/access.h"
#include "ui/toolkit/fonts.h"
#include "ui/toolkit/textures.h"
#include "ui/toolkit/widgets.h"

struct ImGuiContext;

namespace handful::ui {

class App {
 public:
  explicit App(Host& host);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // ---- before the first frame
  Status SetFonts(std::vector<uint8_t> regular_ttf, std::vector<uint8_t> strong_ttf);

  // ---- from the host; each asks for a frame
  void Resize(float width_css, float height_css, float dpr);
  void SetDark(bool dark);
  // Files are being dragged over the window, at that place.
  void SetDropActive(bool active, Vec2 at);
  void SetLicenses(std::string text);
  void AddFiles(std::span<const FileRef> files, const FilesFrom& from);
  // A project's zip, in answer to Host::OpenExample.
  void OpenExample(const FileRef& zip);
  // What the page comes with, the preferred one first.
  void OpenShipped(std::vector<Backbones::Shipped> shipped);
  void OnEvent(schema::EventEnvelope event);
  void OnDownload(const std::string& what, int64_t loaded, int64_t total);
  void OnMissing(const std::string& sentence);
  void OnEngineStopped(const std::string& sentence);
  void Notify(NoticeKind kind, const std::string& text);
  void OnCameraState(CameraState state);
  // The camera's texture shows a new frame. True: a shot of it is wanted.
  bool OnCameraFrame(double seconds);
  void OnShot(const Shot& shot);
  // "": all went well.
  void OnVideoEnd(FileId video, const std::string& sentence);

  void Redraw();

  // ---- input, CSS pixels
  void PointerMoved(float x, float y);
  void PointerLeft();
  void PointerButton(bool down);
  void ScrollBy(float x, float y, float dy);
  void ScrollTo(AccessId region, float y);
  void Activate(AccessId id);
  void Focus(AccessId id, bool visible);
  // A mirrored text field's text: while it is typed, and when it is done.
  void Input(AccessId id, std::string text, bool committed);
  // A mirrored choice's option.
  void Choose(AccessId id, int index);
  // A mirrored hold button, by key.
  void Hold(AccessId id, bool down);
  // A key that no mirrored control wants; names as KeyboardEvent.key has them. Whether it is used.
  bool Key(const std::string& name, bool ctrl, bool shift, bool alt, bool down);

  // Draws into the current ImGui context; the host then renders ImGui::GetDrawData(). Returns whether it wants to be
  // called again at the next opportunity.
  bool Frame(double seconds);

  const AccessTree& access() const { return access_; }
  Models& models() { return models_; }
  // Whether everything that was asked for is answered.
  bool Settled() const { return models_.trying.Settled(); }

 private:
  // Where files land, as the targets of the last frame have it.
  struct FilePlace {
    bool samples = false, archive = false;
    int64_t class_id = 0;
  };
  FilePlace PlaceOf(const FilesFrom& from) const;
  void Draw();
  // What input changes is drawn in the frame after it, and hover follows one later.
  void Touched(int frames);
  bool Chord(const std::string& name, bool shift);   // with Ctrl
  bool Stroke(const std::string& name, bool shift);  // without
  bool GalleryStroke(const std::string& name, bool shift);

  Host& host_;
  ImGuiContext* context_;
  AccessTree access_;
  Fonts fonts_;
  Textures textures_;
  Models models_;
  Overlay overlay_;
  Ui ui_;
  std::string licenses_;
  float width_ = 0, height_ = 0, dpr_ = 1;
  float fonts_dpr_ = 0;
  bool dark_ = false, drop_active_ = false, ctrl_ = false, shift_ = false;
  Vec2 drop_at_;
  std::vector<FileTarget> targets_;
  Step step_ = Step::kShow;
  int64_t space_class_ = 0;  // what the space bar records into while it is down
  double last_seconds_ = 0, frame_asked_for_ = 0;
  int frames_wanted_ = 0;
};

}  // namespace handful::ui
