// Native programs only: runs a function in a process of its own, so that a library which crashes or hangs on hostile
// input takes nothing with it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/status.h"

namespace handful::importers {

// What `work` returned there. An error where the process died, or took more than `max_seconds`.
Result<std::vector<uint8_t>> RunIsolated(const std::function<Result<std::vector<uint8_t>>()>& work,
                                         unsigned max_seconds);

}  // namespace handful::importers
