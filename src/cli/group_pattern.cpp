#include "cli/group_pattern.h"

#include <regex.h>

namespace handful::cli {
namespace {

// \d → [0-9], \D → [^0-9]; std::regex would know them, but reports errors by exceptions.
std::string WithDigitClasses(const std::string& pattern) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool escaped = pattern[i] == '\\' && i + 1 < pattern.size();
    if (escaped && pattern[i + 1] == 'd') {
      out += "[0-9]";
    } else if (escaped && pattern[i + 1] == 'D') {
      out += "[^0-9]";
    } else {
      out += pattern[i];
      if (!escaped) continue;
      out += pattern[i + 1];
    }
    ++i;
  }
  return out;
}

}  // namespace

struct GroupPattern::Compiled {
  regex_t regex = {};
  std::string pattern;
  ~Compiled() { regfree(&regex); }
};

GroupPattern::GroupPattern(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
GroupPattern::GroupPattern(GroupPattern&&) noexcept = default;
GroupPattern& GroupPattern::operator=(GroupPattern&&) noexcept = default;
GroupPattern::~GroupPattern() = default;

Result<GroupPattern> GroupPattern::Compile(const std::string& pattern) {
  regex_t regex = {};
  if (const int code = regcomp(&regex, WithDigitClasses(pattern).c_str(), REG_EXTENDED); code != 0) {
    char reason[200];
    regerror(code, &regex, reason, sizeof reason);
    return Errorf("the pattern \"%s\" is no regular expression: %s", pattern.c_str(), reason);
  }
  auto compiled = std::make_unique<Compiled>();
  compiled->regex = regex;
  compiled->pattern = pattern;
  if (regex.re_nsub < 1)
    return Errorf("the pattern \"%s\" captures nothing: put the part that names the group in (…)", pattern.c_str());
  return GroupPattern(std::move(compiled));
}

Result<std::string> GroupPattern::GroupOf(const std::string& file_name) const {
  regmatch_t match[2];
  if (regexec(&compiled_->regex, file_name.c_str(), 2, match, 0) != 0 || match[1].rm_so < 0) {
    return Errorf("the file name does not match the pattern \"%s\"", compiled_->pattern.c_str());
  }
  return file_name.substr(static_cast<size_t>(match[1].rm_so), static_cast<size_t>(match[1].rm_eo - match[1].rm_so));
}

}  // namespace handful::cli
