#include "nn/finger_cnn.h"

#include "nn/dense_stack.h"

namespace handful::nn {
namespace {

// (H,W,I,O) as Keras stores it → (O,H,W,I) as XNNPACK reads it.
std::vector<float> OhwiFromHwio(const std::vector<float>& hwio, size_t filters) {
  const size_t taps = hwio.size() / filters;
  std::vector<float> ohwi(hwio.size());
  for (size_t t = 0; t < taps; ++t) {
    for (size_t o = 0; o < filters; ++o) ohwi[o * taps + t] = hwio[t * filters + o];
  }
  return ohwi;
}

}  // namespace

Shape CnnFeatureShape(int input_side) {
  Shape shape = {input_side, input_side, 3};
  for (const CnnStage& stage : kCnnStages) {
    const int side = (shape.height + stage.pool_stride - 1) / stage.pool_stride;
    shape = {side, side, stage.filters};
  }
  return shape;
}

Result<Net> BuildFingerCnn(const Model& model, bool keep_activations) {
  NetBuilder builder({model.input_side, model.input_side, 3});
  if (keep_activations) builder.KeepActivations();
  Value x = builder.input();
  int number = 0;
  for (const CnnStage& stage : kCnnStages) {
    ++number;
    const std::string name = Format("conv%d", number);
    const int64_t kernel_shape[] = {stage.kernel, stage.kernel, builder.ShapeOf(x).channels, stage.filters};
    const int64_t bias_shape[] = {stage.filters};
    Result<const NamedTensor*> kernel = model.weights.Get(name + "/kernel", kernel_shape);
    if (!kernel.ok()) return kernel.status();
    Result<const NamedTensor*> bias = model.weights.Get(name + "/bias", bias_shape);
    if (!bias.ok()) return bias.status();
    const std::vector<float> ohwi = OhwiFromHwio((*kernel)->values, static_cast<size_t>(stage.filters));
    x = builder.Conv(name, x, {stage.kernel, 1, stage.filters, Activation::kRelu}, ohwi, (*bias)->values);
    x = builder.MaxPool(Format("pool%d", number), x, stage.pool_size, stage.pool_stride);
  }
  std::vector<std::string> dense;
  while (model.weights.Find(Format("dense%zu/kernel", dense.size() + 1)) != nullptr) {
    dense.push_back(Format("dense%zu", dense.size() + 1));
  }
  dense.emplace_back("output");
  Result<Value> logits = AddDenseStack(builder, x, model.weights, dense);
  if (!logits.ok()) return logits.status();
  return std::move(builder).Finish(*logits);
}

}  // namespace handful::nn
