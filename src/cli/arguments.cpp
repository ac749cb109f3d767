#include "cli/arguments.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace handful::cli {
namespace {

// The whole text as a number.
bool Read(const char* text, char** end, int64_t& value) {
  value = std::strtoll(text, end, 10);
  return errno == 0;
}
bool Read(const char* text, char** end, int& value) {
  int64_t wide = 0;
  const bool ok = Read(text, end, wide);
  value = static_cast<int>(wide);
  return ok && value == wide;
}
bool Read(const char* text, char** end, double& value) {
  value = std::strtod(text, end);
  return errno == 0;
}

template <class Number>
Status Parse(const std::string& name, const std::string& text, const char* kind, Number& value) {
  char* end = nullptr;
  errno = 0;
  if (!text.empty() && Read(text.c_str(), &end, value) && *end == '\0') return {};
  return Errorf("%s wants %s, not \"%s\"", name.c_str(), kind, text.c_str());
}

}  // namespace

bool Arguments::Flag(const std::string& name) {
  const auto end = std::find(words_.begin(), words_.end(), "--");
  const auto found = std::find(words_.begin(), end, name);
  if (found == end) return false;
  words_.erase(found);
  return true;
}

const std::string* Arguments::Take(const std::string& name) {
  const auto end = std::find(words_.begin(), words_.end(), "--");
  const auto found = std::find_if(
      words_.begin(), end, [&](const std::string& word) { return word == name || word.starts_with(name + "="); });
  if (found == end) return nullptr;
  if (found->size() > name.size()) {
    taken_ = found->substr(name.size() + 1);
    words_.erase(found);
    return &taken_;
  }
  if (found + 1 == end) {
    if (status_.ok()) status_ = Errorf("%s wants a value", name.c_str());
    words_.erase(found);
    return nullptr;
  }
  taken_ = *(found + 1);
  words_.erase(found, found + 2);
  return &taken_;
}

void Arguments::Option(const std::string& name, std::string& value) {
  if (const std::string* text = Take(name)) value = *text;
}
void Arguments::Option(const std::string& name, int& value) {
  if (const std::string* text = Take(name); text != nullptr && status_.ok())
    status_ = Parse(name, *text, "a whole number", value);
}
void Arguments::Option(const std::string& name, int64_t& value) {
  if (const std::string* text = Take(name); text != nullptr && status_.ok())
    status_ = Parse(name, *text, "a whole number", value);
}
void Arguments::Option(const std::string& name, double& value) {
  if (const std::string* text = Take(name); text != nullptr && status_.ok())
    status_ = Parse(name, *text, "a number", value);
}

Result<std::vector<std::string>> Arguments::Positional(size_t least, size_t most) {
  HANDFUL_TRY(status_);
  std::vector<std::string> rest;
  bool options_over = false;
  for (const std::string& word : words_) {
    if (!options_over && word == "--") {
      options_over = true;
    } else if (!options_over && word.starts_with("--")) {
      return Errorf("unknown option %s", word.c_str());
    } else {
      rest.push_back(word);
    }
  }
  if (rest.size() < least)
    return least - rest.size() == 1 ? Errorf("1 argument is missing")
                                    : Errorf("%zu arguments are missing", least - rest.size());
  if (rest.size() > most) return Errorf("one argument too many: %s", rest[most].c_str());
  return rest;
}

}  // namespace handful::cli
