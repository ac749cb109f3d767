#include "import/import.h"

#include <algorithm>

#include "import/file_names.h"
#include "import/graph_model.h"
#include "import/hdf5.h"
#include "import/json_access.h"
#include "import/keras_map.h"
#include "import/keras_own.h"
#include "import/keras_zip.h"
#include "import/labels.h"
#include "import/onnx_file.h"
#include "import/tfjs.h"
#include "import/tflite_file.h"
#include "import/zip.h"
#include "nn/mobilenet_v2.h"

namespace handful::importers {
namespace {

enum class Kind { kSafetensors, kHdf5, kTfjs, kGraph, kNone };

Kind KindOf(const InputFile& file) {
  if (nn::LooksLikeSafetensors(file.bytes)) return Kind::kSafetensors;
  if (LooksLikeHdf5(file.bytes)) return Kind::kHdf5;
  if (LooksLikeTfjs(file)) return Kind::kTfjs;
  if (LooksLikeOnnx(file.bytes) || LooksLikeTflite(file.bytes)) return Kind::kGraph;
  // By name, so that a damaged model is called a damaged model.
  const std::string name = LowerCase(BaseName(file.name));
  if (name.ends_with(".safetensors")) return Kind::kSafetensors;
  if (name.ends_with(".h5") || name.ends_with(".hdf5")) return Kind::kHdf5;
  if (name == "model.json") return Kind::kTfjs;
  if (name.ends_with(".onnx") || name.ends_with(".tflite")) return Kind::kGraph;
  return Kind::kNone;
}

// Files of a Mac's archive that nobody put there.
bool IsLitter(const std::string& name) { return name.starts_with("__MACOSX/") || BaseName(name).starts_with("._"); }

// A kind of model that is known but cannot be read; empty for all others.
std::string Unreadable(const InputFile& file) {
  const std::string name = LowerCase(BaseName(file.name));
  for (const char* ending : {".pb", ".pt", ".pth", ".mlmodel"}) {
    if (name.ends_with(ending)) return ending;
  }
  return "";
}

struct Contents {
  std::vector<InputFile> files;
  bool many = false;  // more than one file, or inside an archive: errors then say which one
};

// A .keras file inside of an archive, which is an archive itself.
Status UnpackKeras(const InputFile& keras, std::vector<InputFile>& files) {
  Result<std::vector<InputFile>> inside = Unzip(keras.bytes);
  if (!inside.ok()) return inside.status().WithContext(keras.name);
  for (InputFile& entry : *inside) files.push_back({keras.name + "/" + entry.name, std::move(entry.bytes)});
  return {};
}

Result<Contents> Unpacked(std::span<const InputFile> files) {
  Contents contents;
  for (const InputFile& file : files) {
    if (!LooksLikeZip(file.bytes)) {
      contents.files.push_back(file);
      continue;
    }
    Result<std::vector<InputFile>> inside = Unzip(file.bytes);
    if (!inside.ok()) return files.size() > 1 ? inside.status().WithContext(file.name) : inside.status();
    contents.many = true;
    for (InputFile& entry : *inside) {
      if (IsLitter(entry.name)) continue;
      if (LowerCase(entry.name).ends_with(".keras") && LooksLikeZip(entry.bytes)) {
        HANDFUL_TRY(UnpackKeras(entry, contents.files));
      } else {
        contents.files.push_back(std::move(entry));
      }
    }
  }
  contents.many |= contents.files.size() > 1;
  return contents;
}

Result<const InputFile*> FindModelFile(const std::vector<InputFile>& files) {
  const InputFile* model = nullptr;
  for (const InputFile& file : files) {
    if (KindOf(file) == Kind::kNone) continue;
    if (model != nullptr)
      return Errorf("there are two models, \"%s\" and \"%s\": give one at a time", model->name.c_str(),
                    file.name.c_str());
    model = &file;
  }
  if (model != nullptr) return model;
  for (const InputFile& file : files) {
    if (const std::string ending = Unreadable(file); !ending.empty()) {
      return Errorf("%s models cannot be read: export as Keras (.h5) or TensorFlow.js instead", ending.c_str());
    }
  }
  if (files.size() == 1 && files[0].bytes.empty()) return Errorf("the file is empty");
  return Errorf(
      "there is no model that can be read: a Handful .safetensors, a Keras .h5, an .onnx, a .tflite, or TensorFlow.js' "
      "model.json with its weights");
}

Result<Labels> FindLabels(const std::vector<InputFile>& files) {
  Labels merged;
  for (const InputFile& file : files) {
    if (KindOf(file) != Kind::kNone || !LooksLikeLabels(file)) continue;
    Result<Labels> labels = ReadLabels(file);
    if (!labels.ok()) return labels.status().WithContext(file.name);
    if (merged.classes.empty()) merged.classes = std::move(labels->classes);
    if (merged.title.empty()) merged.title = std::move(labels->title);
    if (merged.input_side == 0) merged.input_side = labels->input_side;
    merged.grayscale |= labels->grayscale;
    merged.from_teachable_machine |= labels->from_teachable_machine;
    if (merged.facts.empty()) merged.facts = std::move(labels->facts);
  }
  return merged;
}

// Where a model comes from decides how its input was scaled.
void NameSource(bool tfjs, bool teachable_machine, ImportedModel& imported) {
  image::InputRange& range = imported.model.input_range;
  range = image::InputRange::MinusOneToOne();
  std::string& note = imported.model.notes["preprocessing"];
  note = "x / 127.5 - 1, as Keras' MobileNetV2 is trained with";
  if (teachable_machine && tfjs) {
    range.scale = 1.0F / 127.0F;
    note = "x / 127 - 1, as Teachable Machine's browser library computes";
  } else if (teachable_machine) {
    note = "x / 127.5 - 1, as Teachable Machine's Keras snippet computes (its browser library divides by 127)";
  }
  if (teachable_machine) {
    imported.source = tfjs ? "Teachable Machine (TensorFlow.js)" : "Teachable Machine (Keras)";
  } else {
    imported.source = tfjs ? "TensorFlow.js MobileNetV2" : "Keras MobileNetV2";
  }
}

// A whole network whose layers bear our names, though Handful did not write it.
Result<ImportedModel> FromOwnNames(const WholeNetwork& network, const nn::TensorFile& tensors, const Labels& labels,
                                   bool tfjs) {
  ImportedModel imported{{}, tfjs ? "TensorFlow.js" : "Keras", ""};
  NameClasses(labels, network.outputs, imported);
  const std::string title = labels.title.empty() ? network.architecture->title : labels.title;
  Result<Facts> facts = FactsOf(*network.architecture, tensors, title, imported.model.classes);
  if (!facts.ok()) return facts.status();
  Result<nn::Model> model = ModelByFacts(tensors, *facts);
  if (!model.ok()) return model.status();
  imported.model = *std::move(model);
  return imported;
}

Result<ImportedModel> FromKeras(const nn::TensorFile& tensors, const Labels& labels, bool tfjs) {
  Facts facts = labels.facts;
  if (const auto told = tensors.metadata.find("handful"); told != tensors.metadata.end() && facts.empty())
    facts = FactsFrom(ParseJson(told->second));
  if (!facts.empty()) {
    Result<nn::Model> model = ModelByFacts(tensors, facts);
    if (!model.ok()) return model.status();
    return ImportedModel{*std::move(model), "Handful", ""};
  }
  if (const WholeNetwork whole = WholeNetworkOf(tensors); whole.architecture != nullptr)
    return FromOwnNames(whole, tensors, labels, tfjs);
  if (labels.input_side != 0 && labels.input_side != nn::kMobileNetSide) {
    return Errorf("metadata.json: imageSize is %d; only models for %d can be run", labels.input_side,
                  nn::kMobileNetSide);
  }
  if (labels.grayscale) return Errorf("metadata.json: the model sees in greyscale; only models for colour can be run");
  Result<MappedModel> mapped = MapKerasModel(tensors);
  if (!mapped.ok()) return mapped.status();

  ImportedModel imported;
  nn::Model& model = imported.model;
  model.part = mapped->part;
  model.weights = std::move(mapped->weights);
  Result<std::string> hash = nn::BackboneContentHash(*model.architecture, model.weights);
  if (!hash.ok()) return hash.status();
  model.backbone_sha256 = *std::move(hash);
  // No other known tool leaves the last layer's bias out.
  const bool teachable_machine =
      model.part == nn::Part::kHead && (labels.from_teachable_machine || !mapped->output_has_bias);
  NameSource(tfjs, teachable_machine, imported);
  if (model.is_backbone()) {
    model.title = model.architecture->file_title;
    return imported;
  }
  NameClasses(labels, mapped->outputs, imported);
  model.title = !labels.title.empty() ? labels.title
                : teachable_machine   ? "Teachable Machine model"
                                      : "Keras MobileNetV2";
  return imported;
}

Result<ImportedModel> FromHdf5(const nn::TensorFile& tensors, const InputFile& file,
                               const std::vector<InputFile>& files, const Labels& labels) {
  if (!AreNumbered(tensors)) return FromKeras(tensors, labels, /*tfjs=*/false);
  Result<nn::TensorFile> named = NamedByConfig(tensors, file.name, files);
  if (!named.ok()) return named.status();
  return FromKeras(*named, labels, /*tfjs=*/false);
}

Result<ImportedModel> Read(const InputFile& file, const std::vector<InputFile>& files, const Labels& labels) {
  if (file.bytes.empty()) return Errorf("the file is empty");
  if (KindOf(file) == Kind::kTfjs) {
    Result<nn::TensorFile> tensors = ReadTfjs(file, files);
    if (!tensors.ok()) return tensors.status();
    return FromKeras(*tensors, labels, /*tfjs=*/true);
  }
  if (KindOf(file) == Kind::kHdf5) {
    if (!LooksLikeHdf5(file.bytes)) return Errorf("it is not an HDF5 file, as its first bytes show");
    Result<nn::TensorFile> tensors = ReadHdf5(file.bytes);
    if (!tensors.ok()) return tensors.status();
    return FromHdf5(*tensors, file, files, labels);
  }
  if (KindOf(file) == Kind::kGraph) return ReadGraph(file, labels);
  Result<nn::TensorFile> tensors = nn::ReadSafetensors(file.bytes);
  if (!tensors.ok()) return tensors.status();
  if (const auto container = tensors->metadata.find("container");
      container != tensors->metadata.end() && container->second == "hdf5") {
    return FromHdf5(*tensors, file, files, labels);
  }
  return ReadOwnModel(std::span(&file, 1));
}

}  // namespace

Result<ImportedModel> ImportModel(std::span<const InputFile> files) {
  Result<Contents> contents = Unpacked(files);
  if (!contents.ok()) return contents.status();
  Result<const InputFile*> model = FindModelFile(contents->files);
  if (!model.ok()) return model.status();
  Result<Labels> labels = FindLabels(contents->files);
  if (!labels.ok()) return labels.status();
  Result<ImportedModel> imported = Read(**model, contents->files, *labels);
  if (!imported.ok() && contents->many) return imported.status().WithContext((*model)->name);
  return imported;
}

}  // namespace handful::importers
