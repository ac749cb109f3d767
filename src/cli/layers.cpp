#include <cstdio>
#include <optional>

#include "cli/exit_code.h"
#include "cli/files.h"
#include "cli/import_files.h"
#include "cli/shipped.h"
#include "cli/verbs.h"
#include "image/image.h"
#include "nn/inspect.h"

namespace handful::cli {
namespace {

// The one that the model stands on.
Result<importers::ImportedModel> FindBackbone(const nn::Model& model, const std::string& path) {
  std::vector<ShippedBackbone> candidates = {{path, "", ""}};
  if (path.empty()) {
    Result<std::vector<ShippedBackbone>> shipped = ShippedBackbones();
    if (!shipped.ok()) return shipped.status();
    candidates = std::move(*shipped);
  }
  Status wrong;
  for (const ShippedBackbone& candidate : candidates) {
    Result<importers::ImportedModel> backbone = ImportFiles({candidate.file});
    if (backbone.ok() && backbone->model.backbone_sha256 == model.backbone_sha256) return backbone;
    wrong = backbone.ok() ? Errorf("%s is not the backbone that the model stands on, %s", candidate.file.c_str(),
                                   nn::NameOfBackbone(model.backbone_sha256, model.backbone_title).c_str())
                          : backbone.status().WithContext(candidate.file);
  }
  return wrong;
}

Result<std::vector<nn::LayerOutput>> Inspect(const std::string& model_path, const std::string& image_path,
                                             const std::string& backbone_path) {
  Result<importers::ImportedModel> imported = ImportFiles({model_path});
  if (!imported.ok()) return imported.status().WithContext(model_path);
  const nn::Model& model = imported->model;
  std::optional<importers::ImportedModel> shared;
  if (model.WantsBackbone()) {
    Result<importers::ImportedModel> backbone = FindBackbone(model, backbone_path);
    if (!backbone.ok()) return backbone.status();
    shared = std::move(*backbone);
  }
  Result<std::vector<uint8_t>> bytes = ReadFile(image_path);
  if (!bytes.ok()) return bytes.status().WithContext(image_path);
  Result<image::Decoded> decoded = image::Decode(*bytes);
  if (!decoded.ok()) return decoded.status().WithContext(image_path);
  Result<image::Image> square = image::CropAndResize(decoded->image, model.crop_mode, model.input_side);
  if (!square.ok()) return square.status();
  Result<nn::Inspector> inspector = nn::Inspector::Create(model, shared.has_value() ? &shared->model.weights : nullptr);
  if (!inspector.ok()) return inspector.status();
  return inspector->Layers(*square, model.input_range);
}

}  // namespace

int Layers(Arguments arguments) {
  std::string out, backbone;
  arguments.Option("--out", out);
  arguments.Option("--backbone", backbone);
  Result<std::vector<std::string>> words = arguments.Positional(2, 2);
  if (!words.ok()) return WrongUsage(words.status());
  Result<std::vector<nn::LayerOutput>> layers = Inspect(words->front(), words->back(), backbone);
  Status status = layers.status();
  if (layers.ok()) {
    nn::TensorFile file;
    for (nn::LayerOutput& layer : *layers) {
      const nn::Shape& s = layer.shape;
      std::printf("%-28s %4d × %4d × %4d  %8.3f ms\n", layer.name.c_str(), s.height, s.width, s.channels, layer.ms);
      file.tensors.push_back({layer.name, {s.height, s.width, s.channels}, std::move(layer.values)});
    }
    if (!out.empty()) status = WriteFile(out, nn::WriteSafetensors(file));
  }
  if (status.ok()) return kAllGood;
  std::fprintf(stderr, "%s\n", status.message().c_str());
  return kSomeFailed;
}

}  // namespace handful::cli
