#include "ui/toolkit/words.h"

#include "base/status.h"

namespace handful::ui {

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

}  // namespace handful::ui
