#include "nn/mobilenet_v2.h"

#include <algorithm>
#include <cmath>

namespace handful::nn {
namespace {

constexpr double kBatchNormEpsilon = 1e-3;

// Keras' _make_divisible(value, 8).
int MakeDivisible(double value) {
  int rounded = std::max(8, static_cast<int>(value + 4) / 8 * 8);
  if (rounded < 0.9 * value) rounded += 8;
  return rounded;
}

// One convolution with its BatchNorm.
struct ConvLayer {
  std::string name;
  std::string batch_norm;
  bool depthwise = false;
  int kernel = 1, stride = 1;
  int in = 0, out = 0;  // channels; equal for a depthwise one
  Activation activation = Activation::kRelu6;
  std::string add_to = {};  // not empty: its output is added to this block's input, under that layer name
};

// (t, c, n, s): expansion, channels before α, repeats, stride of the first. Table 2 of the paper.
struct Stage {
  int expansion, channels, repeats, stride;
};
constexpr Stage kStages[] = {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2},
                             {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};

std::vector<ConvLayer> Layers() {
  constexpr double kWidth = 0.35;  // Keras computes channels in double
  std::vector<ConvLayer> layers;
  int channels = MakeDivisible(32 * kWidth);
  layers.push_back({"Conv1", "bn_Conv1", false, 3, 2, 3, channels});
  int block = 0;
  for (const Stage& stage : kStages) {
    for (int repeat = 0; repeat < stage.repeats; ++repeat, ++block) {
      const std::string prefix = block == 0 ? "expanded_conv_" : Format("block_%d_", block);
      const int stride = repeat == 0 ? stage.stride : 1;
      const int expanded = channels * stage.expansion;
      const int projected = MakeDivisible(static_cast<int>(stage.channels * kWidth));
      if (block > 0) layers.push_back({prefix + "expand", prefix + "expand_BN", false, 1, 1, channels, expanded});
      layers.push_back({prefix + "depthwise", prefix + "depthwise_BN", true, 3, stride, expanded, expanded});
      layers.push_back({prefix + "project", prefix + "project_BN", false, 1, 1, expanded, projected, Activation::kNone,
                        stride == 1 && channels == projected ? prefix + "add" : ""});
      channels = projected;
    }
  }
  layers.push_back({"Conv_1", "Conv_1_bn", false, 1, 1, channels, kMobileNetFeatures});
  return layers;
}

std::string KernelName(const ConvLayer& layer) { return layer.name + (layer.depthwise ? "/depthwise_kernel" : "/kernel"); }

std::vector<int64_t> KernelShape(const ConvLayer& layer) {
  return {layer.kernel, layer.kernel, layer.in, layer.depthwise ? 1 : layer.out};
}

struct Folded {
  std::vector<float> kernel;  // OHWI, or HWC for a depthwise one
  std::vector<float> bias;
};

// BatchNorm folded in double: s = γ/√(σ²+ε), w·s, b = β − μ·s.
Result<Folded> Fold(const TensorFile& weights, const ConvLayer& layer) {
  const std::vector<int64_t> kernel_shape = KernelShape(layer);
  Result<const NamedTensor*> kernel = weights.Get(KernelName(layer), kernel_shape);
  if (!kernel.ok()) return kernel.status();
  const int64_t channel_shape[] = {layer.out};
  const float* norm[4];
  size_t i = 0;
  for (const char* part : {"gamma", "beta", "moving_mean", "moving_variance"}) {
    Result<const NamedTensor*> tensor = weights.Get(layer.batch_norm + "/" + part, channel_shape);
    if (!tensor.ok()) return tensor.status();
    norm[i++] = (*tensor)->values.data();
  }
  const auto [gamma, beta, mean, variance] = norm;

  const auto out = static_cast<size_t>(layer.out);
  const std::vector<float>& hwio = (*kernel)->values;
  const size_t taps = hwio.size() / out;  // kernel · kernel · in, or kernel · kernel
  Folded folded{std::vector<float>(hwio.size()), std::vector<float>(out)};
  for (size_t o = 0; o < out; ++o) {
    if (variance[o] < 0) {
      return Errorf("tensor \"%s/moving_variance\" holds %g at position %zu: a variance cannot be negative",
                    layer.batch_norm.c_str(), static_cast<double>(variance[o]), o);
    }
    const double scale = gamma[o] / std::sqrt(variance[o] + kBatchNormEpsilon);
    folded.bias[o] = static_cast<float>(beta[o] - mean[o] * scale);
    for (size_t t = 0; t < taps; ++t) {
      const size_t to = layer.depthwise ? t * out + o : o * taps + t;
      folded.kernel[to] = static_cast<float>(hwio[t * out + o] * scale);
    }
  }
  return folded;
}

}  // namespace

std::vector<TensorSpec> BackboneTensorSpecs() {
  std::vector<TensorSpec> specs;
  for (const ConvLayer& layer : Layers()) {
    specs.push_back({KernelName(layer), KernelShape(layer)});
    for (const char* part : {"gamma", "beta", "moving_mean", "moving_variance"}) {
      specs.push_back({layer.batch_norm + "/" + part, {layer.out}});
    }
  }
  return specs;
}

Result<Net> BuildMobileNetV2(const TensorFile& weights, bool keep_activations) {
  NetBuilder builder({kMobileNetSide, kMobileNetSide, 3});
  if (keep_activations) builder.KeepActivations();
  Value x = builder.input();
  Value block_input = x;
  for (const ConvLayer& layer : Layers()) {
    Result<Folded> folded = Fold(weights, layer);
    if (!folded.ok()) return folded.status();
    const ConvSpec spec = {layer.kernel, layer.stride, layer.out, layer.activation};
    x = layer.depthwise ? builder.Depthwise(layer.name, x, spec, folded->kernel, folded->bias)
                        : builder.Conv(layer.name, x, spec, folded->kernel, folded->bias);
    if (!layer.add_to.empty()) x = builder.Add(layer.add_to, block_input, x);
    if (layer.activation == Activation::kNone || layer.name == "Conv1") block_input = x;  // a block begins here
  }
  x = builder.GlobalMean("global_average_pooling2d", x);
  return std::move(builder).Finish(x);
}

}  // namespace handful::nn
