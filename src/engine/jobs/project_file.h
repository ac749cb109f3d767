// project.json, what a project's zip begins with (docs/FORMATS.md).
#pragma once

#include <cstdint>
#include <span>

#include "base/status.h"
#include "schema/records.h"

namespace handful::engine {

inline constexpr char kProjectFile[] = "project.json";

// Errors: no JSON, another format, a newer version, a field of the wrong type.
Result<schema::ProjectFile> ReadProjectFile(std::span<const uint8_t> json);

}  // namespace handful::engine
