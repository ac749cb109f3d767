// Networks as data, and what it takes to add a backbone: a graph and an entry here, a weights file, and nothing else.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "nn/build.h"
#include "nn/classifier.h"
#include "nn/finger_cnn.h"
#include "nn/inspect.h"
#include "nn/mobilenet_v2.h"
#include "nn/registry.h"
#include "schema/enums.h"
#include "train/head.h"
#include "unit/model_fixture.h"

namespace handful::nn {
namespace {

using Kind = Operation::Kind;

// ---- the toy ----

constexpr int kToySide = 16, kToyFeatures = 6;

// One of each operation that a backbone is made of, its biases plain.
Graph ToyGraph(int side, const TensorFile&) {
  return {{side, side, 3},
          {{.kind = Kind::kConv,
            .name = "stem",
            .inputs = {kInput},
            .kernel = 3,
            .stride = 2,
            .outputs = 4,
            .activation = Activation::kRelu6},
           {.kind = Kind::kDepthwiseConv,
            .name = "spread",
            .inputs = {"stem"},
            .kernel = 3,
            .activation = Activation::kRelu,
            .batch_norm = "spread_bn"},
           {.kind = Kind::kConv, .name = "mix", .inputs = {"spread"}, .outputs = 4, .batch_norm = "mix_bn"},
           {.kind = Kind::kAdd, .name = "sum", .inputs = {"stem", "mix"}},
           {.kind = Kind::kMaxPool, .name = "pool", .inputs = {"sum"}, .kernel = 2, .stride = 2},
           {.kind = Kind::kConv,
            .name = "last",
            .inputs = {"pool"},
            .outputs = kToyFeatures,
            .activation = Activation::kRelu},
           {.kind = Kind::kGlobalAveragePool, .name = "features", .inputs = {"last"}}}};
}

constexpr Architecture kToy[] = {{.name = "toy",
                                  .title = "Toy",
                                  .setting = "toy",
                                  .training = Training::kHeadOnFeatures,
                                  .side = kToySide,
                                  .graph = ToyGraph}};

TensorFile RandomWeights(const Graph& graph, uint64_t seed) {
  Rng rng(seed);
  TensorFile file;
  for (const TensorSpec& spec : TensorSpecsOf(graph)) {
    NamedTensor tensor{spec.name, spec.shape, {}};
    size_t size = 1;
    for (const int64_t s : spec.shape) size *= static_cast<size_t>(s);
    const bool positive = spec.name.ends_with("gamma") || spec.name.ends_with("variance");
    for (size_t i = 0; i < size; ++i)
      tensor.values.push_back(positive ? rng.Uniform(0.8F, 1.2F) : rng.Uniform(-0.7F, 0.7F));
    file.tensors.push_back(std::move(tensor));
  }
  return file;
}

Model ToyBackbone() {
  Model model;
  model.architecture = kToy;
  model.part = Part::kBackbone;
  model.title = "a toy";
  model.input_side = kToySide;
  model.weights = RandomWeights(BackboneGraph(*kToy), 1);
  const Result<std::string> hash = BackboneContentHash(*kToy, model.weights);
  EXPECT_TRUE(hash.ok()) << hash.status().message();
  model.backbone_sha256 = *hash;
  return model;
}

// Noise, reddish or bluish by class.
image::Image Tinted(size_t number, int side = kToySide) {
  image::Image square{side, side, std::move(*Buffer<uint8_t>::Zeroed(static_cast<size_t>(side * side * 3)))};
  Rng rng(number);
  const int bright = number % 2 == 0 ? 0 : 2;
  for (int i = 0; i < side * side * 3; ++i)
    square.pixels_rgb8[static_cast<size_t>(i)] = static_cast<uint8_t>(rng.Below(150) + (i % 3 == bright ? 100 : 0));
  return square;
}

TEST(Registry, AddingABackboneIsOneEntryAndOneFile) {
  // Its file is read, where it is known.
  const std::vector<uint8_t> file = WriteModel(ToyBackbone());
  EXPECT_EQ(ReadModel(file).status().message(),
            "metadata field \"network\" is \"toy_backbone\", which this Handful does not know");
  const Result<Model> read = ReadModel(file, "", kToy);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->network(), "toy_backbone");
  EXPECT_EQ(read->backbone_sha256, ToyBackbone().backbone_sha256);
  EXPECT_FALSE(read->weights.metadata.contains("alpha"));

