// .keras, the zip of Keras 3: config.json describes the layers, model.weights.h5 numbers them.
#pragma once

#include <span>

#include "base/status.h"
#include "import/import.h"
#include "nn/tensor_file.h"

namespace handful::importers {

// Whether these tensors of model.weights.h5 are numbered ("layers/conv2d_1/vars/0") rather than named.
bool AreNumbered(const nn::TensorFile& weights);

// The same tensors under the names of their layers and weights ("conv2/kernel"), with the metadata fields model_config
// and, where Handful wrote the file, handful. config.json and metadata.json are looked for in `others`, in the folder
// of `weights_file`. Errors: config.json is missing or no description, a layer's weights are not as many as its class
// has.
Result<nn::TensorFile> NamedByConfig(const nn::TensorFile& weights, const std::string& weights_file,
                                     std::span<const InputFile> others);

}  // namespace handful::importers
