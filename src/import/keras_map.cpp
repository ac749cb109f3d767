#include "import/keras_map.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <string_view>

#include "import/json_access.h"
#include "nn/mobilenet_v2.h"

namespace handful::importers {
namespace {

struct Layer {
  std::string name;
  std::map<std::string, const nn::NamedTensor*> weights;  // "kernel", "gamma", …
};

const nn::NamedTensor* Weight(const Layer& layer, const std::string& name) {
  const auto found = layer.weights.find(name);
  return found == layer.weights.end() ? nullptr : found->second;
}

// "model_weights/sequential_1/Conv1/kernel:0" → "Conv1", "kernel"
void SplitName(const std::string& path, std::string& layer, std::string& weight) {
  std::string_view rest(path);
  rest = rest.substr(0, rest.find_last_of(':') == std::string_view::npos ? rest.size() : rest.find_last_of(':'));
  const size_t slash = rest.find_last_of('/');
  weight = rest.substr(slash == std::string_view::npos ? 0 : slash + 1);
  rest = slash == std::string_view::npos ? "" : rest.substr(0, slash);
  layer = rest.substr(rest.find_last_of('/') == std::string_view::npos ? 0 : rest.find_last_of('/') + 1);
}

// In the order of first appearance: nested models list all trainable weights before the moving averages.
std::vector<Layer> LayersOf(const nn::TensorFile& file) {
  std::vector<Layer> layers;
  std::map<std::string, size_t> index;
  for (const nn::NamedTensor& tensor : file.tensors) {
    if (tensor.name.starts_with("optimizer_weights")) continue;
    std::string layer;
    std::string weight;
    SplitName(tensor.name, layer, weight);
    const auto [at, is_new] = index.try_emplace(layer, layers.size());
    if (is_new) layers.push_back({layer, {}});
    layers[at->second].weights.try_emplace(weight, &tensor);
  }
  return layers;
}

bool TakeText(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool TakeNumber(std::string_view& text, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

// The first official weights call block 3's layers mobl3_conv_3_expand, bn3_conv_3_bn_expand, …; names as Keras gives
// them now pass through.
std::string PresentName(const std::string& name) {
  std::string_view rest(name);
  const bool batch_norm = TakeText(rest, "bn");
  if (!batch_norm && !TakeText(rest, "mobl")) return name;
  int block = 0;
  int again = 0;
  if (!TakeNumber(rest, block) || !TakeText(rest, "_conv_") || !TakeNumber(rest, again) || again != block ||
      !TakeText(rest, "_")) {
    return name;
  }
  if (batch_norm) TakeText(rest, "bn_");
  if (rest != "expand" && rest != "depthwise" && rest != "project") return name;
  return (block == 0 ? "expanded_conv_" : "block_" + std::to_string(block) + "_") + std::string(rest) +
         (batch_norm ? "_BN" : "");
}

// A layer of the backbone: its name and the shapes of its weights.
struct ExpectedLayer {
  std::string name;
  std::vector<nn::TensorSpec> weights;  // names without the layer
};

std::vector<ExpectedLayer> ExpectedBackbone() {
  std::vector<ExpectedLayer> layers;
  for (const nn::TensorSpec& spec : nn::TensorSpecsOf(nn::MobileNetV2Graph())) {
    const size_t slash = spec.name.find('/');
    const std::string layer = spec.name.substr(0, slash);
    if (layers.empty() || layers.back().name != layer) layers.push_back({layer, {}});
    layers.back().weights.push_back({spec.name.substr(slash + 1), spec.shape});
  }
  return layers;
}

std::string ShapeText(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (const int64_t size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

// Copies a tensor under another name, if it has the shape and holds numbers.
Status Take(const Layer& layer, const std::string& weight, const std::vector<int64_t>& shape,
            const std::string& our_name, nn::TensorFile& into) {
  const nn::NamedTensor* tensor = Weight(layer, weight);
  if (tensor == nullptr) return Errorf("layer \"%s\" has no %s", layer.name.c_str(), weight.c_str());
  if (tensor->shape != shape) {
    return Errorf("layer \"%s\": its %s has shape %s, but %s is needed (only MobileNetV2 with α = 0.35 runs here)",
                  layer.name.c_str(), weight.c_str(), ShapeText(tensor->shape).c_str(), ShapeText(shape).c_str());
  }
  for (size_t i = 0; i < tensor->values.size(); ++i) {
    if (!std::isfinite(tensor->values[i])) {
      return Errorf("layer \"%s\": its %s holds %f at position %zu", layer.name.c_str(), weight.c_str(),
                    static_cast<double>(tensor->values[i]), i);
    }
  }
  into.tensors.push_back({our_name, tensor->shape, tensor->values});
  return {};
}

// Which of `layers` are the backbone's, in its order; the others are left in `rest`, in theirs.
Result<std::vector<const Layer*>> FindBackbone(const std::vector<Layer>& layers,
                                               const std::vector<ExpectedLayer>& expected,
                                               std::vector<const Layer*>& rest) {
  std::map<std::string, const Layer*> by_name;
  for (const Layer& layer : layers) by_name.try_emplace(PresentName(layer.name), &layer);
  std::vector<const Layer*> found;
  std::string first_missing;
  for (const ExpectedLayer& layer : expected) {
    const auto at = by_name.find(layer.name);
    if (at != by_name.end()) {
      found.push_back(at->second);
    } else if (first_missing.empty()) {
      first_missing = layer.name;
    }
  }
  if (found.size() == expected.size()) {
    for (const Layer& layer : layers) {
      if (std::ranges::find(found, &layer) == found.end()) rest.push_back(&layer);
    }
    return found;
  }
  if (2 * found.size() > expected.size()) return Errorf("layer \"%s\" is missing", first_missing.c_str());

  if (layers.size() < expected.size()) {
    return Errorf("this is not MobileNetV2: it has %zu layers with weights, at least %zu are needed", layers.size(),
                  expected.size());
  }
  found.clear();
  for (size_t i = 0; i < layers.size(); ++i) (i < expected.size() ? found : rest).push_back(&layers[i]);
  return found;
}

// What the file's own description says about a dense layer; null where it says nothing.
const Json* FindDense(const Json& config, const std::string& name, int depth = 0) {
  constexpr int kMaxDepth = 12;
  if (depth > kMaxDepth) return nullptr;
  if (TextOr(Member(config, "class_name"), "") == "Dense" &&
      TextOr(Member(Member(config, "config"), "name"), "") == name) {
    return &Member(config, "config");
  }
  const Json& inner = Member(config, "config");
  const Json& layers = inner.is_array() ? inner : Member(inner, "layers");
  if (!layers.is_array()) return nullptr;
  for (const Json& layer : layers) {
    if (const Json* found = FindDense(layer, name, depth + 1)) return found;
  }
  return nullptr;
}

Status CheckActivation(const Json& config, const Layer& layer, const char* expected) {
  const Json* dense = FindDense(config, layer.name);
  if (dense == nullptr) return {};
  const std::string activation = TextOr(Member(*dense, "activation"), expected);
  if (activation == expected) return {};
  return Errorf("layer \"%s\" has activation %s, but %s is needed", layer.name.c_str(), activation.c_str(), expected);
}

Status MapDense(const Layer& layer, const std::string& our_name, int64_t inputs, nn::TensorFile& into, int64_t& units) {
  const nn::NamedTensor* kernel = Weight(layer, "kernel");
  if (kernel == nullptr || kernel->shape.size() != 2 || kernel->shape[1] < 1) {
    return Errorf("layer \"%s\" is not understood: after the backbone, only dense layers are", layer.name.c_str());
  }
  units = kernel->shape[1];
  HANDFUL_TRY(Take(layer, "kernel", {inputs, units}, our_name + "/kernel", into));
  if (Weight(layer, "bias") != nullptr) HANDFUL_TRY(Take(layer, "bias", {units}, our_name + "/bias", into));
  return {};
}

}  // namespace

Result<MappedModel> MapKerasModel(const nn::TensorFile& file) {
  const std::vector<Layer> layers = LayersOf(file);
  const std::vector<ExpectedLayer> expected = ExpectedBackbone();
  std::vector<const Layer*> head;
  Result<std::vector<const Layer*>> backbone = FindBackbone(layers, expected, head);
  if (!backbone.ok()) return backbone.status();

  MappedModel mapped;
  for (size_t i = 0; i < expected.size(); ++i) {
    for (const nn::TensorSpec& weight : expected[i].weights) {
      HANDFUL_TRY(
          Take(*(*backbone)[i], weight.name, weight.shape, expected[i].name + "/" + weight.name, mapped.weights));
    }
  }
  if (head.empty()) return mapped;

  const auto described = file.metadata.find("model_config");
  const Json config = described == file.metadata.end() ? Json() : ParseJson(described->second);
  if (head.size() == 1) {
    mapped.part = nn::Part::kTop;
    HANDFUL_TRY(MapDense(*head[0], "predictions", nn::kMobileNetFeatures, mapped.weights, mapped.outputs));
  } else if (head.size() == 2) {
    mapped.part = nn::Part::kHead;
    int64_t hidden = 0;
    HANDFUL_TRY(MapDense(*head[0], "hidden", nn::kMobileNetFeatures, mapped.weights, hidden));
    HANDFUL_TRY(MapDense(*head[1], "output", hidden, mapped.weights, mapped.outputs));
    HANDFUL_TRY(CheckActivation(config, *head[0], "relu"));
    if (Weight(*head[0], "bias") == nullptr)
      mapped.weights.tensors.push_back({"hidden/bias", {hidden}, std::vector<float>(static_cast<size_t>(hidden))});
  } else {
    return Errorf("%zu layers follow the backbone (the first is \"%s\"), at most 2 are understood", head.size(),
                  head[0]->name.c_str());
  }
  HANDFUL_TRY(CheckActivation(config, *head.back(), "softmax"));
  mapped.output_has_bias = Weight(*head.back(), "bias") != nullptr;
  if (head.size() == 1 && !mapped.output_has_bias) {
    mapped.weights.tensors.push_back(
        {"predictions/bias", {mapped.outputs}, std::vector<float>(static_cast<size_t>(mapped.outputs))});
  }
  return mapped;
}

}  // namespace handful::importers
