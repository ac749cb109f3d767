#include "export/onnx.h"

#include <algorithm>
#include <map>

#include "base/version.h"
#include "export/common_files.h"
#include "export/protobuf_writer.h"

namespace handful::exporters {
namespace {

using Kind = nn::Operation::Kind;

// OpenCV 4.6 reads Clip only as it was before opset 11, with its bounds as attributes.
constexpr int kIrVersion = 5, kOpset = 10;

// Numbers of fields and enumerations: onnx.proto (github.com/onnx/onnx).
namespace model_proto {
constexpr int kIrVersion = 1, kProducerName = 2, kProducerVersion = 3, kDocString = 6, kGraph = 7, kOpsetImport = 8,
              kMetadataProps = 14;
}
namespace graph_proto {
constexpr int kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12;
}
namespace node_proto {
constexpr int kInput = 1, kOutput = 2, kName = 3, kOpType = 4, kAttribute = 5;
}
namespace attribute_proto {
constexpr int kName = 1, kFloat = 2, kInt = 3, kInts = 8, kType = 20;
constexpr int kTypeFloat = 1, kTypeInt = 2, kTypeInts = 7;
}  // namespace attribute_proto
namespace tensor_proto {
constexpr int kDims = 1, kDataType = 2, kName = 8, kRawData = 9;
constexpr int kFloat32 = 1;
}  // namespace tensor_proto
namespace value_info_proto {
constexpr int kName = 1, kType = 2, kDocString = 3;
constexpr int kTensorType = 1;            // TypeProto
constexpr int kElemType = 1, kShape = 2;  // TypeProto.Tensor
constexpr int kDim = 1, kDimValue = 1;    // TensorShapeProto
}  // namespace value_info_proto

class Node {
 public:
  Node(const char* op_type, const std::vector<std::string>& inputs, const std::string& output) {
    for (const std::string& input : inputs) proto_.Text(node_proto::kInput, input);
    proto_.Text(node_proto::kOutput, output);
    proto_.Text(node_proto::kName, output);
    proto_.Text(node_proto::kOpType, op_type);
  }
  Node& Int(const char* name, int64_t value) {
    ProtobufWriter attribute = Named(name, attribute_proto::kTypeInt);
    attribute.Int(attribute_proto::kInt, value);
    return Put(attribute);
  }
  Node& Float(const char* name, float value) {
    ProtobufWriter attribute = Named(name, attribute_proto::kTypeFloat);
    attribute.Float(attribute_proto::kFloat, value);
    return Put(attribute);
  }
  Node& Ints(const char* name, const std::vector<int64_t>& values) {
    ProtobufWriter attribute = Named(name, attribute_proto::kTypeInts);
    for (const int64_t value : values) attribute.Int(attribute_proto::kInts, value);
    return Put(attribute);
  }
  const ProtobufWriter& proto() const { return proto_; }

 private:
  static ProtobufWriter Named(const char* name, int type) {
    ProtobufWriter attribute;
    attribute.Text(attribute_proto::kName, name);
    attribute.Int(attribute_proto::kType, type);
    return attribute;
  }
  Node& Put(const ProtobufWriter& attribute) {
    proto_.Message(node_proto::kAttribute, attribute);
    return *this;
  }
  ProtobufWriter proto_;
};

// HWIO → OIHW, of a depthwise HWC1 → C1HW.
std::vector<float> ChannelsFirst(const nn::NamedTensor& kernel, bool depthwise) {
  const auto size = [&](size_t axis) { return static_cast<size_t>(kernel.shape[axis]); };
  const size_t taps = size(0) * size(1), in = depthwise ? 1 : size(2), out = depthwise ? size(2) : size(3);
  std::vector<float> turned(kernel.values.size());
  for (size_t t = 0; t < taps; ++t) {
    for (size_t i = 0; i < in; ++i) {
      for (size_t o = 0; o < out; ++o) turned[(o * in + i) * taps + t] = kernel.values[(t * in + i) * out + o];
    }
  }
  return turned;
}

std::vector<float> Transposed(const std::vector<float>& rows, size_t columns) {
  std::vector<float> turned(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) turned[i % columns * (rows.size() / columns) + i / columns] = rows[i];
  return turned;
}

// [top, left, bottom, right] of TensorFlow's SAME, as NetBuilder has it.
std::vector<int64_t> SamePads(const Layer& layer) {
  const nn::Operation& op = layer.operation;
  const auto before_after = [&](int in, int out) {
    const int total = std::max(0, (out - 1) * op.stride + op.kernel - in);
    return std::pair<int64_t, int64_t>(total / 2, total - total / 2);
  };
  const auto [top, bottom] = before_after(layer.inputs.front().height, layer.output.height);
  const auto [left, right] = before_after(layer.inputs.front().width, layer.output.width);
  return {top, left, bottom, right};
}

class GraphWriter {
 public:
  explicit GraphWriter(const Material& material) : model_(material.model), network_(material.network) {}

