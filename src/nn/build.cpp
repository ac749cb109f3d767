#include "nn/build.h"

#include <map>

#include "nn/fold.h"

namespace handful::nn {
namespace {

// HWIO → OHWI.
std::vector<float> OutputFirst(const std::vector<float>& kernel, int outputs) {
  const auto out = static_cast<size_t>(outputs);
  const size_t taps = kernel.size() / out;
  std::vector<float> turned(kernel.size());
  for (size_t t = 0; t < taps; ++t) {
    for (size_t o = 0; o < out; ++o) turned[o * taps + t] = kernel[t * out + o];
  }
  return turned;
}

Result<Value> AddOperation(NetBuilder& builder, const Operation& op, Value a, Value b, const TensorFile& weights) {
  switch (op.kind) {
    case Operation::Kind::kMaxPool: return builder.MaxPool(op.name, a, op.kernel, op.stride);
    case Operation::Kind::kAdd: return builder.Add(op.name, a, b);
    case Operation::Kind::kGlobalAveragePool: return builder.GlobalMean(op.name, a);
    case Operation::Kind::kGemm:
    case Operation::Kind::kConv:
    case Operation::Kind::kDepthwiseConv: break;
  }
  Result<LayerWeights> folded = FoldedWeights(op, builder.ShapeOf(a), weights);
  if (!folded.ok()) return folded.status();
  const auto& [kernel, bias] = *folded;
  if (op.kind == Operation::Kind::kGemm) return builder.Dense(op.name, a, op.outputs, op.activation, kernel, bias);
  const ConvSpec spec = {op.kernel, op.stride, op.outputs, op.activation};
  return op.kind == Operation::Kind::kConv ? builder.Conv(op.name, a, spec, OutputFirst(kernel, op.outputs), bias)
                                           : builder.Depthwise(op.name, a, spec, kernel, bias);
}

}  // namespace

Result<Net> BuildNet(const Graph& graph, const TensorFile& weights, bool keep_activations) {
  NetBuilder builder(graph.input);
  if (keep_activations) builder.KeepActivations();
  std::map<std::string, Value> values = {{kInput, builder.input()}};
  Value last = builder.input();
  for (const Operation& op : graph.operations) {
    Value in[2] = {};
    for (size_t i = 0; i < op.inputs.size(); ++i) {
      const auto found = values.find(op.inputs[i]);
      if (found == values.end())
        return Errorf("layer \"%s\" reads \"%s\", which does not come before it", op.name.c_str(),
                      op.inputs[i].c_str());
      in[i == 0 ? 0 : 1] = found->second;
    }
    Result<Value> value = AddOperation(builder, op, in[0], in[1], weights);
    if (!value.ok()) return value.status();
    last = values[op.name] = *value;
  }
  return std::move(builder).Finish(last);
}

}  // namespace handful::nn
