#include "nn/dense_stack.h"

namespace handful::nn {

Result<Value> AddDenseStack(NetBuilder& builder, Value in, const TensorFile& weights, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const NamedTensor* found = weights.Find(name + "/kernel");
    const int64_t units = found == nullptr || found->shape.size() != 2 ? 1 : found->shape[1];
    const int64_t shape[] = {static_cast<int64_t>(builder.ShapeOf(in).size()), units};
    Result<const NamedTensor*> kernel = weights.Get(name + "/kernel", shape);
    if (!kernel.ok()) return kernel.status();
    std::span<const float> bias;
    if (weights.Find(name + "/bias") != nullptr) {
      Result<const NamedTensor*> tensor = weights.Get(name + "/bias", {shape + 1, 1});
      if (!tensor.ok()) return tensor.status();
      bias = (*tensor)->values;
    }
    const bool last = &name == &names.back();
    in = builder.Dense(name, in, static_cast<int>(units), last ? Activation::kNone : Activation::kRelu, (*kernel)->values, bias);
  }
  return in;
}

}  // namespace handful::nn
