// ONNX (opset 10), for onnxruntime, onnxruntime-web and OpenCV's dnn: one graph from pixels, float32 [1, 3, side, side]
// of RGB 0 … 255, to probabilities, float32 [1, classes]. The preprocessing's scale and offset are its first two nodes;
// BatchNorm stays as it is, so that the file opens again bit for bit. docs/FORMATS.md says what else is in it.
#pragma once

#include "export/export.h"

namespace handful::exporters {

// model.onnx and its sample programs.
Result<Files> WriteOnnx(const Material& material);

// sample.py (onnxruntime, else OpenCV) and sample.mjs (onnxruntime-web).
Files OnnxSamples();

}  // namespace handful::exporters
