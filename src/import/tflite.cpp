#include "import/tflite.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>

#include "base/byte_order.h"

namespace handful::importers {
namespace {

using Kind = nn::Operation::Kind;

// What a tensor stands for.
struct Value {
  int layer = kFoundInput;
  nn::Shape shape;  // of the maps, also where they are flattened
  bool is_probabilities = false;
};

// outputs first → outputs last.
std::vector<float> OutputsLast(const std::vector<float>& kernel, size_t outputs) {
  const size_t taps = kernel.size() / outputs;
  std::vector<float> turned(kernel.size());
  for (size_t o = 0; o < outputs; ++o) {
    for (size_t t = 0; t < taps; ++t) turned[t * outputs + o] = kernel[o * taps + t];
  }
  return turned;
}

class GraphReader {
 public:
  explicit GraphReader(const TfliteFile& file) : file_(file) {
    for (const TfliteTensor& tensor : file.tensors) elements_ += tensor.data.empty() ? 0 : tensor.elements;
  }

  Result<FoundNetwork> Read() {
    const TfliteTensor& input = TensorAt(file_.input);
    if (input.shape.size() != 4 || input.shape[0] != 1)
      return Errorf("its input has no shape (1, height, width, channels)");
    found_.input = {input.shape[1], input.shape[2], input.shape[3]};
    if (input.type != TfliteType::kFloat32) HANDFUL_TRY(TakePixels(input));
    values_[file_.input] = {.shape = found_.input};
    for (size_t i = 0; i < file_.operators.size(); ++i) {
      op_ = &file_.operators[i];
      const Status status = Take();
      if (!status.ok()) {
        return status.WithContextf("operator %zu, \"%.60s\"", i + 1, std::string(TensorAt(op_->output).name).c_str());
      }
    }
    if (found_.layers.empty()) return Errorf("its graph has no layers");
    const auto out = values_.find(file_.output);
    if (out == values_.end() || !out->second.is_probabilities ||
        out->second.layer + 1 != static_cast<int>(found_.layers.size())) {
      return Errorf("its output is not the softmax of its last layer");
    }
    found_.facts = file_.facts;
    return std::move(found_);
  }

 private:
  // In integers, pixels are the input themselves, which says what they are worth.
  Status TakePixels(const TfliteTensor& input) {
    if (input.type == TfliteType::kInt32 || input.scale.size() != 1) return Errorf("its input has no scale");
    const int black = input.type == TfliteType::kInt8 ? -128 : 0;
    found_.range = {input.scale[0], static_cast<float>(black - input.zero_point[0]) * input.scale[0]};
    return {};
  }

  Status Take() {
    switch (op_->code) {
      case TfliteOp::kConv2D:
      case TfliteOp::kDepthwiseConv2D: return TakeConv();
      case TfliteOp::kFullyConnected: return TakeDense();
      case TfliteOp::kMaxPool2D: return TakeMaxPool();
      case TfliteOp::kAveragePool2D:
      case TfliteOp::kMean: return TakeAverage();
      case TfliteOp::kAdd: return TakeAdd();
      case TfliteOp::kReshape:
      case TfliteOp::kQuantize: return TakeSame();
      case TfliteOp::kSoftmax: return TakeSoftmax();
    }
    return Errorf("operator code %u is not one of those that are understood", static_cast<unsigned>(op_->code));
  }

  const TfliteTensor& TensorAt(int32_t index) const { return file_.tensors[static_cast<size_t>(index)]; }

  Status Data(size_t input, Value& value) const {
    const auto found = input < op_->inputs.size() ? values_.find(op_->inputs[input]) : values_.end();
    if (found == values_.end()) return Errorf("its input %zu is not the output of an operator before it", input + 1);
    if (found->second.is_probabilities) return Errorf("it comes after softmax");
    value = found->second;
    return {};
  }
  Status Constant(size_t input, const std::vector<int32_t>& shape, std::vector<float>& values) {
    const int32_t index = input < op_->inputs.size() ? op_->inputs[input] : -1;
    if (index < 0 || TensorAt(index).data.empty()) return Errorf("its input %zu is not a constant", input + 1);
    const TfliteTensor& tensor = TensorAt(index);
    if (tensor.shape != shape) return Errorf("its input %zu has another shape than it must have", input + 1);
    if (tensor.type != TfliteType::kFloat32 && tensor.scale.empty())
      return Errorf("its input %zu is in integers without a scale", input + 1);
    // A tensor that many operators read must not become many times as large as the file.
    constexpr size_t kMostTimes = 2;
    copied_ += tensor.elements;
    if (copied_ > kMostTimes * elements_) return Errorf("the same weights are read again and again");
    values = ValuesOf(tensor);
    return {};
  }
  bool Has(size_t input) const { return input < op_->inputs.size() && op_->inputs[input] >= 0; }

