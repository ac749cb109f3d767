// Whether a TensorFlow Lite graph can be run in integers (import/tflite_integers.h).
#pragma once

#include "base/status.h"
#include "import/tflite_file.h"
#include "nn/net.h"

namespace handful::importers {

// A tensor of maps (1,H,W,C), or of so many numbers.
nn::Shape ExtentOf(const TfliteTensor& tensor);

// Whether every tensor is quantised, every operator is one that is known, and all shapes, scales and weights fit
// together, so that running it reads and writes nothing outside of its tensors and no sum leaves 32 bits. Errors name
// the operator and what does not fit.
Status CheckIntegers(const TfliteFile& file);

}  // namespace handful::importers
