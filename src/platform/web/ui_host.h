// The browser as the user interface's host: everything it asks for becomes a call of a function of the page.
#pragma once

#include <string>

#include "platform/window/gl_screen.h"
#include "ui/base/host.h"

namespace handful::platform {

class WebHost final : public ui::Host {
 public:
  explicit WebHost(GlScreen& screen) : screen_(screen) {}

  void Send(const schema::Command& command, std::span<const ui::FileId> files) override;
  void Release(ui::FileId file) override;
  void PickFiles(ui::Pick what) override;
  bool CanPickFiles() const override { return true; }
  bool HasExample() const override { return true; }  // web/build.mjs sees to it
  void OpenExample() override;
  bool CanTakeModel() const override { return true; }
  void TakeModel() override;
  void UseCamera(const ui::CameraWish& wish) override;
  ui::TextureId CameraTexture() const override { return camera_texture_; }
  void SampleVideo(ui::FileId video, double shots_per_second, schema::CropMode crop_mode) override;
  void AskToPersist() override;
  void KeepBackbone(const std::string& file_name) override;
  void SaveText(const std::string& file_name, const std::string& mime_type, const std::string& text) override;
  void ChooseTheme(ui::ThemeMode mode) override;
  void FetchLicenses() override;
  void RequestFrame() override;
  void RequestFrameIn(double seconds) override;
  void UpdateAccess(const std::string& operations_json) override;
  void UploadFonts() override { screen_.UploadFonts(); }
  ui::TextureId CreateTexture(const ui::Pixels& pixels) override { return screen_.CreateTexture(pixels); }
  void DestroyTexture(ui::TextureId texture) override { screen_.DestroyTexture(texture); }
  ui::Pixels RasterizeText(const std::string& text, float size_px, bool strong, ui::Color color) override;

  // The texture that the page fills with the camera's frames; made when first asked for.
  ui::TextureId MakeCameraTexture(int width, int height);
  void DropCameraTexture();

 private:
  GlScreen& screen_;
  ui::TextureId camera_texture_ = 0;
};

}  // namespace handful::platform
