// The capture session of a picture, read off its file name.
#pragma once

#include <memory>
#include <string>

#include "base/status.h"

namespace handful::cli {

// A POSIX extended regular expression in which \d and \D are known, too. Its first capture is the group.
class GroupPattern {
 public:
  static Result<GroupPattern> Compile(const std::string& pattern);
  GroupPattern(GroupPattern&&) noexcept;
  GroupPattern& operator=(GroupPattern&&) noexcept;
  ~GroupPattern();

  // The error names the file that does not match.
  Result<std::string> GroupOf(const std::string& file_name) const;

 private:
  struct Compiled;
  explicit GroupPattern(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace handful::cli
