#include "export/quantize.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "nn/build.h"

namespace handful::exporters {
namespace {

using Kind = nn::Operation::Kind;

constexpr int kLowest = -128, kHighest = 127, kLargestWeight = 127;  // weights are symmetric: never −128
constexpr double kLargestBias = 1 << 30;

// How often values lie where, over a range that doubles when one lies outside.
class Histogram {
 public:
  void Add(std::span<const float> values) {
    for (const float value : values) {
      while (std::fabs(value) >= reach_) Double();
      ++counts_[BinOf(value)];
      least_ = std::min(least_, value);
      most_ = std::max(most_, value);
    }
    total_ += values.size();
  }
  // Without the `part` of all values at either end; always with 0 in it.
  std::pair<float, float> Range(double part) const {
    const auto spared = static_cast<uint64_t>(part * static_cast<double>(total_));
    size_t low = 0, high = kBins - 1;
    for (uint64_t seen = 0; low < high && (seen += counts_[low]) <= spared;) ++low;
    for (uint64_t seen = 0; high > low && (seen += counts_[high]) <= spared;) --high;
    return {std::min(0.0F, std::max(least_, EdgeOf(low))), std::max(0.0F, std::min(most_, EdgeOf(high + 1)))};
  }

 private:
  static constexpr size_t kBins = 4096, kHalf = kBins / 2;
  size_t BinOf(float value) const {
    const float at = (value / reach_ + 1) * static_cast<float>(kHalf);
    return std::min(kBins - 1, static_cast<size_t>(std::max(0.0F, at)));
  }
  float EdgeOf(size_t bin) const { return (static_cast<float>(bin) / static_cast<float>(kHalf) - 1) * reach_; }
  void Double() {
    std::vector<uint64_t> wider(kBins);
    for (size_t i = 0; i < kBins; ++i) wider[kHalf / 2 + i / 2] += counts_[i];
    counts_ = std::move(wider);
    reach_ *= 2;
  }
  std::vector<uint64_t> counts_ = std::vector<uint64_t>(kBins);
  float reach_ = 0.125F;
  float least_ = std::numeric_limits<float>::max(), most_ = std::numeric_limits<float>::lowest();
  uint64_t total_ = 0;
};

// 0 is a stored value exactly, so that padding adds nothing.
ActivationScale ScaleFor(std::pair<float, float> range) {
  constexpr float kLeastRange = 1e-6F;
  const float low = range.first, high = std::max(range.second, low + kLeastRange);
  ActivationScale result{(high - low) / static_cast<float>(kHighest - kLowest), 0};
  result.zero_point = static_cast<int>(std::clamp(std::round(static_cast<float>(kLowest) - low / result.scale),
                                                  static_cast<float>(kLowest), static_cast<float>(kHighest)));
  return result;
}

std::vector<const Picture*> ToCalibrateWith(const std::vector<Picture>& pictures) {
  std::vector<const Picture*> learned_from;
  for (const bool held_out : {false, true}) {
    if (!learned_from.empty()) break;
    for (const Picture& picture : pictures) {
      if (picture.held_out == held_out) learned_from.push_back(&picture);
    }
  }
  std::vector<const Picture*> chosen;
  const size_t count = std::min(kMostCalibrated, learned_from.size());
  for (size_t i = 0; i < count; ++i) chosen.push_back(learned_from[i * learned_from.size() / count]);
  return chosen;
}

// Of each layer's output.
Result<std::vector<Histogram>> Calibrate(const Material& material) {
  nn::Graph graph{material.network.input, {}};
  for (const Layer& layer : material.network.layers) graph.operations.push_back(layer.operation);
  Result<nn::Net> net = nn::BuildNet(graph, material.model.weights, /*keep_activations=*/true);
  if (!net.ok()) return net.status();
  std::vector<Histogram> histograms(graph.operations.size());
  for (const Picture* picture : ToCalibrateWith(material.pictures)) {
    image::ToTensor(picture->square, material.model.input_range, net->input());
    HANDFUL_TRY(net->Run());
    for (size_t i = 0; i < histograms.size(); ++i) {
      Result<std::span<const float>> values = net->Activations(graph.operations[i].name);
      if (!values.ok()) return values.status();
      histograms[i].Add(*values);
    }
  }
  return histograms;
}

// What one number more of a convolution's input adds to each of its outputs.
std::vector<double> SumsOf(const Layer& layer) {
  std::vector<double> sums(static_cast<size_t>(layer.output.channels));
  for (size_t i = 0; i < layer.folded.kernel.size(); ++i) sums[i % sums.size()] += layer.folded.kernel[i];
  return sums;
}

// `shift`: what the layer's real input has more than its quantised one; it goes into the bias.
void QuantizeWeights(const Layer& layer, float input_scale, double shift, QuantizedLayer& result) {
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
  for (size_t c = 0; c < bias.size(); ++c) {
    const float step = result.kernel_scale[c % scales] * input_scale;  // as the file says it
    result.bias.push_back(static_cast<int32_t>(std::round(bias[c] / static_cast<double>(step))));
  }
}

}  // namespace

Result<QuantizedNetwork> Quantize(const Material& material, double clipped_part) {
  Result<std::vector<Histogram>> histograms = Calibrate(material);
  if (!histograms.ok()) return histograms.status();
  QuantizedNetwork quantized;
  // value = scale × pixel + offset, and 0 must be a stored value; what is missing to that goes into the biases.
  const image::InputRange& range = material.model.input_range;
  const double zero = std::clamp(std::floor(-static_cast<double>(range.offset) / range.scale + 0.5), 0.0, 255.0);
  quantized.input = {range.scale, static_cast<int>(zero) + kLowest};
  const double input_shift = range.offset + zero * range.scale;

  std::map<std::string, ActivationScale> scales = {{nn::kInput, quantized.input}};
  for (size_t i = 0; i < material.network.layers.size(); ++i) {
    const Layer& layer = material.network.layers[i];
    const std::string& from = layer.operation.inputs.front();
    QuantizedLayer result;
    // Pooling chooses or averages among what is there.
    const bool pools = layer.operation.kind == Kind::kMaxPool || layer.operation.kind == Kind::kGlobalAveragePool;
    result.output = pools ? scales.at(from) : ScaleFor((*histograms)[i].Range(clipped_part));
    if (layer.operation.has_kernel()) {
      QuantizeWeights(layer, scales.at(from).scale, from == nn::kInput ? input_shift : 0, result);
    } else if (from == nn::kInput && input_shift != 0) {
      return Errorf("layer \"%s\" reads the pixels without weights, so their offset has nowhere to go",
                    layer.operation.name.c_str());
    }
    scales[layer.operation.name] = result.output;
    quantized.layers.push_back(std::move(result));
  }
  return quantized;
}

}  // namespace handful::exporters
