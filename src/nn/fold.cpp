#include "nn/fold.h"

#include <cmath>
#include <span>

namespace handful::nn {
namespace {

Result<std::span<const float>> Values(const TensorFile& weights, const std::string& name,
                                      std::span<const int64_t> shape) {
  Result<const NamedTensor*> tensor = weights.Get(name, shape);
  if (!tensor.ok()) return tensor.status();
  return std::span<const float>((*tensor)->values);
}

// s, and the bias into `folded`.
Result<std::vector<double>> Scale(const Operation& op, int64_t channels, const TensorFile& weights,
                                  LayerWeights& folded) {
  const auto out = static_cast<size_t>(channels);
  std::vector<double> scale(out, 1.0);
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
  return scale;
}

std::vector<int64_t> KernelShape(const Operation& op, const Shape& input) {
  switch (op.kind) {
    case Operation::Kind::kGemm: return {static_cast<int64_t>(input.size()), op.outputs};
    case Operation::Kind::kDepthwiseConv: return {op.kernel, op.kernel, input.channels, 1};
    default: return {op.kernel, op.kernel, input.channels, op.outputs};
  }
}

}  // namespace

Result<LayerWeights> FoldedWeights(const Operation& op, const Shape& input, const TensorFile& weights) {
  Result<std::span<const float>> kernel = Values(weights, op.kernel_name(), KernelShape(op, input));
  if (!kernel.ok()) return kernel.status();
  LayerWeights folded{{kernel->begin(), kernel->end()}, {}};
  const int64_t channels = op.kind == Operation::Kind::kDepthwiseConv ? input.channels : op.outputs;
  if (op.batch_norm.empty()) {
    const std::string bias_name = op.name + "/bias";
    if (op.kind == Operation::Kind::kGemm && weights.Find(bias_name) == nullptr) return folded;
    Result<std::span<const float>> bias = Values(weights, bias_name, {&channels, 1});
    if (!bias.ok()) return bias.status();
    folded.bias.assign(bias->begin(), bias->end());
    return folded;
  }
  Result<std::vector<double>> scale = Scale(op, channels, weights, folded);
  if (!scale.ok()) return scale.status();
  for (size_t i = 0; i < folded.kernel.size(); ++i) {
    folded.kernel[i] = static_cast<float>(folded.kernel[i] * (*scale)[i % scale->size()]);
  }
  return folded;
}

}  // namespace handful::nn
