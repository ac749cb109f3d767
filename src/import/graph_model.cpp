#include "import/graph_model.h"

#include "import/found_network.h"
#include "import/onnx.h"
#include "import/tflite.h"

namespace handful::importers {
namespace {

Result<ImportedModel> FromGraph(Result<FoundNetwork> found, const Labels& labels, const char* format) {
  if (!found.ok()) return found.status();
  const bool ours = nn::AreFacts(found->facts), knows_range = found->range.has_value();
  const int64_t outputs = found->layers.back().output.channels;
  Result<nn::Model> model = ModelOf(*std::move(found));
  if (!model.ok()) return model.status();
  ImportedModel imported{*std::move(model), ours ? std::string("Handful (") + format + ")" : std::string(format), ""};
  if (ours) return imported;
  NameClasses(labels, outputs, imported);
  imported.model.title = labels.title.empty() ? std::string(format) + " model" : labels.title;
  if (!knows_range) {
    imported.model.notes["preprocessing"] =
        Format("not in the file; taken to be %s's", imported.model.architecture->title);
  }
  return imported;
}

}  // namespace

Result<ImportedModel> ReadGraph(const InputFile& file, const Labels& labels) {
  if (!LooksLikeTflite(file.bytes) && !file.name.ends_with(".tflite"))
    return FromGraph(ReadOnnx(file.bytes), labels, "ONNX");
  Result<TfliteFile> tflite = ReadTfliteFile(file.bytes);
  if (!tflite.ok()) return tflite.status();
  return FromGraph(ReadTflite(*tflite), labels, "TensorFlow Lite");
}

}  // namespace handful::importers
