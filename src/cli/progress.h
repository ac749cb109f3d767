// A progress bar on stderr: redrawn in place on a terminal, a line every tenth elsewhere.
#pragma once

#include <cstddef>
#include <string>

namespace handful::cli {

class Progress {
 public:
  Progress(std::string what, size_t total);
  ~Progress();
  void Show(size_t done, const std::string& remark = "");

 private:
  const std::string what_;
  const size_t total_;
  const bool terminal_;
  size_t shown_tenths_ = 0;
};

}  // namespace handful::cli
