// handful_ui_desktop: the page's user interface in a window of the desktop.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "cli/files.h"
#include "cli/shipped.h"
#include "platform/desktop/desktop_host.h"

namespace {

using namespace handful;

constexpr char kUsage[] =
    "usage: handful_ui_desktop [--size WIDTHxHEIGHT] [--dark] [--report FILE.json] [--screenshot FILE.ppm] [PICTURE | "
    "MODEL | FOLDER]...\n"
    "  --report      write what the window shows (roles, names, values, rectangles) once all pictures are answered, "
    "and end\n"
    "  --screenshot  with --report: write the window's pixels too\n"
    "Models are looked for in $HANDFUL_MODELS, else ./models; the typeface in $HANDFUL_FONTS, else ./dist/fonts.\n";

struct Options {
  int width = 1440, height = 900;
  bool dark = false;
  std::string report, screenshot;
  std::vector<std::string> paths;
};

bool Parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    const bool has_value = i + 1 < argc;
    if (arg == "--dark") options.dark = true;
    else if (arg == "--size" && has_value) {
      if (std::sscanf(argv[++i], "%dx%d", &options.width, &options.height) != 2 || options.width < 1 ||
          options.height < 1)
        return false;
    } else if (arg == "--report" && has_value) options.report = argv[++i];
    else if (arg == "--screenshot" && has_value) options.screenshot = argv[++i];
    else if (arg.starts_with("--")) return false;
    else options.paths.emplace_back(arg);
  }
  return true;
}

Status LoadFonts(ui::App& app) {
  const char* folder = std::getenv("HANDFUL_FONTS");
  const std::string base = folder == nullptr ? "dist/fonts" : folder;
  Result<std::vector<uint8_t>> regular = cli::ReadFile(base + "/Inter-Regular.ttf");
  if (!regular.ok()) return regular.status();
  Result<std::vector<uint8_t>> strong = cli::ReadFile(base + "/Inter-SemiBold.ttf");
  if (!strong.ok()) return strong.status();
  return app.SetFonts(std::move(*regular), std::move(*strong));
}

void OpenModels(platform::DesktopHost& host, ui::App& app) {
  Result<std::vector<cli::ShippedBackbone>> found = cli::ShippedBackbones();
  std::vector<ui::Backbones::Shipped> shipped;
  if (found.ok()) {
    for (const cli::ShippedBackbone& backbone : *found) {
      const auto file = [&](const std::string& path) {
        return path.empty() ? ui::FileRef{}
                            : host.Register(path, std::filesystem::path(path).filename().string(), false);
      };
      shipped.push_back({file(backbone.file), file(backbone.head), backbone.name});
    }
  } else {
    app.OnMissing(found.status().message() + ". Drop the official Keras .h5 file or a Teachable Machine model here.");
  }
  app.OpenShipped(std::move(shipped));
}

Status WritePpm(const std::string& path, const ui::Pixels& pixels) {
  const std::string head = "P6 " + std::to_string(pixels.width) + " " + std::to_string(pixels.height) + " 255\n";
  std::vector<uint8_t> bytes(head.begin(), head.end());
  for (size_t i = 0; i < pixels.rgba8.size(); i += 4) bytes.insert(bytes.end(), &pixels.rgba8[i], &pixels.rgba8[i] + 3);
  return cli::WriteFile(path, bytes);
}

Status WriteReport(const Options& options, GLFWwindow* window, const ui::App& app) {
  const std::string tree = app.access().Dump() + "\n";
  HANDFUL_TRY(cli::WriteFile(options.report, {tree.begin(), tree.end()}));
  if (options.screenshot.empty()) return Status::Ok();
  int width = 0, height = 0;
  glfwGetFramebufferSize(window, &width, &height);
  return WritePpm(options.screenshot, platform::GlScreen::Read(width, height));
}

// Frames on demand until the window is closed, or the report is written.
Status Loop(const Options& options, GLFWwindow* window, platform::GlScreen& screen, platform::EngineThread& engine,
            platform::DesktopHost& host, ui::App& app) {
  bool more = true;
  while (glfwWindowShouldClose(window) == 0) {
    std::vector<schema::EventEnvelope> events = engine.TakeEvents();
    const bool idle = events.empty() && !more;
    for (schema::EventEnvelope& event : events) app.OnEvent(std::move(event));
    if (host.TakeFrameWish() || more) {
      int width = 0, height = 0;
      float scale = 1;
      glfwGetFramebufferSize(window, &width, &height);
      glfwGetWindowContentScale(window, &scale, nullptr);
      app.Resize(static_cast<float>(width) / scale, static_cast<float>(height) / scale, scale);
      host.TakeFrameWish();
      more = screen.Draw(app, glfwGetTime());
      // The report shows what was drawn last, before the buffers change places.
      if (!more && !options.report.empty() && app.Settled() && engine.Idle()) return WriteReport(options, window, app);
      glfwSwapBuffers(window);
    }
    if (idle) glfwWaitEvents();
    else glfwPollEvents();
  }
  return Status::Ok();
}

Status Run(const Options& options, GLFWwindow* window) {
  platform::GlScreen screen;
  platform::EngineThread engine([] { glfwPostEmptyEvent(); });
  platform::DesktopHost host(screen, engine);
  ui::App app(host);
  host.SetApp(&app);
  if (!screen.Start()) return Errorf("this machine's OpenGL cannot show the window: version 3.0 is needed");
  app.SetDark(options.dark);
  Status status = LoadFonts(app);
  if (status.ok()) {
    platform::WindowInput input{app, [&host](std::vector<std::string> paths, ui::Vec2 at) {
                                  host.AddPaths(paths, {.kind = ui::FilesFrom::Kind::kDropped, .at = at});
                                }};
    platform::InstallInput(window, input);
    OpenModels(host, app);
    if (!options.paths.empty()) host.AddPaths(options.paths, {.kind = ui::FilesFrom::Kind::kPicked});
    status = Loop(options, window, screen, engine, host, app);
  }
  screen.Stop();
  return status;
}

Status Open(const Options& options) {
  if (glfwInit() == GLFW_FALSE) return Errorf("there is no screen to open a window on");
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
  GLFWwindow* window = glfwCreateWindow(options.width, options.height, "Handful", nullptr, nullptr);
  if (window == nullptr) {
    glfwTerminate();
    return Errorf("no window with OpenGL 3.0 could be opened");
  }
  glfwMakeContextCurrent(window);
  glfwSwapInterval(1);
  const Status status = Run(options, window);
  glfwTerminate();
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!Parse(argc, argv, options)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const Status status = Open(options);
  if (!status.ok()) std::fprintf(stderr, "handful_ui_desktop: %s.\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
