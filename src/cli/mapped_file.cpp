#include "cli/mapped_file.h"

#ifndef __EMSCRIPTEN__

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/exit_code.h"

namespace handful::cli {
namespace {

// Only what a signal handler may call.
[[noreturn]] void SayThatItBroke(int) {
  constexpr std::string_view kSentence =
      "a file was cut short, or its disk failed, while it was being learned from: nothing was written\n";
  (void)!write(STDERR_FILENO, kSentence.data(), kSentence.size());
  _exit(kSomeFailed);
}

}  // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::Open(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Errorf("cannot be opened: %s", std::strerror(errno));
  struct stat about = {};
  Status status;
  void* data = nullptr;
  if (fstat(file, &about) != 0) {
    status = Errorf("cannot be read: %s", std::strerror(errno));
  } else if (!S_ISREG(about.st_mode) || about.st_size == 0) {
    status = Errorf("is empty, or not a file");
  } else {
    data = mmap(nullptr, static_cast<size_t>(about.st_size), PROT_READ, MAP_SHARED, file, 0);
    if (data == MAP_FAILED) status = Errorf("cannot be mapped into memory: %s", std::strerror(errno));
  }
  close(file);
  if (!status.ok()) return status;
  return std::shared_ptr<const MappedFile>(
      new MappedFile(static_cast<const uint8_t*>(data), static_cast<size_t>(about.st_size)));
}

MappedFile::~MappedFile() { munmap(const_cast<uint8_t*>(data_), size_); }

void EndWhereMappedFilesBreak() { std::signal(SIGBUS, SayThatItBroke); }

}  // namespace handful::cli

#else

namespace handful::cli {

Result<std::shared_ptr<const MappedFile>> MappedFile::Open(const std::string&) {
  return Errorf("WebAssembly cannot map files into memory: the native handful can");
}

MappedFile::~MappedFile() = default;

void EndWhereMappedFilesBreak() {}

}  // namespace handful::cli

#endif
