// The one hook between importing and HDF5. Natively libhdf5 reads the container, in the page's converter JavaScript
// does (platform/web/hdf5_in_javascript.cpp); other WebAssembly programs refuse it.
#pragma once

#include <cstdint>
#include <span>

#include "base/status.h"
#include "nn/tensor_file.h"

namespace handful::importers {

bool LooksLikeHdf5(std::span<const uint8_t> bytes);

// All floating-point datasets, named by their HDF5 paths ("model_weights/sequential_1/Conv1/kernel:0"), in the order of
// Keras' attributes layer_names and weight_names where there are such. Metadata: container = "hdf5", and the root's
// attributes (model_config, keras_version, …); lists as JSON lists.
Result<nn::TensorFile> ReadHdf5(std::span<const uint8_t> bytes);

}  // namespace handful::importers
