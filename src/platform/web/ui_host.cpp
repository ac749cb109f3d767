#include "platform/web/ui_host.h"

#include <cstdlib>
#include <vector>

#include <emscripten.h>

#include "base/status.h"
#include "schema/json.h"
#include "ui/toolkit/access.h"

// clang-format off
EM_JS(void, js_command, (const char* type, double id, const char* json, const double* files, int count), {
  Module.onCommand(UTF8ToString(type), id, UTF8ToString(json), Array.from(HEAPF64.subarray(files >> 3, (files >> 3) + count)));
})
EM_JS(void, js_release, (double file), { Module.onRelease(file); })
EM_JS(void, js_pick, (const char* what), { Module.onPick(UTF8ToString(what)); })
EM_JS(void, js_example, (), { Module.onExample(); })
EM_JS(void, js_take_model, (), { Module.onTakeModel(); })
EM_JS(void, js_camera, (const char* json), { Module.onCamera(UTF8ToString(json)); })
EM_JS(void, js_sample_video, (double file, double rate, const char* crop), { Module.onSampleVideo(file, rate, UTF8ToString(crop)); })
EM_JS(void, js_ask_to_persist, (), { Module.onAskToPersist(); })
EM_JS(void, js_keep_backbone, (const char* name), { Module.onKeepBackbone(UTF8ToString(name)); })
EM_JS(void, js_save, (const char* name, const char* mime, const char* text), {
  Module.onSave(UTF8ToString(name), UTF8ToString(mime), UTF8ToString(text));
})
EM_JS(void, js_theme, (const char* mode), { Module.onTheme(UTF8ToString(mode)); })
EM_JS(void, js_fetch_licenses, (), { Module.onFetchLicenses(); })
EM_JS(void, js_frame_wanted, (), { Module.onFrameWanted(); })
EM_JS(void, js_frame_wanted_in, (double seconds), { setTimeout(() => Module.onFrameWanted(), seconds * 1000); })
EM_JS(void, js_access, (const char* json), { Module.onAccess(UTF8ToString(json)); })
EM_JS(uint8_t*, js_rasterize, (const char* text, float size, int strong, const char* color, int* width_height), {
  const image = Module.rasterizeText(UTF8ToString(text), size, strong !== 0, UTF8ToString(color));
  if (!image) return 0;
  const pointer = _ui_alloc(image.data.length);
  if (pointer === 0) return 0;
  HEAPU8.set(image.data, pointer);
  HEAP32[width_height >> 2] = image.width;
  HEAP32[(width_height >> 2) + 1] = image.height;
  return pointer;
})
// clang-format on

namespace handful::platform {

void WebHost::Send(const schema::Command& command, std::span<const ui::FileId> files) {
  const std::vector<double> ids(files.begin(), files.end());
  const auto [type, id] = schema::HeaderOf(command);
  js_command(type, static_cast<double>(id), schema::ToJson(command).c_str(), ids.data(), static_cast<int>(ids.size()));
}

void WebHost::Release(ui::FileId file) { js_release(static_cast<double>(file)); }

void WebHost::PickFiles(ui::Pick what) {
  js_pick(what == ui::Pick::kPictures ? "pictures" : what == ui::Pick::kFolder ? "folder" : "model");
}

void WebHost::OpenExample() { js_example(); }

void WebHost::TakeModel() { js_take_model(); }

void WebHost::UseCamera(const ui::CameraWish& wish) {
  std::string json =
      Format("{\"on\":%s,\"rear\":%s,\"device\":", wish.on ? "true" : "false", wish.rear ? "true" : "false");
  ui::AppendJsonString(json, wish.device);
  json += ",\"crop_mode\":";
  ui::AppendJsonString(json, TextOf(wish.crop_mode));
  js_camera((json + "}").c_str());
}

void WebHost::SampleVideo(ui::FileId video, double shots_per_second, schema::CropMode crop_mode) {
  js_sample_video(static_cast<double>(video), shots_per_second, TextOf(crop_mode));
}

void WebHost::AskToPersist() { js_ask_to_persist(); }
void WebHost::KeepBackbone(const std::string& file_name) { js_keep_backbone(file_name.c_str()); }

ui::TextureId WebHost::MakeCameraTexture(int width, int height) {
  if (camera_texture_ == 0) camera_texture_ = screen_.CreateVideoTexture(width, height);
  return camera_texture_;
}

void WebHost::DropCameraTexture() {
  screen_.DestroyTexture(camera_texture_);
  camera_texture_ = 0;
}

void WebHost::SaveText(const std::string& file_name, const std::string& mime_type, const std::string& text) {
  js_save(file_name.c_str(), mime_type.c_str(), text.c_str());
}

void WebHost::ChooseTheme(ui::ThemeMode mode) { js_theme(mode == ui::ThemeMode::kDark ? "dark" : "light"); }

void WebHost::FetchLicenses() { js_fetch_licenses(); }

void WebHost::RequestFrame() { js_frame_wanted(); }

void WebHost::RequestFrameIn(double seconds) { js_frame_wanted_in(seconds); }

void WebHost::UpdateAccess(const std::string& operations_json) { js_access(operations_json.c_str()); }

ui::Pixels WebHost::RasterizeText(const std::string& text, float size_px, bool strong, ui::Color color) {
  int width_height[2] = {};
  const std::string css = Format("rgb(%d %d %d)", color.r, color.g, color.b);
  uint8_t* data = js_rasterize(text.c_str(), size_px, strong ? 1 : 0, css.c_str(), width_height);
  ui::Pixels pixels;
  if (data == nullptr) return pixels;
  pixels.width = width_height[0];
  pixels.height = width_height[1];
  pixels.rgba8.assign(data, data + static_cast<size_t>(pixels.width) * static_cast<size_t>(pixels.height) * 4);
  free(data);
  return pixels;
}

}  // namespace handful::platform