  Status Give(FoundLayer layer) {
    layer.name = TensorAt(op_->output).name;
    switch (op_->activation) {
      case 0: break;
      case 1: layer.activation = nn::Activation::kRelu; break;
      case 3: layer.activation = nn::Activation::kRelu6; break;
      default: return Errorf("its activation %d is not ReLU or ReLU6", op_->activation);
    }
    const Value value = {.layer = static_cast<int>(found_.layers.size()), .shape = layer.output};
    if (TensorAt(op_->output).elements != layer.output.size())
      return Errorf("its output has another shape than follows from its input");
    found_.layers.push_back(std::move(layer));
    values_[op_->output] = value;
    return {};
  }

  // Kernel, stride and the shape after it.
  Status TakeWindow(const nn::Shape& in, int height, int width, FoundLayer& layer) const {
    constexpr int kMostWindow = 64, kMostStride = 16;
    if (height != width || height > kMostWindow || op_->stride_h != op_->stride_w || op_->stride_h > kMostStride ||
        op_->dilation_h != 1 || op_->dilation_w != 1) {
      return Errorf("its kernel, stride or dilation is not one that is understood");
    }
    layer.kernel = height;
    layer.stride = op_->stride_h;
    layer.output.height = (in.height + layer.stride - 1) / layer.stride;
    layer.output.width = (in.width + layer.stride - 1) / layer.stride;
    if (!op_->is_same && layer.kernel > 1) return Errorf("its padding is not SAME");
    return {};
  }

  Status TakeConv() {
    Value in;
    HANDFUL_TRY(Data(0, in));
    const TfliteTensor* kernel = Has(1) ? &TensorAt(op_->inputs[1]) : nullptr;
    if (kernel == nullptr || kernel->shape.size() != 4) return Errorf("its kernel has no four dimensions");
    const bool depthwise = op_->code == TfliteOp::kDepthwiseConv2D;
    const int32_t height = kernel->shape[1], width = kernel->shape[2];
    const int32_t outputs = kernel->shape[depthwise ? 3 : 0];
    if (depthwise && (outputs != in.shape.channels || op_->depth_multiplier > 1))
      return Errorf("its depth multiplier is not 1");
    FoundLayer layer{.kind = depthwise ? Kind::kDepthwiseConv : Kind::kConv, .inputs = {in.layer}};
    HANDFUL_TRY(TakeWindow(in.shape, height, width, layer));
    layer.output.channels = outputs;
    std::vector<float> values;
    HANDFUL_TRY(Constant(
        1, depthwise ? std::vector{1, height, width, outputs} : std::vector{outputs, height, width, in.shape.channels},
        values));
    layer.weights = {"",
                     depthwise ? std::vector<int64_t>{height, width, outputs, 1}
                               : std::vector<int64_t>{height, width, in.shape.channels, outputs},
                     depthwise ? std::move(values) : OutputsLast(values, static_cast<size_t>(outputs))};
    if (Has(2)) HANDFUL_TRY(Constant(2, {outputs}, layer.bias));
    return Give(std::move(layer));
  }

  Status TakeDense() {
    Value in;
    HANDFUL_TRY(Data(0, in));
    const TfliteTensor* kernel = Has(1) ? &TensorAt(op_->inputs[1]) : nullptr;
    if (kernel == nullptr || kernel->shape.size() != 2) return Errorf("its kernel has no two dimensions");
    const int32_t units = kernel->shape[0], inputs = kernel->shape[1];
    if (static_cast<size_t>(inputs) != in.shape.size())
      return Errorf("its kernel wants %d inputs, but there are %zu", inputs, in.shape.size());
    FoundLayer layer{.kind = Kind::kGemm, .inputs = {in.layer}, .output = {1, 1, units}};
    std::vector<float> values;
    HANDFUL_TRY(Constant(1, {units, inputs}, values));
    layer.weights = {"", {inputs, units}, OutputsLast(values, static_cast<size_t>(units))};
    if (Has(2)) HANDFUL_TRY(Constant(2, {units}, layer.bias));
    return Give(std::move(layer));
  }

