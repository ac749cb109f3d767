#include "export/tflite.h"

#include <algorithm>
#include <bit>
#include <map>

#include <nlohmann/json.hpp>

#include "export/common_files.h"
#include "export/quantize.h"
#include "export/tflite_metadata.h"
#include "export/tflite_model.h"

namespace handful::exporters {
namespace {

using Kind = nn::Operation::Kind;
using tflite::BuiltinOperator;
using tflite::BuiltinOptions;
using tflite::Option;
using tflite::TensorType;

template <class Number>
std::vector<uint8_t> BytesOf(const std::vector<Number>& values) {
  static_assert(std::endian::native == std::endian::little);
  const auto* bytes = reinterpret_cast<const uint8_t*>(values.data());
  return {bytes, bytes + values.size() * sizeof(Number)};
}

// HWIO → OHWI, (inputs, outputs) → (outputs, inputs).
template <class Number>
std::vector<Number> OutputsFirst(const std::vector<Number>& kernel, int outputs) {
  const auto out = static_cast<size_t>(outputs);
  const size_t taps = kernel.size() / out;
  std::vector<Number> turned(kernel.size());
  for (size_t t = 0; t < taps; ++t) {
    for (size_t o = 0; o < out; ++o) turned[o * taps + t] = kernel[t * out + o];
  }
  return turned;
}

int8_t Fused(nn::Activation activation) {
  switch (activation) {
    case nn::Activation::kNone: return tflite::kActivationNone;
    case nn::Activation::kRelu: return tflite::kActivationRelu;
    case nn::Activation::kRelu6: return tflite::kActivationRelu6;
  }
  return tflite::kActivationNone;
}

Option Byte(int field, int8_t value) { return {field, Option::Type::kByte, static_cast<float>(value)}; }
Option Int(int field, int value) { return {field, Option::Type::kInt, static_cast<float>(value)}; }

// The graph, in float32 or, where `quantized` is not null, in integers.
class GraphWriter {
 public:
  GraphWriter(const Material& material, const QuantizedNetwork* quantized)
      : network_(material.network), side_(material.model.input_side), quantized_(quantized) {}

  tflite::Model Write() {
    const std::vector<int32_t> shape = {1, side_, side_, 3};
    if (quantized_ == nullptr) {
      values_[nn::kInput] = model_.input = Activation("image", shape, {});
    } else {
      const ActivationScale& scale = quantized_->input;
      model_.input = Unsigned("image", shape, scale);
      values_[nn::kInput] = Activation("image_int8", shape, scale);
      Add(BuiltinOperator::kQuantize, 1, 1, {model_.input}, values_[nn::kInput]);
    }
    for (size_t i = 0; i < network_.layers.size(); ++i) WriteLayer(i);
    WriteSoftmax();
    return std::move(model_);
  }

 private:
  int32_t Put(tflite::Tensor tensor) {
    model_.tensors.push_back(std::move(tensor));
    return static_cast<int32_t>(model_.tensors.size()) - 1;
  }
  int32_t Activation(const std::string& name, std::vector<int32_t> shape, const ActivationScale& scale) {
    if (quantized_ == nullptr) return Put({.name = name, .shape = std::move(shape)});
    return Put({.name = name,
                .shape = std::move(shape),
                .type = TensorType::kInt8,
                .quantization = {{scale.scale}, {scale.zero_point}, 0}});
  }
  // As uint8, which stores 128 more.
  int32_t Unsigned(const std::string& name, std::vector<int32_t> shape, const ActivationScale& scale) {
    return Put({.name = name,
                .shape = std::move(shape),
                .type = TensorType::kUint8,
                .quantization = {{scale.scale}, {scale.zero_point + 128}, 0}});
  }
  void Add(BuiltinOperator code, int float_version, int int8_version, std::vector<int32_t> inputs, int32_t output,
           BuiltinOptions type = BuiltinOptions::kNone, std::vector<Option> options = {}) {
    model_.operators.push_back({.code = code,
                                .version = quantized_ == nullptr ? float_version : int8_version,
                                .inputs = std::move(inputs),
                                .outputs = {output},
                                .options_type = type,
                                .options = std::move(options)});
  }
  ActivationScale ScaleOf(const std::string& name) const {
    if (quantized_ == nullptr) return {};
    const Layer* layer = network_.Find(name);
    return layer == nullptr ? quantized_->input
                            : quantized_->layers[static_cast<size_t>(layer - network_.layers.data())].output;
  }

