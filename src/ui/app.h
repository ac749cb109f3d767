// The user interface as a whole: view model, panels and access tree behind one door for the platform mains.
//
//   src/ui never includes the engine: commands leave through Host, events come in by OnEvent.
//   view model (plain data) → panels (one file, one Draw) → widgets (draw, react, declare) → access tree → DOM elements.
//   A new feature is a new panel and new fields of the view model; nothing here waits, and frames are drawn on demand:
//   whoever changes something calls Host::RequestFrame, and Frame says whether it wants another.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ui/access.h"
#include "ui/fonts.h"
#include "ui/host.h"
#include "ui/textures.h"
#include "ui/view_model.h"
#include "ui/widgets.h"

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
  void SetDropActive(bool active);
  void SetLicenses(std::string text);
  void AddFiles(std::span<const FileRef> files);
  void OpenShipped(const FileRef* backbone, const FileRef* model);
  void OnEvent(schema::EventEnvelope event);
  void OnDownload(const std::string& what, int64_t loaded, int64_t total);
  void OnMissing(const std::string& sentence);
  void OnEngineStopped(const std::string& sentence);
  void Notify(NoticeKind kind, const std::string& text);

  void Redraw();

  // ---- input, CSS pixels
  void PointerMoved(float x, float y);
  void PointerLeft();
  void PointerButton(bool down);
  void ScrollBy(float x, float y, float dy);
  void ScrollTo(AccessId region, float y);
  void Activate(AccessId id);
  void Focus(AccessId id, bool visible);

  // Draws into the current ImGui context; the host then renders ImGui::GetDrawData(). Returns whether it wants to be
  // called again at the next opportunity.
  bool Frame(double seconds);

  const AccessTree& access() const { return access_; }
  ViewModel& model() { return model_; }

 private:
  void Layout();

  Host& host_;
  ImGuiContext* context_;
  AccessTree access_;
  Fonts fonts_;
  Textures textures_;
  ViewModel model_;
  Ui ui_;
  std::string licenses_;
  float width_ = 0, height_ = 0, dpr_ = 1;
  float fonts_dpr_ = 0;
  bool dark_ = false, drop_active_ = false, about_open_ = false;
  double last_seconds_ = 0;
  int frames_wanted_ = 0;
};

}  // namespace handful::ui
