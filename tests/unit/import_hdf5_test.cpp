// Keras .h5 files through libhdf5; natively only, since in WebAssembly JavaScript reads the container.
#ifdef HANDFUL_HAVE_HDF5

#include <string>

#include <gtest/gtest.h>
#include <hdf5.h>

#include "base/rng.h"
#include "import/hdf5.h"
#include "import/import.h"
#include "unit/model_samples.h"
#include "unit/test_files.h"

namespace handful::importers {
namespace {

using nn::TensorFile;
using testing::Bytes;
using testing::Naming;
using testing::RandomMobileNet;
using testing::TeachableHead;
using testing::Text;

std::string ErrorOf(const Bytes& h5) {
  const Result<ImportedModel> imported = ImportModel(std::vector<InputFile>{{"keras_model.h5", h5}});
  return imported.ok() ? "imported" : imported.status().message();
}

TEST(ReadHdf5, KeepsKerasOrderAndAttributes) {
  const TensorFile keras = RandomMobileNet(Naming::kPresent, TeachableHead(2));
  const Result<TensorFile> read = ReadHdf5(testing::EncodeHdf5(keras, true, R"({"class_name": "Sequential"})"));
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->metadata.at("container"), "hdf5");
  EXPECT_EQ(read->metadata.at("keras_version"), "2.2.4-tf");
  EXPECT_EQ(read->metadata.at("model_config"), R"({"class_name": "Sequential"})");
  ASSERT_EQ(read->tensors.size(), keras.tensors.size());
  for (size_t i = 0; i < keras.tensors.size(); ++i) {
    const std::string folder = i < 260 ? "model_weights/sequential_1/" : "model_weights/sequential_3/";
    EXPECT_EQ(read->tensors[i].name, folder + keras.tensors[i].name + ":0");
    EXPECT_EQ(read->tensors[i].shape, keras.tensors[i].shape);
    EXPECT_EQ(read->tensors[i].values, keras.tensors[i].values);
  }
}

TEST(ImportModel, ReadsOfficialWeightsInEveryNamingFromHdf5) {
  const std::string hash = *nn::BackboneContentHash(nn::MobileNetV2(), RandomMobileNet(Naming::kPresent, {}));
  for (const Naming naming : {Naming::kPresent, Naming::kFirst, Naming::kForeign}) {
    const Bytes h5 = testing::EncodeHdf5(RandomMobileNet(naming, {}), false);
    const Result<ImportedModel> imported = ImportModel(std::vector<InputFile>{{"no_top.h5", h5}});
    ASSERT_TRUE(imported.ok()) << imported.status().message();
    EXPECT_EQ(imported->model.part, nn::Part::kBackbone);
    EXPECT_EQ(imported->model.backbone_sha256, hash);
  }
}

TEST(ImportModel, ReadsTheThousandClassesFromHdf5) {
  const TensorFile keras = RandomMobileNet(Naming::kFirst, {{"Logits", 1280, 1000, true}});
  const Result<ImportedModel> imported =
      ImportModel(std::vector<InputFile>{{"with_top.h5", testing::EncodeHdf5(keras, false)}});
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_EQ(imported->model.part, nn::Part::kTop);
  EXPECT_EQ(imported->model.weights.Find("predictions/kernel")->values, keras.tensors[260].values);
}

TEST(ImportModel, ReadsAZipWithAnH5AndItsLabels) {
  const Bytes h5 = testing::EncodeHdf5(RandomMobileNet(Naming::kPresent, TeachableHead(2)), true);
  const Bytes zip = testing::EncodeZip({{"keras_model.h5", h5}, {"labels.txt", Text("0 left\n1 right\n")}}, true);
  const Result<ImportedModel> imported = ImportModel(std::vector<InputFile>{{"converted_keras.zip", zip}});
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_EQ(imported->model.classes, (std::vector<std::string>{"left", "right"}));
  EXPECT_EQ(imported->source, "Teachable Machine (Keras)");
}

TEST(ImportModel, ReadsTheGenuineTeachableMachineExport) {
  const std::string data = testing::DataFolder();
  if (data.empty()) GTEST_SKIP() << "HANDFUL_DATA is not set";
  const Bytes h5 = testing::ReadBytes(data + "/weights/mobilenet_v2_035_224_one_or_two.h5");
  const Result<ImportedModel> imported =
      ImportModel(std::vector<InputFile>{{"keras_model.h5", h5}, {"labels.txt", Text("1 finger\n2 fingers\n")}});
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_EQ(imported->model.backbone_sha256, nn::kOfficialBackboneSha256);
  EXPECT_EQ(imported->source, "Teachable Machine (Keras)");
  EXPECT_EQ(imported->model.weights.Find("hidden/kernel")->shape, (std::vector<int64_t>{1280, 100}));
  EXPECT_EQ(imported->model.weights.Find("output/kernel")->shape, (std::vector<int64_t>{100, 2}));
  EXPECT_EQ(imported->model.classes, (std::vector<std::string>{"1 finger", "2 fingers"}));
}

TEST(ImportModel, NamesADamagedHdf5File) {
  Bytes h5 = testing::EncodeHdf5(RandomMobileNet(Naming::kPresent, TeachableHead(2)), true);
  const size_t whole = h5.size();
  h5.resize(whole / 2);
  const std::string error = ErrorOf(h5);
  EXPECT_EQ(error.substr(0, 29), "the file is cut short: " + std::to_string(whole / 2).substr(0, 6));
  h5.resize(9);
  EXPECT_EQ(ErrorOf(h5), "the HDF5 file cannot be read: it cannot be opened");
}

// libhdf5 1.10 crashes on some of these; it must not take this process with it.
TEST(ReadHdf5, SurvivesChangedBytes) {
  TensorFile small;
  small.tensors = {{"Conv1/kernel", {3, 3, 3, 16}, std::vector<float>(432, 1.0F)},
                   {"dense/kernel", {4, 2}, std::vector<float>(8, 2.0F)}};
  const Bytes sound = testing::EncodeHdf5(small, true, "{}");
  ASSERT_TRUE(ReadHdf5(sound).ok());
  Rng rng(6);
  for (int i = 0; i < 150; ++i) {
    Bytes changed = sound;
    if (i % 4 == 0) {
      changed.resize(rng.Below(static_cast<uint32_t>(sound.size())));
    } else {
      for (uint32_t k = 0; k < 1 + rng.Below(6); ++k)
        changed[rng.Below(static_cast<uint32_t>(changed.size()))] = static_cast<uint8_t>(rng.Below(256));
    }
    const Result<TensorFile> read = ReadHdf5(changed);
    if (!read.ok()) EXPECT_GT(read.status().message().size(), 10U);
  }
}

// A file that points to another one on the visitor's disk must not open it.
TEST(ReadHdf5, NeverFollowsLinksToOtherFiles) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fapl_core(access, 1 << 16, false);
  const hid_t file = H5Fcreate("links.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access);
  H5Lcreate_external("/etc/passwd", "/x", file, "outside", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/nowhere", file, "soft", H5P_DEFAULT, H5P_DEFAULT);
  const hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_external(layout, "/etc/passwd", 0, 16);
  const hsize_t size = 4;
  const hid_t space = H5Screate_simple(1, &size, nullptr);
  H5Dclose(H5Dcreate2(file, "borrowed", H5T_IEEE_F32LE, space, H5P_DEFAULT, layout, H5P_DEFAULT));
  H5Fflush(file, H5F_SCOPE_GLOBAL);
  Bytes bytes(static_cast<size_t>(H5Fget_file_image(file, nullptr, 0)));
  H5Fget_file_image(file, bytes.data(), bytes.size());
  H5Sclose(space);
  H5Pclose(layout);
  H5Fclose(file);
  H5Pclose(access);
  const Result<TensorFile> read = ReadHdf5(bytes);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.status().message(), "the HDF5 file cannot be read: \"borrowed\" keeps its values in another file");
}

}  // namespace
}  // namespace handful::importers

#endif
