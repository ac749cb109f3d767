// The pictures that a verb is to look at.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "cli/arguments.h"

namespace handful::cli {

// The words that are left; with --files LIST also the lines of that file, which has room for more names than a command
// line. Ask for it when all other options were taken.
Result<std::vector<std::string>> InputFiles(Arguments& arguments);

}  // namespace handful::cli
