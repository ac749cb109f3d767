#include "nn/mobilenet_v2.h"

#include <algorithm>

#include "base/status.h"

namespace handful::nn {
namespace {

// Keras' _make_divisible(value, 8).
int MakeDivisible(double value) {
  int rounded = std::max(8, static_cast<int>(value + 4) / 8 * 8);
  if (rounded < 0.9 * value) rounded += 8;
  return rounded;
}

// (t, c, n, s): expansion, channels before α, repeats, stride of the first. Table 2 of the paper.
struct Stage {
  int expansion, channels, repeats, stride;
};
constexpr Stage kStages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                             {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};

}  // namespace

Graph MobileNetV2Graph() {
  constexpr double kWidth = 0.35;  // Keras computes channels in double
  using Kind = Operation::Kind;
  Graph graph{{kMobileNetSide, kMobileNetSide, 3}, {}};
  // Each reads the one before it.
  const auto add = [&](Kind kind, const std::string& name, const std::string& norm, int kernel, int stride, int outputs,
                       Activation activation) {
    const std::string in = graph.operations.empty() ? kInput : graph.operations.back().name;
    graph.operations.push_back({kind, name, {in}, kernel, stride, outputs, activation, norm});
  };
  int channels = MakeDivisible(32 * kWidth);
  add(Kind::kConv, "Conv1", "bn_Conv1", 3, 2, channels, Activation::kRelu6);
  int block = 0;
  for (const Stage& stage : kStages) {
    for (int repeat = 0; repeat < stage.repeats; ++repeat, ++block) {
      const std::string prefix = block == 0 ? "expanded_conv_" : Format("block_%d_", block);
      const std::string block_input = graph.operations.back().name;
      const int stride = repeat == 0 ? stage.stride : 1;
      const int projected = MakeDivisible(static_cast<int>(stage.channels * kWidth));
      if (block > 0)
        add(Kind::kConv, prefix + "expand", prefix + "expand_BN", 1, 1, channels * stage.expansion, Activation::kRelu6);
      add(Kind::kDepthwiseConv, prefix + "depthwise", prefix + "depthwise_BN", 3, stride, 0, Activation::kRelu6);
      add(Kind::kConv, prefix + "project", prefix + "project_BN", 1, 1, projected, Activation::kNone);
      if (stride == 1 && channels == projected) {
        graph.operations.push_back(
            {.kind = Kind::kAdd, .name = prefix + "add", .inputs = {block_input, prefix + "project"}});
      }
      channels = projected;
    }
  }
  add(Kind::kConv, "Conv_1", "Conv_1_bn", 1, 1, kMobileNetFeatures, Activation::kRelu6);
  add(Kind::kGlobalAveragePool, "global_average_pooling2d", "", 1, 1, 0, Activation::kNone);
  return graph;
}

}  // namespace handful::nn
