#include "export/network.h"

#include <algorithm>

#include "nn/registry.h"

namespace handful::exporters {

const Layer* Network::Find(const std::string& name) const {
  const auto found = std::ranges::find(layers, name, [](const Layer& layer) { return layer.operation.name; });
  return found == layers.end() ? nullptr : &*found;
}

int Network::Readers(const std::string& name) const {
  int readers = 0;
  for (const Layer& layer : layers) readers += static_cast<int>(std::ranges::count(layer.operation.inputs, name));
  return readers;
}

Result<Network> NetworkOf(const nn::Model& model) {
  if (model.is_backbone()) return Errorf("it is a backbone, which answers nothing: train a head on it first");
  if (model.WantsBackbone()) return Errorf("its backbone is not inside");
  const nn::Graph graph = nn::WholeGraph(*model.architecture, model.part, model.input_side, model.weights);
  const std::vector<nn::Shape> outputs = nn::ShapesOf(graph);
  Network network{graph.input, {}};
  for (size_t i = 0; i < graph.operations.size(); ++i) {
    Layer layer{.operation = graph.operations[i], .inputs = {}, .output = outputs[i], .folded = {}};
    for (const std::string& name : layer.operation.inputs) {
      const Layer* from = network.Find(name);
      layer.inputs.push_back(from == nullptr ? graph.input : from->output);
    }
    if (layer.operation.has_kernel()) {
      Result<nn::LayerWeights> folded = nn::FoldedWeights(layer.operation, layer.inputs.front(), model.weights);
      if (!folded.ok()) return folded.status();
      layer.folded = *std::move(folded);
    }
    network.layers.push_back(std::move(layer));
  }
  return network;
}

}  // namespace handful::exporters
