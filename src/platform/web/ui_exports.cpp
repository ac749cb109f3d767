#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <GLFW/glfw3.h>
#include <emscripten.h>
#include <nlohmann/json.hpp>

#include "platform/web/ui_abi.h"
#include "platform/web/ui_host.h"
#include "platform/window/gl_screen.h"
#include "schema/json.h"
#include "ui/frame/app.h"

namespace {

using namespace handful;

// The page has one canvas, so there is one of these.
struct Page {
  platform::GlScreen screen;
  platform::WebHost host{screen};
  ui::App app{host};
  platform::WindowInput input{app, {}};  // the page hears of dropped files first
  GLFWwindow* window = nullptr;
  std::vector<ui::FileRef> files;
  std::vector<ui::Backbones::Shipped> shipped;
};
std::unique_ptr<Page> g_page;

std::string Text(const char* text, size_t length) { return {text, length}; }

std::vector<uint8_t> Bytes(const uint8_t* data, size_t bytes) { return {data, data + bytes}; }

ui::FileRef File(double id, const char* name, size_t length, double bytes) {
  return {.id = static_cast<ui::FileId>(id), .name = Text(name, length), .bytes = static_cast<int64_t>(bytes)};
}

// What web/page/camera.ts says; what it leaves out keeps its default.
ui::CameraState CameraStateFromJson(std::string_view text) {
  ui::CameraState state;
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto string = [](const nlohmann::json& object, const char* key) -> std::string {
    const auto it = object.find(key);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  const auto number = [&json](const char* key) {
    const auto it = json.find(key);
    return it != json.end() && it->is_number() ? it->get<int>() : 0;
  };
  // In the order of CameraStatus.
  constexpr std::array kNames = {"off", "starting", "on", "denied", "busy", "unplugged", "none", "insecure", "failed"};
  const auto name = std::ranges::find(kNames, string(json, "status"));
  state.status =
      name == kNames.end() ? ui::CameraStatus::kFailed : static_cast<ui::CameraStatus>(name - kNames.begin());
  state.message = string(json, "message");
  state.device = string(json, "device");
  state.rear = json.contains("rear") && json["rear"] == true;
  state.width = number("width");
  state.height = number("height");
  if (const auto devices = json.find("devices"); devices != json.end() && devices->is_array()) {
    for (const nlohmann::json& device : *devices)
      state.devices.push_back({string(device, "id"), string(device, "label")});
  }
  return state;
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE void* ui_alloc(size_t bytes) { return malloc(bytes); }
EMSCRIPTEN_KEEPALIVE void ui_free(void* pointer) { free(pointer); }

EMSCRIPTEN_KEEPALIVE int ui_start(float width, float height, float dpr, int dark, const uint8_t* regular,
                                  size_t regular_bytes, const uint8_t* strong, size_t strong_bytes) {
  glfwInit();
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_ALPHA_BITS, 0);
  GLFWwindow* window = glfwCreateWindow(static_cast<int>(width), static_cast<int>(height), "Handful", nullptr, nullptr);
  if (window == nullptr) return 0;
  glfwMakeContextCurrent(window);
  g_page = std::make_unique<Page>();
  g_page->window = window;
  if (!g_page->screen.Start()) {
    g_page.reset();
    return 0;
  }
  g_page->app.Resize(width, height, dpr);
  g_page->app.SetDark(dark != 0);
  if (!g_page->app.SetFonts(Bytes(regular, regular_bytes), Bytes(strong, strong_bytes)).ok()) return 0;
  platform::InstallInput(window, g_page->input);
  return 1;
}

EMSCRIPTEN_KEEPALIVE void ui_resize(float width, float height, float dpr) {
  glfwSetWindowSize(g_page->window, static_cast<int>(width), static_cast<int>(height));
  g_page->app.Resize(width, height, dpr);
}

EMSCRIPTEN_KEEPALIVE void ui_dark(int dark) { g_page->app.SetDark(dark != 0); }
EMSCRIPTEN_KEEPALIVE void ui_drop_active(int active, float x, float y) {
  g_page->app.SetDropActive(active != 0, {x, y});
}

EMSCRIPTEN_KEEPALIVE void ui_file(double id, const char* name, size_t length, double bytes, int from_folder) {
  g_page->files.push_back(File(id, name, length, bytes));
  g_page->files.back().from_folder = from_folder != 0;
}

EMSCRIPTEN_KEEPALIVE void ui_files_end(int kind, float x, float y, double control) {
  const std::vector<ui::FileRef> files = std::move(g_page->files);
  g_page->files.clear();
  using Kind = ui::FilesFrom::Kind;
  g_page->app.AddFiles(files, {.kind = kind == 1   ? Kind::kPicked
                                       : kind == 2 ? Kind::kPasted
                                                   : Kind::kDropped,
                               .at = {x, y},
                               .control = static_cast<ui::AccessId>(control)});
}

EMSCRIPTEN_KEEPALIVE void ui_example(double id, const char* name, size_t length) {
  g_page->app.OpenExample(File(id, name, length, 0));
}

EMSCRIPTEN_KEEPALIVE void ui_shipped(double backbone_id, const char* backbone, size_t backbone_length,
                                     double backbone_bytes, double head_id, const char* head, size_t head_length,
                                     double head_bytes, const char* name, size_t name_length) {
  g_page->shipped.push_back({File(backbone_id, backbone, backbone_length, backbone_bytes),
                             File(head_id, head, head_length, head_bytes), Text(name, name_length)});
}

EMSCRIPTEN_KEEPALIVE void ui_shipped_end() { g_page->app.OpenShipped(std::exchange(g_page->shipped, {})); }

EMSCRIPTEN_KEEPALIVE void ui_event(const char* json, size_t length, const uint32_t* buffers, size_t buffer_count) {
  Result<schema::Event> event = schema::EventFromJson({json, length});
  if (!event.ok()) {
    g_page->app.Notify(ui::NoticeKind::kError,
                       "The engine said something that this page does not understand: " + event.status().message());
    return;
  }
  schema::EventEnvelope envelope{std::move(*event), {}};
  for (size_t i = 0; i < buffer_count; ++i) {
    envelope.buffers.push_back(
        Bytes(reinterpret_cast<const uint8_t*>(static_cast<uintptr_t>(buffers[2 * i])), buffers[2 * i + 1]));
  }
  g_page->app.OnEvent(std::move(envelope));
}

EMSCRIPTEN_KEEPALIVE void ui_download(const char* what, size_t length, double loaded, double total) {
  g_page->app.OnDownload(Text(what, length), static_cast<int64_t>(loaded), static_cast<int64_t>(total));
}

EMSCRIPTEN_KEEPALIVE void ui_missing(const char* sentence, size_t length) {
  g_page->app.OnMissing(Text(sentence, length));
}

EMSCRIPTEN_KEEPALIVE void ui_engine_stopped(const char* sentence, size_t length) {
  g_page->app.OnEngineStopped(Text(sentence, length));
}

EMSCRIPTEN_KEEPALIVE void ui_notice(int kind, const char* sentence, size_t length) {
  g_page->app.Notify(kind == 2   ? ui::NoticeKind::kError
                     : kind == 1 ? ui::NoticeKind::kWarning
                                 : ui::NoticeKind::kInfo,
                     Text(sentence, length));
}

EMSCRIPTEN_KEEPALIVE void ui_licenses(const char* text, size_t length) { g_page->app.SetLicenses(Text(text, length)); }
EMSCRIPTEN_KEEPALIVE void ui_scroll_by(float x, float y, float dy) { g_page->app.ScrollBy(x, y, dy); }
EMSCRIPTEN_KEEPALIVE void ui_scroll_to(double region, float y) {
  g_page->app.ScrollTo(static_cast<ui::AccessId>(region), y);
}
EMSCRIPTEN_KEEPALIVE void ui_activate(double id) { g_page->app.Activate(static_cast<ui::AccessId>(id)); }
EMSCRIPTEN_KEEPALIVE void ui_focus(double id, int ring) { g_page->app.Focus(static_cast<ui::AccessId>(id), ring != 0); }
EMSCRIPTEN_KEEPALIVE void ui_input(double id, const char* text, size_t length, int committed) {
  g_page->app.Input(static_cast<ui::AccessId>(id), Text(text, length), committed != 0);
}

EMSCRIPTEN_KEEPALIVE void ui_choose(double id, int index) { g_page->app.Choose(static_cast<ui::AccessId>(id), index); }
EMSCRIPTEN_KEEPALIVE void ui_hold(double id, int down) { g_page->app.Hold(static_cast<ui::AccessId>(id), down != 0); }

EMSCRIPTEN_KEEPALIVE int ui_key(const char* name, size_t length, int modifiers, int down) {
  constexpr int kCtrl = 1, kShift = 2, kAlt = 4;
  return g_page->app.Key(Text(name, length), (modifiers & kCtrl) != 0, (modifiers & kShift) != 0,
                         (modifiers & kAlt) != 0, down != 0)
             ? 1
             : 0;
}

EMSCRIPTEN_KEEPALIVE void ui_camera_state(const char* json, size_t length) {
  ui::CameraState state = CameraStateFromJson({json, length});
  if (state.status != ui::CameraStatus::kOn) g_page->host.DropCameraTexture();
  g_page->app.OnCameraState(std::move(state));
}

EMSCRIPTEN_KEEPALIVE uint32_t ui_camera_texture(int width, int height) {
  return static_cast<uint32_t>(g_page->host.MakeCameraTexture(width, height));
}

EMSCRIPTEN_KEEPALIVE int ui_camera_frame(double seconds) { return g_page->app.OnCameraFrame(seconds) ? 1 : 0; }

EMSCRIPTEN_KEEPALIVE void ui_shot(double file, double bytes, double video, double seconds, int index, int total) {
  g_page->app.OnShot({.file = {.id = static_cast<ui::FileId>(file), .bytes = static_cast<int64_t>(bytes)},
                      .video = static_cast<ui::FileId>(video),
                      .seconds = seconds,
                      .index = index,
                      .total = total});
}

EMSCRIPTEN_KEEPALIVE void ui_video_end(double video, const char* sentence, size_t length) {
  g_page->app.OnVideoEnd(static_cast<ui::FileId>(video), Text(sentence, length));
}

EMSCRIPTEN_KEEPALIVE int ui_frame(double seconds) { return g_page->screen.Draw(g_page->app, seconds) ? 1 : 0; }

}  // extern "C"
