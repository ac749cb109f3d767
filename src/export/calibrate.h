// What values a network's layers have on pictures, and the network made easier to quantise by them.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/status.h"
#include "export/export.h"

namespace handful::exporters {

struct Range {
  float low = 0, high = 0;  // always with 0 between them
  void Take(float value);
};

// Of one layer's output, over all pictures.
class Calibration {
 public:
  // (H,W,C), C channels.
  void Add(std::span<const float> values, size_t channels);
  // Of a channel, all of it.
  const std::vector<Range>& channels() const { return channels_; }
  double MeanOf(size_t channel) const;
  // Of all channels, without the `part` of the values at either end.
  Range Clipped(double part) const;

 private:
  // How often values lie where, over −reach_ … reach_, which doubles when one lies outside.
  static constexpr size_t kBins = 4096, kHalf = kBins / 2;
  size_t BinOf(float value) const;
  float EdgeOf(size_t bin) const;
  void Double();
  std::vector<uint64_t> counts_ = std::vector<uint64_t>(kBins);
  float reach_ = 0.125F;
  uint64_t total_ = 0;
  std::vector<Range> channels_;
  std::vector<double> sums_;  // by channel
};

// On at most kMostCalibrated of the pictures that were learned from, evenly chosen; on others where there are none such.
inline constexpr size_t kMostCalibrated = 100;
Result<std::vector<Calibration>> Calibrate(const Material& material);

struct Equalized {
  Network network;  // Layer::folded is what changed
  // Of each layer's output, by which its channels were divided; empty where they were not.
  std::vector<std::vector<float>> divisors;
};

// Which input channel the weight at that place of the layer's kernel reads.
size_t InputChannel(const Layer& layer, size_t at);

// The same function with the channels of what has no activation brought to like ranges: each is divided where it is made
// and multiplied where it is read (Nagel et al., Data-Free Quantization Through Weight Equalization and Bias Correction,
// 2019), by √(range of the channel / largest weight that reads it). What is added to one another is divided alike.
Equalized Equalize(const Network& network, std::span<const Calibration> calibrations);

}  // namespace handful::exporters
