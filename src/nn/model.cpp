#include "nn/model.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "base/sha256.h"

namespace handful::nn {
namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;
constexpr char kNotePrefix[] = "note.";

// Reads metadata strings and remembers the first field that is missing or wrong.
class MetadataReader {
 public:
  explicit MetadataReader(const std::map<std::string, std::string>& metadata) : metadata_(metadata) {}

  std::string Text(const std::string& field) {
    const auto found = metadata_.find(field);
    if (found != metadata_.end()) return found->second;
    Fail(Errorf("metadata field \"%s\" is missing", field.c_str()));
    return "";
  }
  double Number(const std::string& field, double low, double high) {
    const std::string text = Text(field);
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (end == text.c_str() || *end != '\0') {
      Fail(Errorf("metadata field \"%s\" is \"%s\", not a number", field.c_str(), text.c_str()));
    } else if (!(value >= low && value <= high)) {
      Fail(Errorf("metadata field \"%s\" is %s, outside %g … %g", field.c_str(), text.c_str(), low, high));
    }
    return value;
  }
  std::vector<std::string> Texts(const std::string& field) {
    const Json json = Json::parse(Text(field), nullptr, /*allow_exceptions=*/false);
    std::vector<std::string> texts;
    if (!json.is_array()) Fail(Errorf("metadata field \"%s\" is not a JSON list", field.c_str()));
    for (const Json& item : json) {
      if (!item.is_string()) {
        Fail(Errorf("metadata field \"%s\" holds something that is not a string at position %zu", field.c_str(),
                    texts.size()));
        break;
      }
      texts.push_back(item.get<std::string>());
    }
    return texts;
  }
  void Fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }
  const Status& status() const { return status_; }

 private:
  const std::map<std::string, std::string>& metadata_;
  Status status_;
};

// A float's shortest text that reads back to the same float.
std::string FloatText(float value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

// Whether the file's data section is the very bytes that the content hash is taken over.
bool IsBackboneInOrder(const Model& model) {
  const std::vector<TensorSpec> specs = TensorSpecsOf(BackboneGraph(*model.architecture));
  const std::vector<NamedTensor>& tensors = model.weights.tensors;
  return model.weights.is_plain_float32 && std::equal(tensors.begin(), tensors.end(), specs.begin(), specs.end(),
                                                      [](const NamedTensor& tensor, const TensorSpec& spec) {
                                                        return tensor.name == spec.name && tensor.shape == spec.shape;
                                                      });
}

// The last layer must have one output a class.
Status CheckOutputs(const Model& model) {
  if (model.is_backbone()) return {};
  const std::string name =
      OwnGraph(*model.architecture, model.part, model.input_side, model.weights).operations.back().kernel_name();
  if (model.classes.empty()) return Errorf("metadata field \"classes\" is empty");
  const NamedTensor* kernel = model.weights.Find(name);
  if (kernel == nullptr) return Errorf("tensor \"%s\" is missing", name.c_str());
  const int64_t shape[] = {kernel->shape.empty() ? 0 : kernel->shape[0], static_cast<int64_t>(model.classes.size())};
  if (Result<const NamedTensor*> fits = model.weights.Get(name, shape); !fits.ok()) {
    return fits.status().WithContextf("the last layer (%zu class names)", model.classes.size());
  }
  return {};
}

// Finds what "network" names; false: nothing does.
bool FindNetwork(const std::string& name, std::span<const Architecture> known, Model& model) {
  for (const Architecture& architecture : known) {
    for (const Part part : PartsOf(architecture)) {
      if (name != NameOf(architecture, part)) continue;
      model.architecture = &architecture;
      model.part = part;
      return true;
    }
  }
  return false;
}

}  // namespace

bool Model::HasBackbone() const {
  return architecture->gives_features() &&
         weights.Find(TensorSpecsOf(BackboneGraph(*architecture)).front().name) != nullptr;
}

Result<Model> ModelOfFacts(const Facts& facts, std::span<const Architecture> known) {
  MetadataReader reader(facts);
  const double version = reader.Number("format_version", 1, 1e6);
  if (reader.status().ok() && version > kVersion) {
    return Errorf("the file has format version %g, this Handful reads up to %d: please update", version, kVersion);
  }
  Model model;
  const std::string network = reader.Text("network");
  if (!FindNetwork(network, known, model)) {
    reader.Fail(Errorf("metadata field \"network\" is \"%s\", which this Handful does not know", network.c_str()));
  }
  model.title = reader.Text("title");
  if (!model.is_backbone()) model.classes = reader.Texts("classes");
  model.input_side = static_cast<int>(reader.Number("input_side", 16, 1024));
  model.input_range.scale = static_cast<float>(reader.Number("input_scale", 1e-6, 1e3));
  model.input_range.offset = static_cast<float>(reader.Number("input_offset", -1e6, 1e6));
  const std::string crop = reader.Text("crop_mode");
  if (crop != "center" && crop != "fit")
    reader.Fail(Errorf("metadata field \"crop_mode\" is \"%s\", not center or fit", crop.c_str()));
  model.crop_mode = crop == "fit" ? image::CropMode::kFit : image::CropMode::kCenter;
  if (const float width = model.architecture->width; width > 0) {
    const double alpha = reader.Number("alpha", 0.1, 2);
    if (static_cast<float>(alpha) != width)
      reader.Fail(Errorf("metadata field \"alpha\" is %g; only %g runs here", alpha, static_cast<double>(width)));
  }
  if (model.architecture->gives_features()) model.backbone_sha256 = reader.Text("backbone_sha256");
  HANDFUL_TRY(reader.status());
  if (const auto title = facts.find("backbone_title"); title != facts.end()) model.backbone_title = title->second;
  if (model.is_backbone()) model.backbone_title = model.title;
  for (const auto& [key, value] : facts) {
    if (key.starts_with(kNotePrefix)) model.notes[key.substr(sizeof kNotePrefix - 1)] = value;
  }
  return model;
}

