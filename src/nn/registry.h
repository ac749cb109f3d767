// Every kind of network there is, an entry each. To add a backbone is to write its graph and its entry here; files,
// models, heads, training and inspection look it up.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/image.h"
#include "nn/graph.h"
#include "nn/tensor_file.h"

namespace handful::nn {

// How one learns pictures of one's own with it.
enum class Training {
  kHeadOnFeatures,  // it is a backbone: it stays as it is, and heads stand on the features that it gives
  kFromPixels,      // it is a whole network, pixels to logits, and learns from scratch
};

// What a model file holds of its architecture.
enum class Part {
  kBackbone,  // gives features, classifies nothing
  kHead,      // hidden and output layer on a backbone's features, maybe with the backbone
  kTop,  // a single layer "predictions" on a backbone's features, maybe with the backbone: the general 1000-class model
  kWhole,  // all there is, of a network without a backbone
};

struct Architecture {
  // in files and messages: of a whole network as it is, of a backbone with "_backbone", "_head" or "_top"
  const char* name = "";
  const char* title = "";    // in sentences: "MobileNetV2"
  const char* setting = "";  // TrainSettings::network: what trains on it
  Training training = Training::kHeadOnFeatures;
  int side = 0;                 // of its pictures, px; 0: each model says
  image::InputRange range;      // of its pixels, where a model does not say
  float width = 0;              // width multiplier, which files name as "alpha"; 0: they name none
  const char* file_title = "";  // what a backbone in a foreign file is called that has no name of its own
  // Pixels to features, or to logits. `weights`: the widths of dense layers are read off them; a backbone needs none.
  Graph (*graph)(int side, const TensorFile& weights) = nullptr;

  bool gives_features() const { return training == Training::kHeadOnFeatures; }
};

std::span<const Architecture> Architectures();
const Architecture& MobileNetV2();
const Architecture& FingerCnn();

// The one that this TrainSettings::network trains; null: there is none.
const Architecture* FindBySetting(std::string_view setting);
// Whether what it trains is a whole network, which wants pictures and no backbone.
bool LearnsFromPixels(std::string_view setting);

// "mobilenet_v2_head"
std::string NameOf(const Architecture& architecture, Part part);
// The parts that a file may hold.
std::span<const Part> PartsOf(const Architecture& architecture);

// Of an architecture that gives features.
Graph BackboneGraph(const Architecture& architecture);
int FeatureCount(const Architecture& architecture);
// The dense layers of a head or top, first to last.
std::vector<std::string> HeadLayers(Part part);
// The graph of what a model's own layers do, without the backbone that a head or top stands on.
Graph OwnGraph(const Architecture& architecture, Part part, int side, const TensorFile& weights);
// Pixels to logits: of a head or top, the backbone's operations and then its own.
Graph WholeGraph(const Architecture& architecture, Part part, int side, const TensorFile& weights);

}  // namespace handful::nn
