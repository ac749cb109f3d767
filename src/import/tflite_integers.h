// Runs a fully quantised TensorFlow Lite graph in integers, as TensorFlow Lite's reference kernels do: int32 sums,
// scaled by a fixed-point multiplier with two roundings (SaturatingRoundingDoublingHighMul, then RoundingDivideByPOT),
// as builds without TFLITE_SINGLE_ROUNDING have it. Softmax is computed in floating point and rounded. Plain loops: a
// reference, to prove files with, not a fast engine.
#pragma once

#include <span>
#include <vector>

#include "base/status.h"
#include "image/image.h"
#include "import/tflite_file.h"

namespace handful::importers {

// Probabilities of each picture. The input's stored values are the pixels (− 128 where it is int8). Errors name the
// operator that cannot be run in integers and why.
Result<std::vector<std::vector<float>>> RunIntegers(const TfliteFile& file,
                                                    std::span<const image::Image* const> squares);

}  // namespace handful::importers
