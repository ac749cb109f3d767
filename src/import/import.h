// Other people's models → nn::Model. Readers of containers only produce nn::TensorFile; one mapping (keras_map) turns
// the layer names of Keras and tfjs into ours, by either of the two naming schemes of MobileNetV2 or by order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "nn/model.h"

namespace handful::importers {

struct InputFile {
  std::string name;  // as dropped, may contain folders
  std::vector<uint8_t> bytes;
};

struct ImportedModel {
  nn::Model model;
  std::string source;   // "Handful" (one of its exports, too), "Teachable Machine (Keras)", "Teachable Machine
                        // (TensorFlow.js)", "Keras MobileNetV2", "TensorFlow.js MobileNetV2"
  std::string warning;  // e.g. no labels file: classes are called "class 1" …
};

// One file or files that belong together: a .safetensors of ours, a Keras .h5 with or without labels.txt, a .keras,
// tfjs model.json + weights.bin + metadata.json, an .onnx, a .tflite, or a zip that holds such. ReadHdf5 (hdf5.h) opens
// what is HDF5; what it gives is taken as a raw safetensors file, too (names = HDF5 paths, metadata "container" =
// "hdf5", attributes model_config, layer_names, keras_version as metadata).
// Errors say what is wrong with which layer or field; they begin with the file's name where there are
// several files.
Result<ImportedModel> ImportModel(std::span<const InputFile> files);

// Handful's own file and nothing else.
Result<ImportedModel> ReadOwnModel(std::span<const InputFile> files);

using ModelReader = Result<ImportedModel> (*)(std::span<const InputFile> files);

}  // namespace handful::importers