  // It gives features.
  Result<std::shared_ptr<Backbone>> backbone = Backbone::Create(*read);
  ASSERT_TRUE(backbone.ok()) << backbone.status().message();
  EXPECT_EQ((*backbone)->side(), kToySide);
  EXPECT_EQ((*backbone)->features(), kToyFeatures);
  train::Dataset data;
  data.dim = static_cast<size_t>((*backbone)->features());
  data.classes = {"red", "blue"};
  for (size_t i = 0; i < 40; ++i) {
    const Result<std::span<const float>> features = (*backbone)->Features(Tinted(i), read->input_range);
    ASSERT_TRUE(features.ok()) << features.status().message();
    data.rows.push_back(train::MakeFeatureRow(*features));
    data.labels.push_back(static_cast<int>(i % 2));
    data.groups.emplace_back();
  }

  // A head learns on them.
  train::HeadSettings settings;
  settings.epochs = 200;
  settings.hidden = 8;
  settings.dropout = 0;
  settings.adam.learning_rate = 0.01;
  Result<std::unique_ptr<train::Session>> session =
      train::StartHeadTraining(data, {"", train::AllIndices(40), {}}, settings);
  ASSERT_TRUE(session.ok()) << session.status().message();
  while (!(*session)->done()) ASSERT_TRUE((*session)->Step().ok());
  EXPECT_GE((*session)->EvaluateTraining().accuracy, 0.95);

