#include <algorithm>
#include <cmath>
#include <numeric>

#include "export/calibrate.h"

namespace handful::exporters {
namespace {

using Kind = nn::Operation::Kind;

// Sets of layers whose outputs must be divided alike, as one is added to, or chosen or averaged from, the others.
class Groups {
 public:
  explicit Groups(const Network& network) : network_(network), parents_(network.layers.size()) {
    std::iota(parents_.begin(), parents_.end(), size_t{0});
    for (size_t i = 0; i < network.layers.size(); ++i) {
      if (network.layers[i].operation.has_kernel()) continue;
      for (const std::string& name : network.layers[i].operation.inputs) {
        if (const Layer* from = network.Find(name)) parents_[RootOf(IndexOf(from))] = RootOf(i);
      }
    }
  }
  size_t RootOf(size_t layer) const {
    while (parents_[layer] != layer) layer = parents_[layer];
    return layer;
  }
  size_t IndexOf(const Layer* layer) const { return static_cast<size_t>(layer - network_.layers.data()); }

  // Whether its channels can be divided where they are made: it holds neither the network's answer nor the picture.
  bool CanBeScaled(size_t root) const {
    for (size_t i = 0; i < network_.layers.size(); ++i) {
      if (RootOf(i) != root) continue;
      if (i + 1 == network_.layers.size()) return false;
      const nn::Operation& op = network_.layers[i].operation;
      if (!op.has_kernel() && std::ranges::count(op.inputs, nn::kInput) > 0) return false;
    }
    return true;
  }

 private:
  const Network& network_;
  std::vector<size_t> parents_;
};

std::vector<float> DivisorsOf(const Network& network, const Groups& groups, size_t root,
                              std::span<const Calibration> calibrations) {
  const auto channels = static_cast<size_t>(network.layers[root].output.channels);
  std::vector<float> ranges(channels), weights(channels), divisors(channels, 1.0F);
  bool saturates = false;
  for (size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (groups.RootOf(i) == root) {
      saturates = saturates || layer.operation.activation == nn::Activation::kRelu6;
      for (size_t c = 0; c < channels; ++c) {
        const Range& range = calibrations[i].channels()[c];
        ranges[c] = std::max({ranges[c], -range.low, range.high});
      }
    }
    const Layer* from = network.Find(layer.operation.inputs.front());
    if (from == nullptr || groups.RootOf(groups.IndexOf(from)) != root || !layer.operation.has_kernel()) continue;
    for (size_t k = 0; k < layer.folded.kernel.size(); ++k) {
      float& largest = weights[InputChannel(layer, k)];
      largest = std::max(largest, std::fabs(layer.folded.kernel[k]));
    }
  }
  constexpr float kMost = 1000, kSix = 6, kMostOfSix = 64;
  const float kHeadroom = getenv("HF_HEAD") ? static_cast<float>(atof(getenv("HF_HEAD"))) : 1;
  for (size_t c = 0; c < channels; ++c) {
    if (saturates) {
      divisors[c] = std::clamp(ranges[c] * kHeadroom / kSix, 1 / kMostOfSix, 1.0F);
    } else if (ranges[c] > 0 && weights[c] > 0) {
      divisors[c] = std::clamp(std::sqrt(ranges[c] / weights[c]), 1 / kMost, kMost);
    }
  }
  return divisors;
}

}  // namespace

size_t InputChannel(const Layer& layer, size_t at) {
  const auto inputs = static_cast<size_t>(layer.inputs.front().channels);
  const auto outputs = static_cast<size_t>(layer.output.channels);
  return layer.operation.kind == Kind::kDepthwiseConv ? at % inputs : at / outputs % inputs;
}

Equalized Equalize(const Network& network, std::span<const Calibration> calibrations) {
  const Groups groups(network);
  Equalized result{network, std::vector<std::vector<float>>(network.layers.size())};
  for (size_t i = 0; i < network.layers.size(); ++i) {
    const size_t root = groups.RootOf(i);
    if (i == root && groups.CanBeScaled(root)) result.divisors[i] = DivisorsOf(network, groups, root, calibrations);
  }
  for (size_t i = 0; i < network.layers.size(); ++i) result.divisors[i] = result.divisors[groups.RootOf(i)];
  for (size_t i = 0; i < network.layers.size(); ++i) {
    Layer& layer = result.network.layers[i];
    const std::vector<float>& own = result.divisors[i];
    const Layer* from = network.Find(layer.operation.inputs.front());
    if (from != nullptr && !result.divisors[groups.IndexOf(from)].empty()) {
      const std::vector<float>& read = result.divisors[groups.IndexOf(from)];
      for (size_t k = 0; k < layer.folded.kernel.size(); ++k) layer.folded.kernel[k] *= read[InputChannel(layer, k)];
    }
    if (own.empty()) continue;
    for (size_t k = 0; k < layer.folded.kernel.size(); ++k) layer.folded.kernel[k] /= own[k % own.size()];
    for (size_t k = 0; k < layer.folded.bias.size(); ++k) layer.folded.bias[k] /= own[k % own.size()];
  }
  return result;
}

}  // namespace handful::exporters
