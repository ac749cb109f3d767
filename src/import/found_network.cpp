#include "import/found_network.h"

#include <algorithm>
#include <map>

namespace handful::importers {
namespace {

using Kind = nn::Operation::Kind;

constexpr int kLeastSide = 16, kMostSide = 1024;

const char* NameOf(Kind kind) {
  switch (kind) {
    case Kind::kConv: return "convolution";
    case Kind::kDepthwiseConv: return "depthwise convolution";
    case Kind::kMaxPool: return "max pooling";
    case Kind::kAdd: return "sum";
    case Kind::kGlobalAveragePool: return "global average";
    case Kind::kGemm: return "dense layer";
  }
  return "";
}

const char* NameOf(nn::Activation activation) {
  switch (activation) {
    case nn::Activation::kNone: return "no activation";
    case nn::Activation::kRelu: return "ReLU";
    case nn::Activation::kRelu6: return "ReLU6";
  }
  return "";
}

std::string InWords(Kind kind, int kernel, int stride, int channels, nn::Activation activation) {
  return Format("%s, %d × %d by %d, %d channels, %s", NameOf(kind), kernel, kernel, stride, channels,
                NameOf(activation));
}

// Matches layers with a graph's operations, one after the other, and takes their weights.
class Matcher {
 public:
  Matcher(FoundNetwork& found, const char* title) : found_(found), title_(title) {}

  // As far as they agree. The graph reads what layer `input` gives.
  Status Match(const nn::Graph& graph, int input) {
    std::map<std::string, int> places = {{nn::kInput, input}};
    const std::vector<nn::Shape> shapes = nn::ShapesOf(graph);
    for (size_t i = 0; i < shapes.size(); ++i, ++next_) {
      const nn::Operation& op = graph.operations[i];
      if (next_ == found_.layers.size()) {
        return Errorf("it ends after %zu layers, where %s has a %s", next_, title_, NameOf(op.kind));
      }
      const FoundLayer& layer = found_.layers[next_];
      std::vector<int> inputs;
      for (const std::string& name : op.inputs) inputs.push_back(places.at(name));
      const bool alike = layer.kind == op.kind && layer.kernel == op.kernel && layer.stride == op.stride &&
                         layer.activation == op.activation && layer.output == shapes[i];
      if (!alike) {
        return Errorf("layer %zu (\"%s\") is a %s; %s has a %s there", next_ + 1, layer.name.c_str(),
                      InWords(layer.kind, layer.kernel, layer.stride, layer.output.channels, layer.activation).c_str(),
                      title_, InWords(op.kind, op.kernel, op.stride, shapes[i].channels, op.activation).c_str());
      }
      if (!std::ranges::is_permutation(layer.inputs, inputs)) {
        return Errorf("layer %zu (\"%s\") is connected otherwise than in %s", next_ + 1, layer.name.c_str(), title_);
      }
      if (op.batch_norm.empty() && !layer.batch_norm.empty()) {
        return Errorf("layer %zu (\"%s\") is normalised, which it is not in %s", next_ + 1, layer.name.c_str(), title_);
      }
      places[op.name] = static_cast<int>(next_);
    }
    return {};
  }
  size_t next() const { return next_; }

