// Keras and TensorFlow.js models whose layers bear the names of Handful's own: what Handful exported, and any whole
// network of the registry that somebody built with those names.
#pragma once

#include <map>
#include <string>

#include "base/status.h"
#include "import/json_access.h"
#include "nn/model.h"
#include "nn/tensor_file.h"

namespace handful::importers {

// What Handful writes into its exports beside the weights: the metadata of its own files (docs/FORMATS.md). Empty where
// there is none of it.
using Facts = std::map<std::string, std::string>;
Facts FactsFrom(const Json& json);

// `file`: tensors whose names end in "<layer>/<weight>". Its metadata field model_config, where there is one, must
// describe what the network computes. Errors: what nn::ModelOf finds, a tensor too many or too few, another topology.
Result<nn::Model> ModelByFacts(const nn::TensorFile& file, const Facts& facts);

// The whole network all of whose tensors' names are in `file`.
struct WholeNetwork {
  const nn::Architecture* architecture = nullptr;  // null: there is none
  int outputs = 0;
};
WholeNetwork WholeNetworkOf(const nn::TensorFile& file);

// The facts of such a file that brings none: as the registry says, and by what the file tells.
Result<Facts> FactsOf(const nn::Architecture& architecture, const nn::TensorFile& file, const std::string& title,
                      const std::vector<std::string>& classes);

}  // namespace handful::importers
