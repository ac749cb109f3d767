// Files that are a graph with its weights, ONNX and TensorFlow Lite, become models. Apart from the other readers, so
// that the page's engine need not carry them.
#pragma once

#include "import/import.h"
#include "import/labels.h"

namespace handful::importers {

using GraphReader = Result<ImportedModel> (*)(const InputFile& file, const Labels& labels);
Result<ImportedModel> ReadGraph(const InputFile& file, const Labels& labels);

// As ImportModel, which gives it ReadGraph; null: graphs are refused with a sentence.
Result<ImportedModel> ImportLayers(std::span<const InputFile> files, GraphReader read_graph = nullptr);

// The labels where there are as many as outputs, else numbers and a warning.
void NameClasses(const Labels& labels, int64_t outputs, ImportedModel& imported);

}  // namespace handful::importers
