#include "nn/head_net.h"

#include "nn/dense_stack.h"
#include "nn/mobilenet_v2.h"

namespace handful::nn {

Result<Net> BuildHeadNet(const Model& model, bool keep_activations) {
  NetBuilder builder({1, 1, kMobileNetFeatures});
  if (keep_activations) builder.KeepActivations();
  const std::vector<std::string> layers = model.network == Network::kMobileNetV2Top
                                              ? std::vector<std::string>{"predictions"}
                                              : std::vector<std::string>{"hidden", "output"};
  Result<Value> logits = AddDenseStack(builder, builder.input(), model.weights, layers);
  if (!logits.ok()) return logits.status();
  return std::move(builder).Finish(*logits);
}

}  // namespace handful::nn
