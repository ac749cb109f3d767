// Command line arguments: options that a verb declares, and the rest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "schema/enums.h"

namespace handful::cli {

// Parses `--name value`, `--name=value` and plain flags; everything else is positional. Errors are for exit code 2.
class Arguments {
 public:
  Arguments(int argc, const char* const* argv) : words_(argv, argv + argc) {}

  // Each takes its option out of the words. A value that does not fit is remembered for Positional.
  bool Flag(const std::string& name);
  void Option(const std::string& name, std::string& value);
  void Option(const std::string& name, int& value);
  void Option(const std::string& name, int64_t& value);
  void Option(const std::string& name, double& value);
  template <schema::Enumerated E>
  void Option(const std::string& name, std::optional<E>& value) {
    const std::string* text = Take(name);
    if (text == nullptr || !status_.ok()) return;
    value = schema::FromText<E>(*text);
    if (!value)
      status_ = Errorf("%s is \"%s\", not %s", name.c_str(), text->c_str(), schema::InWords(EnumTypeOf(E{})).c_str());
  }
  template <schema::Enumerated E>
  void Option(const std::string& name, E& value) {
    std::optional<E> given;
    Option(name, given);
    value = given.value_or(value);
  }

  // What is left once all options were asked for; an option nobody asked for is an error, as are fewer words than
  // `least` or more than `most`.
  Result<std::vector<std::string>> Positional(size_t least, size_t most = SIZE_MAX);

 private:
  // The value of `--name`, or null where it is not given.
  const std::string* Take(const std::string& name);

  std::vector<std::string> words_;
  std::string taken_;
  Status status_;
};

}  // namespace handful::cli
