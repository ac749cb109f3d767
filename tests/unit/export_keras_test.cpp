// TensorFlow.js and Keras: what is exported comes in again as the same model, bit for bit.
#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "export/export.h"
#include "import/hdf5.h"
#include "import/zip.h"
#include "import/zip_writer.h"
#include "unit/export_samples.h"
#include "unit/model_fixture.h"
#include "unit/model_samples.h"

namespace handful::exporters {
namespace {

using Json = nlohmann::json;
using testing::FileNamed;
using testing::PatternPictures;
using testing::RandomWholeHead;

Files Exported(const char* target, const nn::Model& model) {
  const Result<Bundle> bundle = Export(*FindTarget(target), model, PatternPictures(model, 5));
  EXPECT_TRUE(bundle.ok()) << bundle.status().message();
  if (!bundle.ok()) return {};
  EXPECT_LE(bundle->verification.largest_difference, 1e-6F) << target;
  EXPECT_EQ(bundle->verification.same_first, bundle->verification.golden);
  return bundle->files;
}

std::string ErrorOf(const Files& files) {
  const Result<importers::ImportedModel> imported = importers::ImportModel(files);
  return imported.ok() ? "imported" : imported.status().message();
}

// A model whose every fact differs from what an importer would guess.
nn::Model WithFacts(nn::Model model) {
  model.title = "a \"quoted\" title, ü";
  model.input_range = {0.0123F, -0.3F};
  model.crop_mode = image::CropMode::kFit;
  model.notes = {{"seed", "7"}};
  return model;
}

const std::vector<std::string> kClasses = {"0 none", "1 all", "ü"};

TEST(ExportTfjs, ComesInAgainAsTheSameBytes) {
  for (const nn::Model& model :
       {WithFacts(RandomWholeHead(kClasses)), WithFacts(testing::RandomCnn(64, kClasses, 3))}) {
    const Result<importers::ImportedModel> imported = importers::ImportModel(Exported("tfjs", model));
    ASSERT_TRUE(imported.ok()) << imported.status().message();
    EXPECT_EQ(imported->source, "Handful");
    EXPECT_EQ(imported->warning, "");
    EXPECT_EQ(nn::WriteModel(imported->model), nn::WriteModel(model));
  }
}

// So that a sketch of Teachable Machine's gives a CNN, taught with 0 … 1, what it wants.
TEST(ExportTfjs, AModelOfOtherNumbersBeginsWithALayerThatMakesThem) {
  const nn::Model model = testing::RandomCnn(48, kClasses, 3);
  Files files = Exported("tfjs", model);
  const Json described = Json::parse(FileNamed(files, "handful.json").bytes);
  EXPECT_NEAR(described["preprocessing"]["scale"].get<double>(), 1 / 127.5, 1e-9);
  EXPECT_EQ(described["preprocessing"]["offset"], -1);
  const Json weights = Json::parse(FileNamed(files, "model.json").bytes)["weightsManifest"][0]["weights"];
  EXPECT_EQ(weights[0]["name"], "input_rescale/depthwise_kernel");
  EXPECT_EQ(weights[1]["name"], "input_rescale/bias");
  FileNamed(files, "weights.bin").bytes[3] ^= 1;  // of the first kernel value
  EXPECT_NE(ErrorOf(files).find("layer \"input_rescale\" makes"), std::string::npos) << ErrorOf(files);
  const Files plain = Exported("tfjs", RandomWholeHead(kClasses));
  EXPECT_EQ(Json::parse(FileNamed(plain, "model.json").bytes).dump().find("input_rescale"), std::string::npos);
}

TEST(ExportTfjs, MetadataIsWhatTeachableMachineWrites) {
  const nn::Model model = testing::RandomCnn(48, kClasses, 3);
  const Files files = Exported("tfjs", model);
  const Json metadata = Json::parse(FileNamed(files, "metadata.json").bytes);
  EXPECT_EQ(metadata["packageName"], "@teachablemachine/image");
  EXPECT_EQ(metadata["labels"], kClasses);
  EXPECT_EQ(metadata["imageSize"], 48);
  EXPECT_EQ(metadata["modelName"], model.title);
  EXPECT_EQ(metadata["handful"]["input_scale"], "0.003921569");
  const Json model_json = Json::parse(FileNamed(files, "model.json").bytes);
  EXPECT_EQ(model_json["weightsManifest"].size(), 1U);
  EXPECT_EQ(model_json["weightsManifest"][0]["paths"], Json::parse(R"(["weights.bin"])"));
}

TEST(ExportTfjs, TheReadmeSaysHowFarTeachableMachinesNumbersAre) {
  nn::Model model = testing::RandomCnn(48, kClasses, 3);
  const auto says = [&](image::InputRange range, const char* what) {
    model.input_range = range;
    const InputFile readme = FileNamed(Exported("tfjs", model), "README.md");
    return std::string(readme.bytes.begin(), readme.bytes.end()).find(what) != std::string::npos;
  };
  EXPECT_TRUE(says({1.0F / 127.0F, -1.0F}, "taught with just these numbers"));
  EXPECT_TRUE(says(image::InputRange::MinusOneToOne(), "within 0.4 %"));
  EXPECT_TRUE(says(image::InputRange::ZeroToOne(), "wants pixel / 127.5 − 1"));
}

// Without what Handful says of itself, the layers' names still tell the CNN.
TEST(ExportTfjs, AForeignCnnOfThoseNamesIsRead) {
  const nn::Model model = testing::RandomCnn(48, {"a", "b"}, 3);
  Files files = Exported("tfjs", model);
  std::erase_if(files, [](const InputFile& file) { return file.name != "model.json" && file.name != "weights.bin"; });
  const Result<importers::ImportedModel> imported = importers::ImportModel(files);
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_EQ(imported->source, "TensorFlow.js");
  EXPECT_EQ(imported->model.network(), "finger_cnn");
  EXPECT_EQ(imported->model.input_side, 48);
  EXPECT_EQ(imported->model.input_range, image::InputRange::ZeroToOne());
  EXPECT_EQ(imported->model.classes, (std::vector<std::string>{"class 1", "class 2"}));
  for (const nn::NamedTensor& tensor : model.weights.tensors)
    EXPECT_EQ(imported->model.weights.Find(tensor.name)->values, tensor.values) << tensor.name;
}

// What the weights do not tell: each changed field would make the model compute something else.
TEST(ExportTfjs, AnotherTopologyIsRefused) {
  struct Case {
    const char* what;
    std::function<void(Json& layers, Json& config)> change;
    const char* error;
  };
  const auto layer = [](Json& layers, const char* name) -> Json& {
    for (Json& one : layers) {
      if (one["name"] == name) return one;
    }
    ADD_FAILURE() << name;
    return layers[0];
  };
  const Case cases[] = {
      {"stride", [&](Json& l, Json&) { layer(l, "pool2")["config"]["strides"] = {3, 3}; },
       "layer \"pool2\": its strides is [3,3], but [2,2] is needed"},
      {"padding", [&](Json& l, Json&) { layer(l, "conv2")["config"]["padding"] = "valid"; },
       "layer \"conv2\": its padding is \"valid\", but \"same\" is needed"},
      {"pool", [&](Json& l, Json&) { layer(l, "pool2")["config"]["pool_size"] = {2, 2}; },
       "layer \"pool2\": its pool_size is [2,2], but [4,4] is needed"},
      {"activation", [&](Json& l, Json&) { layer(l, "conv1")["config"]["activation"] = "tanh"; },
       "layer \"conv1\": its activation is \"tanh\", but linear is needed"},
      {"no relu", [&](Json& l, Json&) { layer(l, "conv1")["config"]["activation"] = "linear"; },
       "layer \"conv1\" should be followed by a ReLU"},
      {"no softmax", [&](Json& l, Json&) { layer(l, "output")["config"]["activation"] = "linear"; },
       "layer \"output\": its activation is \"linear\", but softmax is needed"},
      {"class", [&](Json& l, Json&) { layer(l, "pool1")["class_name"] = "AveragePooling2D"; },
       "layer \"pool1\" is a AveragePooling2D, but a MaxPooling2D is needed"},
      {"wiring", [&](Json& l, Json&) { layer(l, "conv2")["inbound_nodes"][0][0][0] = "conv1"; },
       "layer \"conv2\" reads \"conv1\", but \"pool1\" is needed"},
      {"circle", [&](Json& l, Json&) { layer(l, "flatten_pool3")["inbound_nodes"][0][0][0] = "flatten_pool3"; },
       "layer \"dense1\" reads what comes from itself"},
      {"circle of nothing",
       [&](Json& l, Json&) {
         layer(l, "flatten_pool3")["inbound_nodes"][0][0][0] = "flatten_pool3";
         layer(l, "flatten_pool3")["class_name"] = "Dropout";
       },
       "layer \"dense1\" reads what comes from itself"},
      {"nowhere", [&](Json& l, Json&) { layer(l, "conv2")["inbound_nodes"][0][0][0] = "elsewhere"; },
       "layer \"conv2\" reads \"elsewhere\", which is not there"},
      {"between", [&](Json& l, Json&) { layer(l, "flatten_pool3")["class_name"] = "Lambda"; },
       "layer \"flatten_pool3\" (Lambda) stands before \"dense1\", where nothing of the kind is understood"},
      {"output", [&](Json&, Json& c) { c["output_layers"][0][0] = "dense2"; },
       "the model's output is \"dense2\", not \"output\""},
      {"size", [&](Json& l, Json&) { layer(l, "input")["config"]["batch_input_shape"] = {nullptr, 52, 48, 3}; },
       "its pictures are 48 × 52, but 48 × 48 are promised"},
      {"rescale", [&](Json& l, Json&) { layer(l, "input_rescale")["config"]["kernel_size"] = {3, 3}; },
       "layer \"input_rescale\" (DepthwiseConv2D) stands before \"conv1\", where nothing of the kind is understood"},
      {"missing", [&](Json& l, Json&) { l.erase(2); }, "layer \"conv1\" is missing from the model's description"},
      {"twice", [&](Json& l, Json&) { l.push_back(l[2]); }, "two layers are called \"conv1\""},
      {"no name", [&](Json& l, Json&) { l[2]["config"].erase("name"); }, "a layer (Conv2D) has no name"},
      {"number", [&](Json& l, Json&) { l[2] = 7; }, "a layer () has no name"},
      {"no layers", [&](Json& l, Json&) { l = "none"; }, "the model's description has no list of layers"},
  };
  const Files files = Exported("tfjs", testing::RandomCnn(48, kClasses, 3));
  for (const Case& one : cases) {
    Files changed = files;
    InputFile& file = FileNamed(changed, "model.json");
    Json model = Json::parse(file.bytes);
    Json& config = model["modelTopology"]["model_config"]["config"];
    one.change(config["layers"], config);
    const std::string text = model.dump();
    file.bytes.assign(text.begin(), text.end());
    EXPECT_EQ(ErrorOf(changed), "model.json: " + std::string(one.error)) << one.what;
  }
}

TEST(ExportTfjs, ABackboneWithAnotherActivationOrEpsilonIsRefused) {
  const Files files = Exported("tfjs", RandomWholeHead(kClasses));
  const auto error = [&](const char* from, const char* to) {
    Files changed = files;
    InputFile& file = FileNamed(changed, "model.json");
    std::string text(file.bytes.begin(), file.bytes.end());
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, std::string(from).size(), to);
    file.bytes.assign(text.begin(), text.end());
    return ErrorOf(changed);
  };
  EXPECT_EQ(error("\"max_value\":6.0", "\"max_value\":5.0"),
            "model.json: layer \"Conv1_relu\": its max_value is 5.0, but 6 is needed");
  EXPECT_EQ(error("\"epsilon\":0.001", "\"epsilon\":0.1"),
            "model.json: layer \"bn_Conv1\": its epsilon is 0.1, but 0.001 is needed");
  EXPECT_EQ(error("[\"block_2_project_BN\",0,0,{}]]", "[\"block_1_project_BN\",0,0,{}]]"),
            "model.json: layer \"block_2_add\" reads \"block_1_project\", but \"block_2_project\" is needed");
}

TEST(ExportTfjs, HostileFactsGetASentence) {
  const Files files = Exported("tfjs", testing::RandomCnn(48, kClasses, 3));
  const auto error = [&](const char* field, const Json& value) {
    Files changed = files;
    InputFile& file = FileNamed(changed, "metadata.json");
    Json metadata = Json::parse(file.bytes);
    metadata["handful"][field] = value;
    const std::string text = metadata.dump();
    file.bytes.assign(text.begin(), text.end());
    return ErrorOf(changed);
  };
  EXPECT_EQ(error("network", "mobilenet_v2_head"), "model.json: metadata field \"alpha\" is missing");
  EXPECT_EQ(error("network", 7), "model.json: metadata field \"network\" is missing");
  EXPECT_EQ(error("input_side", "1000000"), "model.json: metadata field \"input_side\" is 1000000, outside 16 … 1024");
  EXPECT_EQ(error("input_side", "64"), "model.json: tensor \"dense1/kernel\" has shape [576, 8], expected [1024, 8]");
  EXPECT_EQ(error("classes", R"(["only one"])"),
            "model.json: the last layer (1 class names): tensor \"output/kernel\" has shape [4, 3], expected [4, 1]");
}

TEST(ExportTfjs, DeepNestingGetsASentence) {
  Files files = Exported("tfjs", testing::RandomCnn(48, kClasses, 3));
  InputFile& file = FileNamed(files, "model.json");
  const std::string deep = "{\"weightsManifest\":[],\"modelTopology\":" + std::string(2'000'000, '[');
  file.bytes.assign(deep.begin(), deep.end());
  EXPECT_EQ(ErrorOf(files), "model.json: it is not sound JSON: it may be cut short");
}

void ExpectSame(const nn::Model& a, const nn::Model& b) {
  EXPECT_EQ(nn::WriteModel(a), nn::WriteModel(b));
  EXPECT_EQ(a.backbone_sha256, b.backbone_sha256);
}

TEST(ExportTfjs, ATeachableMachineModelLeavesAsItCame) {
  const testing::Tfjs tfjs =
      testing::EncodeTfjs(testing::RandomMobileNet(testing::Naming::kPresent, testing::TeachableHead(2)));
  const Result<importers::ImportedModel> came =
      importers::ImportModel(std::vector{tfjs.model_json, tfjs.shards.front(), testing::TeachableMetadata({"x", "y"})});
  ASSERT_TRUE(came.ok()) << came.status().message();
  EXPECT_EQ(came->model.weights.Find("output/bias"), nullptr);
  const Result<importers::ImportedModel> again = importers::ImportModel(Exported("tfjs", came->model));
  ASSERT_TRUE(again.ok()) << again.status().message();
  ExpectSame(again->model, came->model);
}

#ifdef HANDFUL_HAVE_HDF5

TEST(ExportKeras, TheGenuineTeachableMachineFileLeavesAsItCame) {
  if (testing::DataFolder().empty()) GTEST_SKIP() << "HANDFUL_DATA is not set";
  const testing::Bytes bytes =
      testing::ReadBytes(testing::DataFolder() + "/weights/mobilenet_v2_035_224_one_or_two.h5");
  const Result<importers::ImportedModel> came =
      importers::ImportModel(std::vector<InputFile>{{"keras_model.h5", bytes}});
  ASSERT_TRUE(came.ok()) << came.status().message();
  for (const char* target : {"tfjs", "h5", "keras"}) {
    const Result<importers::ImportedModel> again = importers::ImportModel(Exported(target, came->model));
    ASSERT_TRUE(again.ok()) << target << ": " << again.status().message();
    ExpectSame(again->model, came->model);
  }
}

TEST(ExportKeras, ComesInAgainAsTheSameBytes) {
  for (const char* target : {"h5", "keras"}) {
    for (const nn::Model& model :
         {WithFacts(RandomWholeHead(kClasses)), WithFacts(testing::RandomCnn(64, kClasses, 3))}) {
      const Result<importers::ImportedModel> imported = importers::ImportModel(Exported(target, model));
      ASSERT_TRUE(imported.ok()) << target << ": " << imported.status().message();
      EXPECT_EQ(imported->source, "Handful");
      EXPECT_EQ(imported->warning, "");
      EXPECT_EQ(nn::WriteModel(imported->model), nn::WriteModel(model)) << target;
    }
  }
}

TEST(ExportKeras, TheSameModelGivesTheSameBytes) {
  const nn::Model model = testing::RandomCnn(48, kClasses, 3);
  for (const auto& [target, file] : {std::pair("h5", "keras_model.h5"), std::pair("keras", "model.keras")})
    EXPECT_EQ(FileNamed(Exported(target, model), file).bytes, FileNamed(Exported(target, model), file).bytes);
}

TEST(ExportKeras, H5IsLaidOutAsKerasDoes) {
  const Files files = Exported("h5", testing::RandomCnn(48, kClasses, 3));
  const Result<nn::TensorFile> read = importers::ReadHdf5(FileNamed(files, "keras_model.h5").bytes);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->tensors.front().name, "model_weights/conv1/conv1/kernel:0");
  EXPECT_EQ(read->tensors.back().name, "model_weights/output/output/bias:0");
  const Json config = Json::parse(read->metadata.at("model_config"));
  EXPECT_EQ(config["class_name"], "Functional");
}

