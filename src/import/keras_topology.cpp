#include "import/keras_topology.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace handful::importers {
namespace {

using nn::Activation;
using nn::Operation;
using Kind = Operation::Kind;

struct Node {
  std::string class_name;
  const Json* config = nullptr;
  std::vector<std::string> inputs;
};
using Nodes = std::map<std::string, Node>;

// The names of the layers that a layer reads: ["name", 0, 0, {}] of Keras 2, "keras_history" of Keras 3.
void CollectInputs(const Json& json, std::vector<std::string>& names, int depth = 0) {
  constexpr int kMaxDepth = 6;
  if (depth > kMaxDepth) return;
  if (json.is_object()) {
    const Json& history = Member(Member(json, "config"), "keras_history");
    CollectInputs(history.is_array() ? history : Member(json, "args"), names, depth + 1);
    return;
  }
  if (!json.is_array()) return;
  if (json.size() >= 3 && json[0].is_string() && json[1].is_number()) {
    names.push_back(json[0].get<std::string>());
    return;
  }
  for (const Json& item : json) CollectInputs(item, names, depth + 1);
}

const Json& LayersOf(const Json& config) {
  const Json& inner = Member(config, "config");
  return inner.is_array() ? inner : Member(inner, "layers");
}

Status Collect(const Json& config, Nodes& nodes, std::string& last) {
  const std::string kind = TextOr(Member(config, "class_name"), "missing");
  const bool sequential = kind == "Sequential";
  if (!sequential && kind != "Model" && kind != "Functional")
    return Errorf("the model's class is %s, not Functional or Sequential", kind.c_str());
  const Json& layers = LayersOf(config);
  if (!layers.is_array()) return Errorf("the model's description has no list of layers");
  for (const Json& layer : layers) {
    Node node{TextOr(Member(layer, "class_name"), ""), &Member(layer, "config"), {}};
    const std::string name = TextOr(Member(*node.config, "name"), "");
    if (name.empty()) return Errorf("a layer (%s) has no name", node.class_name.c_str());
    if (sequential) {
      if (!last.empty()) node.inputs = {last};
      last = name;
    } else {
      CollectInputs(Member(layer, "inbound_nodes"), node.inputs);
    }
    if (!nodes.emplace(name, std::move(node)).second) return Errorf("two layers are called \"%s\"", name.c_str());
  }
  if (sequential) return {};
  std::vector<std::string> outputs;
  CollectInputs(Member(Member(config, "config"), "output_layers"), outputs);
  if (outputs.size() != 1) return Errorf("the model has %zu outputs, not 1", outputs.size());
  last = outputs.front();
  return {};
}

Status Wrong(const std::string& layer, const char* field, const Json& found, const std::string& expected) {
  return Errorf("layer \"%s\": its %s is %s, but %s is needed", layer.c_str(), field, found.dump().c_str(),
                expected.c_str());
}

Status CheckField(const std::string& layer, const Node& node, const char* field, const Json& expected) {
  const Json& found = Member(*node.config, field);
  return found == expected ? Status() : Wrong(layer, field, found, expected.dump());
}

// A field that may be missing.
Status CheckIfThere(const std::string& layer, const Node& node, const char* field, const Json& expected) {
  return Member(*node.config, field).is_null() ? Status() : CheckField(layer, node, field, expected);
}

const char* ClassOf(Kind kind) {
  switch (kind) {
    case Kind::kConv: return "Conv2D";
    case Kind::kDepthwiseConv: return "DepthwiseConv2D";
    case Kind::kMaxPool: return "MaxPooling2D";
    case Kind::kAdd: return "Add";
    case Kind::kGlobalAveragePool: return "GlobalAveragePooling2D";
    case Kind::kGemm: return "Dense";
  }
  return "";
}

// "relu" said by the layer itself; a ReLU layer behind it says it, too.
bool SaysRelu(const Node& node) { return TextOr(Member(*node.config, "activation"), "") == "relu"; }

Status CheckLayer(const Operation& op, const Node& node, bool is_last) {
  if (node.class_name != ClassOf(op.kind))
    return Errorf("layer \"%s\" is a %s, but a %s is needed", op.name.c_str(), node.class_name.c_str(),
                  ClassOf(op.kind));
  const bool convolves = op.kind == Kind::kConv || op.kind == Kind::kDepthwiseConv;
  const Json kernel = Json::array({op.kernel, op.kernel}), strides = Json::array({op.stride, op.stride});
  if (convolves || op.kind == Kind::kMaxPool) {
    HANDFUL_TRY(CheckField(op.name, node, convolves ? "kernel_size" : "pool_size", kernel));
    HANDFUL_TRY(CheckField(op.name, node, "strides", strides));
    HANDFUL_TRY(CheckField(op.name, node, "padding", "same"));
  }
  HANDFUL_TRY(CheckIfThere(op.name, node, "data_format", "channels_last"));
  HANDFUL_TRY(CheckIfThere(op.name, node, "dilation_rate", Json::array({1, 1})));
  HANDFUL_TRY(CheckIfThere(op.name, node, "groups", 1));
  HANDFUL_TRY(CheckIfThere(op.name, node, "keepdims", false));
  if (!op.has_kernel()) return {};
  const std::string activation = TextOr(Member(*node.config, "activation"), "linear");
  const bool relu_fits = op.activation == Activation::kRelu && op.batch_norm.empty() && activation == "relu";
  const char* expected = is_last ? "softmax" : "linear";
  if (activation == expected || relu_fits) return {};
  return Wrong(op.name, "activation", activation, relu_fits ? "relu" : expected);
}

// The layers between an operation and what reads it must be its BatchNormalization, its ReLU and, before dense layers,
// a Flatten.
class Between {
 public:
  Between(const Nodes& nodes, const Operation* from, const Operation& to) : nodes_(nodes), from_(from), to_(to) {}

