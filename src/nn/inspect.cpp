#include "nn/inspect.h"

#include <algorithm>

#include "nn/finger_cnn.h"
#include "nn/head_net.h"
#include "nn/mobilenet_v2.h"

namespace handful::nn {
namespace {

Status Collect(Result<Net> net, std::span<const float> input, std::vector<LayerOutput>& outputs) {
  if (!net.ok()) return net.status();
  std::copy(input.begin(), input.end(), net->input().begin());
  HANDFUL_TRY(net->RunTimed());
  for (const LayerInfo& layer : net->layers()) {
    Result<std::span<const float>> values = net->Activations(layer.name);
    if (!values.ok()) return values.status();
    outputs.push_back({layer.name, layer.output, layer.ms, {values->begin(), values->end()}});
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
  const TensorFile* weights = model.HasBackbone() ? &model.weights : backbone;
  if (weights == nullptr) return Errorf("this model has no backbone of its own, and none was given");
  HANDFUL_TRY(Collect(BuildMobileNetV2(*weights, /*keep_activations=*/true), pixels, outputs));
  if (model.network != Network::kBackbone) {
    const std::vector<float> features = outputs.back().values;
    HANDFUL_TRY(Collect(BuildHeadNet(model, /*keep_activations=*/true), features, outputs));
  }
  return outputs;
}

}  // namespace handful::nn
