// The network as Keras would build it: what tfjs, .h5 and .keras have in common. Padding "same", channels last;
// BatchNormalization stands unfolded behind its convolution, so that the backbone keeps its content hash; activations
// that a layer cannot say itself are ReLU layers "<layer>_relu"; softmax belongs to the last dense layer.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "export/export.h"

namespace handful::exporters {

using OrderedJson = nlohmann::ordered_json;

struct KerasLayer {
  std::string class_name;           // "Conv2D"
  std::string name;                 // of a layer with weights, ours
  OrderedJson config;               // the fields that every version of Keras and tfjs-layers reads, without the name
  std::vector<std::string> inputs;  // names of layers before it; the first layer of all is an InputLayer
  std::vector<int64_t> output;      // shape without the batch
  // In Keras' order. Their names are "<layer>/<weight>"; they live in the material's model.
  std::vector<const nn::NamedTensor*> weights;
};

// Errors: a tensor that is missing or misshapen, or an operation on maps where there are none any more.
Result<std::vector<KerasLayer>> KerasLayersOf(const Material& material);

// A functional model's config as Keras 2 and TensorFlow.js write it.
OrderedJson Keras2Config(const std::vector<KerasLayer>& layers);
// As Keras 3 writes it: config.json of a .keras file.
OrderedJson Keras3Config(const std::vector<KerasLayer>& layers);

// nn::FactsOf as JSON: what makes the weights a model again (docs/FORMATS.md). It travels in every one of these
// formats, where others pass it over.
OrderedJson Facts(const nn::Model& model);

// As text; bytes of a name that are no UTF-8 become U+FFFD.
std::string Dump(const OrderedJson& json, int indent = -1);

}  // namespace handful::exporters
