// What tests of exports are made of.
#pragma once

#include <string>
#include <vector>

#include "export/export.h"

namespace handful::testing {

// Pictures of the model's size with its classes in turn, each with other colours.
std::vector<exporters::Picture> PatternPictures(const nn::Model& model, int count);

// A head with its backbone inside, random weights.
nn::Model RandomWholeHead(const std::vector<std::string>& classes);

// The file of that name; the test fails where there is none.
importers::InputFile& FileNamed(exporters::Files& files, const std::string& name);
const importers::InputFile& FileNamed(const exporters::Files& files, const std::string& name);

}  // namespace handful::testing
