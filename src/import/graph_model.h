// Files that are a graph with its weights, ONNX and TensorFlow Lite, become models.
#pragma once

#include "import/import.h"
#include "import/labels.h"

namespace handful::importers {

Result<ImportedModel> ReadGraph(const InputFile& file, const Labels& labels);

}  // namespace handful::importers
