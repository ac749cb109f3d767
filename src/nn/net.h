// A feed-forward network on XNNPACK's f32 operators, one picture at a time, all tensors (H,W,C).
//
//   NetBuilder b({224, 224, 3});
//   Value x = b.Conv("Conv1", b.input(),
//                    {.kernel = 3, .stride = 2, .filters = 16, .activation = Activation::kRelu6}, kernel, bias);
//   …
//   Result<Net> net = std::move(b).Finish(x);
//   fill net->input(); net->Run(); read net->output();
//
// Weights are packed by XNNPACK when a layer is added; the caller's copies may go afterwards.
// Every operator is bound to its memory once, so Run allocates nothing.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/buffer.h"
#include "base/status.h"

struct xnn_operator;

namespace handful::nn {

struct Shape {
  int height = 1, width = 1, channels = 1;
  size_t size() const {
    return static_cast<size_t>(height) * static_cast<size_t>(width) * static_cast<size_t>(channels);
  }
  bool operator==(const Shape&) const = default;
};

enum class Activation { kNone, kRelu, kRelu6 };

struct ConvSpec {
  int kernel = 1;
  int stride = 1;
  int filters = 1;  // ignored by a depthwise convolution
  Activation activation = Activation::kNone;
};

// One layer as it stands in a built network.
struct LayerInfo {
  std::string name;
  Shape output;
  double ms = 0;  // of the last RunTimed
};

struct XnnOperatorDeleter {
  void operator()(xnn_operator* op) const;
};
using XnnOperator = std::unique_ptr<xnn_operator, XnnOperatorDeleter>;

// Names a tensor in a network under construction: the input is 0, layer i gives i + 1.
struct Value {
  int index = 0;
};

class Net {
 public:
  std::span<float> input();               // H × W × C
  std::span<const float> output() const;  // of the last layer
  Status Run();
  // As Run, and takes down each layer's milliseconds.
  Status RunTimed();

  const std::vector<LayerInfo>& layers() const { return layers_; }
  // A layer's output after a Run; only in a network that keeps them (NetBuilder::KeepActivations).
  Result<std::span<const float>> Activations(const std::string& layer) const;

 private:
  friend class NetBuilder;
  struct Step {
    enum class Kind { kConv, kMaxPool, kDense, kAdd, kGlobalMean } kind = Kind::kConv;
    XnnOperator op;
    const float* a = nullptr;
    const float* b = nullptr;
    float* out = nullptr;
    Shape in;  // of a
  };
  Status RunStep(const Step& step);

  Buffer<float> arena_;
  std::vector<Step> steps_;
  std::vector<LayerInfo> layers_;
  std::vector<size_t> offsets_;  // of each value in the arena, in floats
  size_t input_size_ = 0;
  bool keeps_activations_ = false;
};

// Padding is TensorFlow's SAME everywhere: out = ceil(in / stride), the odd row or column of zeros at the bottom and
// right. Errors are remembered and returned by Finish, so that a network reads as a list of layers.
class NetBuilder {
 public:
  explicit NetBuilder(Shape input);

  Value input() const { return {0}; }
  Shape ShapeOf(Value v) const { return values_[static_cast<size_t>(v.index)].shape; }

  // kernel_ohwi: filters × kernel × kernel × in channels; bias: filters.
  Value Conv(const std::string& name, Value in, const ConvSpec& spec, std::span<const float> kernel_ohwi,
             std::span<const float> bias);
  // kernel_hwc: kernel × kernel × channels; bias: channels.
  Value Depthwise(const std::string& name, Value in, const ConvSpec& spec, std::span<const float> kernel_hwc,
                  std::span<const float> bias);
  Value MaxPool(const std::string& name, Value in, int size, int stride);
  Value Add(const std::string& name, Value a, Value b);
  Value GlobalMean(const std::string& name, Value in);
  // Flattens its input row-major (H,W,C). kernel_io: inputs × units; bias: units, or empty for none.
  Value Dense(const std::string& name, Value in, int units, Activation activation, std::span<const float> kernel_io,
              std::span<const float> bias);

  // Every layer's output stays readable after Run, at the cost of memory.
  void KeepActivations() { keep_activations_ = true; }

  Result<Net> Finish(Value output) &&;

 private:
  struct ValueInfo {
    Shape shape;
    int last_use = 0;  // the last step that reads it
  };
  Value AddStep(const std::string& name, Net::Step step, Value a, Value b, Shape out);
  std::vector<size_t> PlanArena(size_t& arena_size) const;
  Status Bind(Net::Step& step);

  bool Failed() const { return !status_.ok(); }

  Status status_;
  std::vector<ValueInfo> values_;
  struct Inputs {
    int a = 0, b = -1;
  };
  std::vector<Inputs> inputs_;  // of each step
  Net net_;
  bool keep_activations_ = false;
};

// Probabilities from logits, in place; the largest logit is subtracted first.
void Softmax(std::span<float> values);

// What XNNPACK's dispatch chose on this machine: the instruction set of its f32 GEMM microkernel, e.g. "avx512f",
// "fma3", "wasmsimd", "wasmrelaxedsimd_fma".
std::string GemmKernelName();

}  // namespace handful::nn
