// The desktop as the user interface's host: files are paths, the engine is a thread, texts are saved beside the
// program's working folder.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "platform/desktop/engine_thread.h"
#include "platform/window/gl_screen.h"
#include "ui/frame/app.h"

namespace handful::platform {

class DesktopHost final : public ui::Host {
 public:
  DesktopHost(GlScreen& screen, EngineThread& engine) : screen_(screen), engine_(engine) {}
  void SetApp(ui::App* app) { app_ = app; }

  // Files and folders of the machine, as dropped or named on the command line; folders are walked through.
  void AddPaths(std::span<const std::string> paths, const ui::FilesFrom& from);
  ui::FileRef Register(const std::string& path, const std::string& name, bool from_folder);
  // Whether a frame was asked for since the last time.
  bool TakeFrameWish();

  void Send(const schema::Command& command, std::span<const ui::FileId> files) override;
  void Release(ui::FileId file) override { paths_.erase(file); }
  void PickFiles(ui::Pick) override {}
  bool CanPickFiles() const override { return false; }
  bool HasExample() const override { return false; }
  void OpenExample() override {}
  bool CanTakeModel() const override { return false; }  // the shell does: handful export
  void TakeModel() override {}
  // No camera and no video here.
  void UseCamera(const ui::CameraWish& wish) override;
  ui::TextureId CameraTexture() const override { return 0; }
  void SampleVideo(ui::FileId video, double shots_per_second, schema::CropMode crop_mode) override;
  void AskToPersist() override {}
  void KeepBackbone(const std::string&) override {}
  void SaveText(const std::string& file_name, const std::string& mime_type, const std::string& text) override;
  void ChooseTheme(ui::ThemeMode mode) override;
  void FetchLicenses() override;
  void RequestFrame() override { frame_wished_ = true; }
  void RequestFrameIn(double) override {}  // whenever the next one comes
  void UpdateAccess(const std::string&) override {}
  void UploadFonts() override { screen_.UploadFonts(); }
  ui::TextureId CreateTexture(const ui::Pixels& pixels) override { return screen_.CreateTexture(pixels); }
  void DestroyTexture(ui::TextureId texture) override { screen_.DestroyTexture(texture); }
  ui::Pixels RasterizeText(const std::string&, float, bool, ui::Color) override { return {}; }

 private:
  GlScreen& screen_;
  EngineThread& engine_;
  ui::App* app_ = nullptr;
  std::map<ui::FileId, std::string> paths_;
  ui::FileId next_file_ = 1;
  bool frame_wished_ = true;
};

}  // namespace handful::platform
