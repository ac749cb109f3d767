// How the shell learns how it went.
#pragma once

#include "base/status.h"

namespace handful::cli {

enum ExitCode { kAllGood = 0, kSomeFailed = 1, kWrongUsage = 2 };

// Says on stderr what is wrong with the call; returns kWrongUsage.
int WrongUsage(const Status& status);

}  // namespace handful::cli
