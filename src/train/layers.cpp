#include "train/layers.h"

#include <algorithm>
#include <cmath>

#include "train/gemm.h"

namespace handful::train {

void DenseForward(size_t batch, std::span<const float> in, std::span<const float> kernel, std::span<const float> bias,
                  std::span<float> out) {
  const size_t inputs = in.size() / batch;
  const size_t units = out.size() / batch;
  for (size_t b = 0; b < batch; ++b) {
    float* row = out.data() + b * units;
    if (bias.empty()) {
      std::fill_n(row, units, 0.0F);
    } else {
      std::copy(bias.begin(), bias.end(), row);
    }
  }
  Gemm(batch, units, inputs, in.data(), inputs, kernel.data(), units, out.data(), units, /*accumulate=*/true);
}

void DenseBackward(size_t batch, std::span<const float> in, std::span<const float> kernel, std::span<const float> d_out,
                   std::span<float> d_kernel, std::span<float> d_bias, std::span<float> d_in, bool accumulate) {
  const size_t inputs = in.size() / batch;
  const size_t units = d_out.size() / batch;
  GemmTransposedA(batch, units, inputs, in.data(), inputs, d_out.data(), units, d_kernel.data(), units, accumulate);
  if (!accumulate) std::fill(d_bias.begin(), d_bias.end(), 0.0F);
  if (!d_bias.empty()) {
    for (size_t b = 0; b < batch; ++b) {
      for (size_t u = 0; u < units; ++u) d_bias[u] += d_out[b * units + u];
    }
  }
  if (!d_in.empty())
    GemmTransposedB(batch, units, inputs, d_out.data(), units, kernel.data(), units, d_in.data(), inputs);
}

void ReluForward(std::span<float> values) {
  for (float& v : values) v = v > 0 ? v : 0;
}

void ReluBackward(std::span<const float> out, std::span<float> gradient) {
  for (size_t i = 0; i < gradient.size(); ++i) {
    if (out[i] <= 0) gradient[i] = 0;
  }
}

void DropoutMask(double rate, Rng& rng, std::span<float> mask) {
  const auto keep = static_cast<float>(1.0 / (1.0 - rate));
  const auto threshold = static_cast<float>(rate);
  for (float& m : mask)
    m = keep * static_cast<float>(rng.Uniform() >= threshold);  // no branch: it could not be foretold
}

void ApplyMask(std::span<const float> mask, std::span<float> values) {
  for (size_t i = 0; i < values.size(); ++i) values[i] *= mask[i];
}

std::vector<float> GlorotUniform(size_t fan_in, size_t fan_out, size_t count, Rng& rng) {
  const auto limit = static_cast<float>(std::sqrt(6.0 / static_cast<double>(fan_in + fan_out)));
  std::vector<float> kernel(count);
  for (float& w : kernel) w = rng.Uniform(-limit, limit);
  return kernel;
}

BatchLoss SoftmaxCrossEntropy(std::span<float> logits, std::span<const int> labels, bool backward) {
  const size_t batch = labels.size();
  const size_t classes = logits.size() / batch;
  const float scale = 1.0F / static_cast<float>(batch);
  BatchLoss result;
  for (size_t b = 0; b < batch; ++b) {
    const std::span<float> row = logits.subspan(b * classes, classes);
    const auto label = static_cast<size_t>(labels[b]);
    const size_t best = static_cast<size_t>(std::max_element(row.begin(), row.end()) - row.begin());
    const float largest = row[best];
    const float label_logit = row[label];
    float sum = 0;
    for (float& v : row) sum += v = std::exp(v - largest);
    result.loss += std::log(static_cast<double>(sum)) - static_cast<double>(label_logit - largest);
    result.correct += best == label ? 1 : 0;
    for (float& v : row) v /= sum;
    if (backward) {
      row[label] -= 1.0F;
      for (float& v : row) v *= scale;
    }
  }
  return result;
}

}  // namespace handful::train
