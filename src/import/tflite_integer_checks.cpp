#include "import/tflite_integer_checks.h"

#include <algorithm>

namespace handful::importers {
namespace {

class Checker {
 public:
  explicit Checker(const TfliteFile& file) : file_(file) {}

  Status CheckTensors() const {
    constexpr size_t kMost = size_t{1} << 28U;
    size_t total = 0;
    for (const TfliteTensor& tensor : file_.tensors) {
      if (tensor.type == TfliteType::kInt32) continue;
      if (tensor.type == TfliteType::kFloat32 || tensor.scale.empty())
        return Errorf("tensor \"%.60s\" is not quantised", std::string(tensor.name).c_str());
      total += tensor.elements;
      if (total > kMost) return Errorf("its tensors have more than %zu values", kMost);
    }
    return {};
  }

  Status Check(const TfliteOperator& op) {
    checked_ = &op;
    if (op.inputs.empty() || op.inputs[0] < 0) return Errorf("it reads nothing");
    const size_t computed = op.code == TfliteOp::kAdd ? 2 : 1;
    if (op.inputs.size() < computed) return Errorf("it reads too little");
    const TfliteTensor& output = TensorAt(op.output);
    for (size_t i = 0; i < computed; ++i) {
      if (op.inputs[i] < 0 || !IsComputed(op.inputs[i]) || op.inputs[i] == op.output || !HasOneScale(In(op, i)))
        return Errorf("its input %zu is not the quantised output of an operator before it", i + 1);
    }
    if (!HasOneScale(output) || !output.data.empty() || op.output == file_.input)
      return Errorf("its output is no quantised tensor that is computed");
    const TfliteTensor& in = In(op, 0);
    const bool maps = in.shape.size() == 4 && output.shape.size() == 4 && in.shape[0] == 1 && output.shape[0] == 1;
    switch (op.code) {
      case TfliteOp::kConv2D:
      case TfliteOp::kDepthwiseConv2D: return maps ? CheckConv(op) : Errorf("it does not read maps");
      case TfliteOp::kFullyConnected: return CheckDense(op);
      case TfliteOp::kMaxPool2D:
      case TfliteOp::kAveragePool2D:
        if (maps && SameScale(in, output) && in.shape[3] == output.shape[3] && FitsWindow(op, op.filter_h, op.filter_w))
          return {};
        return Errorf("its maps or scales do not fit together");
      case TfliteOp::kAdd:
        return in.elements == output.elements && In(op, 1).elements == output.elements
                   ? Status()
                   : Errorf("what it adds has different sizes");
      case TfliteOp::kReshape:
        return in.elements == output.elements && SameScale(in, output) ? Status() : Errorf("it changes values");
      case TfliteOp::kSoftmax:
        if (op.beta != 1.0F) return Errorf("its beta is not 1");
        [[fallthrough]];
      case TfliteOp::kQuantize:
        return in.elements == output.elements ? Status() : Errorf("it changes how many values there are");
      case TfliteOp::kMean: break;
    }
    return Errorf("operator code %u cannot be run in integers", static_cast<unsigned>(op.code));
  }

 private:
  const TfliteTensor& TensorAt(int32_t index) const { return file_.tensors[static_cast<size_t>(index)]; }
  const TfliteTensor& In(const TfliteOperator& op, size_t i) const { return TensorAt(op.inputs[i]); }

  bool IsComputed(int32_t index) const {
    if (index == file_.input) return true;
    for (const TfliteOperator& op : file_.operators) {
      if (op.output == index) return true;
      if (&op == checked_) break;
    }
    return false;
  }
  static bool HasOneScale(const TfliteTensor& tensor) { return tensor.scale.size() == 1; }
  static bool SameScale(const TfliteTensor& a, const TfliteTensor& b) {
    return a.scale == b.scale && a.zero_point == b.zero_point;
  }
  bool FitsWindow(const TfliteOperator& op, int height, int width) const {
    const nn::Shape in = ExtentOf(In(op, 0)), out = ExtentOf(TensorAt(op.output));
    const auto fits = [&](int from, int to, int window, int stride) {
      if (op.is_same) return to == (from + stride - 1) / stride;
      return from >= window && to == (from - window) / stride + 1;
    };
    return op.dilation_h == 1 && op.dilation_w == 1 && fits(in.height, out.height, height, op.stride_h) &&
           fits(in.width, out.width, width, op.stride_w);
  }

  Status CheckWeights(const TfliteOperator& op, const std::vector<int32_t>& shape, int32_t dimension) const {
    if (op.inputs.size() < 2 || op.inputs[1] < 0) return Errorf("it has no weights");
    const TfliteTensor& kernel = In(op, 1);
    if (kernel.type != TfliteType::kInt8 || kernel.data.empty() || kernel.shape != shape)
      return Errorf("its weights have another form than they must have");
    if (std::ranges::any_of(kernel.zero_point, [](int32_t zero) { return zero != 0; }) ||
        (kernel.scale.size() > 1 && kernel.dimension != dimension)) {
      return Errorf("its weights are not symmetric by output channel");
    }
    if (op.inputs.size() < 3 || op.inputs[2] < 0) return {};
    const TfliteTensor& bias = In(op, 2);
    const int32_t outputs = shape[static_cast<size_t>(dimension)];
    if (bias.type == TfliteType::kInt32 && !bias.data.empty() && bias.elements == static_cast<size_t>(outputs))
      return {};
    return Errorf("its bias has another form than it must have");
  }

  Status CheckConv(const TfliteOperator& op) const {
    const nn::Shape in = ExtentOf(In(op, 0)), out = ExtentOf(TensorAt(op.output));
    const bool depthwise = op.code == TfliteOp::kDepthwiseConv2D;
    if (op.inputs.size() < 2 || op.inputs[1] < 0 || In(op, 1).shape.size() != 4) return Errorf("it has no weights");
    const int height = In(op, 1).shape[1], width = In(op, 1).shape[2];
    if (!FitsWindow(op, height, width) || (depthwise && in.channels != out.channels))
      return Errorf("its maps do not fit together");
    // So that sums fit into 32 bits.
    constexpr int kMostChannels = 1 << 14, kMostTaps = 1 << 12;
    if (in.channels > kMostChannels || height * width > kMostTaps) return Errorf("its kernel is too large");
    return depthwise ? CheckWeights(op, {1, height, width, out.channels}, 3)
                     : CheckWeights(op, {out.channels, height, width, in.channels}, 0);
  }

  Status CheckDense(const TfliteOperator& op) const {
    return CheckWeights(
        op, {static_cast<int32_t>(TensorAt(op.output).elements), static_cast<int32_t>(In(op, 0).elements)}, 0);
  }

  const TfliteFile& file_;
  const TfliteOperator* checked_ = nullptr;
};

}  // namespace

nn::Shape ExtentOf(const TfliteTensor& tensor) {
  return tensor.shape.size() == 4 ? nn::Shape{tensor.shape[1], tensor.shape[2], tensor.shape[3]}
                                  : nn::Shape{1, 1, static_cast<int>(tensor.elements)};
}

Status CheckIntegers(const TfliteFile& file) {
  Checker checker(file);
  HANDFUL_TRY(checker.CheckTensors());
  for (size_t i = 0; i < file.operators.size(); ++i) {
    const Status status = checker.Check(file.operators[i]);
    if (!status.ok()) return status.WithContextf("operator %zu", i + 1);
  }
  return {};
}

}  // namespace handful::importers
