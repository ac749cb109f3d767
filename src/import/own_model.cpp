// Apart from the readers of other people's models, so that an engine that needs none of them does not carry them.
#include "import/import.h"

namespace handful::importers {

Result<ImportedModel> ReadOwnModel(std::span<const InputFile> files) {
  if (files.size() != 1) return Errorf("%zu files came, but a Handful model is one", files.size());
  Result<nn::Model> model = nn::ReadModel(files[0].bytes);
  if (!model.ok()) return model.status();
  return ImportedModel{*std::move(model), "Handful", ""};
}

}  // namespace handful::importers
