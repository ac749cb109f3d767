#include "nn/graph.h"

namespace handful::nn {
namespace {

// The shape that an operation of this name gave; (0,0,0): none did.
Shape Find(const Graph& graph, const std::vector<Shape>& shapes, const std::string& name) {
  if (name == kInput) return graph.input;
  for (size_t i = shapes.size(); i-- > 0;) {
    if (graph.operations[i].name == name) return shapes[i];
  }
  return {0, 0, 0};
}

int Strided(int in, int stride) { return (in + stride - 1) / stride; }

Shape OutputShape(const Operation& op, const Shape& in) {
  switch (op.kind) {
    case Operation::Kind::kConv: return {Strided(in.height, op.stride), Strided(in.width, op.stride), op.outputs};
    case Operation::Kind::kDepthwiseConv:
    case Operation::Kind::kMaxPool: return {Strided(in.height, op.stride), Strided(in.width, op.stride), in.channels};
    case Operation::Kind::kAdd: return in;
    case Operation::Kind::kGlobalAveragePool: return {1, 1, in.channels};
    case Operation::Kind::kGemm: return {1, 1, op.outputs};
  }
  return {0, 0, 0};
}

}  // namespace

std::vector<Shape> ShapesOf(const Graph& graph) {
  std::vector<Shape> shapes;
  for (const Operation& op : graph.operations) {
    Shape in = Find(graph, shapes, op.inputs.front());
    for (const std::string& input : op.inputs) {
      if (const Shape shape = Find(graph, shapes, input); shape.size() == 0) in = shape;
    }
    shapes.push_back(in.size() == 0 ? in : OutputShape(op, in));
  }
  return shapes;
}

Shape OutputOf(const Graph& graph) { return graph.operations.empty() ? graph.input : ShapesOf(graph).back(); }

std::vector<TensorSpec> TensorSpecsOf(const Graph& graph) {
  const std::vector<Shape> shapes = ShapesOf(graph);
  std::vector<TensorSpec> specs;
  for (size_t i = 0; i < shapes.size(); ++i) {
    const Operation& op = graph.operations[i];
    if (!op.has_kernel()) continue;
    const Shape in = Find(graph, shapes, op.inputs.front());
    const int64_t outputs = shapes[i].channels;
    switch (op.kind) {
      case Operation::Kind::kGemm:
        specs.push_back({op.kernel_name(), {static_cast<int64_t>(in.size()), outputs}});
        break;
      case Operation::Kind::kConv:
        specs.push_back({op.kernel_name(), {op.kernel, op.kernel, in.channels, outputs}});
        break;
      default: specs.push_back({op.kernel_name(), {op.kernel, op.kernel, in.channels, 1}}); break;
    }
    if (op.batch_norm.empty()) {
      specs.push_back({op.name + "/bias", {outputs}, op.kind == Operation::Kind::kGemm});
      continue;
    }
    for (const char* part : {"gamma", "beta", "moving_mean", "moving_variance"})
      specs.push_back({op.batch_norm + "/" + part, {outputs}});
  }
  return specs;
}

Graph DenseGraph(int inputs, const std::vector<std::string>& names, const std::vector<int>& units) {
  Graph graph{{1, 1, inputs}, {}};
  AddDense(graph, names, units);
  return graph;
}

void AddDense(Graph& graph, const std::vector<std::string>& names, const std::vector<int>& units) {
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string in = graph.operations.empty() ? kInput : graph.operations.back().name;
    graph.operations.push_back({.kind = Operation::Kind::kGemm,
                                .name = names[i],
                                .inputs = {in},
                                .outputs = units[i],
                                .activation = i + 1 == names.size() ? Activation::kNone : Activation::kRelu});
  }
}

}  // namespace handful::nn