  // The head is a file that names its backbone, answers on it, and is shown under the hood.
  Model head;
  head.architecture = kToy;
  head.part = Part::kHead;
  head.title = "tints";
  head.classes = data.classes;
  head.input_side = kToySide;
  head.backbone_sha256 = read->backbone_sha256;
  head.weights = (*session)->Weights();
  const Result<Model> back = ReadModel(WriteModel(head), "", kToy);
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(back->network(), "toy_head");
  EXPECT_TRUE(back->WantsBackbone());
  Result<std::unique_ptr<Classifier>> classifier = Classifier::Create(*back, {&*backbone, 1});
  ASSERT_TRUE(classifier.ok()) << classifier.status().message();
  int correct = 0;
  for (size_t i = 100; i < 120; ++i) {
    const Result<std::span<const float>> p = (*classifier)->Classify(Tinted(i));
    ASSERT_TRUE(p.ok());
    correct += (*p)[i % 2] > 0.5F ? 1 : 0;
  }
  EXPECT_GE(correct, 18);
  Result<Inspector> inspector = Inspector::Create(*back, &(*backbone)->weights());
  ASSERT_TRUE(inspector.ok()) << inspector.status().message();
  EXPECT_EQ(inspector->filters().name, "stem/kernel");
  const Result<std::vector<LayerOutput>> layers = inspector->Layers(Tinted(0), back->input_range);
  ASSERT_TRUE(layers.ok());
  std::string names;
  for (const LayerOutput& layer : *layers) names += layer.name + " ";
  EXPECT_EQ(names, "stem spread mix sum pool last features hidden output ");
  head.input_side = 32;
  EXPECT_EQ(Classifier::Create(head, {&*backbone, 1}).status().message(),
            "metadata field \"input_side\" is 32; Toy runs here at 16");
}

// ---- graphs ----

TEST(Graph, OfEveryArchitectureHasShapesAndNamesEachTensorOnce) {
  for (const Architecture& architecture : Architectures()) {
    for (const Part part : PartsOf(architecture)) {
      SCOPED_TRACE(NameOf(architecture, part));
      const Graph graph = OwnGraph(architecture, part, architecture.side == 0 ? 64 : architecture.side, {});
      for (const Shape& shape : ShapesOf(graph)) EXPECT_GT(shape.size(), 0U);
      std::set<std::string> names;
      for (const TensorSpec& spec : TensorSpecsOf(graph)) EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
      std::set<std::string> layers;
      for (const Operation& op : graph.operations) EXPECT_TRUE(layers.insert(op.name).second) << op.name;
      // What it says of itself is what runs.
      Result<Net> net = BuildNet(graph, RandomWeights(graph, 1));
      ASSERT_TRUE(net.ok()) << net.status().message();
      ASSERT_EQ(net->layers().size(), graph.operations.size());
      for (size_t i = 0; i < graph.operations.size(); ++i) {
        EXPECT_EQ(net->layers()[i].name, graph.operations[i].name);
        EXPECT_EQ(net->layers()[i].output, ShapesOf(graph)[i]);
      }
    }
  }
}

TEST(Graph, WhatDoesNotFitTogetherIsASentence) {
  Graph graph = ToyGraph(kToySide, {});
  const TensorFile weights = RandomWeights(graph, 1);
  EXPECT_TRUE(BuildNet(graph, weights).ok());
  graph.operations[3].inputs[1] = "later";
  EXPECT_EQ(BuildNet(graph, weights).status().message(),
            "layer \"sum\" reads \"later\", which does not come before it");
  EXPECT_EQ(ShapesOf(graph)[3].size(), 0U);
  graph = ToyGraph(kToySide, {});
  graph.operations[2].outputs = 5;
  EXPECT_EQ(BuildNet(graph, weights).status().message(),
            "tensor \"mix/kernel\" has shape [1, 1, 4, 4], expected [1, 1, 4, 5]");
  EXPECT_EQ(BuildNet(ToyGraph(kToySide, {}), {}).status().message(), "tensor \"stem/kernel\" is missing");
}

TEST(Registry, SettingsAndNamesLeadToOneArchitectureEach) {
  EXPECT_EQ(FindBySetting("mobilenet"), &MobileNetV2());
  EXPECT_EQ(FindBySetting("cnn"), &FingerCnn());
  EXPECT_EQ(FindBySetting("resnet"), nullptr);
  // The networks that a training's settings offer are those there are.
  const schema::EnumType networks = EnumTypeOf(schema::Network{});
  EXPECT_EQ(schema::InWords(networks), "mobilenet or cnn");
  EXPECT_EQ(networks.count, Architectures().size());
  for (size_t i = 0; i < networks.count; ++i) EXPECT_NE(FindBySetting(networks.texts[i]), nullptr) << networks.texts[i];
  EXPECT_TRUE(LearnsFromPixels("cnn"));
  EXPECT_FALSE(LearnsFromPixels("mobilenet"));
  EXPECT_FALSE(LearnsFromPixels("resnet"));
  EXPECT_EQ(FeatureCount(MobileNetV2()), kMobileNetFeatures);
  std::string names;
  for (const Architecture& architecture : Architectures()) {
    for (const Part part : PartsOf(architecture)) names += NameOf(architecture, part) + " ";
  }
  EXPECT_EQ(names, "mobilenet_v2_backbone mobilenet_v2_head mobilenet_v2_top finger_cnn ")
      << "files out there name these";
}

// ---- under the hood ----

TEST(Inspector, GivesWhatTheClassifierAnswersAndMayBeAskedAgain) {
  const Model backbone = testing::RandomBackbone(1);
  Result<std::shared_ptr<Backbone>> shared = Backbone::Create(backbone);
  ASSERT_TRUE(shared.ok());
  const Model head = testing::RandomHead(backbone.backbone_sha256, {"a", "b", "c"}, 2),
              cnn = testing::RandomCnn(32, {"a", "b", "c"}, 3);
  for (const Model* model : {&head, &cnn}) {
    Result<std::unique_ptr<Classifier>> classifier = Classifier::Create(*model, {&*shared, 1});
    Result<Inspector> inspector = Inspector::Create(*model, &backbone.weights);
    ASSERT_TRUE(classifier.ok() && inspector.ok()) << inspector.status().message();
    for (const size_t number : {1, 2, 1}) {
      const image::Image square = Tinted(number, model->input_side);
      const Result<std::vector<LayerOutput>> layers = inspector->Layers(square, model->input_range);
      ASSERT_TRUE(layers.ok());
      std::vector<float> logits = layers->back().values;
      Softmax(logits);
      const Result<std::span<const float>> expected = (*classifier)->Classify(square);
      ASSERT_TRUE(expected.ok());
      EXPECT_EQ(logits, std::vector<float>(expected->begin(), expected->end()));
    }
    EXPECT_EQ(inspector->Layers(Tinted(1, 20), model->input_range).status().message(),
              Format("the network wants %d × %d pixels, not 20 × 20", model->input_side, model->input_side));
  }
  EXPECT_EQ(Inspector::Create(head, nullptr).status().message(),
            "this model has no backbone of its own, and none was given");
}

}  // namespace
}  // namespace handful::nn
