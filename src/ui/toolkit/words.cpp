#include "ui/toolkit/words.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "base/status.h"
#include "ui/toolkit/utf8.h"

namespace handful::ui {

std::string NumberText(double value) {
  if (value == std::floor(value) && std::fabs(value) < 1e16) return Format("%.0f", value);
  return Format("%.6g", value);
}

std::string Percent(double p) {
  // Rounding must not claim what no classifier knows.
  if (p > 0.999) return "> 99.9 %";
  if (p < 0.001) return "< 0.1 %";
  return Format("%.1f %%", p * 100);
}

std::string Milliseconds(double ms) {
  if (ms >= 1000) return Format("%.1f s", ms / 1000);
  return Format(ms < 10 ? "%.1f ms" : "%.0f ms", ms);
}

std::string Megabytes(int64_t bytes) { return Format("%.1f MB", static_cast<double>(bytes) / 1e6); }

std::string Count(int64_t n, const char* one, const char* many) {
  return Format("%lld %s", static_cast<long long>(n), n == 1 ? one : many);
}

std::string Sentence(std::string text) {
  if (text.empty()) return text;
  // A file's name in front stays as it is.
  const size_t colon = text.find(':'), space = text.find(' ');
  const bool named = colon != std::string::npos && colon < space;
  if (!named && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  if (std::string(".!?…").find(text.back()) == std::string::npos) text += '.';
  return text;
}

std::string BaseName(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string Quoted(const std::string& name) {
  constexpr size_t kMostLetters = 32;
  size_t at = 0;
  for (size_t letters = 0; at < name.size() && letters < kMostLetters; ++letters) NextCodePoint(name, at);
  return "“" + name.substr(0, at) + (at < name.size() ? "…" : "") + "”";
}

std::string Joined(const std::vector<std::string>& names, size_t at_most) {
  std::string text;
  for (size_t i = 0; i < names.size() && i < at_most; ++i) text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > at_most) text += ", …";
  return text;
}

std::string WhenText(int64_t time_ms, int64_t now_ms) {
  const auto time = static_cast<std::time_t>(time_ms / 1000), now = static_cast<std::time_t>(now_ms / 1000);
  std::tm then{}, today{};
  localtime_r(&time, &then);
  localtime_r(&now, &today);
  const std::string clock = Format("%02d:%02d", then.tm_hour, then.tm_min);
  if (then.tm_year == today.tm_year && then.tm_yday == today.tm_yday) return clock;
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::string day = Format("%d %s", then.tm_mday, kMonths[then.tm_mon]);
  if (then.tm_year != today.tm_year) day += Format(" %d", then.tm_year + 1900);
  return day + ", " + clock;
}

}  // namespace handful::ui
