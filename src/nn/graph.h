// A network as data: a list of operations with names, attributes and the weights they want, in the vocabulary of ONNX.
// What is computed from a network comes from here: the XNNPACK operators that run it (nn/build.h), the layers shown
// under the hood (nn/inspect.h), the stages that the trainer learns (train/cnn.h), the tensors that a weights file must
// hold.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/net.h"

namespace handful::nn {

inline constexpr double kBatchNormEpsilon = 1e-3;
inline constexpr char kInput[] = "input";  // what the first operation reads

// Its weights are named after it, and stored as Keras stores them:
//   kConv           "<name>/kernel" HWIO
//   kDepthwiseConv  "<name>/depthwise_kernel" HWC1
//   kGemm           "<name>/kernel" (inputs, outputs), of its input flattened row-major (H,W,C)
// and beside a kernel "<name>/bias" (outputs), which a kGemm may lack, or
// "<batch_norm>/gamma|beta|moving_mean|moving_variance".
struct Operation {
  enum class Kind { kConv, kDepthwiseConv, kMaxPool, kAdd, kGlobalAveragePool, kGemm };
  Kind kind = Kind::kConv;
  std::string name;                 // of the layer, and of its output
  std::vector<std::string> inputs;  // outputs of operations before it, or kInput; two for kAdd
  int kernel = 1, stride = 1;       // of a convolution or pooling: px. Padding is TensorFlow's SAME
  int outputs = 0;                  // filters of a kConv, units of a kGemm; others give the channels that they get
  Activation activation = Activation::kNone;
  std::string batch_norm =
      {};  // of a convolution: normalisation folded into it (kBatchNormEpsilon); empty: it has a bias

  bool has_kernel() const { return kind == Kind::kConv || kind == Kind::kDepthwiseConv || kind == Kind::kGemm; }
  std::string kernel_name() const { return name + (kind == Kind::kDepthwiseConv ? "/depthwise_kernel" : "/kernel"); }
};

struct Graph {
  Shape input;
  std::vector<Operation> operations;  // in the order in which they run; the last one's output is the network's
};

// Of each operation's output. (0,0,0) where it reads what does not come before it, which BuildNet says in a sentence.
std::vector<Shape> ShapesOf(const Graph& graph);

// What comes out of the last operation.
Shape OutputOf(const Graph& graph);

struct TensorSpec {
  std::string name;
  std::vector<int64_t> shape;
  bool is_optional = false;
};

// The weights in the order of the operations: of each its kernel, then its bias or its BatchNorm's four.
std::vector<TensorSpec> TensorSpecsOf(const Graph& graph);

// Dense layers of those names and widths on `inputs` numbers, ReLU between.
Graph DenseGraph(int inputs, const std::vector<std::string>& names, const std::vector<int>& units);
// Puts them after what is there.
void AddDense(Graph& graph, const std::vector<std::string>& names, const std::vector<int>& units);

}  // namespace handful::nn
