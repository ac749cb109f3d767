#include "import/import.h"

#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/rng.h"
#include "import/zip.h"
#include "import/zip_writer.h"
#include "nn/mobilenet_v2.h"
#include "unit/model_samples.h"
#include "unit/test_files.h"

namespace handful::importers {
namespace {

using nn::TensorFile;
using testing::Bytes;
using testing::EncodeTfjs;
using testing::Naming;
using testing::RandomMobileNet;
using testing::TeachableHead;
using testing::Text;
using testing::Tfjs;

std::vector<InputFile> Together(const Tfjs& tfjs, const std::vector<InputFile>& more = {}) {
  std::vector<InputFile> files = {tfjs.model_json};
  files.insert(files.end(), tfjs.shards.begin(), tfjs.shards.end());
  files.insert(files.end(), more.begin(), more.end());
  return files;
}

std::string ErrorOf(const std::vector<InputFile>& files) {
  const Result<ImportedModel> imported = ImportModel(files);
  return imported.ok() ? "imported" : imported.status().message();
}

InputFile RawH5(const TensorFile& keras, const std::string& prefix = "model_weights/sequential_1/") {
  return {"keras_model.h5", testing::RawHdf5Container(keras, prefix)};
}

// Every tensor of `keras`, found under our name in the model. The head's names are given.
void ExpectWeights(const nn::Model& model, const TensorFile& keras, const std::vector<std::string>& head_names,
                   float tolerance = 0) {
  const std::vector<nn::TensorSpec> backbone = nn::TensorSpecsOf(nn::MobileNetV2Graph());
  for (size_t i = 0; i < keras.tensors.size(); ++i) {
    const std::string name = i < backbone.size() ? backbone[i].name : head_names.at(i - backbone.size());
    const nn::NamedTensor* ours = model.weights.Find(name);
    ASSERT_NE(ours, nullptr) << name;
    ASSERT_EQ(ours->shape, keras.tensors[i].shape) << name;
    for (size_t k = 0; k < ours->values.size(); ++k)
      ASSERT_NEAR(ours->values[k], keras.tensors[i].values[k], tolerance) << name;
  }
}

const std::vector<std::string> kHeadNames = {"hidden/kernel", "hidden/bias", "output/kernel"};

// ---- Keras ----

TEST(ImportModel, FindsTheBackboneByEitherNamingAndByOrder) {
  const std::string expected_hash = *nn::BackboneContentHash(nn::MobileNetV2(), RandomMobileNet(Naming::kPresent, {}));
  for (const Naming naming : {Naming::kPresent, Naming::kFirst, Naming::kForeign}) {
    const TensorFile keras = RandomMobileNet(naming, {});
    const Result<ImportedModel> imported = ImportModel(std::vector{RawH5(keras, "")});
    ASSERT_TRUE(imported.ok()) << imported.status().message();
    EXPECT_EQ(imported->model.part, nn::Part::kBackbone);
    EXPECT_EQ(imported->model.backbone_sha256, expected_hash);
    EXPECT_EQ(imported->warning, "");
    ExpectWeights(imported->model, keras, {});
  }
}

TEST(ImportModel, FindsNamedLayersInWhateverOrderTheyStand) {
  for (const Naming naming : {Naming::kPresent, Naming::kFirst}) {
    const TensorFile keras = RandomMobileNet(naming, TeachableHead(3));
    TensorFile shuffled = keras;
    // The head keeps its order: nothing else tells its two layers apart.
    Rng(5).Shuffle(std::span(shuffled.tensors).first(260));
    const Result<ImportedModel> imported = ImportModel(std::vector{RawH5(shuffled)});
    ASSERT_TRUE(imported.ok()) << imported.status().message();
    ExpectWeights(imported->model, keras, kHeadNames);
  }
}

TEST(ImportModel, ReadsATeachableMachineHeadWithItsLabels) {
  const TensorFile keras = RandomMobileNet(Naming::kPresent, TeachableHead(3));
  const Result<ImportedModel> imported =
      ImportModel(std::vector<InputFile>{{"labels.txt", Text("0 Cat\n1 A dog\n2 Übung\n")}, RawH5(keras)});
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_EQ(imported->source, "Teachable Machine (Keras)");
  EXPECT_EQ(imported->model.part, nn::Part::kHead);
  EXPECT_EQ(imported->model.classes, (std::vector<std::string>{"Cat", "A dog", "Übung"}));
  EXPECT_EQ(imported->model.input_range, image::InputRange::MinusOneToOne());
  EXPECT_EQ(imported->warning, "");
  ExpectWeights(imported->model, keras, kHeadNames);
  EXPECT_EQ(imported->model.weights.Find("output/bias"), nullptr);
}

TEST(ImportModel, NumbersTheClassesWhereNoLabelsFit) {
  const InputFile h5 = RawH5(RandomMobileNet(Naming::kPresent, TeachableHead(2)));
  Result<ImportedModel> imported = ImportModel(std::vector{h5});
  ASSERT_TRUE(imported.ok());
  EXPECT_EQ(imported->model.classes, (std::vector<std::string>{"class 1", "class 2"}));
  EXPECT_EQ(imported->warning,
            "no labels.txt or metadata.json came with it: its classes are called \"class 1\" to \"class 2\"");
  imported = ImportModel(std::vector<InputFile>{h5, {"labels.txt", Text("a\nb\nc\n")}});
  ASSERT_TRUE(imported.ok());
  EXPECT_EQ(imported->warning,
            "the labels name 3 classes, but the model has 2 outputs: they are called \"class 1\" to \"class 2\"");
}

TEST(ImportModel, ReadsLabelsAsTheyAreWrittenElsewhere) {
  const InputFile h5 = RawH5(RandomMobileNet(Naming::kPresent, TeachableHead(2)));
  const auto classes_of = [&](const InputFile& labels) { return ImportModel(std::vector{h5, labels})->model.classes; };
  EXPECT_EQ(classes_of({"labels.txt", Text("1 finger\r\n2 fingers\r\n")}),
            (std::vector<std::string>{"1 finger", "2 fingers"}));
  EXPECT_EQ(classes_of({"labels.txt", Text("\xEF\xBB\xBF"
                                           "0 a b\n1 c")}),
            (std::vector<std::string>{"a b", "c"}));
  EXPECT_EQ(classes_of({"x/labels.json", Text(R"(["p", "q"])")}), (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(classes_of({"imagenet_class_index.json",
                        Text(R"({"0": ["n01440764", "tench"], "1": ["n01443537", "great_white_shark"]})")}),
            (std::vector<std::string>{"tench", "great white shark"}));
}

TEST(ImportModel, ReadsTheNetworkWithItsImageNetTop) {
  const TensorFile keras = RandomMobileNet(Naming::kFirst, {{"Logits", 1280, 1000, true}});
  const Result<ImportedModel> imported = ImportModel(std::vector{RawH5(keras, "")});
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_EQ(imported->model.part, nn::Part::kTop);
  EXPECT_EQ(imported->source, "Keras MobileNetV2");
  EXPECT_EQ(imported->model.classes.size(), 1000U);
  ExpectWeights(imported->model, keras, {"predictions/kernel", "predictions/bias"});
}

TEST(ImportModel, NamesTheLayerThatDoesNotFit) {
  TensorFile keras = RandomMobileNet(Naming::kPresent, TeachableHead(2));
  nn::NamedTensor& kernel = keras.tensors[5];  // expanded_conv_depthwise
  kernel.shape = {3, 3, 8, 2};
  EXPECT_EQ(
      ErrorOf({RawH5(keras)}),
      "layer \"expanded_conv_depthwise\": its depthwise_kernel has shape [3, 3, 8, 2], but [3, 3, 16, 1] is needed "
      "(only MobileNetV2 with α = 0.35 runs here)");

  keras = RandomMobileNet(Naming::kPresent, TeachableHead(2));
  keras.tensors[5].values[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(ErrorOf({RawH5(keras)}), "layer \"expanded_conv_depthwise\": its depthwise_kernel holds nan at position 7");

  keras = RandomMobileNet(Naming::kPresent, TeachableHead(2));
  keras.tensors.erase(keras.tensors.begin() + 5);
  EXPECT_EQ(ErrorOf({RawH5(keras)}), "layer \"expanded_conv_depthwise\" is missing");

  keras = RandomMobileNet(Naming::kPresent, TeachableHead(2));
  keras.tensors.erase(keras.tensors.begin() + 6);  // of its BatchNorm
  EXPECT_EQ(ErrorOf({RawH5(keras)}), "layer \"expanded_conv_depthwise_BN\" has no gamma");

  keras = RandomMobileNet(Naming::kPresent,
                          {{"dense", 1280, 10, true}, {"dense_1", 10, 10, true}, {"dense_2", 10, 2, true}});
  EXPECT_EQ(ErrorOf({RawH5(keras)}), "3 layers follow the backbone (the first is \"dense\"), at most 2 are understood");

  keras = RandomMobileNet(Naming::kPresent, {{"dense", 1280, 10, true}, {"dense_1", 11, 2, true}});
  EXPECT_EQ(ErrorOf({RawH5(keras)}),
            "layer \"dense_1\": its kernel has shape [11, 2], but [10, 2] is needed (only MobileNetV2 with α = 0.35 "
            "runs here)");

  keras.tensors.resize(20);
  EXPECT_EQ(ErrorOf({RawH5(keras)}).substr(0, 30), "this is not MobileNetV2: it ha");
}

// ---- TensorFlow.js ----

TEST(ImportModel, ReadsATeachableMachineTfjsExportAsFilesAndAsZip) {
  const TensorFile keras = RandomMobileNet(Naming::kPresent, TeachableHead(2));
  const std::vector<InputFile> files =
      Together(EncodeTfjs(keras), {testing::TeachableMetadata({"Class 1", "Class 2"})});
  std::vector<InputFile> in_folder = files;
  for (InputFile& file : in_folder) file.name = "my export/" + file.name;
  in_folder.push_back({"__MACOSX/my export/._model.json", Text("\"weightsManifest\"{")});
  for (const std::vector<InputFile>& given : {files,
                                              {{"export.zip", testing::EncodeZip(files, false)}},
                                              {{"export.zip", testing::EncodeZip(in_folder, true)}}}) {
    const Result<ImportedModel> imported = ImportModel(given);
    ASSERT_TRUE(imported.ok()) << imported.status().message();
    EXPECT_EQ(imported->source, "Teachable Machine (TensorFlow.js)");
    EXPECT_EQ(imported->model.title, "tm-my-image-model");
    EXPECT_EQ(imported->model.classes, (std::vector<std::string>{"Class 1", "Class 2"}));
    EXPECT_EQ(imported->model.input_range.scale, 1.0F / 127.0F);
    EXPECT_EQ(imported->model.input_range.offset, -1.0F);
    EXPECT_EQ(imported->warning, "");
    ExpectWeights(imported->model, keras, kHeadNames);
  }
}

TEST(ImportModel, ReadsShardedAndQuantisedTfjsWeights) {
  const TensorFile keras = RandomMobileNet(Naming::kPresent, TeachableHead(2));
  struct Case {
    const char* quantization;
    size_t shard_bytes;
    float tolerance;
  };
  for (const Case& c : {Case{"", 100'001, 0}, Case{"uint16", 1 << 20, 1e-5F}, Case{"uint8", 64'000, 2.5e-3F},
                        Case{"float16", 1 << 20, 5e-4F}}) {
    const Tfjs tfjs = EncodeTfjs(keras, c.quantization, c.shard_bytes);
    const Result<ImportedModel> imported = ImportModel(Together(tfjs));
    ASSERT_TRUE(imported.ok()) << c.quantization << ": " << imported.status().message();
    ExpectWeights(imported->model, keras, kHeadNames, c.tolerance);
  }
}

TEST(ImportModel, NamesWhatATfjsExportLacks) {
  const TensorFile keras = RandomMobileNet(Naming::kPresent, TeachableHead(2));
  Tfjs tfjs = EncodeTfjs(keras);
  EXPECT_EQ(ErrorOf({tfjs.model_json}), "the weights file \"weights.bin\" is missing: drop it together with this one");
  const size_t whole = tfjs.shards[0].bytes.size();
  tfjs.shards[0].bytes.resize(whole - 1);
  EXPECT_EQ(ErrorOf(Together(tfjs)),
            "model.json: weights.bin is cut short: weight \"dense_Dense2/kernel\" ends at byte " +
                std::to_string(whole) + " of " + std::to_string(whole - 1));
  tfjs.shards[0].bytes.resize(whole + 4);
  EXPECT_EQ(ErrorOf(Together(tfjs)), "model.json: weights.bin has " + std::to_string(whole + 4) +
                                         " bytes, but the weights in this file take " + std::to_string(whole));
  Tfjs vast = EncodeTfjs(keras);  // 2⁴² elements, which are none in 32 bits
  nlohmann::json described = nlohmann::json::parse(vast.model_json.bytes);
  nlohmann::json& weight = described["weightsManifest"][0]["weights"][0];
  weight["shape"] = {1 << 22, 1 << 20};
  vast.model_json.bytes = Text(described.dump());
  EXPECT_EQ(ErrorOf(Together(vast)),
            "model.json: weight \"" + weight["name"].get<std::string>() + "\": 1048576 in its shape is not a size");
  InputFile cut = EncodeTfjs(keras).model_json;
  cut.bytes.resize(5000);
  EXPECT_EQ(ErrorOf({cut}), "it is not sound JSON: it may be cut short");
  EXPECT_EQ(ErrorOf(Together(EncodeTfjs(keras, "", 8 << 20, "tanh"))),
            "model.json: layer \"dense_Dense1\" has activation tanh, but relu is needed");
  EXPECT_EQ(ErrorOf(Together(EncodeTfjs(keras), {testing::TeachableMetadata({"a", "b"}, 96)})),
            "model.json: metadata.json: imageSize is 96; only models for 224 can be run");
  EXPECT_EQ(ErrorOf(Together(EncodeTfjs(keras), {{"metadata.json", Text("{\"labels\": [")}})),
            "metadata.json: it is not sound JSON: it may be cut short");
}

// ---- whole files ----

TEST(ImportModel, NamesWhatIsNoModel) {
  EXPECT_EQ(ErrorOf({{"a.h5", {}}}), "the file is empty");
  EXPECT_EQ(ErrorOf({{"a.h5", Text("<!DOCTYPE html>")}}), "it is not an HDF5 file, as its first bytes show");
  EXPECT_EQ(ErrorOf({{"a.bin", Text("hello")}}),
            "there is no model that can be read: a Handful .safetensors, a Keras .h5, an .onnx, a .tflite, or "
            "TensorFlow.js' model.json with its weights");
  EXPECT_EQ(ErrorOf({{"m.zip", testing::EncodeZip({{"model_unquant.tflite", Text("TFL3")}}, false)}}),
            "model_unquant.tflite: it is not a TensorFlow Lite file, as its first bytes show");
  EXPECT_EQ(ErrorOf({{"a.pt", Text("PK")}}),
            ".pt models cannot be read: export as Keras (.h5) or TensorFlow.js instead");
  const InputFile h5 = RawH5(RandomMobileNet(Naming::kPresent, {}));
  EXPECT_EQ(ErrorOf({h5, {"b.h5", h5.bytes}}),
            "there are two models, \"keras_model.h5\" and \"b.h5\": give one at a time");
}

TEST(ImportModel, ReadsOurOwnModelsBack) {
  const Result<ImportedModel> first =
      ImportModel(std::vector{RawH5(RandomMobileNet(Naming::kPresent, TeachableHead(2)))});
  ASSERT_TRUE(first.ok());
  const Result<ImportedModel> again =
      ImportModel(std::vector<InputFile>{{"m.safetensors", nn::WriteModel(first->model)}});
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(again->source, "Handful");
  EXPECT_EQ(again->model.classes, first->model.classes);
  EXPECT_EQ(again->model.backbone_sha256, first->model.backbone_sha256);
  EXPECT_EQ(again->model.notes, first->model.notes);
}

// ---- zip ----

TEST(ZipWriter, WritesWhatIsReadAsItWas) {
  const std::vector<InputFile> files = {
      {"folder/ä 日本.bin", {1, 2, 3}}, {"empty", {}}, {"big", std::vector<uint8_t>(100'000, 7)}};
  ZipWriter writer;
  for (const InputFile& file : files) ASSERT_TRUE(writer.Add(file.name, file.bytes).ok());
  const Result<std::vector<InputFile>> unzipped = Unzip(writer.Finish());
  ASSERT_TRUE(unzipped.ok()) << unzipped.status().message();
  ASSERT_EQ(unzipped->size(), files.size());
  for (size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ((*unzipped)[i].name, files[i].name);
    EXPECT_EQ((*unzipped)[i].bytes, files[i].bytes);
  }
  const Result<std::vector<InputFile>> none = Unzip(writer.Finish());
  EXPECT_TRUE(none.ok() && none->empty());
}

TEST(Unzip, GivesEveryFileBack) {
  const std::vector<InputFile> files = {{"a.txt", Text("hello")}, {"f/b.bin", Bytes(100'000, 7)}, {"ü.txt", {}}};
  for (const bool deflate : {false, true}) {
    const Result<std::vector<InputFile>> unzipped = Unzip(testing::EncodeZip(files, deflate));
    ASSERT_TRUE(unzipped.ok()) << unzipped.status().message();
    ASSERT_EQ(unzipped->size(), files.size());
    for (size_t i = 0; i < files.size(); ++i) {
      EXPECT_EQ((*unzipped)[i].name, files[i].name);
      EXPECT_EQ((*unzipped)[i].bytes, files[i].bytes);
    }
  }
}

TEST(Unzip, RefusesWhatIsHostile) {
  const auto error_of = [](const Bytes& zip, const ZipLimits& limits = {}) {
    const Result<std::vector<InputFile>> unzipped = Unzip(zip, limits);
    return unzipped.ok() ? "unzipped" : unzipped.status().message();
  };
  EXPECT_EQ(error_of(testing::EncodeZip({{"../../etc/passwd", Text("x")}}, false)),
            "\"etc/passwd\" in the zip archive: its path \"../../etc/passwd\" leads out of the archive");
  EXPECT_EQ(error_of(testing::EncodeZip({{"a", Bytes(3'000'000)}}, true), {.max_unpacked_bytes = 2'000'000}),
            "unpacked it would take 3 MB, more than the 2 MB allowed");
  EXPECT_EQ(error_of(testing::EncodeZip(std::vector<InputFile>(5), false), {.max_entries = 4}),
            "5 entries are more than the 4 allowed");

  const Bytes sound = testing::EncodeZip({{"a", Text("hello")}}, false);
  Bytes zip = sound;
  zip[31] ^= 1U;
  EXPECT_EQ(error_of(zip), "\"a\" in the zip archive: its checksum is wrong");
  zip = sound;
  zip[36 + 8] |= 1U;  // the directory's flags
  EXPECT_EQ(error_of(zip), "\"a\" in the zip archive: it is encrypted: unpack the archive first");
  zip = sound;
  zip[36 + 24 + 2] = 9;  // a size that stored bytes cannot have
  EXPECT_EQ(error_of(zip), "\"a\" in the zip archive: 5 bytes cannot unpack to 589829");
  zip = testing::EncodeZip({{"a", Bytes(100)}}, true);
  const size_t directory = zip.size() - 22 - 47;
  zip[directory + 24 + 3] = 0x0E;  // 234 MB out of a few bytes
  EXPECT_NE(error_of(zip).find("cannot unpack to 234881124"), std::string::npos) << error_of(zip);
  for (size_t length = 0; length < sound.size(); ++length) {
    EXPECT_NE(error_of(Bytes(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(length))), "unzipped")
        << length;
  }
}

TEST(Unzip, SurvivesChangedBytes) {
  const Bytes sound =
      testing::EncodeZip({{"a.txt", Text("hello hello hello hello")}, {"b/c.bin", Bytes(5000, 7)}}, true);
  Rng rng(3);
  for (int i = 0; i < 3000; ++i) {
    Bytes changed = sound;
    for (uint32_t k = 0; k < 1 + rng.Below(4); ++k)
      changed[rng.Below(static_cast<uint32_t>(changed.size()))] = static_cast<uint8_t>(rng.Below(256));
    const Result<std::vector<InputFile>> unzipped = Unzip(changed);
    if (!unzipped.ok()) EXPECT_GT(unzipped.status().message().size(), 10U);
  }
}

TEST(ImportModel, SurvivesChangedJson) {
  TensorFile small;
  small.tensors = {{"Conv1/kernel", {3, 3, 3, 16}, std::vector<float>(432)}};
  const Tfjs tfjs = EncodeTfjs(small);
  Rng rng(4);
  for (int i = 0; i < 2000; ++i) {
    Tfjs changed = tfjs;
    Bytes& json = changed.model_json.bytes;
    for (uint32_t k = 0; k < 1 + rng.Below(4); ++k) {
      const char* alphabet = "{}[]\",:0-9ae.tfn";
      json[rng.Below(static_cast<uint32_t>(json.size()))] = static_cast<uint8_t>(alphabet[rng.Below(16)]);
    }
    EXPECT_NE(ErrorOf(Together(changed)), "imported");
  }
}

}  // namespace
}  // namespace handful::importers