 private:
  FoundNetwork& found_;
  const char* title_;
  size_t next_ = 0;
};

void Put(const std::string& name, std::vector<float> values, nn::TensorFile& into) {
  const auto size = static_cast<int64_t>(values.size());
  into.tensors.push_back({name, {size}, std::move(values)});
}

// True: BatchNorm was made up for it.
bool TakeWeights(const nn::Operation& op, FoundLayer& layer, nn::TensorFile& into) {
  if (!op.has_kernel()) return false;
  layer.weights.name = op.kernel_name();
  into.tensors.push_back(std::move(layer.weights));
  const auto channels = static_cast<size_t>(layer.output.channels);
  if (op.batch_norm.empty()) {
    if (layer.bias.empty() && op.kind != Kind::kGemm) layer.bias.resize(channels);
    if (!layer.bias.empty()) Put(op.name + "/bias", std::move(layer.bias), into);
    return false;
  }
  const bool folded = layer.batch_norm.empty();
  if (folded) {
    layer.bias.resize(channels);
    layer.batch_norm = {std::vector<float>(channels, 1.0F), std::move(layer.bias), std::vector<float>(channels, 0.0F),
                        std::vector<float>(channels, static_cast<float>(1 - nn::kBatchNormEpsilon))};
  }
  size_t part = 0;
  for (const char* name : {"gamma", "beta", "moving_mean", "moving_variance"})
    Put(op.batch_norm + "/" + name, std::move(layer.batch_norm[part++]), into);
  return folded;
}

// What the registry reads the widths of dense layers off: their kernels' names and shapes.
nn::TensorFile WidthsOf(const FoundNetwork& found, nn::Part part) {
  std::vector<const FoundLayer*> dense;
  for (const FoundLayer& layer : found.layers) {
    if (layer.kind == Kind::kGemm) dense.push_back(&layer);
  }
  std::vector<std::string> names;
  if (part != nn::Part::kWhole) {
    names = nn::HeadLayers(part);
  } else if (!dense.empty()) {
    for (size_t i = 1; i < dense.size(); ++i) names.push_back(Format("dense%zu", i));
    names.emplace_back("output");
  }
  nn::TensorFile widths;
  for (size_t i = 0; i < std::min(names.size(), dense.size()); ++i)
    widths.tensors.push_back({names[i] + "/kernel", dense[i]->weights.shape, {}});
  return widths;
}

struct Candidate {
  const nn::Architecture* architecture;
  nn::Part part;
};

std::vector<nn::Graph> GraphsOf(const Candidate& candidate, const FoundNetwork& found) {
  const nn::TensorFile widths = WidthsOf(found, candidate.part);
  std::vector<nn::Graph> graphs;
  if (candidate.part != nn::Part::kWhole) graphs.push_back(nn::BackboneGraph(*candidate.architecture));
  graphs.push_back(nn::OwnGraph(*candidate.architecture, candidate.part, found.input.height, widths));
  return graphs;
}

// `matched`: layers that agree.
Status Fits(const Candidate& candidate, FoundNetwork& found, size_t& matched) {
  Matcher matcher(found, candidate.architecture->title);
  int input = kFoundInput;
  for (const nn::Graph& graph : GraphsOf(candidate, found)) {
    if (input == kFoundInput && !(graph.input == found.input)) {
      return Errorf("its pictures are %d × %d with %d channels; %s takes %d × %d with %d", found.input.height,
                    found.input.width, found.input.channels, candidate.architecture->title, graph.input.height,
                    graph.input.width, graph.input.channels);
    }
    const Status status = matcher.Match(graph, input);
    matched = matcher.next();
    HANDFUL_TRY(status);
    input = static_cast<int>(matcher.next()) - 1;
  }
  if (matched == found.layers.size()) return {};
  return Errorf("layer %zu (\"%s\") is one more than %s has", matched + 1, found.layers[matched].name.c_str(),
                candidate.architecture->title);
}

Status CheckInput(const nn::Shape& input) {
  if (input.height == input.width && input.height >= kLeastSide && input.height <= kMostSide && input.channels == 3)
    return {};
  return Errorf("its input is %d × %d with %d channels, not a square of %d to %d pixels with 3", input.height,
                input.width, input.channels, kLeastSide, kMostSide);
}

Result<nn::Model> Empty(const FoundNetwork& found) {
  if (!nn::AreFacts(found.facts)) return nn::Model{};
  Result<nn::Model> model = nn::ModelOfFacts(found.facts);
  if (!model.ok()) return model.status();
  if (model->is_backbone() || model->input_side != found.input.height) {
    return Errorf("its metadata describe %s of %d × %d pixels, which is not what is in it", model->network().c_str(),
                  model->input_side, model->input_side);
  }
  return model;
}

}  // namespace

Result<nn::Model> ModelOf(FoundNetwork found) {
  HANDFUL_TRY(CheckInput(found.input));
  Result<nn::Model> model = Empty(found);
  if (!model.ok()) return model.status();
  std::vector<Candidate> candidates;
  if (nn::AreFacts(found.facts)) {
    candidates = {{model->architecture, model->part}};
  } else {
    for (const nn::Architecture& architecture : nn::Architectures()) {
      for (const nn::Part part : nn::PartsOf(architecture)) {
        if (part != nn::Part::kBackbone) candidates.push_back({&architecture, part});
      }
    }
  }
  // Where none fits, what is said of the one that fits longest tells most.
  size_t longest = 0;
  Status nearest;
  for (const Candidate& candidate : candidates) {
    size_t matched = 0;
    const Status status = Fits(candidate, found, matched);
    if (nearest.ok() || matched > longest || status.ok()) {
      nearest = status;
      longest = matched;
      model->architecture = candidate.architecture;
      model->part = candidate.part;
    }
    if (status.ok()) break;
  }
  if (!nearest.ok()) return nearest.WithContextf("it is not one of the networks that run here");

  const auto outputs = static_cast<size_t>(found.layers.back().output.channels);
  if (nn::AreFacts(found.facts) && model->classes.size() != outputs) {
    return Errorf("its metadata name %zu classes, but it has %zu outputs", model->classes.size(), outputs);
  }
  size_t at = 0;
  bool folded = false;
  for (const nn::Graph& graph : GraphsOf({model->architecture, model->part}, found)) {
    for (const nn::Operation& op : graph.operations)
      folded = TakeWeights(op, found.layers[at++], model->weights) || folded;
  }
  model->input_side = found.input.height;
  if (found.range.has_value()) model->input_range = *found.range;
  if (!nn::AreFacts(found.facts) && !found.range.has_value()) model->input_range = model->architecture->range;
  if (!model->architecture->gives_features()) return model;
  Result<std::string> hash = nn::BackboneContentHash(*model->architecture, model->weights);
  if (!hash.ok()) return hash.status();
  if (*hash != model->backbone_sha256) {
    if (folded && !model->backbone_sha256.empty()) model->notes["backbone before folding"] = model->backbone_sha256;
    if (!folded) model->backbone_title.clear();
    if (folded && !model->backbone_title.empty()) model->backbone_title += ", folded";
    model->backbone_sha256 = *hash;
  }
  return model;
}

}  // namespace handful::importers
