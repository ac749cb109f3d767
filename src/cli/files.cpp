#include "cli/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

namespace handful::cli {
namespace {

namespace fs = std::filesystem;

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

Result<std::vector<fs::path>> SortedEntries(const fs::path& directory, bool folders) {
  std::error_code error;
  std::vector<fs::path> entries;
  fs::directory_iterator it(directory, error);
  for (; !error && it != fs::directory_iterator(); it.increment(error)) {
    const bool is_folder = it->is_directory(error);
    const bool hidden = it->path().filename().string().starts_with(".");
    if (!error && is_folder == folders && !hidden) entries.push_back(it->path());
  }
  if (error) return Errorf("%s: %s", directory.c_str(), error.message().c_str());
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace

Result<std::vector<uint8_t>> ReadFile(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return Errorf("is a directory, not a file");
  const File file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return Errorf("cannot be opened: %s", std::strerror(errno));
  std::vector<uint8_t> bytes;
  uint8_t chunk[1 << 16];
  size_t n = 0;
  while ((n = std::fread(chunk, 1, sizeof chunk, file.get())) > 0) bytes.insert(bytes.end(), chunk, chunk + n);
  if (std::ferror(file.get()) != 0) return Errorf("cannot be read: %s", std::strerror(errno));
  return bytes;
}

Status WriteFile(const std::string& path, const std::vector<uint8_t>& bytes) {
  const std::string partial = path + ".part";
  std::error_code error;
  {
    const File file(std::fopen(partial.c_str(), "wb"));
    if (file == nullptr) return Errorf("%s cannot be written: %s", path.c_str(), std::strerror(errno));
    if (std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size() || std::fflush(file.get()) != 0) {
      const Status why = Errorf("%s cannot be written: %s", path.c_str(), std::strerror(errno));
      fs::remove(partial, error);  // it would keep what room is left
      return why;
    }
  }
  fs::rename(partial, path, error);
  return error ? Errorf("%s cannot be written: %s", path.c_str(), error.message().c_str()) : Status();
}

Result<std::vector<LabelledFile>> ListClassFolders(const std::string& directory) {
  Result<std::vector<fs::path>> folders = SortedEntries(directory, /*folders=*/true);
  if (!folders.ok()) return folders.status();
  std::vector<LabelledFile> files;
  for (const fs::path& folder : *folders) {
    Result<std::vector<fs::path>> entries = SortedEntries(folder, /*folders=*/false);
    if (!entries.ok()) return entries.status();
    for (const fs::path& entry : *entries) {
      files.push_back({entry.string(), entry.filename().string(), folder.filename().string()});
    }
  }
  if (files.empty())
    return Errorf("%s has no folders with pictures in them: one folder a class is expected", directory.c_str());
  return files;
}

std::string ModelPath(const std::string& file_name) {
  const char* folder = std::getenv("HANDFUL_MODELS");
  return std::string(folder == nullptr ? "models" : folder) + "/" + file_name;
}

}  // namespace handful::cli
