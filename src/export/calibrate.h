// What values a network's layers have on pictures.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "export/export.h"

namespace handful::exporters {

struct Range {
  float low = 0, high = 0;  // always with 0 between them
};

// Of one layer's output, over all pictures.
class Calibration {
 public:
  // (H,W,C), C channels.
  void Add(std::span<const float> values, size_t channels);
  // Of each channel.
  std::vector<double> Means() const;
  // Without the `part` of the values at either end.
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
  Range all_;
  std::vector<double> sums_;  // by channel
};

// On at most kMostCalibrated of the pictures that were learned from, evenly chosen; on others where there are none
// such.
inline constexpr size_t kMostCalibrated = 100;
Result<std::vector<Calibration>> Calibrate(const Material& material);

}  // namespace handful::exporters