  // `trail`: names, from the reader back to the operation.
  Status Check(std::vector<std::string> trail) {
    std::ranges::reverse(trail);
    at_ = 0;
    trail_ = std::move(trail);
    const bool normed = from_ != nullptr && !from_->batch_norm.empty();
    if (normed) {
      if (Class() != "BatchNormalization" || trail_[at_] != from_->batch_norm) return Missing("BatchNormalization");
      const Json& epsilon = Member(*nodes_.at(trail_[at_]).config, "epsilon");
      if (!epsilon.is_number() || std::fabs(epsilon.get<double>() - nn::kBatchNormEpsilon) > 1e-9)
        return Wrong(trail_[at_], "epsilon", epsilon, "0.001");
      ++at_;
    }
    HANDFUL_TRY(CheckRelu());
    if (to_.kind == Kind::kGemm && Class() == "Flatten") {
      HANDFUL_TRY(CheckIfThere(trail_[at_], nodes_.at(trail_[at_]), "data_format", "channels_last"));
      ++at_;
    }
    if (at_ == trail_.size()) return {};
    return Errorf("layer \"%s\" (%s) stands before \"%s\", where nothing of the kind is understood",
                  trail_[at_].c_str(), Class().c_str(), to_.name.c_str());
  }

 private:
  std::string Class() const { return at_ < trail_.size() ? nodes_.at(trail_[at_]).class_name : ""; }
  Status Missing(const char* what) const {
    return Errorf("layer \"%s\" should be followed by a %s", from_->name.c_str(), what);
  }
  Status CheckRelu() {
    if (from_ == nullptr || from_->activation == Activation::kNone) return {};
    if (from_->activation == Activation::kRelu && SaysRelu(nodes_.at(from_->name))) return {};
    if (Class() != "ReLU") return Missing("ReLU");
    const Json& config = *nodes_.at(trail_[at_]).config;
    const Json& max = Member(config, "max_value");
    const bool six = from_->activation == Activation::kRelu6;
    if (six ? max != 6.0 : !max.is_null()) return Wrong(trail_[at_], "max_value", max, six ? "6" : "null");
    for (const char* field : {"negative_slope", "threshold"}) {
      if (const Json& value = Member(config, field); !value.is_null() && value != 0.0)
        return Wrong(trail_[at_], field, value, "0");
    }
    ++at_;
    return {};
  }