Result<Model> ReadModel(std::span<const uint8_t> safetensors_bytes, const std::string& data_sha256,
                        std::span<const Architecture> known) {
  Result<TensorFile> file = ReadSafetensors(safetensors_bytes);
  if (!file.ok()) return file.status();
  const auto format = file->metadata.find("format");
  if (format == file->metadata.end() || format->second != kModelFormat) {
    return Errorf("a safetensors file, but not a Handful model: metadata field \"format\" is %s, expected \"%s\"",
                  format == file->metadata.end() ? "missing" : ("\"" + format->second + "\"").c_str(), kModelFormat);
  }
  return ModelOf(*std::move(file), data_sha256, known);
}

Result<Model> ModelOf(TensorFile file, const std::string& data_sha256, std::span<const Architecture> known) {
  Result<Model> model = ModelOfFacts(file.metadata, known);
  if (!model.ok()) return model.status();
  model->weights = std::move(file);

  HANDFUL_TRY(CheckOutputs(*model));
  if (model->is_backbone() || model->HasBackbone()) {
    const bool hash_known = !data_sha256.empty() && IsBackboneInOrder(*model);
    Result<std::string> hash = hash_known ? data_sha256 : BackboneContentHash(*model->architecture, model->weights);
    if (!hash.ok()) return hash.status();
    if (*hash != model->backbone_sha256) {
      return Errorf(
          "the backbone's weights have hash %s, but metadata field \"backbone_sha256\" says %s: the file is damaged",
          hash->c_str(), model->backbone_sha256.c_str());
    }
  }
  return model;
}

Facts FactsOf(const Model& model) {
  Facts facts = {{"format", kModelFormat},
                 {"format_version", Format("%d", kVersion)},
                 {"network", model.network()},
                 {"title", model.title},
                 {"input_side", Format("%d", model.input_side)},
                 {"input_scale", FloatText(model.input_range.scale)},
                 {"input_offset", FloatText(model.input_range.offset)},
                 {"crop_mode", model.crop_mode == image::CropMode::kFit ? "fit" : "center"}};
  if (!model.is_backbone()) {
    facts["classes"] = Json(model.classes).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  if (model.architecture->width > 0) facts["alpha"] = FloatText(model.architecture->width);
  if (model.architecture->gives_features()) {
    facts["backbone_sha256"] = model.backbone_sha256;
    if (!model.is_backbone() && !model.backbone_title.empty()) facts["backbone_title"] = model.backbone_title;
  }
  for (const auto& [key, value] : model.notes) facts[kNotePrefix + key] = value;
  return facts;
}

std::vector<uint8_t> WriteModel(const Model& model, StorageType type) {
  return WriteSafetensors({model.weights.tensors, FactsOf(model), false}, type);
}

Result<Model> WithBackbone(Model model, const std::string& backbone_sha256, const TensorFile& backbone) {
  if (!model.WantsBackbone()) return model;
  if (backbone_sha256 != model.backbone_sha256) {
    return Errorf("it stands on %s, which is not here",
                  NameOfBackbone(model.backbone_sha256, model.backbone_title).c_str());
  }
  model.weights.tensors.insert(model.weights.tensors.begin(), backbone.tensors.begin(), backbone.tensors.end());
  return model;
}

std::string NameOfBackbone(const std::string& sha256, const std::string& title) {
  const std::string name = sha256 == kOfficialBackboneSha256 ? "MobileNetV2 with the ImageNet weights" : title;
  return Format("%s%s%.12s…%s", name.c_str(), name.empty() ? "" : " (", sha256.c_str(), name.empty() ? "" : ")");
}

Result<std::string> BackboneContentHash(const Architecture& architecture, const TensorFile& weights) {
  Sha256 sha;
  for (const TensorSpec& spec : TensorSpecsOf(BackboneGraph(architecture))) {
    if (spec.is_optional && weights.Find(spec.name) == nullptr) continue;
    Result<const NamedTensor*> tensor = weights.Get(spec.name, spec.shape);
    if (!tensor.ok()) return tensor.status();
    const std::vector<float>& values = (*tensor)->values;
    sha.Update({reinterpret_cast<const uint8_t*>(values.data()), values.size() * sizeof(float)});
  }
  return sha.HexDigest();
}

}  // namespace handful::nn
