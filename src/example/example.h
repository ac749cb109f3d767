// A project to look at before one has pictures of one's own: drawn, not photographed, and the same on every machine.
//
//   Result<std::vector<uint8_t>> zip = example::ProjectZip();  // docs/FORMATS.md, "A project as one zip"
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"

namespace handful::example {

// Four kinds of fruit, each in two recordings: on a cloth, and more on a wooden table in other light. A training holds
// the smaller one out.
Result<std::vector<uint8_t>> ProjectZip();

}  // namespace handful::example
