// A model from files of the machine.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "project/import.h"

namespace handful::cli {

// The error begins with the first file's name.
Result<project::ImportedModel> ImportFiles(const std::vector<std::string>& paths);

}  // namespace handful::cli
