#include "import/onnx.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace handful::importers {
namespace {

using Kind = nn::Operation::Kind;

constexpr int64_t kLeastOpset = 7, kMostOpset = 13;  // later ones give BatchNormalization further outputs, and more
constexpr int kMostWindow = 64, kMostStride = 16;
constexpr int64_t kMostChannels = 1 << 20;

// What a name of the graph stands for.
struct Value {
  int layer = kFoundInput;
  nn::Shape shape;
  bool is_flat = false;        // (1, size)
  bool channels_last = false;  // transposed, to be flattened
  bool is_probabilities = false;
};

class GraphReader {
 public:
  explicit GraphReader(const OnnxFile& file) : file_(file) {}

  Result<FoundNetwork> Read() {
    HANDFUL_TRY(TakeInput());
    for (const OnnxNode& node : file_.nodes) {
      node_ = &node;
      const Status status = TakeNode();
      if (!status.ok()) {
        return status.WithContextf("node %zu, %.30s \"%.60s\"", static_cast<size_t>(&node - file_.nodes.data()) + 1,
                                   std::string(node.op_type).c_str(), std::string(node.name).c_str());
      }
    }
    if (found_.layers.empty()) return Errorf("its graph has no layers");
    const auto out = file_.outputs.size() == 1 ? values_.find(file_.outputs[0]) : values_.end();
    if (out == values_.end() || out->second.layer + 1 != static_cast<int>(found_.layers.size()) ||
        !out->second.is_probabilities) {
      return Errorf("its only output is not the softmax of its last layer");
    }
    if (scaled_) found_.range = range_;
    found_.facts = file_.metadata;
    return std::move(found_);
  }

 private:
  Status TakeInput() {
    const OnnxInput* input = nullptr;
    for (const OnnxInput& candidate : file_.inputs) {
      if (file_.initializers.contains(candidate.name)) continue;
      if (input != nullptr) return Errorf("its graph has two inputs");
      input = &candidate;
    }
    constexpr int64_t kMostSide = 1 << 14;
    if (input == nullptr || input->dims.size() != 4 ||
        std::ranges::any_of(input->dims.begin() + 1, input->dims.end(),
                            [](int64_t size) { return size < 1 || size > kMostSide; }) ||
        std::abs(input->dims[0]) > 1) {
      return Errorf("its graph has no input of the shape (1, channels, height, width)");
    }
    found_.input = {static_cast<int>(input->dims[2]), static_cast<int>(input->dims[3]),
                    static_cast<int>(input->dims[1])};
    values_[input->name] = {.layer = kFoundInput, .shape = found_.input};
    return {};
  }

  Status TakeNode() {
    const std::string_view type = node_->op_type;
    if (node_->outputs.empty() || (node_->outputs.size() > 1 && !node_->outputs[1].empty()))
      return Errorf("it does not have one output");
    if (type == "Conv") return TakeConv();
    if (type == "BatchNormalization") return TakeBatchNorm();
    if (type == "Relu") return Activate(nn::Activation::kRelu);
    if (type == "Clip") return TakeClip();
    if (type == "MaxPool") return TakeMaxPool();
    if (type == "Mul") return TakePreprocessing(range_.scale, /*after=*/false);
    if (type == "Add") return TakeAdd();
    if (type == "GlobalAveragePool") return TakeAverage();
    if (type == "Transpose") return TakeTranspose();
    if (type == "Flatten") return TakeFlatten();
    if (type == "Gemm" || type == "MatMul") return TakeGemm();
    if (type == "Softmax") return TakeSoftmax();
    return Errorf("this operator is not one of those that are understood");
  }

  // ---- what a node reads ----

  const Value* ValueOf(size_t input) const {
    const auto found = input < node_->inputs.size() ? values_.find(node_->inputs[input]) : values_.end();
    return found == values_.end() ? nullptr : &found->second;
  }
  const OnnxTensor* TensorOf(size_t input) const {
    const auto found =
        input < node_->inputs.size() ? file_.initializers.find(node_->inputs[input]) : file_.initializers.end();
    return found == file_.initializers.end() ? nullptr : &found->second;
  }
  bool Has(size_t input) const { return input < node_->inputs.size() && !node_->inputs[input].empty(); }

