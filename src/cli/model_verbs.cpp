// info, convert and declarations: what concerns model files and messages, not pictures.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/files.h"
#include "cli/import_files.h"
#include "cli/rows.h"
#include "cli/verbs.h"
#include "engine/convert.h"
#include "image/kinds.h"
#include "schema/json.h"

namespace handful::cli {
namespace {

void PrintInfo(const schema::ModelInfo& info, const std::string& warning) {
  std::printf(
      "title        %s\nnetwork      %s\nsource       %s\nparameters   %lld\ninput        %d × %d, pixel × %.9g %+.9g, "
      "crop %s\n",
      info.title.c_str(), info.network.c_str(), info.source.c_str(), static_cast<long long>(info.parameters),
      info.input_side, info.input_side, info.input_scale, info.input_offset, TextOf(info.crop_mode));
  if (!info.backbone_sha256.empty()) std::printf("backbone     %s\n", info.backbone_sha256.c_str());
  for (size_t i = 0; i < info.classes.size(); ++i) std::printf("class %-6zu %s\n", i + 1, info.classes[i].c_str());
  for (const auto& [key, value] : info.notes) std::printf("note         %s: %s\n", key.c_str(), value.c_str());
  if (!warning.empty()) std::fprintf(stderr, "warning: %s\n", warning.c_str());
}

std::string PictureKindsInTypeScript() {
  std::string text =
      "// Generated from src/image/kinds.h by `./tools/handful declarations --pictures`; do not edit.\n\n"
      "export interface PictureKind {\n"
      "  name: string;\n"
      "  /** '': browsers do not tell it from another kind */\n"
      "  mime: string;\n"
      "  /** lower case, without the dot */\n"
      "  extensions: readonly string[];\n"
      "  /** The engine decodes it; else the browser may. */\n"
      "  builtIn: boolean;\n"
      "}\n\n"
      "export const kPictureKinds: readonly PictureKind[] = [\n";
  for (const image::PictureKind& kind : image::kPictureKinds) {
    std::string extensions;
    for (const std::string_view extension : kind.extensions) {
      if (!extension.empty()) extensions.append(extensions.empty() ? "'" : ", '").append(extension).append("'");
    }
    text += Format("  { name: '%s', mime: '%s', extensions: [%s], builtIn: %s },\n", kind.name, kind.mime,
                   extensions.c_str(), kind.built_in ? "true" : "false");
  }
  return text + "];\n";
}

// Only the backbone's tensors, as a file of their own.
Result<nn::Model> BackboneOf(const nn::Model& model) {
  if (!model.architecture->gives_features()) return Errorf("it has no backbone");
  nn::Model backbone;
  backbone.architecture = model.architecture;
  backbone.part = nn::Part::kBackbone;
  backbone.title = model.architecture->file_title;
  backbone.notes = model.notes;
  for (const nn::TensorSpec& spec : nn::TensorSpecsOf(nn::BackboneGraph(*model.architecture))) {
    Result<const nn::NamedTensor*> tensor = model.weights.Get(spec.name, spec.shape);
    if (!tensor.ok()) return tensor.status();
    backbone.weights.tensors.push_back(**tensor);
  }
  Result<std::string> hash = nn::BackboneContentHash(*backbone.architecture, backbone.weights);
  if (!hash.ok()) return hash.status();
  backbone.backbone_sha256 = *hash;
  return backbone;
}

}  // namespace

int Info(Arguments arguments) {
  const bool json = arguments.Flag("--json");
  Result<std::vector<std::string>> files = arguments.Positional(1);
  if (!files.ok()) return WrongUsage(files.status());
  Result<importers::ImportedModel> imported = ImportFiles(*files);
  if (!imported.ok()) {
    PrintFailure(files->front(), imported.status().message(), json);
    return kSomeFailed;
  }
  const schema::ModelInfo info = engine::Describe(imported->model, imported->source);
  if (json) {
    std::printf("%s\n", schema::ToJson(info).c_str());
  } else {
    PrintInfo(info, imported->warning);
  }
  return kAllGood;
}

int Convert(Arguments arguments) {
  std::string out;
  const bool backbone_only = arguments.Flag("--backbone-only");
  const bool half = arguments.Flag("--f16");
  arguments.Option("--out", out);
  Result<std::vector<std::string>> files = arguments.Positional(1);
  if (!files.ok()) return WrongUsage(files.status());
  if (out.empty()) return WrongUsage(Errorf("--out FILE is missing"));

  Result<importers::ImportedModel> imported = ImportFiles(*files);
  Status status = imported.status().WithContext(files->front());
  if (imported.ok()) {
    Result<nn::Model> model = backbone_only ? BackboneOf(imported->model) : std::move(imported->model);
    status = model.status();
    if (model.ok() && half && model->HasBackbone())
      status = Errorf("--f16 would change the backbone inside, which is known by its hash");
    if (status.ok())
      status = WriteFile(out, nn::WriteModel(*model, half ? nn::StorageType::kFloat16 : nn::StorageType::kFloat32));
    if (status.ok()) PrintInfo(engine::Describe(*model, imported->source), imported->warning);
  }
  if (status.ok()) return kAllGood;
  std::fprintf(stderr, "%s\n", status.message().c_str());
  return kSomeFailed;
}

int Declarations(Arguments arguments) {
  const bool pictures = arguments.Flag("--pictures");
  if (Result<std::vector<std::string>> none = arguments.Positional(0, 0); !none.ok()) return WrongUsage(none.status());
  std::fputs((pictures ? PictureKindsInTypeScript() : schema::TypeScriptDeclarations()).c_str(), stdout);
  return kAllGood;
}

}  // namespace handful::cli
