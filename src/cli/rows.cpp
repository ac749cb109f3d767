#include "cli/rows.h"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace handful::cli {

void PrintJson(const nlohmann::ordered_json& row) {
  std::printf("%s\n", row.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

void PrintFailure(const std::string& file, const std::string& message, bool json) {
  if (json) PrintJson({{"file", file}, {"error", message}});
  std::fprintf(stderr, "%s: %s\n", file.c_str(), message.c_str());
}

}  // namespace handful::cli
