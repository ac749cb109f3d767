// TensorFlow.js layers models: model.json with its weightsManifest, and the shards it names.
#pragma once

#include <span>

#include "base/status.h"
#include "import/import.h"
#include "nn/tensor_file.h"

namespace handful::importers {

bool LooksLikeTfjs(const InputFile& file);

// Tensors by their names in the manifest ("Conv1/kernel"), quantised ones turned back to float32. Metadata: container =
// "tfjs", model_config = the topology. `others` are searched for the shards, by file name without folders.
Result<nn::TensorFile> ReadTfjs(const InputFile& model_json, std::span<const InputFile> others);

}  // namespace handful::importers
