#include "nn/inspect.h"

#include <algorithm>
#include <chrono>

#include "nn/finger_cnn.h"
#include "nn/head_net.h"
#include "nn/mobilenet_v2.h"

namespace handful::nn {
namespace {

constexpr double kMostMs = 40;  // for all runs
constexpr size_t kMostRuns = 50;

// `ms` of each layer: the mean over the faster half of several runs, the first of which only warms up.
Status RunForMeans(Net& net, std::vector<double>& ms) {
  using Clock = std::chrono::steady_clock;
  struct Run {
    double total = 0;
    std::vector<double> layers;
  };
  HANDFUL_TRY(net.Run());
  std::vector<Run> runs;
  const Clock::time_point start = Clock::now();
  do {
    HANDFUL_TRY(net.RunTimed());
    Run& run = runs.emplace_back();
    for (const LayerInfo& layer : net.layers()) {
      run.layers.push_back(layer.ms);
      run.total += layer.ms;
    }
  } while (runs.size() < kMostRuns && std::chrono::duration<double, std::milli>(Clock::now() - start).count() < kMostMs);
  std::ranges::sort(runs, {}, &Run::total);
  runs.resize((runs.size() + 1) / 2);
  ms.assign(net.layers().size(), 0);
  for (const Run& run : runs) {
    for (size_t i = 0; i < ms.size(); ++i) ms[i] += run.layers[i] / static_cast<double>(runs.size());
  }
  return {};
}

const TensorFile* BackboneOf(const Model& model, const TensorFile* shared) { return model.HasBackbone() ? &model.weights : shared; }

Status NoBackbone() { return Errorf("this model has no backbone of its own, and none was given"); }

Status Collect(Result<Net> net, std::span<const float> input, std::vector<LayerOutput>& outputs) {
  if (!net.ok()) return net.status();
  std::copy(input.begin(), input.end(), net->input().begin());
  std::vector<double> ms;
  HANDFUL_TRY(RunForMeans(*net, ms));
  for (size_t i = 0; i < ms.size(); ++i) {
    const LayerInfo& layer = net->layers()[i];
    Result<std::span<const float>> values = net->Activations(layer.name);
    if (!values.ok()) return values.status();
    outputs.push_back({layer.name, layer.output, ms[i], {values->begin(), values->end()}});
  }
  return {};
}

}  // namespace

Result<std::vector<LayerOutput>> InspectLayers(const Model& model, const TensorFile* backbone, const image::Image& square) {
  if (square.width != model.input_side || square.height != model.input_side) {
    return Errorf("the network wants %d × %d pixels, not %d × %d", model.input_side, model.input_side, square.width, square.height);
  }
  std::vector<float> pixels(square.pixels_rgb8.size());
  image::ToTensor(square, model.input_range, pixels);
  std::vector<LayerOutput> outputs;
  if (model.network == Network::kFingerCnn) {
    HANDFUL_TRY(Collect(BuildFingerCnn(model, /*keep_activations=*/true), pixels, outputs));
    return outputs;
  }
  const TensorFile* weights = BackboneOf(model, backbone);
  if (weights == nullptr) return NoBackbone();
  HANDFUL_TRY(Collect(BuildMobileNetV2(*weights, /*keep_activations=*/true), pixels, outputs));
  if (model.network != Network::kBackbone) {
    const std::vector<float> features = outputs.back().values;
    HANDFUL_TRY(Collect(BuildHeadNet(model, /*keep_activations=*/true), features, outputs));
  }
  return outputs;
}

Result<Filters> FirstFilters(const Model& model, const TensorFile* backbone) {
  const bool cnn = model.network == Network::kFingerCnn;
  const TensorFile* weights = cnn ? &model.weights : BackboneOf(model, backbone);
  if (weights == nullptr) return NoBackbone();
  const char* name = cnn ? "conv1/kernel" : "Conv1/kernel";
  const NamedTensor* kernel = weights->Find(name);
  if (kernel == nullptr || kernel->shape.size() != 4) return Errorf("tensor \"%s\" is no kernel of a convolution", name);
  const auto side = [kernel](size_t i) { return static_cast<int>(kernel->shape[i]); };
  return Filters{name, side(0), side(1), side(2), side(3), kernel->values};
}

}  // namespace handful::nn
