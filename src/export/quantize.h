// A network in 8-bit integers, as TensorFlow Lite's full integer quantisation has it: weights symmetric, of a
// convolution with one scale for each output channel, of a dense layer with one (which every runtime reads); biases in
// 32 bits; activations asymmetric, one scale a tensor, calibrated on pictures that the model learned from.
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "export/export.h"

namespace handful::exporters {

// value = scale × (stored − zero_point), stored −128 … 127.
struct ActivationScale {
  float scale = 1;
  int zero_point = 0;
};

struct QuantizedLayer {
  ActivationScale output;
  std::vector<int8_t> kernel;       // in the order of Layer::folded; empty where it has none
  std::vector<float> kernel_scale;  // one an output channel; of a kGemm a single one
  std::vector<int32_t> bias;        // in steps of input scale × kernel scale; empty where it has none
};

struct QuantizedNetwork {
  // Chosen so that a stored value + 128 is the pixel itself.
  ActivationScale input;
  std::vector<QuantizedLayer> layers;
};

// What part of a tensor's values is clipped at either end when its range is chosen. Measured against 0 (least and
// greatest) and 1e-3 (docs/FORMATS.md).
inline constexpr double kClippedPart = 1e-4;
Result<QuantizedNetwork> Quantize(const Material& material, double clipped_part = kClippedPart);

}  // namespace handful::exporters