  // What goes through it, as maps or flat.
  Status Data(bool flat, Value& value) const {
    const Value* found = ValueOf(0);
    if (found == nullptr) return Errorf("what it reads first is not the output of a node before it");
    if (found->is_flat != flat || found->channels_last || found->is_probabilities)
      return Errorf("what it reads first does not have the form that it needs here");
    value = *found;
    return {};
  }
  Status Tensor(size_t input, const std::vector<int64_t>& dims, std::vector<float>& values) {
    const OnnxTensor* tensor = TensorOf(input);
    if (tensor == nullptr) return Errorf("its input %zu is not a float32 tensor of the file", input + 1);
    if (tensor->dims != dims) return Errorf("its input %zu has another shape than it must have", input + 1);
    // A tensor that many nodes read must not become many times as large as the file.
    constexpr size_t kMostTimes = 2;
    copied_ += tensor->size();
    if (copied_ > kMostTimes * file_.elements) return Errorf("the same weights are read again and again");
    values = tensor->Values();
    return {};
  }
  int64_t Int(const char* name, int64_t otherwise) const {
    const auto found = node_->attributes.find(name);
    return found == node_->attributes.end() ? otherwise : found->second.integer;
  }
  float Number(const char* name, float otherwise) const {
    const auto found = node_->attributes.find(name);
    return found == node_->attributes.end() ? otherwise : found->second.number;
  }
  std::vector<int64_t> Ints(const char* name, std::vector<int64_t> otherwise) const {
    const auto found = node_->attributes.find(name);
    return found == node_->attributes.end() ? std::move(otherwise) : found->second.integers;
  }

  // ---- what it gives ----

  void Give(const Value& value) { values_.insert_or_assign(node_->outputs[0], value); }
  // A layer more.
  void Give(FoundLayer layer, bool flat = false) {
    layer.name = node_->outputs[0];
    const nn::Shape output = layer.output;
    found_.layers.push_back(std::move(layer));
    Give({.layer = static_cast<int>(found_.layers.size()) - 1, .shape = output, .is_flat = flat});
  }
  // The layer whose output this node is alone to read, from now on under this node's name.
  FoundLayer* Continue(Value& value) {
    const Value* found = ValueOf(0);
    if (found == nullptr || found->layer < 0 || found->channels_last || found->is_probabilities) return nullptr;
    value = *found;
    for (const auto& [name, other] : values_) {
      if (other.layer == value.layer && name != node_->inputs[0]) return nullptr;  // flattened, or read already
    }
    for (const FoundLayer& layer : found_.layers) {
      if (std::ranges::find(layer.inputs, value.layer) != layer.inputs.end()) return nullptr;
    }
    values_.erase(node_->inputs[0]);
    return &found_.layers[static_cast<size_t>(value.layer)];
  }

  // ---- nodes ----

  // Kernel, stride and the shape after it; padding is SAME or an error.
  Status TakeWindow(const nn::Shape& in, std::vector<int64_t> kernel, FoundLayer& layer) const {
    kernel = Ints("kernel_shape", std::move(kernel));
    const std::vector<int64_t> strides = Ints("strides", {1, 1});
    if (kernel.size() != 2 || kernel[0] != kernel[1] || kernel[0] < 1 || kernel[0] > kMostWindow ||
        strides.size() != 2 || strides[0] != strides[1] || strides[0] < 1 || strides[0] > kMostStride) {
      return Errorf("its kernel or stride is not one that is understood");
    }
    if (Ints("dilations", {1, 1}) != std::vector<int64_t>{1, 1}) return Errorf("it is dilated");
    if (Int("ceil_mode", 0) != 0) return Errorf("its ceil_mode is not 0");
    layer.kernel = static_cast<int>(kernel[0]);
    layer.stride = static_cast<int>(strides[0]);
    layer.output.height = (in.height + layer.stride - 1) / layer.stride;
    layer.output.width = (in.width + layer.stride - 1) / layer.stride;
    const auto automatic = node_->attributes.find("auto_pad");
    if (automatic != node_->attributes.end() && automatic->second.text == "SAME_UPPER") return {};
    const int high = std::max(0, (layer.output.height - 1) * layer.stride + layer.kernel - in.height);
    const int wide = std::max(0, (layer.output.width - 1) * layer.stride + layer.kernel - in.width);
    if (Ints("pads", {0, 0, 0, 0}) == std::vector<int64_t>{high / 2, wide / 2, high - high / 2, wide - wide / 2})
      return {};
    return Errorf("it is not padded as TensorFlow's SAME");
  }

