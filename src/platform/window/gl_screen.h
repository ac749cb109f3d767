// Shows what Dear ImGui drew, by OpenGL 3 or WebGL 2, and keeps pictures on the graphics card.
// A GL context must be current, and an ImGui context too.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ui/base/host.h"
#include "ui/frame/app.h"

struct GLFWwindow;

namespace handful::platform {

class GlScreen {
 public:
  // False where the context lacks what is needed.
  bool Start();
  void Stop();

  void UploadFonts();
  ui::TextureId CreateTexture(const ui::Pixels& pixels);
  // For pictures that change with every frame: linear filtering, no mipmaps, nothing in it yet.
  ui::TextureId CreateVideoTexture(int width, int height);
  void DestroyTexture(ui::TextureId texture);

  // One frame of `app` on the current framebuffer. Returns whether it wants another.
  bool Draw(ui::App& app, double seconds);
  // The framebuffer's lower left width × height pixels, top row first.
  static ui::Pixels Read(int width, int height);

 private:
  bool started_ = false;
};

// Where a window's pointer, wheel and dropped files go.
struct WindowInput {
  ui::App& app;
  std::function<void(std::vector<std::string> paths, ui::Vec2 at)> dropped;
};
// Makes `input` the window's user pointer; it must outlive the window.
void InstallInput(GLFWwindow* window, WindowInput& input);

}  // namespace handful::platform
