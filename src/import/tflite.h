// TensorFlow Lite graphs of the operators that Handful's networks are made of.
#pragma once

#include <span>

#include "base/status.h"
#include "import/found_network.h"
#include "import/tflite_file.h"

namespace handful::importers {

// Understood are CONV_2D, DEPTHWISE_CONV_2D, MAX_POOL_2D, ADD, the global AVERAGE_POOL_2D or MEAN, RESHAPE, and
// FULLY_CONNECTED with their fused activations, SOFTMAX at the end, and QUANTIZE between integers. Weights in integers
// become the float32 that they stand for, so that the network computes with them what the file's does but for the
// rounding of activations. Errors name the operator that is not understood and why.
Result<FoundNetwork> ReadTflite(const TfliteFile& file);

// A constant's numbers as float32.
std::vector<float> ValuesOf(const TfliteTensor& tensor);

}  // namespace handful::importers
