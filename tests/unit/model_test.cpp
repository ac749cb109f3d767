#include "nn/model.h"

#include <cmath>

#include <gtest/gtest.h>

#include "nn/classifier.h"
#include "nn/finger_cnn.h"
#include "nn/mobilenet_v2.h"
#include "unit/model_fixture.h"

namespace handful::nn {
namespace {

using testing::RandomBackbone;
using testing::RandomCnn;
using testing::RandomHead;

TEST(MobileNetV2, HasKerasTensors) {
  const std::vector<TensorSpec> specs = TensorSpecsOf(MobileNetV2Graph());
  EXPECT_EQ(specs.size(), 260U);
  int64_t parameters = 0;
  for (const TensorSpec& spec : specs) {
    int64_t size = 1;
    for (const int64_t s : spec.shape) size *= s;
    parameters += size;
  }
  EXPECT_EQ(parameters, 410'208);
  EXPECT_EQ(specs[0].name, "Conv1/kernel");
  EXPECT_EQ(specs[5].name, "expanded_conv_depthwise/depthwise_kernel");
  EXPECT_EQ(specs[255].name, "Conv_1/kernel");
  EXPECT_EQ(specs[255].shape, (std::vector<int64_t>{1, 1, 112, 1280}));
}

TEST(FingerCnn, HasTheWriteUpsShapeAndParameters) {
  const Graph graph = FingerCnnGraph(224, {256, 128, 4});
  EXPECT_EQ(ShapesOf(graph)[5], (Shape{28, 28, 16})) << "after the last pooling";
  int64_t parameters = 0;
  for (const TensorSpec& spec : TensorSpecsOf(graph)) {
    int64_t size = 1;
    for (const int64_t s : spec.shape) size *= s;
    parameters += size;
  }
  EXPECT_EQ(parameters, 3'253'068);
}

TEST(Model, SurvivesItsFile) {
  Model model = RandomCnn(32, {"eins", "zwei <b>", "三"}, 1);
  model.crop_mode = image::CropMode::kFit;
  model.notes = {{"seed", "7"}};
  const Result<Model> back = ReadModel(WriteModel(model));
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(back->network(), "finger_cnn");
  EXPECT_EQ(back->network(), model.network());
  EXPECT_EQ(back->title, model.title);
  EXPECT_EQ(back->classes, model.classes);
  EXPECT_EQ(back->input_side, 32);
  EXPECT_EQ(back->input_range, model.input_range);
  EXPECT_EQ(back->crop_mode, image::CropMode::kFit);
  EXPECT_EQ(back->notes, model.notes);
  EXPECT_EQ(back->weights.tensors.size(), model.weights.tensors.size());
}

TEST(Model, AKnownHashOfTheDataSparesHashingButIsComparedAllTheSame) {
  const Model backbone = RandomBackbone(1);
  const std::vector<uint8_t> file = WriteModel(backbone);
  EXPECT_TRUE(ReadModel(file, backbone.backbone_sha256).ok());
  EXPECT_NE(ReadModel(file, "00ff").status().message().find("have hash 00ff"), std::string::npos);
  // In another order the data is not what the content hash is taken over, so it is computed.
  Model reordered = backbone;
  std::swap(reordered.weights.tensors.front(), reordered.weights.tensors.back());
  EXPECT_TRUE(ReadModel(WriteModel(reordered), "00ff").ok());
}

// What ReadModel says of a model file after `change`.
template <class Change>
std::string ErrorAfter(Change change) {
  Result<TensorFile> file = ReadSafetensors(WriteModel(RandomHead(kOfficialBackboneSha256, {"a", "b"}, 1)));
  EXPECT_TRUE(file.ok());
  change(*file);
  return ReadModel(WriteSafetensors(*file)).status().message();
}

TEST(Model, ErrorsNameTheField) {
  using F = TensorFile;
  EXPECT_EQ(ErrorAfter([](F&) {}), "");
  EXPECT_EQ(
      ErrorAfter([](F& f) { f.metadata.erase("format"); }),
      "a safetensors file, but not a Handful model: metadata field \"format\" is missing, expected \"handful-model\"");
  EXPECT_EQ(ErrorAfter([](F& f) { f.metadata["format_version"] = "2"; }),
            "the file has format version 2, this Handful reads up to 1: please update");
  EXPECT_EQ(ErrorAfter([](F& f) { f.metadata["network"] = "resnet"; }),
            "metadata field \"network\" is \"resnet\", which this Handful does not know");
  EXPECT_EQ(ErrorAfter([](F& f) { f.metadata["input_side"] = "1e9"; }),
            "metadata field \"input_side\" is 1e9, outside 16 … 1024");
  EXPECT_EQ(ErrorAfter([](F& f) { f.metadata["input_scale"] = "nan"; }),
            "metadata field \"input_scale\" is nan, outside 1e-06 … 1000");
  EXPECT_EQ(ErrorAfter([](F& f) { f.metadata["classes"] = "a, b"; }), "metadata field \"classes\" is not a JSON list");
  EXPECT_EQ(ErrorAfter([](F& f) { f.metadata["classes"] = "[\"a\"]"; }),
            "the last layer (1 class names): tensor \"output/kernel\" has shape [5, 2], expected [5, 1]");
  EXPECT_EQ(ErrorAfter([](F& f) { f.metadata["crop_mode"] = "zoom"; }),
            "metadata field \"crop_mode\" is \"zoom\", not center or fit");
  EXPECT_EQ(ErrorAfter([](F& f) { f.tensors[2].values[3] = INFINITY; }),
            "the last layer (2 class names): tensor \"output/kernel\" holds inf at position 3");
}

TEST(Model, ABackboneWithAnotherHashIsDamaged) {
  Model backbone = RandomBackbone(1);
  EXPECT_TRUE(ReadModel(WriteModel(backbone)).ok());
  backbone.weights.tensors[7].values[0] += 1e-3F;
  const std::string message = ReadModel(WriteModel(backbone)).status().message();
  EXPECT_NE(message.find("the file is damaged"), std::string::npos) << message;
  EXPECT_NE(message.find(backbone.backbone_sha256), std::string::npos) << message;
}

TEST(Classifier, ANegativeVarianceIsAnErrorThatNamesIt) {
  Model backbone = RandomBackbone(1);
  for (NamedTensor& tensor : backbone.weights.tensors) {
    if (tensor.name == "block_3_expand_BN/moving_variance") tensor.values[2] = -0.5F;
  }
  EXPECT_EQ(Backbone::Create(backbone).status().message(),
            "tensor \"block_3_expand_BN/moving_variance\" holds -0.5 at position 2: a variance cannot be negative");
}

image::Image GreySquare(int side) {
  image::Image square{side, side, {}};
  Result<Buffer<uint8_t>> pixels = Buffer<uint8_t>::Zeroed(static_cast<size_t>(side * side * 3));
  EXPECT_TRUE(pixels.ok());
  square.pixels_rgb8 = std::move(*pixels);
  return square;
}

TEST(Classifier, AHeadRunsOnTheBackboneItWasTrainedOnAndNoOther) {
  const Model backbone = RandomBackbone(1);
  Result<std::shared_ptr<Backbone>> shared = Backbone::Create(backbone);
  ASSERT_TRUE(shared.ok());
  Result<std::unique_ptr<Classifier>> fits =
      Classifier::Create(RandomHead(backbone.backbone_sha256, {"a", "b", "c"}, 2), {&*shared, 1});
  ASSERT_TRUE(fits.ok()) << fits.status().message();
  const Result<std::span<const float>> p = (*fits)->Classify(GreySquare(224));
  ASSERT_TRUE(p.ok());
  ASSERT_EQ(p->size(), 3U);
  EXPECT_NEAR((*p)[0] + (*p)[1] + (*p)[2], 1.0, 1e-6);

  const Model other = RandomHead(kOfficialBackboneSha256, {"a", "b"}, 2);
  const std::string wrong = Classifier::Create(other, {&*shared, 1}).status().message();
  EXPECT_NE(wrong.find("stands on the backbone MobileNetV2 with the ImageNet weights (cea55efc9877…)"),
            std::string::npos)
      << wrong;
  EXPECT_NE(wrong.find("the one in use is " + NameOfBackbone(backbone.backbone_sha256, backbone.backbone_title)),
            std::string::npos)
      << wrong;
  EXPECT_NE(Classifier::Create(other, {}).status().message().find("none is loaded"), std::string::npos);

  // Of several the one that it names, wherever it stands.
  Result<std::shared_ptr<Backbone>> second = Backbone::Create(RandomBackbone(3));
  ASSERT_TRUE(second.ok());
  const std::shared_ptr<Backbone> both[] = {*second, *shared};
  Result<std::unique_ptr<Classifier>> found =
      Classifier::Create(RandomHead(backbone.backbone_sha256, {"a", "b", "c"}, 2), both);
  ASSERT_TRUE(found.ok());
  const Result<std::span<const float>> same = (*found)->Classify(GreySquare(224));
  ASSERT_TRUE(same.ok());
  EXPECT_EQ((*same)[0], (*p)[0]);

  Model self_contained = RandomHead(backbone.backbone_sha256, {"a", "b"}, 2);
  for (const NamedTensor& tensor : backbone.weights.tensors) self_contained.weights.tensors.push_back(tensor);
  EXPECT_TRUE(Classifier::Create(self_contained, {}).ok());
}

TEST(Classifier, AHeadWithoutOutputBiasRuns) {
  const Model backbone = RandomBackbone(1);
  Result<std::shared_ptr<Backbone>> shared = Backbone::Create(backbone);
  ASSERT_TRUE(shared.ok());
  Model head = RandomHead(backbone.backbone_sha256, {"a", "b"}, 2);
  head.weights.tensors.pop_back();
  EXPECT_TRUE(Classifier::Create(head, {&*shared, 1}).ok());
}

TEST(Classifier, ThePictureMustHaveTheNetworksSize) {
  Result<std::unique_ptr<Classifier>> cnn = Classifier::Create(RandomCnn(32, {"a", "b"}, 1), {});
  ASSERT_TRUE(cnn.ok()) << cnn.status().message();
  EXPECT_TRUE((*cnn)->Classify(GreySquare(32)).ok());
  EXPECT_EQ((*cnn)->Classify(GreySquare(31)).status().message(), "the network wants 32 × 32 pixels, not 31 × 31");
}

}  // namespace
}  // namespace handful::nn
