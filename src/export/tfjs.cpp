#include "export/tfjs.h"

#include <algorithm>
#include <bit>

#include "base/version.h"
#include "export/common_files.h"
#include "export/keras_layers.h"
#include "import/keras_topology.h"

namespace handful::exporters {
namespace {

// Of @teachablemachine/image, whose fields these are, and of the oldest TensorFlow.js whose layers are used.
constexpr char kPackageVersion[] = "0.8.4";
constexpr char kTfjsVersion[] = "1.3.1";

void PutFloats(const std::vector<float>& values, std::vector<uint8_t>& out) {
  for (const float value : values) {
    const auto bits = std::bit_cast<uint32_t>(value);
    for (uint32_t shift = 0; shift < 32; shift += 8) out.push_back(static_cast<uint8_t>(bits >> shift));
  }
}

OrderedJson Metadata(const nn::Model& model) {
  return {{"tfjsVersion", kTfjsVersion},       {"tmVersion", std::string("Handful ") + kVersion},
          {"packageVersion", kPackageVersion}, {"packageName", "@teachablemachine/image"},
          {"timeStamp", Now() + ".000Z"},      {"userMetadata", OrderedJson::object()},
          {"modelName", model.title},          {"labels", model.classes},
          {"imageSize", model.input_side},     {"handful", Facts(model)}};
}

// value → value · scale + offset, a channel each; a convolution, since the oldest TensorFlow.js has no layer that
// scales. It stands alone before the first one, whose padding is zeros of what comes out here.
struct Rescale {
  Rescale(const image::InputRange& from, const image::InputRange& to) {
    const float scale = to.scale / from.scale;
    const float offset = to.offset - from.offset * scale;
    const std::string name = importers::kRescaleLayer;
    kernel = {name + "/depthwise_kernel", {1, 1, 3, 1}, std::vector<float>(3, scale)};
    bias = {name + "/bias", {3}, std::vector<float>(3, offset)};
  }
  void PutInto(std::vector<KerasLayer>& layers) const {
    const std::string input = layers.front().name;
    for (KerasLayer& layer : layers) std::ranges::replace(layer.inputs, input, std::string(importers::kRescaleLayer));
    const OrderedJson ones = OrderedJson::array({1, 1});
    const OrderedJson config = {{"kernel_size", ones},
                                {"strides", ones},
                                {"padding", "same"},
                                {"depth_multiplier", 1},
                                {"data_format", "channels_last"},
                                {"dilation_rate", ones},
                                {"activation", "linear"},
                                {"use_bias", true}};
    layers.insert(
        layers.begin() + 1,
        {"DepthwiseConv2D", importers::kRescaleLayer, config, {input}, layers.front().output, {&kernel, &bias}});
  }

  nn::NamedTensor kernel, bias;
};

}  // namespace

image::InputRange TfjsRange(const nn::Model& model) {
  return model.input_range == kTeachableMachineRange ? model.input_range : image::InputRange::MinusOneToOne();
}

Result<Files> WriteTfjs(const Material& material) {
  Result<std::vector<KerasLayer>> layers = KerasLayersOf(material);
  if (!layers.ok()) return layers.status();
  const image::InputRange range = TfjsRange(material.model);
  const Rescale rescale(range, material.model.input_range);
  if (range != material.model.input_range) rescale.PutInto(*layers);
  InputFile data{"weights.bin", {}};
  OrderedJson weights = OrderedJson::array();
  for (const KerasLayer& layer : *layers) {
    for (const nn::NamedTensor* tensor : layer.weights) {
      weights.push_back({{"name", tensor->name}, {"shape", tensor->shape}, {"dtype", "float32"}});
      PutFloats(tensor->values, data.bytes);
    }
  }
  // "Model" is what all versions call a functional model; "Functional" came with TensorFlow.js 3.
  const OrderedJson topology = {{"keras_version", "2.15.0"},
                                {"backend", "tensorflow"},
                                {"model_config", {{"class_name", "Model"}, {"config", Keras2Config(*layers)}}}};
  const OrderedJson group = {{"paths", OrderedJson::array({data.name})}, {"weights", std::move(weights)}};
  const OrderedJson model = {{"format", "layers-model"},
                             {"generatedBy", std::string("Handful ") + kVersion},
                             {"convertedBy", nullptr},
                             {"modelTopology", topology},
                             {"weightsManifest", OrderedJson::array({group})}};
  return Files{TextFile("model.json", Dump(model)),
               std::move(data),
               TextFile("metadata.json", Dump(Metadata(material.model), 2) + "\n"),
               TextFile("sample.mjs", kTfjsSampleMjs),
               TextFile("sample.html", kTfjsSampleHtml),
               TextFile("README.md", TfjsReadme(material.model))};
}

}  // namespace handful::exporters
