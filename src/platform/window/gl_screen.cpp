#include "platform/window/gl_screen.h"

#ifdef __EMSCRIPTEN__
#include <GLES3/gl3.h>
#define GLFW_INCLUDE_NONE
#else
#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>
#include <GL/glext.h>
#endif
#include <algorithm>

#include <GLFW/glfw3.h>

#include "imgui.h"
#include "imgui_impl_opengl3.h"

namespace handful::platform {

bool GlScreen::Start() {
#ifdef __EMSCRIPTEN__
  started_ = ImGui_ImplOpenGL3_Init("#version 300 es");
#else
  started_ = ImGui_ImplOpenGL3_Init("#version 130");
#endif
  return started_;
}

void GlScreen::Stop() {
  if (started_) ImGui_ImplOpenGL3_Shutdown();
  started_ = false;
}

void GlScreen::UploadFonts() {
  // All of the renderer's objects are made here and not in ImGui_ImplOpenGL3_NewFrame: it would rasterise an atlas
  // without fonts.
  ImGui_ImplOpenGL3_DestroyDeviceObjects();
  ImGui_ImplOpenGL3_CreateDeviceObjects();
  ImGui::GetIO().Fonts->ClearTexData();  // the graphics card has it now
}

namespace {

// Linear where it is enlarged, clamped at its edges; left bound.
GLuint NewTexture(GLint min_filter, int width, int height, const void* pixels) {
  GLuint texture = 0;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, min_filter);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
  return texture;
}

}  // namespace

ui::TextureId GlScreen::CreateTexture(const ui::Pixels& pixels) {
  const GLuint texture = NewTexture(GL_LINEAR_MIPMAP_LINEAR, pixels.width, pixels.height, pixels.rgba8.data());
  glGenerateMipmap(GL_TEXTURE_2D);
  return texture;
}

ui::TextureId GlScreen::CreateVideoTexture(int width, int height) {
  return NewTexture(GL_LINEAR, width, height, nullptr);
}

void GlScreen::DestroyTexture(ui::TextureId texture) {
  if (texture == 0) return;
  const auto name = static_cast<GLuint>(texture);
  glDeleteTextures(1, &name);
}

bool GlScreen::Draw(ui::App& app, double seconds) {
  const bool more = app.Frame(seconds);
  const ImDrawData* data = ImGui::GetDrawData();
  if (data == nullptr || !data->Valid) return more;
  glViewport(0, 0, static_cast<GLsizei>(data->DisplaySize.x), static_cast<GLsizei>(data->DisplaySize.y));
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  return more;
}

ui::Pixels GlScreen::Read(int width, int height) {
  ui::Pixels pixels{width, height, std::vector<uint8_t>(static_cast<size_t>(width) * static_cast<size_t>(height) * 4)};
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, pixels.rgba8.data());
  const size_t row = static_cast<size_t>(width) * 4;
  for (int y = 0; y < height / 2; ++y) {
    uint8_t* a = pixels.rgba8.data() + static_cast<size_t>(y) * row;
    std::swap_ranges(a, a + row, pixels.rgba8.data() + static_cast<size_t>(height - 1 - y) * row);
  }
  return pixels;
}

namespace {

WindowInput& InputOf(GLFWwindow* window) { return *static_cast<WindowInput*>(glfwGetWindowUserPointer(window)); }

// GLFW counts in its own units: pixels on X11, points elsewhere.
ui::Vec2 ToCss(GLFWwindow* window, double x, double y) {
  int window_width = 0, framebuffer_width = 0;
  float scale = 1, scale_y = 1;  // Emscripten's GLFW wants both
  glfwGetWindowSize(window, &window_width, nullptr);
  glfwGetFramebufferSize(window, &framebuffer_width, nullptr);
  glfwGetWindowContentScale(window, &scale, &scale_y);
  const double factor = window_width > 0 ? framebuffer_width / static_cast<double>(scale) / window_width : 1;
  return {static_cast<float>(x * factor), static_cast<float>(y * factor)};
}

ui::Vec2 PointerOf(GLFWwindow* window) {
  double x = 0, y = 0;
  glfwGetCursorPos(window, &x, &y);
  return ToCss(window, x, y);
}

}  // namespace

void InstallInput(GLFWwindow* window, WindowInput& input) {
  glfwSetWindowUserPointer(window, &input);
  glfwSetCursorPosCallback(window, [](GLFWwindow* w, double x, double y) {
    const ui::Vec2 at = ToCss(w, x, y);
    InputOf(w).app.PointerMoved(at.x, at.y);
  });
  glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int entered) {
    if (entered == 0) InputOf(w).app.PointerLeft();
  });
  glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int button, int action, int) {
    if (button != GLFW_MOUSE_BUTTON_LEFT) return;
    const ui::Vec2 at = PointerOf(w);
    InputOf(w).app.PointerMoved(at.x, at.y);
    InputOf(w).app.PointerButton(action == GLFW_PRESS);
  });
  glfwSetScrollCallback(window, [](GLFWwindow* w, double, double steps) {
    constexpr double kStep = 60;  // CSS px a notch of the wheel
    const ui::Vec2 at = PointerOf(w);
    InputOf(w).app.ScrollBy(at.x, at.y, static_cast<float>(-steps * kStep));
  });
  glfwSetWindowRefreshCallback(window, [](GLFWwindow* w) { InputOf(w).app.Redraw(); });
  glfwSetDropCallback(window, [](GLFWwindow* w, int count, const char** paths) {
    if (InputOf(w).dropped) InputOf(w).dropped({paths, paths + count}, PointerOf(w));
  });
}

}  // namespace handful::platform
