// TensorFlow Lite files: those that Handful writes open again with the very numbers that are in them.
#include <algorithm>
#include <bit>
#include <cmath>

#include <gtest/gtest.h>

#include "base/byte_order.h"
#include "export/network.h"
#include "export/tflite_model.h"
#include "import/fixed_point.h"
#include "import/json_access.h"
#include "import/tflite.h"
#include "import/zip.h"
#include "unit/graph_files.h"

namespace handful::importers {
namespace {

using testing::Bytes;
using testing::Exported;
using testing::ImportErrorOf;
namespace tflite = exporters::tflite;

nn::Model SmallCnn() {
  nn::Model model = testing::RandomCnn(16, {"a", "b", "c"}, 3);
  model.notes["how"] = "at random";
  return model;
}

Bytes TfliteOf(const nn::Model& model, const char* format = "tflite") {
  return Exported(format, model).files.front().bytes;
}

ImportedModel Read(const Bytes& bytes) {
  const std::vector<InputFile> files = {{"model.tflite", bytes}};
  Result<ImportedModel> read = ImportModel(files);
  EXPECT_TRUE(read.ok()) << read.status().message();
  return read.ok() ? *std::move(read) : ImportedModel{};
}

// ---- round trips ----

TEST(Tflite, OfACnnOpensAgainBitForBit) {
  const nn::Model model = SmallCnn();
  const ImportedModel read = Read(TfliteOf(model));
  EXPECT_EQ(read.source, "Handful (TensorFlow Lite)");
  testing::ExpectSameModel(read.model, model);
}

TEST(Tflite, OfAHeadComputesWithTheSameNumbersAfterFolding) {
  const nn::Model model = testing::RandomWholeHead();
  const exporters::Bundle bundle = Exported("tflite", model);
  EXPECT_EQ(bundle.verification.largest_difference, 0);
  const ImportedModel read = Read(bundle.files.front().bytes);
  EXPECT_NE(read.model.backbone_sha256, model.backbone_sha256) << "its normalisation is another one, so is its hash";
  EXPECT_EQ(read.model.notes.at("backbone before folding"), model.backbone_sha256);
  EXPECT_EQ(read.model.classes, model.classes);
  const Result<exporters::Network> before = exporters::NetworkOf(model), after = exporters::NetworkOf(read.model);
  ASSERT_TRUE(before.ok() && after.ok());
  ASSERT_EQ(before->layers.size(), after->layers.size());
  for (size_t i = 0; i < before->layers.size(); ++i) {
    EXPECT_EQ(before->layers[i].folded.kernel, after->layers[i].folded.kernel) << before->layers[i].operation.name;
    EXPECT_EQ(before->layers[i].folded.bias, after->layers[i].folded.bias) << before->layers[i].operation.name;
  }
  // So it goes through the format again as it is.
  const ImportedModel again = Read(TfliteOf(read.model));
  EXPECT_EQ(again.model.backbone_sha256, read.model.backbone_sha256);
}

// What found_network.h claims of the BatchNorm that it makes up, for all there can be: numbers of every exponent, with
// mantissas at their most delicate.
TEST(Tflite, AMadeUpBatchNormFoldsToTheSameFloats) {
  const nn::Operation op = {
      .kind = nn::Operation::Kind::kConv, .name = "c", .inputs = {nn::kInput}, .outputs = 1, .batch_norm = "n"};
  nn::TensorFile weights;
  weights.tensors = {{"c/kernel", {1, 1, 0, 1}, {}},
                     {"n/gamma", {1}, {1}},
                     {"n/beta", {1}, {0}},
                     {"n/moving_mean", {1}, {0}},
                     {"n/moving_variance", {1}, {static_cast<float>(1 - nn::kBatchNormEpsilon)}}};
  std::vector<float>& kernel = weights.tensors[0].values;
  for (uint32_t exponent = 0; exponent < 255; ++exponent) {
    for (const uint32_t mantissa : {0U, 1U, 2U, 0x3FFFFFU, 0x400000U, 0x7FFFFEU, 0x7FFFFFU}) {
      for (const uint32_t sign : {0U, 1U})
        kernel.push_back(std::bit_cast<float>(sign << 31U | exponent << 23U | mantissa));
    }
  }
  weights.tensors[0].shape[2] = static_cast<int64_t>(kernel.size());
  const Result<nn::LayerWeights> folded = nn::FoldedWeights(op, {1, 1, static_cast<int>(kernel.size())}, weights);
  ASSERT_TRUE(folded.ok()) << folded.status().message();
  for (size_t i = 0; i < kernel.size(); ++i)
    ASSERT_EQ(std::bit_cast<uint32_t>(folded->kernel[i]), std::bit_cast<uint32_t>(kernel[i])) << kernel[i];
}

TEST(Tflite, WithoutHandfulsMetadataIsKnownByItsLayers) {
  const nn::Model model = SmallCnn();
  const Bytes bytes = TfliteOf(model);
  Result<TfliteFile> file = ReadTfliteFile(bytes);
  ASSERT_TRUE(file.ok()) << file.status().message();
  file->facts.clear();
  Result<FoundNetwork> found = ReadTflite(*file);
  ASSERT_TRUE(found.ok()) << found.status().message();
  const Result<nn::Model> read = ModelOf(*std::move(found));
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->network(), "finger_cnn");
  EXPECT_EQ(read->input_range, image::InputRange::ZeroToOne()) << "the architecture's, where the file says nothing";
}

TEST(Tflite, CarriesLabelsAsAZipBehindTheModel) {
  const Bytes bytes = TfliteOf(SmallCnn());
  // As a reader of associated files finds it: by the end of the file.
  Result<std::vector<InputFile>> files = Unzip(bytes);
  ASSERT_TRUE(files.ok()) << files.status().message();
  ASSERT_EQ(files->size(), 1U);
  EXPECT_EQ(files->front().name, "labels.txt");
  EXPECT_EQ(std::string(files->front().bytes.begin(), files->front().bytes.end()), "a\nb\nc\n");
}

// ---- 8 bits ----

TEST(TfliteInt8, IsVerifiedInIntegersAndOpensAsTheNumbersThatItsIntegersStandFor) {
  for (const nn::Model& model : {testing::RandomWholeHead(), SmallCnn()}) {
    const exporters::Bundle bundle = Exported("tflite-int8", model, 12);
    EXPECT_EQ(bundle.verification.same_first, 12);
    EXPECT_LT(bundle.verification.largest_difference, 0.1F);
    EXPECT_GT(bundle.verification.largest_difference, 0) << "it is not the same model";
    const ImportedModel read = Read(bundle.files.front().bytes);
    EXPECT_EQ(read.model.network(), model.network());
    // Weights are off by at most half a step of 127.
    const Result<exporters::Network> before = exporters::NetworkOf(model), after = exporters::NetworkOf(read.model);
    ASSERT_TRUE(before.ok() && after.ok());
    for (size_t i = 0; i < before->layers.size(); ++i) {
      const std::vector<float>&a = before->layers[i].folded.kernel, &b = after->layers[i].folded.kernel;
      ASSERT_EQ(a.size(), b.size());
      float largest = 0, apart = 0;
      for (size_t k = 0; k < a.size(); ++k) {
        largest = std::max(largest, std::fabs(a[k]));
        apart = std::max(apart, std::fabs(a[k] - b[k]));
      }
      EXPECT_LE(apart, largest / 127 * 0.501F) << before->layers[i].operation.name;
    }
  }
}

TEST(TfliteInt8, PixelsAreTheInputThemselves) {
  nn::Model model = SmallCnn();
  model.input_range = {1.0F / 127.5F, -1.0F};
  const Bytes bytes = TfliteOf(model, "tflite-int8");
  const Result<TfliteFile> file = ReadTfliteFile(bytes);
  ASSERT_TRUE(file.ok());
  const TfliteTensor& input = file->tensors[static_cast<size_t>(file->input)];
  EXPECT_EQ(input.type, TfliteType::kUint8);
  EXPECT_EQ(input.scale, std::vector<float>{1.0F / 127.5F});
  EXPECT_EQ(input.zero_point, std::vector<int32_t>{127});  // 127.5, the rest of which is in the first biases
  const TfliteTensor& output = file->tensors[static_cast<size_t>(file->output)];
  EXPECT_EQ(output.type, TfliteType::kUint8);
  EXPECT_EQ(output.scale, std::vector<float>{1.0F / 256});
  EXPECT_EQ(output.zero_point, std::vector<int32_t>{0});
  EXPECT_EQ(Read(bytes).model.input_range, (image::InputRange{1.0F / 127.5F, -127.0F * (1.0F / 127.5F)}));
}

TEST(FixedPoint, RoundsAsTensorFlowLitesReferenceDoes) {
  EXPECT_EQ(ToFixedPoint(1).multiplier, 1 << 30);
  EXPECT_EQ(ToFixedPoint(1).shift, 1);
  EXPECT_EQ(Times(-12345, ToFixedPoint(1)), -12345);
  EXPECT_EQ(Times(3, ToFixedPoint(0.5)), 2) << "ties upwards";
  EXPECT_EQ(Times(-3, ToFixedPoint(0.5)), -1);
  EXPECT_EQ(Times(1000, ToFixedPoint(0.0123)), 12);
  EXPECT_EQ(Times(100, ToFixedPoint(7.25)), 725);
  EXPECT_EQ(Times(5, ToFixedPoint(0)), 0);
  EXPECT_EQ(Times(1 << 30, ToFixedPoint(1e-20)), 0);
  EXPECT_EQ(SaturatingRoundingDoublingHighMul(INT32_MIN, INT32_MIN), INT32_MAX);
  EXPECT_EQ(RoundingDivideByPowerOfTwo(-5, 1), -3);
  EXPECT_EQ(RoundingDivideByPowerOfTwo(5, 1), 3);
  EXPECT_EQ(RoundingDivideByPowerOfTwo(5, 0), 5);
}

// ---- other files ----

// conv (1 × 1, two filters) and softmax of its average, to be spoiled.
tflite::Model Small() {
  const auto floats = [](size_t count) { return Bytes(4 * count); };
  tflite::Model model;
  model.tensors = {{.name = "in", .shape = {1, 16, 16, 3}},
                   {.name = "w", .shape = {2, 1, 1, 3}, .data = floats(6)},
                   {.name = "out", .shape = {1, 16, 16, 2}},
                   {.name = "mean", .shape = {1, 1, 1, 2}},
                   {.name = "p", .shape = {1, 2}}};
  model.operators = {{.code = tflite::BuiltinOperator::kConv2D,
                      .inputs = {0, 1, -1},
                      .outputs = {2},
                      .options_type = tflite::BuiltinOptions::kConv2D,
                      .options = {{tflite::conv_2d_options::kStrideW, tflite::Option::Type::kInt, 1},
                                  {tflite::conv_2d_options::kStrideH, tflite::Option::Type::kInt, 1}}},
                     {.code = tflite::BuiltinOperator::kAveragePool2D,
                      .inputs = {2},
                      .outputs = {3},
                      .options_type = tflite::BuiltinOptions::kPool2D,
                      .options = {{tflite::pool_2d_options::kPadding, tflite::Option::Type::kByte, 1},
                                  {tflite::pool_2d_options::kStrideW, tflite::Option::Type::kInt, 16},
                                  {tflite::pool_2d_options::kStrideH, tflite::Option::Type::kInt, 16},
                                  {tflite::pool_2d_options::kFilterWidth, tflite::Option::Type::kInt, 16},
                                  {tflite::pool_2d_options::kFilterHeight, tflite::Option::Type::kInt, 16}}},
                     {.code = tflite::BuiltinOperator::kSoftmax,
                      .inputs = {3},
                      .outputs = {4},
                      .options_type = tflite::BuiltinOptions::kSoftmax,
                      .options = {{tflite::softmax_options::kBeta, tflite::Option::Type::kFloat, 1}}}};
  model.output = 4;
  return model;
}

template <class Change>
std::string Spoiled(Change change) {
  tflite::Model model = Small();
  change(model);
  return ImportErrorOf("model.tflite", tflite::Serialize(model));
}

TEST(Tflite, WhatIsNotUnderstoodIsNamed) {
  EXPECT_EQ(Spoiled([](tflite::Model&) {}).substr(0, 45), "it is not one of the networks that run here: ");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.operators[0].code = static_cast<tflite::BuiltinOperator>(32); }),
            "operator 1, \"out\": operator code 32 is not one of those that are understood");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.operators[0].inputs[0] = 3; }),
            "operator 1, \"out\": its input 1 is not the output of an operator before it");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.tensors[1].shape = {2, 1, 3, 1}; }),
            "operator 1, \"out\": its kernel, stride or dilation is not one that is understood");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.tensors[1].shape = {3, 1, 1, 2}; }),
            "operator 1, \"out\": its input 2 has another shape than it must have");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.tensors[2].shape = {1, 16, 16, 3}; }),
            "operator 1, \"out\": its output has another shape than follows from its input");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.operators[2].options[0].value = 2; }),
            "operator 3, \"p\": it is not the usual softmax");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.output = 3; }), "its output is not the softmax of its last layer");
  EXPECT_EQ(Spoiled([](tflite::Model& m) {
              m.tensors[1].type = tflite::TensorType::kInt8;
              m.tensors[1].data.resize(6);
            }),
            "operator 1, \"out\": its input 2 is in integers without a scale");
}

