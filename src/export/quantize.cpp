#include "export/quantize.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "export/calibrate.h"

namespace handful::exporters {
namespace {

using Kind = nn::Operation::Kind;

constexpr int kLowest = -128, kHighest = 127, kLargestWeight = 127;  // weights are symmetric: never −128
constexpr double kLargestBias = 1 << 30;

// 0 is a stored value exactly, so that padding adds nothing.
ActivationScale ScaleFor(const Range& range) {
  constexpr float kLeastRange = 1e-6F;
  const float low = range.low, high = std::max(range.high, low + kLeastRange);
  ActivationScale result{(high - low) / static_cast<float>(kHighest - kLowest), 0};
  result.zero_point = static_cast<int>(std::clamp(std::round(static_cast<float>(kLowest) - low / result.scale),
                                                  static_cast<float>(kLowest), static_cast<float>(kHighest)));
  return result;
}

// Which input channel the weight at that place of the kernel reads.
size_t InputChannel(const Layer& layer, size_t at) {
  const auto inputs = static_cast<size_t>(layer.inputs.front().channels);
  const auto outputs = static_cast<size_t>(layer.output.channels);
  return layer.operation.kind == Kind::kDepthwiseConv ? at % inputs : at / outputs % inputs;
}

// What one number more of a convolution's input adds to each of its outputs.
std::vector<double> SumsOf(const Layer& layer) {
  std::vector<double> sums(static_cast<size_t>(layer.output.channels));
  for (size_t i = 0; i < layer.folded.kernel.size(); ++i) sums[i % sums.size()] += layer.folded.kernel[i];
  return sums;
}

// `shift`: what the layer's real input has more than its quantised one; it goes into the bias. `means`: of its input's
// channels; what the rounding of the weights adds to the outputs on average is taken off their biases again (Nagel et
// al. 2019, bias correction); empty: not known.
void QuantizeWeights(const Layer& layer, float input_scale, double shift, const std::vector<double>& means,
                     QuantizedLayer& result) {
  const std::vector<float>& kernel = layer.folded.kernel;
  const auto channels = static_cast<size_t>(layer.output.channels);
  const size_t scales = layer.operation.kind == Kind::kGemm ? 1 : channels;
  std::vector<double> bias(layer.folded.bias.begin(), layer.folded.bias.end());
  if (shift != 0) {
    bias.resize(channels);
    const std::vector<double> sums = SumsOf(layer);
    for (size_t c = 0; c < channels; ++c) bias[c] += shift * sums[c];
  }
  std::vector<double> largest(scales);
  for (size_t i = 0; i < kernel.size(); ++i) {
    double& one = largest[i % channels % scales];
    one = std::max(one, std::fabs(static_cast<double>(kernel[i])));
  }
  // Of a channel that hardly has weights, the scale is such that the bias fits into its 32 bits.
  for (size_t c = 0; c < bias.size(); ++c) {
    double& one = largest[c % scales];
    one = std::max(one, std::fabs(bias[c]) / input_scale / kLargestBias * kLargestWeight);
  }
  result.kernel_scale.resize(scales);
  for (size_t s = 0; s < scales; ++s) {
    result.kernel_scale[s] = largest[s] > 0 ? static_cast<float>(largest[s] / kLargestWeight) : 1.0F;
  }
  result.kernel.resize(kernel.size());
  for (size_t i = 0; i < kernel.size(); ++i) {
    const double stored = std::round(kernel[i] / static_cast<double>(result.kernel_scale[i % channels % scales]));
    result.kernel[i] = static_cast<int8_t>(
        std::clamp(stored, static_cast<double>(-kLargestWeight), static_cast<double>(kLargestWeight)));
  }
  if (!means.empty()) {
    bias.resize(channels);
    for (size_t i = 0; i < kernel.size(); ++i) {
      const double rounded = static_cast<double>(result.kernel_scale[i % channels % scales]) * result.kernel[i];
      bias[i % channels] -= (rounded - kernel[i]) * means[InputChannel(layer, i)];
    }
  }
  for (size_t c = 0; c < bias.size(); ++c) {
    const float step = result.kernel_scale[c % scales] * input_scale;  // as the file says it
    result.bias.push_back(static_cast<int32_t>(std::round(bias[c] / static_cast<double>(step))));
  }
}

}  // namespace

Result<QuantizedNetwork> Quantize(const Material& material, double clipped_part) {
  Result<std::vector<Calibration>> calibrations = Calibrate(material);
  if (!calibrations.ok()) return calibrations.status();
  QuantizedNetwork quantized;
  // value = scale × pixel + offset, and 0 must be a stored value; what is missing to that goes into the biases.
  const image::InputRange& range = material.model.input_range;
  const double zero = std::clamp(std::floor(-static_cast<double>(range.offset) / range.scale + 0.5), 0.0, 255.0);
  quantized.input = {range.scale, static_cast<int>(zero) + kLowest};
  const double input_shift = range.offset + zero * range.scale;

  std::map<std::string, std::vector<double>> means;  // of the pictures themselves nothing is known
  std::map<std::string, ActivationScale> scales = {{nn::kInput, quantized.input}};
  for (size_t i = 0; i < material.network.layers.size(); ++i) {
    const Layer& layer = material.network.layers[i];
    const std::string& from = layer.operation.inputs.front();
    QuantizedLayer result;
    // Pooling chooses or averages among what is there.
    const bool pools = layer.operation.kind == Kind::kMaxPool || layer.operation.kind == Kind::kGlobalAveragePool;
    result.output = pools ? scales.at(from) : ScaleFor((*calibrations)[i].Clipped(clipped_part));
    if (layer.operation.has_kernel()) {
      QuantizeWeights(layer, scales.at(from).scale, from == nn::kInput ? input_shift : 0, means[from], result);
    } else if (from == nn::kInput && input_shift != 0) {
      return Errorf("layer \"%s\" reads the pixels without weights, so their offset has nowhere to go",
                    layer.operation.name.c_str());
    }
    scales[layer.operation.name] = result.output;
    means[layer.operation.name] = (*calibrations)[i].Means();
    quantized.layers.push_back(std::move(result));
  }
  return quantized;
}

}  // namespace handful::exporters
