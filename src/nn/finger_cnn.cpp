#include "nn/finger_cnn.h"

#include "base/status.h"

namespace handful::nn {
namespace {

// A convolution with ReLU and the max pooling after it.
struct Stage {
  int kernel, filters;
  int pool_size, pool_stride;
};
constexpr Stage kStages[] = {{3, 6, 2, 2}, {4, 16, 4, 2}, {5, 16, 2, 2}};

}  // namespace

Graph FingerCnnGraph(int input_side, const std::vector<int>& units) {
  using Kind = Operation::Kind;
  Graph graph{{input_side, input_side, 3}, {}};
  std::string in = kInput;
  int number = 0;
  for (const Stage& stage : kStages) {
    const std::string conv = Format("conv%d", ++number), pool = Format("pool%d", number);
    graph.operations.push_back({Kind::kConv, conv, {in}, stage.kernel, 1, stage.filters, Activation::kRelu});
    graph.operations.push_back({Kind::kMaxPool, pool, {conv}, stage.pool_size, stage.pool_stride});
    in = pool;
  }
  if (units.empty()) return graph;
  std::vector<std::string> names;
  for (size_t l = 1; l < units.size(); ++l) names.push_back(Format("dense%zu", l));
  names.emplace_back("output");
  AddDense(graph, names, units);
  return graph;
}

}  // namespace handful::nn
