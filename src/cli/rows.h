// What verbs print: rows on stdout, reasons on stderr.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace handful::cli {

// JSON, one object a line.
void PrintJson(const nlohmann::ordered_json& row);
// An input that failed: a row with --json, a sentence on stderr in any case.
void PrintFailure(const std::string& file, const std::string& message, bool json);

}  // namespace handful::cli