  ProtobufWriter Write() {
    graph_.Text(graph_proto::kName, model_.network());
    const int64_t side = model_.input_side;
    Add(Node("Mul", {"pixels", Scalar("input_scale", model_.input_range.scale)}, "scaled"));
    Add(Node("Add", {"scaled", Scalar("input_offset", model_.input_range.offset)}, nn::kInput));
    for (const Layer& layer : network_.layers) WriteLayer(layer);
    const nn::Operation& last = network_.layers.back().operation;
    const std::string logits = last.kind == Kind::kGemm ? last.name : Flat(last.name, "logits");
    Add(Node("Softmax", {logits}, "probabilities").Int("axis", 1));
    graph_.Message(graph_proto::kInput,
                   ValueInfo("pixels", {1, 3, side, side},
                             "RGB, 0 to 255, channels first; scale and offset are applied by the first two nodes"));
    graph_.Message(graph_proto::kOutput, ValueInfo("probabilities", {1, static_cast<int64_t>(model_.classes.size())},
                                                   "one a class, in the order of the metadata field labels"));
    return std::move(graph_);
  }

 private:
  static ProtobufWriter ValueInfo(const char* name, const std::vector<int64_t>& dims, const char* doc_string) {
    ProtobufWriter shape, tensor, type, info;
    for (const int64_t size : dims) {
      ProtobufWriter dim;
      dim.Int(value_info_proto::kDimValue, size);
      shape.Message(value_info_proto::kDim, dim);
    }
    tensor.Int(value_info_proto::kElemType, tensor_proto::kFloat32);
    tensor.Message(value_info_proto::kShape, shape);
    type.Message(value_info_proto::kTensorType, tensor);
    info.Text(value_info_proto::kName, name);
    info.Message(value_info_proto::kType, type);
    info.Text(value_info_proto::kDocString, doc_string);
    return info;
  }

  void Add(const Node& node) { graph_.Message(graph_proto::kNode, node.proto()); }

  std::string Tensor(const std::string& name, const std::vector<int64_t>& dims, std::span<const float> values) {
    ProtobufWriter tensor;
    for (const int64_t size : dims) tensor.Int(tensor_proto::kDims, size);
    tensor.Int(tensor_proto::kDataType, tensor_proto::kFloat32);
    tensor.Text(tensor_proto::kName, name);
    tensor.FloatBytes(tensor_proto::kRawData, values);
    graph_.Message(graph_proto::kInitializer, tensor);
    return name;
  }
  std::string Scalar(const std::string& name, float value) { return Tensor(name, {}, {&value, 1}); }

  std::string Flat(const std::string& from, const std::string& to) {
    Add(Node("Flatten", {from}, to).Int("axis", 1));
    return to;
  }

  // One of the model's own, as it stands there. NetworkOf has seen that it is there and fits.
  const nn::NamedTensor& Weight(const std::string& name) const { return *model_.weights.Find(name); }
  std::string Copied(const std::string& name) { return Tensor(name, Weight(name).shape, Weight(name).values); }

  // What a layer's activation gives bears the layer's name.
  void Activate(const nn::Operation& op, const std::string& from) {
    if (op.activation == nn::Activation::kRelu) return Add(Node("Relu", {from}, op.name));
    Add(Node("Clip", {from}, op.name).Float("min", 0).Float("max", 6));
  }

  void WriteLayer(const Layer& layer) {
    const nn::Operation& op = layer.operation;
    switch (op.kind) {
      case Kind::kAdd: return Add(Node("Add", op.inputs, op.name));
      case Kind::kGlobalAveragePool: return Add(Node("GlobalAveragePool", op.inputs, op.name));
      case Kind::kMaxPool: return Add(Windowed("MaxPool", op.inputs, op.name, layer));
      case Kind::kGemm: return WriteGemm(layer);
      case Kind::kConv:
      case Kind::kDepthwiseConv: return WriteConv(layer);
    }
  }

  static Node Windowed(const char* op_type, const std::vector<std::string>& inputs, const std::string& output,
                       const Layer& layer) {
    const nn::Operation& op = layer.operation;
    return Node(op_type, inputs, output)
        .Ints("kernel_shape", {op.kernel, op.kernel})
        .Ints("strides", {op.stride, op.stride})
        .Ints("pads", SamePads(layer));
  }

