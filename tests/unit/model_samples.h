// Models of other tools, made on the spot with random weights: Keras .h5, TensorFlow.js, zip.
#pragma once

#include <string>
#include <vector>

#include "import/import.h"
#include "nn/tensor_file.h"
#include "unit/test_files.h"

namespace handful::testing {

enum class Naming {
  kPresent,  // block_3_expand
  kFirst,    // mobl3_conv_3_expand
  kForeign,  // layer_27: only the order tells
};

// A backbone with small random weights, and whatever dense layers follow, each "<name>/kernel" and "<name>/bias".
struct DenseShape {
  std::string name;
  int64_t inputs, units;
  bool bias;
};
nn::TensorFile RandomMobileNet(Naming naming, const std::vector<DenseShape>& head, uint64_t seed = 1);
inline std::vector<DenseShape> TeachableHead(int64_t classes) {
  return {{"dense_Dense1", 1280, 100, true}, {"dense_Dense2", 100, classes, false}};
}

// The tensors under HDF5 paths ("<prefix><layer>/<weight>:0") as web/engine/hdf5.ts hands them over.
Bytes RawHdf5Container(const nn::TensorFile& keras, const std::string& prefix);

// model.json and weights shards. `quantization`: "", "uint8", "uint16" or "float16".
struct Tfjs {
  importers::InputFile model_json;
  std::vector<importers::InputFile> shards;
};
Tfjs EncodeTfjs(const nn::TensorFile& keras, const std::string& quantization = "", size_t shard_bytes = 4 << 20,
                const std::string& dense_activation = "relu");
importers::InputFile TeachableMetadata(const std::vector<std::string>& labels, int image_size = 224);

Bytes EncodeZip(const std::vector<importers::InputFile>& files, bool deflate);

Bytes Text(const std::string& text);

#ifdef HANDFUL_HAVE_HDF5
// With groups, layer_names and weight_names as Keras writes them. `nested`: below model_weights/sequential_1, as
// Teachable Machine exports it; else each layer has a group of its own, as in the official weights.
Bytes EncodeHdf5(const nn::TensorFile& keras, bool nested, const std::string& model_config = "");
#endif

}  // namespace handful::testing
