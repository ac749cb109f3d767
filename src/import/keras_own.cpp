#include "import/keras_own.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string_view>

#include "import/keras_topology.h"
#include "nn/registry.h"

namespace handful::importers {
namespace {

constexpr size_t kMaxFacts = 1000;
constexpr uint64_t kMostSide = 1024;

// "model_weights/conv1/conv1/kernel:0" → "conv1/kernel"
std::string OwnName(std::string_view path) {
  if (const size_t colon = path.find_last_of(':'); colon != std::string_view::npos) path = path.substr(0, colon);
  const size_t weight = path.find_last_of('/');
  if (weight == std::string_view::npos || weight == 0) return std::string(path);
  const size_t layer = path.find_last_of('/', weight - 1);
  return std::string(layer == std::string_view::npos ? path : path.substr(layer + 1));
}

Json ConfigOf(const nn::TensorFile& file) {
  const auto described = file.metadata.find("model_config");
  return described == file.metadata.end() ? Json() : ParseJson(described->second);
}

// Under our names. What an optimizer kept is left out.
Result<nn::TensorFile> Renamed(const nn::TensorFile& file) {
  nn::TensorFile renamed;
  std::set<std::string> names;
  for (const nn::NamedTensor& tensor : file.tensors) {
    if (tensor.name.starts_with("optimizer_weights")) continue;
    std::string name = OwnName(tensor.name);
    if (!names.insert(name).second) return Errorf("two tensors are called \"%s\"", name.c_str());
    renamed.tensors.push_back({std::move(name), tensor.shape, tensor.values});
  }
  return renamed;
}

// Takes the tensors of kRescaleLayer out.
std::vector<nn::NamedTensor> TakeRescale(nn::TensorFile& file) {
  const std::string prefix = std::string(kRescaleLayer) + "/";
  const auto others = std::stable_partition(file.tensors.begin(), file.tensors.end(),
                                            [&](const nn::NamedTensor& one) { return !one.name.starts_with(prefix); });
  std::vector<nn::NamedTensor> taken(std::make_move_iterator(others), std::make_move_iterator(file.tensors.end()));
  file.tensors.erase(others, file.tensors.end());
  return taken;
}

// It must make of pixel / 127.5 − 1 what the model was taught with.
Status CheckRescale(const std::vector<nn::NamedTensor>& tensors, const image::InputRange& range) {
  if (tensors.empty()) return {};
  const image::InputRange from = image::InputRange::MinusOneToOne();
  const float scale = range.scale / from.scale, offset = range.offset - from.offset * scale;
  for (const nn::NamedTensor& tensor : tensors) {
    const bool is_bias = tensor.name.ends_with("/bias");
    if (tensor.values.size() != 3)
      return Errorf("tensor \"%s\" has %zu numbers, not 3", tensor.name.c_str(), tensor.values.size());
    for (const float value : tensor.values) {
      if (std::fabs(value - (is_bias ? offset : scale)) > 1e-6F)
        return Errorf("layer \"%s\" makes %g of the input, where %g is promised", kRescaleLayer,
                      static_cast<double>(value), static_cast<double>(is_bias ? offset : scale));
    }
  }
  return {};
}

}  // namespace

Facts FactsFrom(const Json& json) {
  Facts facts;
  if (!json.is_object() || json.size() > kMaxFacts) return facts;
  for (const auto& [field, value] : json.items()) {
    if (value.is_string()) facts[field] = value.get<std::string>();
  }
  return facts;
}

Result<nn::Model> ModelByFacts(const nn::TensorFile& file, const Facts& facts) {
  Result<nn::TensorFile> renamed = Renamed(file);
  if (!renamed.ok()) return renamed.status();
  renamed->metadata = facts;
  const std::vector<nn::NamedTensor> rescale = TakeRescale(*renamed);
  Result<nn::Model> model = nn::ModelOf(*std::move(renamed));
  if (!model.ok()) return model;
  HANDFUL_TRY(CheckRescale(rescale, model->input_range));
  const nn::Graph graph = nn::WholeGraph(*model->architecture, model->part, model->input_side, model->weights);
  std::vector<nn::NamedTensor> in_order;
  for (const nn::TensorSpec& spec : nn::TensorSpecsOf(graph)) {
    if (spec.is_optional && model->weights.Find(spec.name) == nullptr) continue;
    Result<const nn::NamedTensor*> tensor = model->weights.Get(spec.name, spec.shape);
    if (!tensor.ok()) return tensor.status();
    in_order.push_back(**tensor);
  }
  for (const nn::NamedTensor& tensor : model->weights.tensors) {
    if (std::ranges::find(in_order, tensor.name, &nn::NamedTensor::name) == in_order.end())
      return Errorf("tensor \"%s\" is none of the network's", tensor.name.c_str());
  }
  model->weights.tensors = std::move(in_order);
  if (const Json config = ConfigOf(file); !config.is_null()) {
    if (config.is_discarded()) return Errorf("the model's description is not sound JSON");
    if (Status same = CheckTopology(config, graph); !same.ok()) return same;
    const auto side = static_cast<uint64_t>(model->input_side);
    if (const auto [height, width] = InputSizeOf(config); height != 0 && (height != side || width != side))
      return Errorf("its pictures are %llu × %llu, but %d × %d are promised", static_cast<unsigned long long>(width),
                    static_cast<unsigned long long>(height), model->input_side, model->input_side);
  }
  return model;
}

WholeNetwork WholeNetworkOf(const nn::TensorFile& file) {
  const Result<nn::TensorFile> renamed = Renamed(file);
  if (!renamed.ok()) return {};
  for (const nn::Architecture& architecture : nn::Architectures()) {
    if (architecture.gives_features()) continue;
    // Which tensors there are depends on no side.
    constexpr int kAnySide = 64;
    const nn::Graph graph = architecture.graph(kAnySide, *renamed);
    const auto is_there = [&](const nn::TensorSpec& spec) {
      return spec.is_optional || renamed->Find(spec.name) != nullptr;
    };
    if (std::ranges::all_of(nn::TensorSpecsOf(graph), is_there))
      return {&architecture, graph.operations.back().outputs};
  }
  return {};
}

Result<Facts> FactsOf(const nn::Architecture& architecture, const nn::TensorFile& file, const std::string& title,
                      const std::vector<std::string>& classes) {
  const Json config = ConfigOf(file);
  const auto [height, width] = InputSizeOf(config);
  if (height == 0) return Errorf("the model does not say how large its pictures are");
  if (height != width || height > kMostSide)
    return Errorf("its pictures are %llu × %llu; only squares up to %llu can be run",
                  static_cast<unsigned long long>(width), static_cast<unsigned long long>(height),
                  static_cast<unsigned long long>(kMostSide));
  nn::Model model;
  model.architecture = &architecture;
  model.part = nn::Part::kWhole;
  model.title = title;
  model.classes = classes;
  model.input_side = static_cast<int>(height);
  model.input_range = architecture.range;
  return nn::FactsOf(model);
}

}  // namespace handful::importers