TEST(Tflite, HostileFilesGetASentence) {
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.tensors[1].shape = {1 << 20, 1 << 20, 1, 1}; }),
            "tensor \"w\": 1048576 in its shape is not a size");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.tensors[0].shape = {1, -5, 5, 3}; }),
            "tensor \"in\": -5 in its shape is not a size");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.tensors[1].shape = {2, 1, 1, 4}; }),
            "tensor \"w\" has 24 bytes, but its shape wants 32");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.tensors[0].shape.assign(1000, 1); }), "tensor \"in\" has 1000 dimensions");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.tensors[1].type = static_cast<tflite::TensorType>(5); }),
            "tensor \"w\" has type 5; float32, int32, uint8 and int8 are read");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.operators[1].inputs = {77}; }), "operator 2 reads tensor 77");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.operators[0].options[0].value = 0; }),
            "operator 1: 0 in its options is not a size");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.tensors[1].quantization = {{0.0F}, {0}, 0}; }),
            "tensor \"w\": scale 0 and zero point 0 are not possible");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.tensors[1].quantization = {{1.0F, 1.0F, 1.0F}, {0, 0, 0}, 0}; }),
            "tensor \"w\": its quantisation does not fit its shape");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.metadata["handful"] = {'{'}; }),
            "its metadata \"handful\" are not sound JSON");
  EXPECT_EQ(Spoiled([](tflite::Model& m) { m.operators.resize(20000, m.operators[0]); }),
            "at byte 120, a list has too many entries: the file is cut short or damaged");
  EXPECT_EQ(ImportErrorOf("model.tflite", Bytes{'h', 'e', 'l', 'l', 'o'}),
            "it is not a TensorFlow Lite file, as its first bytes show");
  EXPECT_EQ(ImportErrorOf("model.tflite", Bytes{0xFF, 0xFF, 0xFF, 0x7F, 'T', 'F', 'L', '3'}),
            "at byte 0, an offset leads out of the file: the file is cut short or damaged");
}

TEST(Tflite, CutShortAnywhereOrWithAnyByteChangedItDoesNoHarm) {
  for (const char* format : {"tflite", "tflite-int8"}) {
    const Bytes bytes = TfliteOf(SmallCnn(), format);
    const Bytes zip = {'P', 'K', 3, 4};
    const auto labels = static_cast<size_t>(std::ranges::search(bytes, zip).begin() - bytes.begin());
    testing::ExpectSurvivesDamage("model.tflite", bytes, labels);
  }
}

}  // namespace
}  // namespace handful::importers
