// The dense layers at the end of every network here: read off the weights, ReLU between, logits out.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "nn/net.h"
#include "nn/tensor_file.h"

namespace handful::nn {

// Adds the layers of those names in order, kernel "<name>/kernel" (in, units), bias "<name>/bias" (units) or none.
// Their widths are the kernels'; the error names the first that does not fit what comes before.
Result<Value> AddDenseStack(NetBuilder& builder, Value in, const TensorFile& weights, const std::vector<std::string>& names);

}  // namespace handful::nn
