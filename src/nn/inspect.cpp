#include "nn/inspect.h"

#include <algorithm>
#include <chrono>

#include "nn/build.h"

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
  } while (runs.size() < kMostRuns &&
           std::chrono::duration<double, std::milli>(Clock::now() - start).count() < kMostMs);
  std::ranges::sort(runs, {}, &Run::total);
  runs.resize((runs.size() + 1) / 2);
  ms.assign(net.layers().size(), 0);
  for (const Run& run : runs) {
    for (size_t i = 0; i < ms.size(); ++i) ms[i] += run.layers[i] / static_cast<double>(runs.size());
  }
  return {};
}

// Runs the network on `input`, and appends what its layers give.
Status Collect(Net& net, std::span<const float> input, std::vector<LayerOutput>& outputs) {
  std::copy(input.begin(), input.end(), net.input().begin());
  std::vector<double> ms;
  HANDFUL_TRY(RunForMeans(net, ms));
  for (size_t i = 0; i < ms.size(); ++i) {
    const LayerInfo& layer = net.layers()[i];
    Result<std::span<const float>> values = net.Activations(layer.name);
    if (!values.ok()) return values.status();
    outputs.push_back({layer.name, layer.output, ms[i], {values->begin(), values->end()}});
  }
  return {};
}

// The kernel of the first convolution.
Result<Filters> FirstFilters(const Graph& graph, const TensorFile& weights) {
  const auto first = std::ranges::find(graph.operations, Operation::Kind::kConv, &Operation::kind);
  const std::string name = first == graph.operations.end() ? "" : first->kernel_name();
  const NamedTensor* kernel = weights.Find(name);
  if (kernel == nullptr || kernel->shape.size() != 4)
    return Errorf("tensor \"%s\" is no kernel of a convolution", name.c_str());
  const auto side = [kernel](size_t i) { return static_cast<int>(kernel->shape[i]); };
  return Filters{name, side(0), side(1), side(2), side(3), kernel->values};
}

}  // namespace

Result<Inspector> Inspector::Create(const Model& model, const TensorFile* backbone) {
  struct Layers {
    Graph graph;
    const TensorFile* weights;
  };
  std::vector<Layers> parts;
  if (model.architecture->gives_features()) {
    const TensorFile* weights = model.HasBackbone() ? &model.weights : backbone;
    if (weights == nullptr) return Errorf("this model has no backbone of its own, and none was given");
    parts.push_back({BackboneGraph(*model.architecture), weights});
  }
  if (!model.is_backbone())
    parts.push_back({OwnGraph(*model.architecture, model.part, model.input_side, model.weights), &model.weights});
  Inspector inspector;
  inspector.side_ = model.input_side;
  Result<Filters> filters = FirstFilters(parts.front().graph, *parts.front().weights);
  if (!filters.ok()) return filters.status();
  inspector.filters_ = std::move(*filters);
  for (const Layers& part : parts) {
    Result<Net> net = BuildNet(part.graph, *part.weights, /*keep_activations=*/true);
    if (!net.ok()) return net.status();
    inspector.nets_.push_back(std::move(*net));
  }
  return inspector;
}

Result<std::vector<LayerOutput>> Inspector::Layers(const image::Image& square, const image::InputRange& range) {
  if (square.width != side_ || square.height != side_) {
    return Errorf("the network wants %d × %d pixels, not %d × %d", side_, side_, square.width, square.height);
  }
  std::vector<float> input(square.pixels_rgb8.size());
  image::ToTensor(square, range, input);
  std::vector<LayerOutput> outputs;
  for (Net& net : nets_) {
    HANDFUL_TRY(Collect(net, input, outputs));
    input = outputs.back().values;
  }
  return outputs;
}

}  // namespace handful::nn
