#include "export/keras_layers.h"

#include <set>

namespace handful::exporters {
namespace {

using Kind = nn::Operation::Kind;

constexpr char kInputLayer[] = "input";

class Builder {
 public:
  explicit Builder(const Material& material) : material_(material) {
    const nn::Shape& in = material.network.input;
    layers_.push_back({"InputLayer", kInputLayer, OrderedJson::object(), {}, {in.height, in.width, in.channels}, {}});
  }

  Status AddAll() {
    for (const Layer& layer : material_.network.layers) HANDFUL_TRY(Add(layer));
    KerasLayer& last = layers_.back();
    if (last.class_name != "Dense" || last.config["activation"] != "linear") {
      return Errorf("layer \"%s\" is the last one and not a plain dense layer, which Keras' softmax needs",
                    last.name.c_str());
    }
    last.config["activation"] = "softmax";
    return {};
  }
  std::vector<KerasLayer> Finish() && { return std::move(layers_); }

 private:
  // The layer with whose output an operation's result is complete.
  const std::string& EndOf(const std::string& operation) const {
    const auto found = ends_.find(operation);
    return found == ends_.end() ? operation : found->second;
  }

  Status AddWeights(KerasLayer& layer, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const nn::NamedTensor* tensor = material_.model.weights.Find(layer.name + "/" + name);
      if (tensor == nullptr) return Errorf("tensor \"%s/%s\" is missing", layer.name.c_str(), name.c_str());
      layer.weights.push_back(tensor);
    }
    return {};
  }

  Status Add(const Layer& layer) {
    const nn::Operation& op = layer.operation;
    KerasLayer made{"", op.name, OrderedJson::object(), {}, {layer.output.height, layer.output.width}, {}};
    made.output.push_back(layer.output.channels);
    for (const std::string& input : op.inputs) made.inputs.push_back(EndOf(input));
    if (op.kind == Kind::kGemm) {
      FlattenIfMaps(layer, made);
    } else if (op.kind != Kind::kAdd && flat_.contains(made.inputs.front())) {
      return Errorf("layer \"%s\" wants maps, but reads plain numbers, which Keras refuses", op.name.c_str());
    }
    HANDFUL_TRY(Fill(op, made));
    std::string end = made.name;
    const std::vector<int64_t> shape = made.output;
    layers_.push_back(std::move(made));
    if (!op.batch_norm.empty()) {
      KerasLayer norm{"BatchNormalization", op.batch_norm, OrderedJson::object(), {end}, shape, {}};
      norm.config = {
          {"axis", 3}, {"momentum", 0.999}, {"epsilon", nn::kBatchNormEpsilon}, {"center", true}, {"scale", true}};
      HANDFUL_TRY(AddWeights(norm, {"gamma", "beta", "moving_mean", "moving_variance"}));
      end = norm.name;
      layers_.push_back(std::move(norm));
    }
    if (op.activation == nn::Activation::kRelu6 || (op.activation == nn::Activation::kRelu && !SaysRelu(op))) {
      const OrderedJson max = op.activation == nn::Activation::kRelu6 ? OrderedJson(6.0) : OrderedJson();
      layers_.push_back({"ReLU",
                         op.name + "_relu",
                         {{"max_value", max}, {"negative_slope", 0.0}, {"threshold", 0.0}},
                         {end},
                         shape,
                         {}});
      if (flat_.contains(end)) flat_.insert(layers_.back().name);
      end = layers_.back().name;
    }
    ends_[op.name] = end;
    return {};
  }

  static bool SaysRelu(const nn::Operation& op) { return op.has_kernel() && op.batch_norm.empty(); }

  // Row by row (H,W,C), as a kGemm reads it.
  void FlattenIfMaps(const Layer& layer, KerasLayer& dense) {
    const std::string from = dense.inputs.front();
    if (!flat_.contains(from)) {
      const std::string name = "flatten_" + from;
      layers_.push_back({"Flatten",
                         name,
                         OrderedJson::object({{"data_format", "channels_last"}}),
                         {from},
                         {static_cast<int64_t>(layer.inputs.front().size())},
                         {}});
      flat_.insert(name);
      dense.inputs = {name};
    }
  }

