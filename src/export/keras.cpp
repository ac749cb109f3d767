#include "export/keras.h"

#include <map>

#include "export/common_files.h"
#include "export/hdf5.h"
#include "export/keras_layers.h"
#include "import/zip_writer.h"

namespace handful::exporters {
namespace {

constexpr char kKeras2[] = "2.15.0";  // the last version that writes this layout itself
constexpr char kKeras3[] = "3.3.3";

std::string WeightName(const nn::NamedTensor& tensor) { return tensor.name + ":0"; }

// /model_weights/<layer>/<layer>/<weight>:0, with the lists of names that tell the order.
nn::TensorFile Keras2Description(const std::vector<KerasLayer>& layers, const nn::Model& model) {
  const OrderedJson config = {{"class_name", "Functional"}, {"config", Keras2Config(layers)}};
  nn::TensorFile file;
  file.metadata = {{"keras_version", kKeras2},
                   {"backend", "tensorflow"},
                   {"model_config", Dump(config)},
                   {"handful", Dump(Facts(model))},
                   {"model_weights@keras_version", kKeras2},
                   {"model_weights@backend", "tensorflow"}};
  OrderedJson names = OrderedJson::array();
  for (const KerasLayer& layer : layers) {
    const std::string group = "model_weights/" + layer.name;
    OrderedJson weights = OrderedJson::array();
    for (const nn::NamedTensor* tensor : layer.weights) {
      weights.push_back(WeightName(*tensor));
      file.tensors.push_back({group + "/" + WeightName(*tensor), tensor->shape, tensor->values});
    }
    file.metadata[group + "@weight_names"] = Dump(weights);
    names.push_back(layer.name);
  }
  file.metadata["model_weights@layer_names"] = Dump(names);
  return file;
}

// "DepthwiseConv2D" → "depthwise_conv2d", "ReLU" → "re_lu", as Keras' naming.to_snake_case gives them for our classes.
std::string SnakeCase(const std::string& name) {
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  std::string snake;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool capital = name[i] >= 'A' && name[i] <= 'Z';
    const bool begins_word = i + 1 < name.size() && is_small(name[i + 1]);
    if (capital && i > 0 && (is_small(name[i - 1]) || begins_word)) snake += '_';
    snake += capital ? static_cast<char>(name[i] + 32) : name[i];
  }
  return snake;
}

// /layers/<class>_<number>/vars/<number>: layers are numbered within their class, in the order of config.json.
nn::TensorFile Keras3Description(const std::vector<KerasLayer>& layers) {
  nn::TensorFile file;
  std::map<std::string, int> of_class;
  for (const KerasLayer& layer : layers) {
    const std::string name = SnakeCase(layer.class_name);
    const int number = of_class[name]++;
    const std::string group = "layers/" + name + (number == 0 ? "" : Format("_%d", number)) + "/vars";
    file.metadata[group + "@name"] = layer.name;
    for (size_t i = 0; i < layer.weights.size(); ++i)
      file.tensors.push_back({group + Format("/%zu", i), layer.weights[i]->shape, layer.weights[i]->values});
  }
  return file;
}

}  // namespace

Result<Files> WriteKerasH5(const Material& material) {
  Result<std::vector<KerasLayer>> layers = KerasLayersOf(material);
  if (!layers.ok()) return layers.status();
  Result<std::vector<uint8_t>> bytes = WriteHdf5(Keras2Description(*layers, material.model));
  if (!bytes.ok()) return bytes.status();
  return Files{{"keras_model.h5", *std::move(bytes)}, TextFile("sample.py", kKerasSample)};
}

Result<Files> WriteKerasZip(const Material& material) {
  Result<std::vector<KerasLayer>> layers = KerasLayersOf(material);
  if (!layers.ok()) return layers.status();
  Result<std::vector<uint8_t>> weights = WriteHdf5(Keras3Description(*layers));
  if (!weights.ok()) return weights.status();
  const OrderedJson metadata = {{"keras_version", kKeras3}, {"handful", Facts(material.model)}};
  importers::ZipWriter zip;
  for (const InputFile& file :
       {TextFile("metadata.json", Dump(metadata)), TextFile("config.json", Dump(Keras3Config(*layers))),
        InputFile{"model.weights.h5", *std::move(weights)}}) {
    HANDFUL_TRY(zip.Add(file.name, file.bytes));
  }
  return Files{{"model.keras", zip.Finish()}, TextFile("sample.py", kKerasSample)};
}

const char kKerasSample[] =
    R"py("""Loads the model in Keras, runs it on the golden pictures and checks Handful's own answers.

    pip install tensorflow pillow
    python3 sample.py
"""
import json
import pathlib

import keras
import numpy
from PIL import Image

here = pathlib.Path(__file__).resolve().parent
described = json.loads((here / 'handful.json').read_text(encoding='utf-8'))
model_file = next(here / name for name in ('model.keras', 'keras_model.h5') if (here / name).exists())
model = keras.models.load_model(model_file, compile=False)

classes, how = described['classes'], described['preprocessing']
largest = 0.0
for golden in described['golden']:
    # The picture is cropped and resized already; here pixels become the model's input.
    pixels = numpy.asarray(Image.open(here / golden['file']).convert('RGB'), dtype=numpy.float32)
    values = pixels * numpy.float32(how['scale']) + numpy.float32(how['offset'])
    answers = numpy.asarray(model(values[numpy.newaxis], training=False))[0]
    largest = max(largest, float(abs(answers - numpy.array(golden['probabilities'])).max()))
    print(f"{golden['file']}: {classes[answers.argmax()]} {100 * answers.max():.1f} %")
print(f"largest difference to Handful's own probabilities: {largest}")
assert largest <= 1e-4, 'the model answers otherwise than in Handful'
)py";

}  // namespace handful::exporters