  Status TakeConv() {
    Value in;
    HANDFUL_TRY(Data(/*flat=*/false, in));
    const OnnxTensor* kernel = TensorOf(1);
    if (kernel == nullptr || kernel->dims.size() != 4) return Errorf("its kernel is not a float32 tensor of the file");
    FoundLayer layer{.inputs = {in.layer}};
    HANDFUL_TRY(TakeWindow(in.shape, {kernel->dims[2], kernel->dims[3]}, layer));
    const int64_t group = Int("group", 1), channels = in.shape.channels, outputs = kernel->dims[0];
    const bool depthwise = group == channels && group > 1 && outputs == channels;
    if (group != 1 && !depthwise) return Errorf("it has %lld groups", static_cast<long long>(group));
    const int64_t depth = depthwise ? 1 : channels;
    if (outputs < 1 || outputs > kMostChannels) return Errorf("it has %lld filters", static_cast<long long>(outputs));
    std::vector<float> values;
    HANDFUL_TRY(Tensor(1, {outputs, depth, layer.kernel, layer.kernel}, values));
    layer.kind = depthwise ? Kind::kDepthwiseConv : Kind::kConv;
    layer.output.channels = static_cast<int>(outputs);
    layer.weights.shape = depthwise ? std::vector<int64_t>{layer.kernel, layer.kernel, channels, 1}
                                    : std::vector<int64_t>{layer.kernel, layer.kernel, channels, outputs};
    layer.weights.values = ChannelsLast(values, outputs, depth);
    if (Has(2)) HANDFUL_TRY(Tensor(2, {outputs}, layer.bias));
    Give(std::move(layer));
    return {};
  }

  // O,I,taps → taps,I,O.
  static std::vector<float> ChannelsLast(const std::vector<float>& kernel, int64_t outputs, int64_t depth) {
    const auto out = static_cast<size_t>(outputs), in = static_cast<size_t>(depth), taps = kernel.size() / out / in;
    std::vector<float> turned(kernel.size());
    for (size_t at = 0; at < kernel.size(); ++at) {
      const size_t tap = at % taps, i = at / taps % in, o = at / taps / in;
      turned[(tap * in + i) * out + o] = kernel[at];
    }
    return turned;
  }

  Status TakeBatchNorm() {
    Value value;
    FoundLayer* layer = Continue(value);
    if (layer == nullptr || (layer->kind != Kind::kConv && layer->kind != Kind::kDepthwiseConv) ||
        layer->activation != nn::Activation::kNone || !layer->bias.empty() || !layer->batch_norm.empty()) {
      return Errorf("it does not come straight after a convolution without a bias");
    }
    if (Number("epsilon", 1e-5F) != static_cast<float>(nn::kBatchNormEpsilon))
      return Errorf("its epsilon is %g, not %g", static_cast<double>(Number("epsilon", 1e-5F)), nn::kBatchNormEpsilon);
    layer->batch_norm.resize(4);
    for (size_t i = 0; i < 4; ++i) HANDFUL_TRY(Tensor(i + 1, {layer->output.channels}, layer->batch_norm[i]));
    Give(value);
    return {};
  }

  Status Activate(nn::Activation activation) {
    Value value;
    FoundLayer* layer = Continue(value);
    if (layer == nullptr || layer->weights.values.empty() || layer->activation != nn::Activation::kNone)
      return Errorf("it does not come straight after a layer with weights");
    layer->activation = activation;
    Give(value);
    return {};
  }

  Status TakeClip() {
    float low = Number("min", NAN), high = Number("max", NAN);
    if (const OnnxTensor* tensor = TensorOf(1); tensor != nullptr && tensor->size() == 1) low = tensor->Values()[0];
    if (const OnnxTensor* tensor = TensorOf(2); tensor != nullptr && tensor->size() == 1) high = tensor->Values()[0];
    if (low != 0.0F || high != 6.0F) return Errorf("it does not clip to 0 … 6");
    return Activate(nn::Activation::kRelu6);
  }

  Status TakeMaxPool() {
    Value in;
    HANDFUL_TRY(Data(/*flat=*/false, in));
    FoundLayer layer{.kind = Kind::kMaxPool, .inputs = {in.layer}};
    HANDFUL_TRY(TakeWindow(in.shape, {}, layer));
    layer.output.channels = in.shape.channels;
    Give(std::move(layer));
    return {};
  }

  // Of a number with the pixels, before any layer.
  Status TakePreprocessing(float& constant, bool after) {
    const size_t at = TensorOf(0) != nullptr ? 0 : 1;
    const OnnxTensor* number = TensorOf(at);
    const Value* value = ValueOf(1 - at);
    if (number == nullptr || number->size() != 1 || value == nullptr || value->layer != kFoundInput ||
        !found_.layers.empty() || shifted_ || scaled_ != after) {
      return Errorf("it is not pixel × scale or, after that, + offset");
    }
    constant = number->Values()[0];
    if (!std::isfinite(constant)) return Errorf("its number is %g", static_cast<double>(constant));
    scaled_ = true;
    shifted_ = after;
    const Value input = *value;
    values_.erase(node_->inputs[1 - at]);
    Give(input);
    return {};
  }

