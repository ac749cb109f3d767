#include "cli/progress.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

namespace handful::cli {

namespace {

// A bar that is drawn over and over; elsewhere there are lines.
bool DrawsOnTerminal() {
  const char* kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && (kind == nullptr || std::string_view(kind) != "dumb");
}

}  // namespace

Progress::Progress(std::string what, size_t total)
    : what_(std::move(what)), total_(total), terminal_(DrawsOnTerminal()) {}

Progress::~Progress() {
  if (terminal_) std::fputc('\n', stderr);
}

void Progress::Show(size_t done, const std::string& remark) {
  const size_t tenths = total_ == 0 ? 10 : done * 10 / total_;
  if (terminal_) {
    constexpr size_t kWidth = 30;
    const size_t filled = total_ == 0 ? kWidth : done * kWidth / total_;
    std::fprintf(stderr, "\r%s [%s%s] %zu/%zu %s\033[K", what_.c_str(), std::string(filled, '#').c_str(),
                 std::string(kWidth - filled, '.').c_str(), done, total_, remark.c_str());
  } else if (tenths > shown_tenths_ || done == total_) {
    std::fprintf(stderr, "%s %zu/%zu %s\n", what_.c_str(), done, total_, remark.c_str());
  }
  shown_tenths_ = tenths;
}

}  // namespace handful::cli