  const Nodes& nodes_;
  const Operation* from_;  // null: the input
  const Operation& to_;
  std::vector<std::string> trail_;
  size_t at_ = 0;
};

bool Rescales(const std::string& name, const Node& node) {
  const Json ones = Json::array({1, 1});
  return name == kRescaleLayer && node.class_name == "DepthwiseConv2D" && Member(*node.config, "kernel_size") == ones &&
         Member(*node.config, "strides") == ones && TextOr(Member(*node.config, "activation"), "linear") == "linear";
}

// From a layer's input back to the operation, or the input, that it comes from.
Status CheckPath(const Nodes& nodes, const std::map<std::string, const Operation*>& operations,
                 const std::string& start, const std::string& expected, const Operation& to) {
  std::vector<std::string> trail;
  std::string name = start;
  for (size_t steps = 0; !operations.contains(name); ++steps) {
    const auto node = nodes.find(name);
    if (node == nodes.end())
      return Errorf("layer \"%s\" reads \"%s\", which is not there", to.name.c_str(), name.c_str());
    if (node->second.class_name == "InputLayer") {
      name = nn::kInput;
      break;
    }
    if (steps > nodes.size()) return Errorf("layer \"%s\" reads what comes from itself", to.name.c_str());
    if (node->second.class_name != "Dropout" && !Rescales(name, node->second)) trail.push_back(name);
    if (node->second.inputs.empty()) {  // of a Sequential, whose first layer takes the input
      name = nn::kInput;
      break;
    }
    if (node->second.inputs.size() != 1)
      return Errorf("layer \"%s\" reads %zu others, not 1", name.c_str(), node->second.inputs.size());
    name = node->second.inputs.front();
  }
  if (name != expected)
    return Errorf("layer \"%s\" reads \"%s\", but \"%s\" is needed", to.name.c_str(), name.c_str(), expected.c_str());
  const auto from = operations.find(name);
  return Between(nodes, from == operations.end() ? nullptr : from->second, to).Check(std::move(trail));
}

}  // namespace

Status CheckTopology(const Json& config, const nn::Graph& graph) {
  Nodes nodes;
  std::string last;
  HANDFUL_TRY(Collect(config, nodes, last));
  std::map<std::string, const Operation*> operations;
  for (const Operation& op : graph.operations) operations.emplace(op.name, &op);
  for (const Operation& op : graph.operations) {
    const auto node = nodes.find(op.name);
    if (node == nodes.end()) return Errorf("layer \"%s\" is missing from the model's description", op.name.c_str());
    HANDFUL_TRY(CheckLayer(op, node->second, &op == &graph.operations.back()));
    const std::vector<std::string>& inputs = node->second.inputs;
    // The first layer of a Sequential.
    if (inputs.empty() && op.inputs == std::vector<std::string>{nn::kInput}) continue;
    if (inputs.size() != op.inputs.size())
      return Errorf("layer \"%s\" reads %zu others, not %zu", op.name.c_str(), inputs.size(), op.inputs.size());
    for (size_t i = 0; i < inputs.size(); ++i) HANDFUL_TRY(CheckPath(nodes, operations, inputs[i], op.inputs[i], op));
  }
  if (last != graph.operations.back().name)
    return Errorf("the model's output is \"%s\", not \"%s\"", last.c_str(), graph.operations.back().name.c_str());
  return {};
}

PictureSize InputSizeOf(const Json& config) {
  const Json& layers = LayersOf(config);
  if (!layers.is_array() || layers.empty()) return {};
  for (const char* field : {"batch_input_shape", "batch_shape"}) {
    const Json& shape = Member(Member(layers[0], "config"), field);
    if (!shape.is_array() || shape.size() != 4 || !shape[1].is_number_unsigned() || !shape[2].is_number_unsigned())
      continue;
    return {shape[1].get<uint64_t>(), shape[2].get<uint64_t>()};
  }
  return {};
}

}  // namespace handful::importers