TEST(ExportKeras, ABundleInOneZipComesInAgain) {
  const nn::Model model = testing::RandomCnn(48, kClasses, 3);
  for (const char* target : {"tfjs", "h5", "keras"}) {
    importers::ZipWriter zip;
    for (const InputFile& file : Exported(target, model)) ASSERT_TRUE(zip.Add(file.name, file.bytes).ok());
    const Result<importers::ImportedModel> imported =
        importers::ImportModel(std::vector<InputFile>{{"bundle.zip", zip.Finish()}});
    ASSERT_TRUE(imported.ok()) << target << ": " << imported.status().message();
    EXPECT_EQ(nn::WriteModel(imported->model), nn::WriteModel(model)) << target;
  }
}

TEST(ExportKeras, AKerasFileWhoseConfigDoesNotFitGetsASentence) {
  const Files bundle = Exported("keras", testing::RandomCnn(48, kClasses, 3));
  const Result<Files> inside = importers::Unzip(FileNamed(bundle, "model.keras").bytes);
  ASSERT_TRUE(inside.ok());
  const auto error = [&](const std::function<void(Files&, Json&)>& change) {
    Files files = *inside;
    InputFile& config = FileNamed(files, "config.json");
    Json json = Json::parse(config.bytes);
    change(files, json);
    if (json.is_null()) {
      std::erase_if(files, [](const InputFile& file) { return file.name == "config.json"; });
    } else {
      const std::string text = json.dump();
      config.bytes.assign(text.begin(), text.end());
    }
    return ErrorOf(files);
  };
  const std::string file = "model.weights.h5: ";
  EXPECT_EQ(error([](Files&, Json&) {}), "imported");
  EXPECT_EQ(error([](Files&, Json& json) { json = nullptr; }),
            file + "config.json, which says what its layers are, is missing");
  EXPECT_EQ(error([](Files&, Json& json) { json = 7; }), file + "config.json is not sound JSON: it may be cut short");
  EXPECT_EQ(error([](Files&, Json& json) { json["config"].erase("layers"); }),
            file + "config.json has no list of layers");
  EXPECT_EQ(error([](Files&, Json& json) { json["config"]["layers"].erase(1); }),
            file + "config.json names no layer for the weights \"layers/conv2d_2/vars/0\"");
  EXPECT_EQ(error([](Files&, Json& json) { json["config"]["layers"].push_back(json["config"]["layers"][1]); }),
            file + "layer \"conv1\" has no kernel: \"layers/conv2d_3/vars/0\" is missing");
}

#endif

}  // namespace
}  // namespace handful::exporters