  void WriteConv(const Layer& layer) {
    const nn::Operation& op = layer.operation;
    const bool depthwise = op.kind == Kind::kDepthwiseConv;
    const int64_t in = layer.inputs.front().channels, out = layer.output.channels;
    const bool activated = op.activation != nn::Activation::kNone, normalised = !op.batch_norm.empty();
    std::vector<std::string> inputs = {op.inputs.front(),
                                       Tensor(op.kernel_name(), {out, depthwise ? 1 : in, op.kernel, op.kernel},
                                              ChannelsFirst(Weight(op.kernel_name()), depthwise))};
    if (!normalised) inputs.push_back(Copied(op.name + "/bias"));
    std::string result = normalised || activated ? op.name + "/conv" : op.name;
    Add(Windowed("Conv", inputs, result, layer).Int("group", depthwise ? in : 1));
    if (normalised) {
      inputs = {result};
      for (const char* part : {"gamma", "beta", "moving_mean", "moving_variance"})
        inputs.push_back(Copied(op.batch_norm + "/" + part));
      result = activated ? op.name + "/normalised" : op.name;
      Add(Node("BatchNormalization", inputs, result).Float("epsilon", static_cast<float>(nn::kBatchNormEpsilon)));
    }
    if (activated) Activate(op, result);
  }

  void WriteGemm(const Layer& layer) {
    const nn::Operation& op = layer.operation;
    const nn::Shape& in = layer.inputs.front();
    std::string from = op.inputs.front();
    const Layer* before = network_.Find(from);
    if (before == nullptr || before->operation.kind != Kind::kGemm) {
      // Rows of the kernel are in the order (H,W,C).
      if (in.height * in.width > 1) {
        Add(Node("Transpose", {from}, op.name + "/rows").Ints("perm", {0, 2, 3, 1}));
        from = op.name + "/rows";
      }
      from = Flat(from, op.name + "/flat");
    }
    const bool activated = op.activation != nn::Activation::kNone;
    const std::string result = activated ? op.name + "/sum" : op.name;
    const nn::NamedTensor& kernel = Weight(op.kernel_name());
    if (layer.folded.bias.empty()) {  // before opset 11, a Gemm must have one
      Add(Node("MatMul", {from, Tensor(kernel.name, kernel.shape, kernel.values)}, result));
    } else {
      // OpenCV 4.6 takes the wrong dimension of a kernel for its outputs unless it is transposed.
      const std::string transposed = Tensor(kernel.name, {kernel.shape[1], kernel.shape[0]},
                                            Transposed(kernel.values, static_cast<size_t>(kernel.shape[1])));
      Add(Node("Gemm", {from, transposed, Copied(op.name + "/bias")}, result).Int("transB", 1));
    }
    if (activated) Activate(op, result);
  }

  const nn::Model& model_;
  const Network& network_;
  ProtobufWriter graph_;
};

void AddMetadata(const Material& material, ProtobufWriter& proto) {
  nn::Facts facts = nn::FactsOf(material.model);
  facts["preprocessing"] = PreprocessingInWords(material.model) + "; scale and offset are inside the graph";
  std::string& labels = facts["labels"];
  for (const std::string& name : material.model.classes) labels += (labels.empty() ? "" : "\n") + name;
  for (const auto& [key, value] : facts) {
    ProtobufWriter entry;
    entry.Text(1, key);
    entry.Text(2, value);
    proto.Message(model_proto::kMetadataProps, entry);
  }
}

}  // namespace

Result<Files> WriteOnnx(const Material& material) {
  ProtobufWriter opset, proto;
  opset.Int(2, kOpset);
  proto.Int(model_proto::kIrVersion, kIrVersion);
  proto.Text(model_proto::kProducerName, "Handful");
  proto.Text(model_proto::kProducerVersion, kVersion);
  proto.Text(model_proto::kDocString, material.model.title + ": pixels are RGB, 0 to 255, channels first (" +
                                          PreprocessingInWords(material.model) + ", which is inside the graph)");
  proto.Message(model_proto::kOpsetImport, opset);
  AddMetadata(material, proto);
  proto.Message(model_proto::kGraph, GraphWriter(material).Write());
  Files files = {{"model.onnx", proto.bytes()}};
  std::ranges::move(OnnxSamples(), std::back_inserter(files));
  return files;
}

}  // namespace handful::exporters
