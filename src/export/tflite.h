// TensorFlow Lite (.tflite), for Android, MediaPipe, LiteRT and micro-controllers. The graph is NHWC, BatchNorm is
// folded, activations are fused. docs/FORMATS.md says what else is in the file.
#pragma once

#include "export/export.h"

namespace handful::exporters {

// model.tflite and its sample programs. Input "image": float32 [1, side, side, 3], pixel × scale + offset as the
// metadata say; output "probabilities": float32 [1, classes].
Result<Files> WriteTflite(const Material& material);

// In 8-bit integers (export/quantize.h). Input: uint8 [1, side, side, 3], the pixels themselves; output: uint8
// [1, classes], probabilities × 256.
Result<Files> WriteTfliteInt8(const Material& material);

// sample.py (LiteRT or TensorFlow Lite) and sample.mjs (@litertjs/core in a page).
Files TfliteSamples();

}  // namespace handful::exporters