  int32_t Kernel(size_t at, std::vector<int32_t> shape, int32_t channel_dimension) {
    const Layer& layer = network_.layers[at];
    const bool turned = layer.operation.kind != Kind::kDepthwiseConv;
    tflite::Tensor tensor{.name = layer.operation.kernel_name(), .shape = std::move(shape)};
    if (quantized_ == nullptr) {
      tensor.data = BytesOf(turned ? OutputsFirst(layer.folded.kernel, layer.output.channels) : layer.folded.kernel);
      return Put(std::move(tensor));
    }
    const QuantizedLayer& integers = quantized_->layers[at];
    tensor.type = TensorType::kInt8;
    tensor.data = BytesOf(turned ? OutputsFirst(integers.kernel, layer.output.channels) : integers.kernel);
    tensor.quantization = {integers.kernel_scale, std::vector<int64_t>(integers.kernel_scale.size()),
                           channel_dimension};
    return Put(std::move(tensor));
  }
  int32_t Bias(size_t at) {
    constexpr int32_t kNone = -1;
    const Layer& layer = network_.layers[at];
    tflite::Tensor tensor{.name = layer.operation.name + "/bias", .shape = {layer.output.channels}};
    if (quantized_ == nullptr) {
      tensor.data = BytesOf(layer.folded.bias);
      return layer.folded.bias.empty() ? kNone : Put(std::move(tensor));
    }
    const QuantizedLayer& integers = quantized_->layers[at];
    if (integers.bias.empty()) return kNone;
    tensor.type = TensorType::kInt32;
    tensor.data = BytesOf(integers.bias);
    const float input_scale = ScaleOf(layer.operation.inputs.front()).scale;
    for (const float scale : integers.kernel_scale) tensor.quantization.scale.push_back(scale * input_scale);
    tensor.quantization.zero_point.resize(integers.kernel_scale.size());
    return Put(std::move(tensor));
  }

  static std::vector<int32_t> ShapeOf(const nn::Shape& shape) { return {1, shape.height, shape.width, shape.channels}; }

  void WriteLayer(size_t at) {
    const Layer& layer = network_.layers[at];
    const nn::Operation& op = layer.operation;
    std::vector<int32_t> inputs;
    for (const std::string& name : op.inputs) inputs.push_back(values_.at(name));
    if (op.kind == Kind::kGemm) inputs[0] = Flat(op.inputs.front(), layer.inputs.front());
    switch (op.kind) {
      case Kind::kConv:
        inputs.push_back(Kernel(at, {op.outputs, op.kernel, op.kernel, layer.inputs.front().channels}, 0));
        break;
      case Kind::kDepthwiseConv:
        inputs.push_back(Kernel(at, {1, op.kernel, op.kernel, layer.output.channels}, 3));
        break;
      case Kind::kGemm:
        inputs.push_back(Kernel(at, {op.outputs, static_cast<int32_t>(layer.inputs.front().size())}, 0));
        break;
      default: break;
    }
    if (op.has_kernel()) inputs.push_back(Bias(at));
    values_[op.name] =
        Activation(op.name, op.kind == Kind::kGemm ? std::vector<int32_t>{1, op.outputs} : ShapeOf(layer.output),
                   ScaleOf(op.name));
    WriteOperator(layer, std::move(inputs), values_[op.name]);
  }

