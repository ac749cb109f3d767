#include "ui/try/csv.h"

#include <string_view>

#include "base/status.h"

namespace handful::ui {
namespace {

void AppendField(std::string& line, std::string_view text) {
  if (!line.empty() && line.back() != '\n') line += ',';
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

}  // namespace

std::string ToCsv(Try& trying) {
  std::string csv = "file,answer,probability,second,second_probability,milliseconds,width,height,warning,error\r\n";
  for (const int index : trying.order.Order()) {
    const Picture& p = trying.queue.pictures()[static_cast<size_t>(index)];
    const bool done = p.state == PictureState::kDone;
    std::string line;
    // An empty name would swallow its comma.
    AppendField(line, p.name.empty() ? "(unnamed)" : p.name);
    for (size_t rank = 0; rank < 2; ++rank) {
      const bool has = done && rank < p.top.size();
      AppendField(line, has ? p.top[rank].label : "");
      AppendField(line, has ? Format("%.6f", p.top[rank].p) : "");
    }
    AppendField(line, done ? Format("%.2f", p.ms) : "");
    AppendField(line, done ? std::to_string(p.width) : "");
    AppendField(line, done ? std::to_string(p.height) : "");
    AppendField(line, p.warning);
    AppendField(line, p.error);
    csv += line + "\r\n";
  }
  return csv;
}

}  // namespace handful::ui
