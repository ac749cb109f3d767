#include "ui/words.h"

#include "base/status.h"

namespace handful::ui {

std::string Percent(double p) {
  if (p > 0.999 && p < 1) return "> 99.9 %";
  if (p > 0 && p < 0.001) return "< 0.1 %";
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

std::string BaseName(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace handful::ui
