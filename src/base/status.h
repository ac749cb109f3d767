// Errors are values. A Status is either ok or carries one sentence a user can act on: it names
// the file, the field and the offending number. Nothing in Handful throws or aborts on bad input.
//
// The sentence is kept as phrases, so that it can be said in another language: each is a template, which is its key in
// a catalogue of sentences (tools/phrases.mjs lists them all), and what stands in its places.
//
//   Result<Image> r = Decode(bytes);
//   if (!r.ok()) return r.status();
//   Use(*r);
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace handful {

struct Phrase {
  std::string code;                    // printf's format: "there is no class %lld in this project"
  std::vector<std::string> arguments;  // for its conversions, as text: {"7"}
};

class [[nodiscard]] Status {
 public:
  Status() = default;  // ok
  static Status Ok() { return {}; }
  // A sentence that somebody else wrote.
  static Status Error(std::string sentence) { return Status({"%s", {std::move(sentence)}}); }
  explicit Status(Phrase phrase) : ok_(false), phrases_{std::move(phrase)} {}
  bool ok() const { return ok_; }
  // "" where it is ok.
  std::string message() const;
  // Said one after the other, with ": " between them.
  const std::vector<Phrase>& phrases() const { return phrases_; }

  // Puts "where: " in front of the sentence, e.g. the file's name, or what could not be done because of it. Ok stays
  // ok.
  Status WithContext(const std::string& where) const { return WithContextf("%s", where.c_str()); }
  [[gnu::format(printf, 2, 3)]] Status WithContextf(const char* format, ...) const;

 private:
  bool ok_ = true;
  std::vector<Phrase> phrases_;
};

// printf-style error, e.g. Errorf("width %d exceeds %d", w, kMax). Conversions: d i u x X o c s e f g, with h, l, ll
// and z, and %%.
[[gnu::format(printf, 1, 2)]] Status Errorf(const char* format, ...);
// printf into a std::string.
[[gnu::format(printf, 1, 2)]] std::string Format(const char* format, ...);

// A value or the Status that says why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}                                  // NOLINT: implicit by design
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
#define HANDFUL_TRY(expression)                                                              \
  do {                                                                                       \
    if (::handful::Status handful_try = (expression); !handful_try.ok()) return handful_try; \
  } while (false)

}  // namespace handful