  void WriteOperator(const Layer& layer, std::vector<int32_t> inputs, int32_t output) {
    const nn::Operation& op = layer.operation;
    const int8_t fused = Fused(op.activation);
    switch (op.kind) {
      case Kind::kConv: {
        namespace field = tflite::conv_2d_options;
        return Add(BuiltinOperator::kConv2D, 1, 3, std::move(inputs), output, BuiltinOptions::kConv2D,
                   {Byte(field::kPadding, tflite::kPaddingSame), Int(field::kStrideW, op.stride),
                    Int(field::kStrideH, op.stride), Byte(field::kFusedActivation, fused)});
      }
      case Kind::kDepthwiseConv: {
        namespace field = tflite::depthwise_conv_2d_options;
        return Add(
            BuiltinOperator::kDepthwiseConv2D, 1, 3, std::move(inputs), output, BuiltinOptions::kDepthwiseConv2D,
            {Byte(field::kPadding, tflite::kPaddingSame), Int(field::kStrideW, op.stride),
             Int(field::kStrideH, op.stride), Int(field::kDepthMultiplier, 1), Byte(field::kFusedActivation, fused)});
      }
      case Kind::kMaxPool:
        return Add(BuiltinOperator::kMaxPool2D, 1, 2, std::move(inputs), output, BuiltinOptions::kPool2D,
                   Pool(tflite::kPaddingSame, op.stride, op.stride, op.kernel, op.kernel));
      case Kind::kGlobalAveragePool: {
        const nn::Shape& in = layer.inputs.front();
        return Add(BuiltinOperator::kAveragePool2D, 1, 2, std::move(inputs), output, BuiltinOptions::kPool2D,
                   Pool(tflite::kPaddingValid, in.height, in.width, in.height, in.width));
      }
      case Kind::kAdd:
        return Add(BuiltinOperator::kAdd, 1, 2, std::move(inputs), output, BuiltinOptions::kAdd,
                   {Byte(tflite::add_options::kFusedActivation, fused)});
      case Kind::kGemm:
        return Add(BuiltinOperator::kFullyConnected, 1, 4, std::move(inputs), output, BuiltinOptions::kFullyConnected,
                   {Byte(tflite::fully_connected_options::kFusedActivation, fused)});
    }
  }

  static std::vector<Option> Pool(int8_t padding, int stride_h, int stride_w, int height, int width) {
    namespace field = tflite::pool_2d_options;
    return {Byte(field::kPadding, padding),    Int(field::kStrideW, stride_w),
            Int(field::kStrideH, stride_h),    Int(field::kFilterWidth, width),
            Int(field::kFilterHeight, height), Byte(field::kFusedActivation, tflite::kActivationNone)};
  }

  // (1, size), row-major (H,W,C).
  int32_t Flat(const std::string& name, const nn::Shape& shape) {
    const Layer* before = network_.Find(name);
    if (before != nullptr && before->operation.kind == Kind::kGemm) return values_.at(name);
    const auto size = static_cast<int32_t>(shape.size());
    const int32_t wanted = Put({.name = name + "/flat_shape",
                                .shape = {2},
                                .type = TensorType::kInt32,
                                .data = BytesOf(std::vector<int32_t>{1, size})});
    const int32_t flat = Activation(name + "/flat", {1, size}, ScaleOf(name));
    Add(BuiltinOperator::kReshape, 1, 1, {values_.at(name), wanted}, flat);
    return flat;
  }

  void WriteSoftmax() {
    const Layer& last = network_.layers.back();
    const int32_t logits = Flat(last.operation.name, last.output), classes = last.output.channels;
    const ActivationScale scale = {1.0F / 256, -128};
    const int32_t result =
        Activation(quantized_ == nullptr ? "probabilities" : "probabilities_int8", {1, classes}, scale);
    Add(BuiltinOperator::kSoftmax, 1, 2, {logits}, result, BuiltinOptions::kSoftmax,
        {{tflite::softmax_options::kBeta, Option::Type::kFloat, 1.0F}});
    model_.output = result;
    if (quantized_ == nullptr) return;
    model_.output = Unsigned("probabilities", {1, classes}, scale);
    Add(BuiltinOperator::kQuantize, 1, 1, {result}, model_.output);
  }

  const Network& network_;
  const int32_t side_;
  const QuantizedNetwork* quantized_;
  tflite::Model model_;
  std::map<std::string, int32_t> values_;  // tensors by what the network calls them
};

Result<Files> Write(const Material& material, const QuantizedNetwork* quantized) {
  tflite::Model model = GraphWriter(material, quantized).Write();
  model.description = material.model.title;
  model.metadata[tflite::kMetadataName] = tflite::WriteMetadata(material.model, quantized != nullptr);
  const std::string facts =
      nlohmann::json(nn::FactsOf(material.model)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  model.metadata["handful"] = {facts.begin(), facts.end()};
  Result<std::vector<uint8_t>> bytes = tflite::WithLabels(tflite::Serialize(model), material.model);
  if (!bytes.ok()) return bytes.status();
  Files files = {{"model.tflite", *std::move(bytes)}};
  std::ranges::move(TfliteSamples(), std::back_inserter(files));
  return files;
}

}  // namespace

Result<Files> WriteTflite(const Material& material) { return Write(material, nullptr); }

Result<Files> WriteTfliteInt8(const Material& material) {
  Result<QuantizedNetwork> quantized = Quantize(material);
  if (!quantized.ok()) return quantized.status();
  return Write(material, &*quantized);
}

}  // namespace handful::exporters
