// strtod for both modules: musl's reads decimals with 128-bit arithmetic in software, 5 KB of every page. This one
// gives the same bits: exactly representable decimals by one operation, all others by the browser, which rounds to the
// nearest, too. It knows decimal numbers, "inf", "infinity" and "nan", no hexadecimal ones.
#include <cstdint>
#include <cstdlib>

#include <emscripten.h>

EM_JS_DEPS(handful_number_needs, "$UTF8ToString")
EM_JS(double, handful_number, (const char* text, int length), { return Number(UTF8ToString(text, length)); })

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether `text` begins with `word`, in small letters or capitals.
bool Begins(const char* text, const char* word) {
  for (; *word != 0; ++word, ++text) {
    if ((*text | 0x20) != *word) return false;
  }
  return true;
}

}  // namespace

extern "C" double strtod(const char* text, char** end) {
  constexpr uint64_t kMostDigits = 100'000'000'000'000;  // one digit more stays below 2^53
  constexpr int kLargestExactPower = 22;                 // 10^22 is a double, 10^23 is not
  const char* p = text;
  while (*p == ' ' || (*p >= '\t' && *p <= '\r')) ++p;
  const char* const begin = p;
  const bool negative = *p == '-';
  if (*p == '-' || *p == '+') ++p;
  uint64_t digits = 0;
  int exponent = 0;
  bool any = false;
  bool exact = true;
  for (bool fraction = false; IsDigit(*p) || (*p == '.' && !fraction); ++p) {
    if (*p == '.') {
      fraction = true;
      continue;
    }
    any = true;
    if (digits < kMostDigits) {
      digits = digits * 10 + static_cast<uint64_t>(*p - '0');
      exponent -= fraction ? 1 : 0;
    } else {
      exact = false;
    }
  }
  if (!any && (Begins(p, "inf") || Begins(p, "nan"))) {
    const double value = Begins(p, "inf") ? __builtin_inf() : __builtin_nan("");
    if (end != nullptr) *end = const_cast<char*>(p + (Begins(p, "infinity") ? 8 : 3));
    return negative ? -value : value;
  }
  if (!any) {
    if (end != nullptr) *end = const_cast<char*>(text);
    return 0.0;
  }
  if (*p == 'e' || *p == 'E') {
    const char* q = p + 1;
    const bool less = *q == '-';
    if (*q == '-' || *q == '+') ++q;
    if (IsDigit(*q)) {
      int written = 0;
      for (; IsDigit(*q); ++q) written = written < 1000 ? written * 10 + (*q - '0') : written;
      exponent += less ? -written : written;
      p = q;
    }
  }
  if (end != nullptr) *end = const_cast<char*>(p);
  if (!exact || exponent < -kLargestExactPower || exponent > kLargestExactPower) {
    return handful_number(begin, static_cast<int>(p - begin));
  }
  double power = 1.0;
  for (int i = exponent < 0 ? -exponent : exponent; i > 0; --i) power *= 10.0;
  const auto value = static_cast<double>(digits);
  const double result = exponent < 0 ? value / power : value * power;
  return negative ? -result : result;
}

// The standard library's stof and stold, which nobody calls, name these; where they are missing musl's three would
// come.
extern "C" float strtof(const char* text, char** end) { return static_cast<float>(strtod(text, end)); }
extern "C" long double strtold(const char* text, char** end) { return static_cast<long double>(strtod(text, end)); }
