// Errors are values. A Status is either ok or carries one sentence a user can act on: it names
// the file, the field and the offending number. Nothing in Handful throws or aborts on bad input.
//
//   Result<Image> r = Decode(bytes);
//   if (!r.ok()) return r.status();
//   Use(*r);
#pragma once

#include <cassert>
#include <cstdarg>
#include <optional>
#include <string>
#include <utility>

namespace handful {

class [[nodiscard]] Status {
 public:
  Status() = default;  // ok
  static Status Ok() { return {}; }
  static Status Error(std::string sentence) {
    Status s;
    s.message_ = std::move(sentence);
    s.ok_ = false;
    return s;
  }
  bool ok() const { return ok_; }
  const std::string& message() const { return message_; }

  // Puts "where: " in front of the sentence, e.g. the file's name. Ok stays ok.
  Status WithContext(const std::string& where) const {
    return ok_ ? *this : Error(where + ": " + message_);
  }

 private:
  bool ok_ = true;
  std::string message_;
};

// printf-style error, e.g. Errorf("width %d exceeds %d", w, kMax).
[[gnu::format(printf, 1, 2)]] Status Errorf(const char* format, ...);
// printf into a std::string.
[[gnu::format(printf, 1, 2)]] std::string Format(const char* format, ...);
std::string FormatV(const char* format, va_list args);

// A value or the Status that says why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}                                // NOLINT: implicit by design
  Result(Status status) : status_(std::move(status)) { assert(!status_.ok()); }  // NOLINT

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T&& operator*() && { return *std::move(value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Status status_;
};

// Returns the error of `expression` from the enclosing function.
#define HANDFUL_TRY(expression)                               \
  do {                                                        \
    if (::handful::Status handful_try = (expression); !handful_try.ok()) return handful_try; \
  } while (false)

}  // namespace handful
