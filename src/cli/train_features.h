// `handful train --features DIR`: learns a head from features in parts, a page of them in memory at a time.
#pragma once

#include <optional>

#include "cli/group_pattern.h"
#include "cli/train_options.h"

namespace handful::cli {

// Returns an exit code.
int TrainOnFeatures(const TrainOptions& options, const std::optional<GroupPattern>& pattern);

}  // namespace handful::cli
