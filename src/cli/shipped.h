// The models that come with Handful. models/backbones.json lists the backbones, the preferred one first, each with the
// fingers model that stands on it; what of them is there is used. The page reads the same list (web/build.mjs).
#pragma once

#include <string>
#include <vector>

#include "base/status.h"

namespace handful::cli {

struct ShippedBackbone {
  std::string file, head;  // paths; head may be empty: there is none
  std::string name;        // short: "Handful's own"
};

// Those whose file is there. The error says what is wrong with the list, or that none of its files is there.
Result<std::vector<ShippedBackbone>> ShippedBackbones();

}  // namespace handful::cli
