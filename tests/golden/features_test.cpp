// The 16 golden images: features against an independent float64 forward pass.
#include <cmath>
#include <cstring>
#include <fstream>

#include <gtest/gtest.h>

#include "image/image.h"
#include "import/import.h"
#include "nn/classifier.h"
#include "unit/test_files.h"

namespace handful {
namespace {

// The float32 numbers of a NumPy file, format 1.0.
std::vector<float> ReadNpyFloats(const testing::Bytes& file) {
  const size_t data = 10U + file[8] + 256U * file[9];
  std::vector<float> values((file.size() - data) / sizeof(float));
  std::memcpy(values.data(), file.data() + data, values.size() * sizeof(float));
  return values;
}

TEST(GoldenFeatures, AgreeWithin1e4) {
  const std::string data = testing::DataFolder();
  if (data.empty()) GTEST_SKIP() << "HANDFUL_DATA is not set";
  const std::vector<float> expected = ReadNpyFloats(testing::ReadBytes(data + "/golden/features.npy"));
  const testing::Bytes list = testing::ReadBytes(data + "/golden/images.txt");

#if defined(__wasm__)
  // No HDF5 here: the file that tools/fetch-backbone made of it.
  const std::string weights = testing::SourceFile("models/mobilenet_v2_035_224_backbone.safetensors");
  if (!std::ifstream(weights).good()) GTEST_SKIP() << "there is no " << weights;
#else
  const std::string weights = data + "/weights/mobilenet_v2_035_224_one_or_two.h5";
#endif
  const std::vector<importers::InputFile> files = {{weights, testing::ReadBytes(weights)}};
  Result<importers::ImportedModel> imported = importers::ImportModel(files);
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  EXPECT_EQ(imported->model.backbone_sha256, nn::kOfficialBackboneSha256);
  Result<std::shared_ptr<nn::Backbone>> backbone = nn::Backbone::Create(imported->model);
  ASSERT_TRUE(backbone.ok()) << backbone.status().message();

  std::string names(list.begin(), list.end());
  size_t row = 0;
  double worst = 0;
  for (size_t begin = 0; begin < names.size(); ++row) {
    const size_t end = std::min(names.find('\n', begin), names.size());
    const std::string name = names.substr(begin, end - begin);
    begin = end + 1;
    Result<image::Decoded> picture = image::Decode(testing::ReadBytes(data + "/" + name));
    ASSERT_TRUE(picture.ok()) << name << ": " << picture.status().message();
    Result<image::Image> square = image::CropAndResize(picture->image, image::CropMode::kCenter, 224);
    ASSERT_TRUE(square.ok());
    Result<std::span<const float>> features = (*backbone)->Features(*square, image::InputRange::MinusOneToOne());
    ASSERT_TRUE(features.ok());
    for (size_t i = 0; i < 1280; ++i) {
      worst = std::max(worst, std::fabs(static_cast<double>((*features)[i]) - expected[row * 1280 + i]));
    }
  }
  EXPECT_EQ(row, 16U);
  EXPECT_LE(worst, 1e-4);
  RecordProperty("max_abs_difference", Format("%.2e", worst));
}

}  // namespace
}  // namespace handful
