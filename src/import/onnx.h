// ONNX graphs of the operators that Handful's networks are made of, in the forms in which exporters write them.
#pragma once

#include <span>

#include "base/status.h"
#include "import/found_network.h"
#include "import/onnx_file.h"

namespace handful::importers {

// Understood are Conv, BatchNormalization, Relu, Clip(0, 6), MaxPool, Add, GlobalAveragePool, Transpose and Flatten
// before Gemm, Gemm, MatMul, Softmax at the end, and Mul and Add by one number at the beginning, which are the
// preprocessing. Errors name the node that is not understood and why.
Result<FoundNetwork> ReadOnnx(std::span<const uint8_t> bytes);

}  // namespace handful::importers
