// Stand-ins for what the user interface talks to.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ui/base/host.h"

namespace handful::ui::testing {

// Records what is asked of it, and does nothing.
class FakeHost : public Host {
 public:
  struct Sent {
    schema::Command command;
    std::vector<FileId> files;
  };
  struct SampledVideo {
    FileId video;
    double shots_per_second;
    schema::CropMode crop_mode{};
  };

  void Send(const schema::Command& command, std::span<const FileId> files) override {
    sent.push_back({command, {files.begin(), files.end()}});
  }
  void Release(FileId file) override { released.push_back(file); }
  void PickFiles(Pick what) override { picked.push_back(what); }
  bool CanPickFiles() const override { return true; }
  bool HasExample() const override { return has_example; }
  void OpenExample() override { ++examples; }
  bool CanTakeModel() const override { return true; }
  void TakeModel() override { ++taken; }
  void UseCamera(const CameraWish& wish) override { camera.push_back(wish); }
  TextureId CameraTexture() const override { return camera_texture; }
  void SampleVideo(FileId video, double shots_per_second, schema::CropMode crop_mode) override {
    videos.push_back({video, shots_per_second, crop_mode});
  }
  void AskToPersist() override { ++persist_requests; }
  void KeepBackbone(const std::string& file_name) override { kept_backbone = file_name; }
  void SaveText(const std::string& file_name, const std::string&, const std::string& text) override {
    saved.emplace_back(file_name, text);
  }
  void ChooseTheme(ThemeMode mode) override { theme = mode; }
  void FetchLicenses() override { ++license_requests; }
  void RequestFrame() override { ++frame_requests; }
  void RequestFrameIn(double seconds) override { frames_in.push_back(seconds); }
  void UpdateAccess(const std::string& operations_json) override { operations.push_back(operations_json); }
  void UploadFonts() override { ++font_uploads; }
  TextureId CreateTexture(const Pixels&) override { return ++textures; }
  void DestroyTexture(TextureId) override {}
  Pixels RasterizeText(const std::string& text, float, bool, Color) override {
    rasterized.push_back(text);
    return {8, 8, std::vector<uint8_t>(256)};
  }

  // The commands of one type, in order.
  template <class Command>
  std::vector<Command> Commands() const {
    std::vector<Command> found;
    for (const Sent& s : sent) {
      if (const auto* command = std::get_if<Command>(&s.command)) found.push_back(*command);
    }
    return found;
  }

  std::vector<Sent> sent;
  std::vector<FileId> released;
  std::vector<Pick> picked;
  std::vector<CameraWish> camera;
  std::vector<SampledVideo> videos;
  TextureId camera_texture = 0;
  std::vector<std::pair<std::string, std::string>> saved;
  std::vector<double> frames_in;
  std::vector<std::string> operations, rasterized;
  ThemeMode theme = ThemeMode::kSystem;
  int license_requests = 0, frame_requests = 0, font_uploads = 0, persist_requests = 0;
  bool has_example = true;
  int examples = 0;
  int taken = 0;  // times the model was to leave
  std::string kept_backbone;
  TextureId textures = 0;
};

inline schema::EventEnvelope Loaded(int64_t id, std::vector<std::string> classes) {
  schema::ModelLoaded event;
  event.id = id;
  event.model.title = "raised fingers";
  event.model.classes = std::move(classes);
  return {event, {}};
}

inline schema::EventEnvelope Predicted(int64_t id, const std::string& label, double p, double ms = 5) {
  schema::Prediction event;
  event.id = id;
  event.top = {{label, p}, {"other", 1 - p}};
  event.ms = ms;
  event.width = 640;
  event.height = 480;
  event.crop = {80, 0, 480};
  return {event, {}};
}

inline schema::EventEnvelope FailedToClassify(int64_t id, const std::string& sentence) {
  schema::Failed event;
  event.id = id;
  event.command = schema::Classify::kType;
  event.message = sentence;
  return {event, {}};
}

inline std::vector<FileRef> Files(std::vector<std::string> names) {
  std::vector<FileRef> files;
  for (std::string& name : names)
    files.push_back({.id = static_cast<FileId>(files.size() + 1), .name = std::move(name), .bytes = 1000});
  return files;
}

}  // namespace handful::ui::testing