  Status Fill(const nn::Operation& op, KerasLayer& made) {
    const OrderedJson kernel = OrderedJson::array({op.kernel, op.kernel});
    const OrderedJson strides = OrderedJson::array({op.stride, op.stride});
    const bool convolves = op.kind == Kind::kConv || op.kind == Kind::kDepthwiseConv;
    OrderedJson& config = made.config;
    if (op.kind == Kind::kConv) config["filters"] = op.outputs;
    if (convolves) config["kernel_size"] = kernel;
    if (op.kind == Kind::kMaxPool) config["pool_size"] = kernel;
    if (convolves || op.kind == Kind::kMaxPool) {
      config["strides"] = strides;
      config["padding"] = "same";
    }
    if (op.kind == Kind::kDepthwiseConv) config["depth_multiplier"] = 1;
    if (op.kind != Kind::kAdd && op.kind != Kind::kGemm) config["data_format"] = "channels_last";
    switch (op.kind) {
      case Kind::kConv: made.class_name = "Conv2D"; break;
      case Kind::kDepthwiseConv: made.class_name = "DepthwiseConv2D"; break;
      case Kind::kMaxPool: made.class_name = "MaxPooling2D"; break;
      case Kind::kAdd: made.class_name = "Add"; break;
      case Kind::kGlobalAveragePool: made.class_name = "GlobalAveragePooling2D"; break;
      case Kind::kGemm:
        made.class_name = "Dense";
        config["units"] = op.outputs;
        break;
    }
    if (op.kind == Kind::kGlobalAveragePool || op.kind == Kind::kGemm || flat_.contains(made.inputs.front())) {
      made.output = {made.output.back()};
      flat_.insert(made.name);
    }
    if (!op.has_kernel()) return {};
    const bool bias = op.batch_norm.empty() && material_.model.weights.Find(op.name + "/bias") != nullptr;
    if (convolves) config["dilation_rate"] = OrderedJson::array({1, 1});
    config["activation"] = SaysRelu(op) && op.activation == nn::Activation::kRelu ? "relu" : "linear";
    config["use_bias"] = bias;
    std::vector<std::string> weights = {op.kernel_name().substr(op.name.size() + 1)};
    if (bias) weights.emplace_back("bias");
    return AddWeights(made, weights);
  }

  const Material& material_;
  std::vector<KerasLayer> layers_;
  std::map<std::string, std::string> ends_ = {{nn::kInput, kInputLayer}};
  std::set<std::string> flat_;  // layers whose output has no height and width
};

OrderedJson ShapeOf(const std::vector<int64_t>& sizes) {
  OrderedJson shape = OrderedJson::array({nullptr});
  for (const int64_t size : sizes) shape.push_back(size);
  return shape;
}

OrderedJson ConfigOf(const KerasLayer& layer, const char* input_shape_field) {
  OrderedJson config = {{"name", layer.name}};
  if (layer.inputs.empty()) {
    config[input_shape_field] = ShapeOf(layer.output);
  } else {
    config["trainable"] = true;
  }
  config["dtype"] = "float32";
  config.update(layer.config);
  return config;
}

OrderedJson Ends(const std::string& name) { return OrderedJson::array({OrderedJson::array({name, 0, 0})}); }

OrderedJson FunctionalConfig(const std::vector<KerasLayer>& layers, OrderedJson described) {
  return {{"name", "handful"},
          {"trainable", true},
          {"layers", std::move(described)},
          {"input_layers", Ends(layers.front().name)},
          {"output_layers", Ends(layers.back().name)}};
}

}  // namespace

Result<std::vector<KerasLayer>> KerasLayersOf(const Material& material) {
  Builder builder(material);
  if (Status added = builder.AddAll(); !added.ok()) return added;
  return std::move(builder).Finish();
}

OrderedJson Keras2Config(const std::vector<KerasLayer>& layers) {
  OrderedJson described = OrderedJson::array();
  for (const KerasLayer& layer : layers) {
    OrderedJson node = OrderedJson::array();
    for (const std::string& input : layer.inputs) {
      node.push_back(OrderedJson::array({input, 0, 0, OrderedJson::object()}));
    }
    OrderedJson nodes = OrderedJson::array();
    if (!node.empty()) nodes.push_back(std::move(node));
    described.push_back({{"class_name", layer.class_name},
                         {"name", layer.name},
                         {"config", ConfigOf(layer, "batch_input_shape")},
                         {"inbound_nodes", std::move(nodes)}});
  }
  return FunctionalConfig(layers, std::move(described));
}

OrderedJson Keras3Config(const std::vector<KerasLayer>& layers) {
  std::map<std::string, OrderedJson> tensors;  // what each layer gives
  OrderedJson described = OrderedJson::array();
  for (const KerasLayer& layer : layers) {
    OrderedJson args = OrderedJson::array();
    for (const std::string& input : layer.inputs) args.push_back(tensors[input]);
    if (args.size() > 1) args = OrderedJson::array({std::move(args)});  // of an Add: one list
    OrderedJson nodes = OrderedJson::array();
    if (!args.empty()) nodes.push_back({{"args", std::move(args)}, {"kwargs", OrderedJson::object()}});
    described.push_back({{"module", "keras.layers"},
                         {"class_name", layer.class_name},
                         {"config", ConfigOf(layer, "batch_shape")},
                         {"registered_name", nullptr},
                         {"name", layer.name},
                         {"inbound_nodes", std::move(nodes)}});
    tensors[layer.name] = {{"class_name", "__keras_tensor__"},
                           {"config",
                            {{"shape", ShapeOf(layer.output)},
                             {"dtype", "float32"},
                             {"keras_history", OrderedJson::array({layer.name, 0, 0})}}}};
  }
  return {{"module", "keras.src.models.functional"},
          {"class_name", "Functional"},
          {"config", FunctionalConfig(layers, std::move(described))},
          {"registered_name", "Functional"}};
}

OrderedJson Facts(const nn::Model& model) {
  OrderedJson facts = OrderedJson::object();
  for (const auto& [field, value] : nn::FactsOf(model)) facts[field] = value;
  return facts;
}

std::string Dump(const OrderedJson& json, int indent) {
  return json.dump(indent, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace handful::exporters
