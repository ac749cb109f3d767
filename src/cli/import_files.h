// A model from files of the machine.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "import/import.h"

namespace handful::cli {

// Errors name the file where there are several; of a single one the caller knows the name.
Result<importers::ImportedModel> ImportFiles(const std::vector<std::string>& paths);

}  // namespace handful::cli
