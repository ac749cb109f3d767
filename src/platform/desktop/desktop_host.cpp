#include "platform/desktop/desktop_host.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/files.h"

namespace handful::platform {

namespace fs = std::filesystem;

ui::FileRef DesktopHost::Register(const std::string& path, const std::string& name, bool from_folder) {
  std::error_code ignored;  // a size that cannot be had is 0; reading the file will say why
  const auto size = fs::file_size(path, ignored);
  const ui::FileId id = next_file_++;
  paths_[id] = path;
  return {.id = id, .name = name, .bytes = ignored ? 0 : static_cast<int64_t>(size), .from_folder = from_folder};
}

void DesktopHost::AddPaths(std::span<const std::string> paths, const ui::FilesFrom& from) {
  std::vector<ui::FileRef> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(Register(path, fs::path(path).filename().string(), false));
      continue;
    }
    std::vector<fs::path> found;
    for (fs::recursive_directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
      std::error_code ignored;
      const bool hidden = it->path().filename().string().starts_with('.');
      if (!hidden && it->is_regular_file(ignored)) found.push_back(it->path());
    }
    if (error) app_->Notify(ui::NoticeKind::kError, path + ": " + error.message());
    std::sort(found.begin(), found.end());
    for (const fs::path& file : found) {
      files.push_back(Register(file.string(), file.lexically_relative(fs::path(path).parent_path()).string(), true));
    }
  }
  app_->AddFiles(files, from);
}

bool DesktopHost::TakeFrameWish() { return std::exchange(frame_wished_, false); }

void DesktopHost::Send(const schema::Command& command, std::span<const ui::FileId> files) {
  std::vector<std::string> paths;
  for (const ui::FileId file : files) paths.push_back(paths_[file]);
  engine_.Post(command, std::move(paths));
}

void DesktopHost::UseCamera(const ui::CameraWish& wish) {
  ui::CameraState state;
  if (wish.on) state.status = ui::CameraStatus::kNone;
  app_->OnCameraState(std::move(state));
}

void DesktopHost::SampleVideo(ui::FileId video, double shots_per_second, schema::CropMode) {
  if (shots_per_second > 0)
    app_->OnVideoEnd(video, "The desktop's window cannot play videos; the page in a browser can.");
}

void DesktopHost::SaveText(const std::string& file_name, const std::string&, const std::string& text) {
  const Status saved = cli::WriteFile(file_name, {text.begin(), text.end()});
  std::error_code ignored;
  app_->Notify(saved.ok() ? ui::NoticeKind::kInfo : ui::NoticeKind::kError,
               saved.ok() ? "Saved as " + fs::absolute(file_name, ignored).string() : saved.message());
}

void DesktopHost::ChooseTheme(ui::ThemeMode mode) { app_->SetDark(mode == ui::ThemeMode::kDark); }

void DesktopHost::FetchLicenses() {
  const Result<std::vector<uint8_t>> text = cli::ReadFile("dist/LICENSES.txt");
  app_->SetLicenses(text.ok()
                        ? std::string(text->begin(), text->end())
                        : "The licences lie in dist/LICENSES.txt once the site is built (tools/run --build-only).");
}

}  // namespace handful::platform