  Status TakeAdd() {
    if (TensorOf(0) != nullptr || TensorOf(1) != nullptr) return TakePreprocessing(range_.offset, /*after=*/true);
    Value a, b;
    HANDFUL_TRY(Data(/*flat=*/false, a));
    const Value* second = ValueOf(1);
    if (second == nullptr || node_->inputs.size() != 2) return Errorf("it does not add two values of the graph");
    b = *second;
    if (b.is_flat || b.channels_last || b.is_probabilities || !(a.shape == b.shape))
      return Errorf("what it adds has two shapes");
    Give(FoundLayer{.kind = Kind::kAdd, .inputs = {a.layer, b.layer}, .output = a.shape});
    return {};
  }

  Status TakeAverage() {
    Value in;
    HANDFUL_TRY(Data(/*flat=*/false, in));
    Give(FoundLayer{.kind = Kind::kGlobalAveragePool, .inputs = {in.layer}, .output = {1, 1, in.shape.channels}});
    return {};
  }

  Status TakeTranspose() {
    Value in;
    HANDFUL_TRY(Data(/*flat=*/false, in));
    if (Ints("perm", {}) != std::vector<int64_t>{0, 2, 3, 1}) return Errorf("it does not put channels last");
    in.channels_last = true;
    Give(in);
    return {};
  }

  Status TakeFlatten() {
    const Value* in = ValueOf(0);
    if (in == nullptr || in->is_flat || in->is_probabilities || Int("axis", 1) != 1)
      return Errorf("it does not flatten maps");
    if (!in->channels_last && in->shape.height * in->shape.width > 1)
      return Errorf(
          "it flattens maps channel by channel, where row by row is needed: a Transpose before it is missing");
    Value flat = *in;
    flat.channels_last = false;
    flat.is_flat = true;
    Give(flat);
    return {};
  }

  Status TakeGemm() {
    Value in;
    HANDFUL_TRY(Data(/*flat=*/true, in));
    if (Number("alpha", 1) != 1.0F || Number("beta", 1) != 1.0F || Int("transA", 0) != 0)
      return Errorf("its alpha, beta or transA are not the usual ones");
    const OnnxTensor* kernel = TensorOf(1);
    if (kernel == nullptr || kernel->dims.size() != 2) return Errorf("its kernel is not a float32 tensor of the file");
    const bool transposed = Int("transB", 0) != 0;
    const auto inputs = static_cast<int64_t>(in.shape.size()), units = kernel->dims[transposed ? 0 : 1];
    if (units < 1 || units > kMostChannels) return Errorf("it has %lld units", static_cast<long long>(units));
    std::vector<float> values;
    HANDFUL_TRY(Tensor(1, transposed ? std::vector{units, inputs} : std::vector{inputs, units}, values));
    FoundLayer layer{.kind = Kind::kGemm, .inputs = {in.layer}, .output = {1, 1, static_cast<int>(units)}};
    layer.weights.shape = {inputs, units};
    layer.weights.values = transposed ? ChannelsLast(values, units, 1) : std::move(values);
    if (Has(2)) HANDFUL_TRY(Tensor(2, {units}, layer.bias));
    Give(std::move(layer), /*flat=*/true);
    return {};
  }

  Status TakeSoftmax() {
    Value in;
    HANDFUL_TRY(Data(/*flat=*/true, in));
    const int64_t axis = Int("axis", file_.opset >= 13 ? -1 : 1);
    if (axis != 1 && axis != -1) return Errorf("its axis is %lld", static_cast<long long>(axis));
    in.is_probabilities = true;
    Give(in);
    return {};
  }

  const OnnxFile& file_;
  const OnnxNode* node_ = nullptr;
  FoundNetwork found_;
  std::map<std::string_view, Value> values_;
  image::InputRange range_{1, 0};
  bool scaled_ = false, shifted_ = false;
  size_t copied_ = 0;  // numbers
};

}  // namespace

Result<FoundNetwork> ReadOnnx(std::span<const uint8_t> bytes) {
  Result<OnnxFile> file = ReadOnnxFile(bytes);
  if (!file.ok()) return file.status();
  if (file->opset < kLeastOpset || file->opset > kMostOpset) {
    return Errorf("it is of opset %lld; %lld to %lld are read", static_cast<long long>(file->opset),
                  static_cast<long long>(kLeastOpset), static_cast<long long>(kMostOpset));
  }
  return GraphReader(*file).Read();
}

}  // namespace handful::importers
