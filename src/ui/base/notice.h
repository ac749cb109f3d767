// Sentences for the visitor that stay until they are dismissed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace handful::ui {

enum class NoticeKind { kInfo, kWarning, kError };
struct Notice {
  int64_t id = 0;
  NoticeKind kind = NoticeKind::kInfo;
  std::string text;
};
using Notify = std::function<void(NoticeKind, std::string)>;

}  // namespace handful::ui
