#include "nn/registry.h"

#include <algorithm>

#include "base/status.h"
#include "nn/finger_cnn.h"
#include "nn/mobilenet_v2.h"

namespace handful::nn {
namespace {

// The columns of "<layer>/kernel"; 1 where there is none such, which building the network says in a sentence.
int UnitsOf(const TensorFile& weights, const std::string& layer) {
  const NamedTensor* kernel = weights.Find(layer + "/kernel");
  return kernel == nullptr || kernel->shape.size() != 2 ? 1 : static_cast<int>(kernel->shape[1]);
}

Graph FingerCnnOf(int side, const TensorFile& weights) {
  std::vector<int> units;
  for (std::string name = "dense1"; weights.Find(name + "/kernel") != nullptr;
       name = Format("dense%zu", units.size() + 1)) {
    units.push_back(UnitsOf(weights, name));
  }
  units.push_back(UnitsOf(weights, "output"));
  return FingerCnnGraph(side, units);
}

constexpr Architecture kArchitectures[] = {
    {.name = "mobilenet_v2",
     .title = "MobileNetV2",
     .setting = "mobilenet",
     .training = Training::kHeadOnFeatures,
     .side = kMobileNetSide,
     .range = {1.0F / 127.5F, -1.0F},
     .width = kAlpha,
     .file_title = "MobileNetV2 0.35 224 backbone",
     .graph = [](int, const TensorFile&) { return MobileNetV2Graph(); }},
    {.name = "finger_cnn",
     .title = "the write-up's CNN",
     .setting = "cnn",
     .training = Training::kFromPixels,
     .range = {1.0F / 255.0F, 0.0F},
     .graph = FingerCnnOf},
};

constexpr Part kBackboneParts[] = {Part::kBackbone, Part::kHead, Part::kTop};
constexpr Part kWholeParts[] = {Part::kWhole};

}  // namespace

std::span<const Architecture> Architectures() { return kArchitectures; }
const Architecture& MobileNetV2() { return kArchitectures[0]; }
const Architecture& FingerCnn() { return kArchitectures[1]; }

const Architecture* FindBySetting(std::string_view setting) {
  for (const Architecture& architecture : kArchitectures) {
    if (setting == architecture.setting) return &architecture;
  }
  return nullptr;
}

bool LearnsFromPixels(std::string_view setting) {
  const Architecture* architecture = FindBySetting(setting);
  return architecture != nullptr && architecture->training == Training::kFromPixels;
}

std::string NameOf(const Architecture& architecture, Part part) {
  switch (part) {
    case Part::kBackbone: return std::string(architecture.name) + "_backbone";
    case Part::kHead: return std::string(architecture.name) + "_head";
    case Part::kTop: return std::string(architecture.name) + "_top";
    case Part::kWhole: break;
  }
  return architecture.name;
}

std::span<const Part> PartsOf(const Architecture& architecture) {
  return architecture.gives_features() ? std::span<const Part>(kBackboneParts) : std::span<const Part>(kWholeParts);
}

Graph BackboneGraph(const Architecture& architecture) { return architecture.graph(architecture.side, {}); }

int FeatureCount(const Architecture& architecture) {
  return static_cast<int>(OutputOf(BackboneGraph(architecture)).size());
}

std::vector<std::string> HeadLayers(Part part) {
  return part == Part::kTop ? std::vector<std::string>{"predictions"} : std::vector<std::string>{"hidden", "output"};
}

Graph OwnGraph(const Architecture& architecture, Part part, int side, const TensorFile& weights) {
  if (part == Part::kWhole) return architecture.graph(side, weights);
  if (part == Part::kBackbone) return BackboneGraph(architecture);
  const std::vector<std::string> layers = HeadLayers(part);
  std::vector<int> units;
  for (const std::string& layer : layers) units.push_back(UnitsOf(weights, layer));
  return DenseGraph(FeatureCount(architecture), layers, units);
}

Graph WholeGraph(const Architecture& architecture, Part part, int side, const TensorFile& weights) {
  Graph own = OwnGraph(architecture, part, side, weights);
  if (part == Part::kWhole || part == Part::kBackbone) return own;
  Graph whole = BackboneGraph(architecture);
  const std::string features = whole.operations.back().name;
  for (Operation& op : own.operations) {
    std::ranges::replace(op.inputs, std::string(kInput), features);
    whole.operations.push_back(std::move(op));
  }
  return whole;
}

}  // namespace handful::nn