  Status TakeMaxPool() {
    Value in;
    HANDFUL_TRY(Data(0, in));
    FoundLayer layer{.kind = Kind::kMaxPool, .inputs = {in.layer}};
    HANDFUL_TRY(TakeWindow(in.shape, op_->filter_h, op_->filter_w, layer));
    layer.output.channels = in.shape.channels;
    return Give(std::move(layer));
  }

  // Over the whole map.
  Status TakeAverage() {
    Value in;
    HANDFUL_TRY(Data(0, in));
    const bool pools = op_->code == TfliteOp::kAveragePool2D;
    if (pools && (op_->filter_h != in.shape.height || op_->filter_w != in.shape.width || op_->is_same))
      return Errorf("it does not average over whole maps");
    if (!pools && !MeansOverMaps()) return Errorf("it does not average over height and width");
    return Give(
        FoundLayer{.kind = Kind::kGlobalAveragePool, .inputs = {in.layer}, .output = {1, 1, in.shape.channels}});
  }
  bool MeansOverMaps() const {
    if (!Has(1)) return false;
    const TfliteTensor& axes = TensorAt(op_->inputs[1]);
    return axes.type == TfliteType::kInt32 && axes.elements == 2 && axes.data.size() == 8 && Le32(axes.data, 0) == 1 &&
           Le32(axes.data, 4) == 2;
  }

  Status TakeAdd() {
    Value a, b;
    HANDFUL_TRY(Data(0, a));
    HANDFUL_TRY(Data(1, b));
    if (!(a.shape == b.shape)) return Errorf("what it adds has two shapes");
    return Give(FoundLayer{.kind = Kind::kAdd, .inputs = {a.layer, b.layer}, .output = a.shape});
  }

  // Another form of the same values.
  Status TakeSame() {
    const auto found = op_->inputs.empty() ? values_.end() : values_.find(op_->inputs[0]);
    if (found == values_.end()) return Errorf("its input is not the output of an operator before it");
    if (TensorAt(op_->output).elements != found->second.shape.size())
      return Errorf("it changes how many values there are");
    const Value value = found->second;
    values_[op_->output] = value;
    return {};
  }

  Status TakeSoftmax() {
    Value in;
    HANDFUL_TRY(Data(0, in));
    if (in.shape.height * in.shape.width != 1 || op_->beta != 1.0F) return Errorf("it is not the usual softmax");
    in.is_probabilities = true;
    values_[op_->output] = in;
    return {};
  }

  const TfliteFile& file_;
  const TfliteOperator* op_ = nullptr;
  FoundNetwork found_;
  std::map<int32_t, Value> values_;  // by tensor
  size_t elements_ = 0, copied_ = 0;
};

}  // namespace

std::vector<float> ValuesOf(const TfliteTensor& tensor) {
  std::vector<float> values(tensor.elements);
  size_t inner = 1;  // how many neighbours share a scale
  for (size_t d = static_cast<size_t>(tensor.dimension) + 1; d < tensor.shape.size(); ++d)
    inner *= static_cast<size_t>(tensor.shape[d]);
  for (size_t i = 0; i < values.size(); ++i) {
    if (tensor.type == TfliteType::kFloat32) {
      values[i] = std::bit_cast<float>(Le32(tensor.data, 4 * i));
      continue;
    }
    const size_t s = i / inner % tensor.scale.size();
    const int64_t stored = tensor.type == TfliteType::kInt32   ? static_cast<int32_t>(Le32(tensor.data, 4 * i))
                           : tensor.type == TfliteType::kUint8 ? tensor.data[i]
                                                               : static_cast<int8_t>(tensor.data[i]);
    values[i] = static_cast<float>(tensor.scale[s] * static_cast<double>(stored - tensor.zero_point[s]));
  }
  return values;
}

Result<FoundNetwork> ReadTflite(const TfliteFile& file) { return GraphReader(file).Read(); }

}  // namespace handful::importers
