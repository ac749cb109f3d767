// The one hook between exporting and HDF5, the mirror of import/hdf5.h.
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "nn/tensor_file.h"

namespace handful::exporters {

// `file` describes it: its tensors are datasets of float32, named by their paths
// ("model_weights/conv1/conv1/kernel:0"); its metadata are attributes that hold text, or texts where the value is a
// JSON list: "model_config" is the root's, "model_weights/conv1@weight_names" that of a group, which is made by it if
// it holds nothing else. With libhdf5 the same description gives the same bytes.
Result<std::vector<uint8_t>> WriteHdf5(const nn::TensorFile& file);

// Whether this program can at all.
bool CanWriteHdf5();

}  // namespace handful::exporters
