// What MediaPipe's image classifier and Android's tools read beside a .tflite's graph: how a picture becomes the input,
// and where the labels are.
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "export/export.h"

namespace handful::exporters::tflite {

inline constexpr char kLabelsFile[] = "labels.txt";

// The content of the metadata buffer "TFLITE_METADATA". `is_quantized`: pixels are the input as they are; the
// normalisation is said all the same, as the schema wants it.
std::vector<uint8_t> WriteMetadata(const nn::Model& model, bool is_quantized);

// The model with the labels behind it as a zip that is not compressed, which the metadata name as an associated file.
Result<std::vector<uint8_t>> WithLabels(std::vector<uint8_t> tflite, const nn::Model& model);

}  // namespace handful::exporters::tflite
