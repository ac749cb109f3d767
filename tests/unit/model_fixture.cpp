#include "unit/model_fixture.h"

#include <cmath>
#include <numeric>

#include "base/rng.h"
#include "nn/finger_cnn.h"
#include "nn/mobilenet_v2.h"

namespace handful::testing {
namespace {

// Uniform in ±limit.
nn::NamedTensor RandomTensor(const std::string& name, const std::vector<int64_t>& shape, float limit, Rng& rng) {
  const int64_t size = std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
  nn::NamedTensor tensor{name, shape, std::vector<float>(static_cast<size_t>(size))};
  for (float& v : tensor.values) v = rng.Uniform(-limit, limit);
  return tensor;
}

}  // namespace

nn::Model RandomCnn(int input_side, const std::vector<std::string>& classes, uint64_t seed) {
  Rng rng(seed);
  nn::Model model;
  model.architecture = &nn::FingerCnn();
  model.part = nn::Part::kWhole;
  model.title = "random CNN";
  model.classes = classes;
  model.input_side = input_side;
  model.input_range = image::InputRange::ZeroToOne();
  for (const nn::TensorSpec& spec :
       nn::TensorSpecsOf(nn::FingerCnnGraph(input_side, {8, 4, static_cast<int>(classes.size())}))) {
    const int64_t fan_in = std::accumulate(spec.shape.begin(), spec.shape.end() - 1, int64_t{1}, std::multiplies<>());
    model.weights.tensors.push_back(RandomTensor(
        spec.name, spec.shape, spec.shape.size() == 1 ? 0.1F : std::sqrt(3.0F / static_cast<float>(fan_in)), rng));
  }
  return model;
}

nn::Model RandomBackbone(uint64_t seed) {
  Rng rng(seed);
  nn::Model model;
  model.part = nn::Part::kBackbone;
  model.title = "random backbone";
  for (const nn::TensorSpec& spec : nn::TensorSpecsOf(nn::BackboneGraph(*model.architecture))) {
    nn::NamedTensor tensor;
    if (spec.name.ends_with("kernel")) {
      const int64_t fan_in =
          spec.shape[0] * spec.shape[1] * (spec.name.ends_with("depthwise_kernel") ? 1 : spec.shape[2]);
      tensor = RandomTensor(
          spec.name, spec.shape,
          std::sqrt((spec.name.find("project") == std::string::npos ? 6.0F : 3.0F) / static_cast<float>(fan_in)), rng);
    } else {
      tensor = RandomTensor(spec.name, spec.shape, 0.2F, rng);
      const bool positive = spec.name.ends_with("gamma") || spec.name.ends_with("moving_variance");
      for (float& v : tensor.values) v += positive ? 1.0F : 0.0F;
    }
    model.weights.tensors.push_back(std::move(tensor));
  }
  const Result<std::string> hash = nn::BackboneContentHash(*model.architecture, model.weights);
  if (hash.ok()) model.backbone_sha256 = *hash;
  return model;
}

nn::Model RandomHead(const std::string& backbone_sha256, const std::vector<std::string>& classes, uint64_t seed) {
  Rng rng(seed);
  nn::Model model;
  model.title = "random head";
  model.classes = classes;
  model.backbone_sha256 = backbone_sha256;
  const auto n = static_cast<int64_t>(classes.size());
  model.weights.tensors = {RandomTensor("hidden/kernel", {nn::kMobileNetFeatures, 5}, 0.05F, rng),
                           RandomTensor("hidden/bias", {5}, 0.1F, rng),
                           RandomTensor("output/kernel", {5, n}, 0.5F, rng),
                           RandomTensor("output/bias", {n}, 0.1F, rng)};
  return model;
}

}  // namespace handful::testing
