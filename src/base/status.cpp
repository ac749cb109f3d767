#include "base/status.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace handful {
namespace {

std::string FormatV(const char* format, va_list args) {
  va_list again;
  va_copy(again, args);
  const int length = std::vsnprintf(nullptr, 0, format, args);
  std::string text(length > 0 ? static_cast<size_t>(length) : 0, '\0');
  if (length > 0) std::vsnprintf(text.data(), text.size() + 1, format, again);
  va_end(again);
  return text;
}

// The conversion that begins `format`, a '%' and what belongs to it: "%-5.2lld".
std::string_view Conversion(std::string_view format) {
  const size_t end = format.find_first_of("diuxXocsefg%", 1);
  return format.substr(0, end == std::string_view::npos ? format.size() : end + 1);
}

template <class Do>
void ForEachConversion(std::string_view format, const Do& found) {
  for (size_t at = format.find('%'); at != std::string_view::npos; at = format.find('%', at)) {
    const std::string_view conversion = Conversion(format.substr(at));
    found(at, conversion);
    at += conversion.size();
  }
}

// Takes each argument as the type that its conversion says.
Phrase PhraseOf(const char* format, va_list args) {
  Phrase phrase{format, {}};
  ForEachConversion(format, [&](size_t, std::string_view conversion) {
    const std::string one(conversion);
    const char kind = one.back();
    if (kind == '%') return;
    const bool with_stars = one.find('*') != std::string::npos;
    const int star = with_stars ? va_arg(args, int) : 0;  // at most one, a width or a precision
    const auto put = [&](auto value) {
      phrase.arguments.push_back(with_stars ? Format(one.c_str(), star, value) : Format(one.c_str(), value));  // NOLINT
    };
    if (kind == 's') put(va_arg(args, const char*));
    else if (std::strchr("efg", kind) != nullptr) put(va_arg(args, double));
    else if (one.find("ll") != std::string::npos) put(va_arg(args, long long));
    else if (one.find('l') != std::string::npos) put(va_arg(args, long));
    else if (one.find('z') != std::string::npos) put(va_arg(args, size_t));
    else put(va_arg(args, int));
  });
  return phrase;
}

std::string TextOf(const Phrase& phrase) {
  std::string text;
  size_t done = 0, next = 0;
  ForEachConversion(phrase.code, [&](size_t at, std::string_view conversion) {
    text.append(phrase.code, done, at - done);
    text += conversion == "%%" ? "%" : next < phrase.arguments.size() ? phrase.arguments[next++] : "";
    done = at + conversion.size();
  });
  return text.append(phrase.code, done);
}

}  // namespace

std::string Format(const char* format, ...) {
  va_list args;
  va_start(args, format);
  std::string text = FormatV(format, args);
  va_end(args);
  return text;
}

std::string Status::message() const {
  std::string text;
  for (const Phrase& phrase : phrases_) text += (text.empty() ? "" : ": ") + TextOf(phrase);
  return text;
}

Status Status::WithContextf(const char* format, ...) const {
  Status status = *this;
  if (ok_) return status;
  va_list args;
  va_start(args, format);
  status.phrases_.insert(status.phrases_.begin(), PhraseOf(format, args));
  va_end(args);
  return status;
}

Status Errorf(const char* format, ...) {
  va_list args;
  va_start(args, format);
  Status status(PhraseOf(format, args));
  va_end(args);
  return status;
}

}  // namespace handful
