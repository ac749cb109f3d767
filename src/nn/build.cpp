#include "nn/build.h"

#include <cmath>
#include <map>

namespace handful::nn {
namespace {

constexpr double kBatchNormEpsilon = 1e-3;

// A convolution's weights as XNNPACK reads them.
struct Folded {
  std::vector<float> kernel;  // OHWI, or HWC for a depthwise one
  std::vector<float> bias;
};

Result<std::span<const float>> Values(const TensorFile& weights, const std::string& name,
                                      std::span<const int64_t> shape) {
  Result<const NamedTensor*> tensor = weights.Get(name, shape);
  if (!tensor.ok()) return tensor.status();
  return std::span<const float>((*tensor)->values);
}

// w·s in double, with s = γ/√(σ²+ε) and b = β − μ·s of a BatchNorm; else s = 1.
Result<Folded> Fold(const TensorFile& weights, const Operation& op, int64_t in_channels) {
  const bool depthwise = op.kind == Operation::Kind::kDepthwiseConv;
  const int64_t channels = depthwise ? in_channels : op.outputs;
  const int64_t kernel_shape[] = {op.kernel, op.kernel, in_channels, depthwise ? 1 : channels};
  Result<std::span<const float>> hwio = Values(weights, op.kernel_name(), kernel_shape);
  if (!hwio.ok()) return hwio.status();
  const auto out = static_cast<size_t>(channels);
  std::vector<double> scale(out, 1.0);
  Folded folded{std::vector<float>(hwio->size()), {}};
  if (op.batch_norm.empty()) {
    Result<std::span<const float>> bias = Values(weights, op.name + "/bias", {&channels, 1});
    if (!bias.ok()) return bias.status();
    folded.bias.assign(bias->begin(), bias->end());
  } else {
    std::span<const float> norm[4];
    size_t i = 0;
    for (const char* part : {"gamma", "beta", "moving_mean", "moving_variance"}) {
      Result<std::span<const float>> values = Values(weights, op.batch_norm + "/" + part, {&channels, 1});
      if (!values.ok()) return values.status();
      norm[i++] = *values;
    }
    const auto& [gamma, beta, mean, variance] = norm;
    folded.bias.resize(out);
    for (size_t o = 0; o < out; ++o) {
      if (variance[o] < 0) {
        return Errorf("tensor \"%s/moving_variance\" holds %g at position %zu: a variance cannot be negative",
                      op.batch_norm.c_str(), static_cast<double>(variance[o]), o);
      }
      scale[o] = gamma[o] / std::sqrt(variance[o] + kBatchNormEpsilon);
      folded.bias[o] = static_cast<float>(beta[o] - mean[o] * scale[o]);
    }
  }
  const size_t taps = hwio->size() / out;  // kernel · kernel · in, or kernel · kernel
  for (size_t t = 0; t < taps; ++t) {
    for (size_t o = 0; o < out; ++o) {
      folded.kernel[depthwise ? t * out + o : o * taps + t] = static_cast<float>((*hwio)[t * out + o] * scale[o]);
    }
  }
  return folded;
}

Result<Value> AddGemm(NetBuilder& builder, const Operation& op, Value in, const TensorFile& weights) {
  const int64_t shape[] = {static_cast<int64_t>(builder.ShapeOf(in).size()), op.outputs};
  Result<std::span<const float>> kernel = Values(weights, op.kernel_name(), shape);
  if (!kernel.ok()) return kernel.status();
  std::span<const float> bias;
  if (weights.Find(op.name + "/bias") != nullptr) {
    Result<std::span<const float>> values = Values(weights, op.name + "/bias", {shape + 1, 1});
    if (!values.ok()) return values.status();
    bias = *values;
  }
  return builder.Dense(op.name, in, op.outputs, op.activation, *kernel, bias);
}

Result<Value> AddOperation(NetBuilder& builder, const Operation& op, Value a, Value b, const TensorFile& weights) {
  switch (op.kind) {
    case Operation::Kind::kMaxPool: return builder.MaxPool(op.name, a, op.kernel, op.stride);
    case Operation::Kind::kAdd: return builder.Add(op.name, a, b);
    case Operation::Kind::kGlobalAveragePool: return builder.GlobalMean(op.name, a);
    case Operation::Kind::kGemm: return AddGemm(builder, op, a, weights);
    case Operation::Kind::kConv:
    case Operation::Kind::kDepthwiseConv: break;
  }
  Result<Folded> folded = Fold(weights, op, builder.ShapeOf(a).channels);
  if (!folded.ok()) return folded.status();
  const ConvSpec spec = {op.kernel, op.stride, op.outputs, op.activation};
  return op.kind == Operation::Kind::kConv ? builder.Conv(op.name, a, spec, folded->kernel, folded->bias)
                                           : builder.Depthwise(op.name, a, spec, folded->kernel, folded->bias);
}

}  // namespace

Result<Net> BuildNet(const Graph& graph, const TensorFile& weights, bool keep_activations) {
  NetBuilder builder(graph.input);
  if (keep_activations) builder.KeepActivations();
  std::map<std::string, Value> values = {{kInput, builder.input()}};
  Value last = builder.input();
  for (const Operation& op : graph.operations) {
    Value in[2] = {};
    for (size_t i = 0; i < op.inputs.size(); ++i) {
      const auto found = values.find(op.inputs[i]);
      if (found == values.end())
        return Errorf("layer \"%s\" reads \"%s\", which does not come before it", op.name.c_str(),
                      op.inputs[i].c_str());
      in[i == 0 ? 0 : 1] = found->second;
    }
    Result<Value> value = AddOperation(builder, op, in[0], in[1], weights);
    if (!value.ok()) return value.status();
    last = values[op.name] = *value;
  }
  return std::move(builder).Finish(last);
}

}  // namespace handful::nn
