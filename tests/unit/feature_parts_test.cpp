// Features in parts: .npy headers and manifests as they should be, and as they should not.
#include "cli/feature_parts.h"

#include <cstring>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cli/files.h"
#include "cli/npy.h"

namespace handful::cli {
namespace {

using Json = nlohmann::json;
using Bytes = std::vector<uint8_t>;

constexpr size_t kColumns = 1280;

Bytes Floats(size_t count, float first) {
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = first + static_cast<float>(i);
  Bytes bytes(count * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

// With another text in its header, of the same length or not.
Bytes NpyWith(const std::string& dictionary, size_t bytes) {
  Bytes file = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 0, 0};
  std::string header = dictionary;
  header.resize((10 + header.size() + 1 + 63) / 64 * 64 - 11, ' ');
  header += '\n';
  file[8] = static_cast<uint8_t>(header.size());
  file.insert(file.end(), header.begin(), header.end());
  file.resize(file.size() + bytes);
  return file;
}

TEST(Npy, ReadsWhatItWrites) {
  const Bytes file = NpyFile(Floats(6, 1), 2, 3);
  const Result<NpyShape> shape = ReadNpyShape(file);
  ASSERT_TRUE(shape.ok()) << shape.status().message();
  EXPECT_EQ(shape->rows, 2U);
  EXPECT_EQ(shape->columns, 3U);
  EXPECT_EQ(shape->offset % 64, 0U);
  EXPECT_EQ(shape->offset + 24, file.size());
  EXPECT_TRUE(ReadNpyShape(NpyFile({}, 0, 3)).ok());
}

TEST(Npy, RefusesWithASentence) {
  const auto why = [](const Bytes& file) { return ReadNpyShape(file).status().message(); };
  const Bytes good = NpyFile(Floats(6, 1), 2, 3);
  for (size_t length = 0; length < good.size(); ++length)
    EXPECT_FALSE(ReadNpyShape(std::span(good).first(length)).ok()) << length;
  EXPECT_EQ(why({}), "it is no .npy file");
  Bytes newer = good;
  newer[6] = 2;
  EXPECT_EQ(why(newer), "it is of .npy version 2, not 1");
  EXPECT_EQ(why(NpyWith("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }", 8)),
            "its numbers are not float32, row by row");
  EXPECT_EQ(why(NpyWith("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", 4)),
            "its numbers are not float32, row by row");
  EXPECT_EQ(why(NpyWith("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 4)),
            "its shape is not rows × columns");
  EXPECT_EQ(why(NpyWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", 4)),
            "its header says 2 × 1 numbers, but 4 bytes follow");
  // A product that would wrap around to 0 or 4 bytes, and numbers that are none.
  EXPECT_FALSE(
      ReadNpyShape(NpyWith("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967297, 4294967296), }", 4)).ok());
  EXPECT_FALSE(
      ReadNpyShape(NpyWith("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 1), }", 4)).ok());
  EXPECT_FALSE(ReadNpyShape(NpyWith("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 1), }", 4)).ok());
  EXPECT_FALSE(ReadNpyShape(NpyWith("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 0), }", 4)).ok());
}

// Two parts of two rows and one, in a folder of their own.
class FeaturePartsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/feature_parts_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    const std::string backbone(64, 'a');
    manifest_ = {{"format", "handful-parts"}, {"version", 1},
                 {"kind", "features"},        {"backbone_sha256", backbone},
                 {"backbone", "a toy"},       {"network", "mobilenet_v2_backbone"},
                 {"crop_mode", "fit"},        {"input_range", "01"},
                 {"classes", {"ant", "bee"}}, {"refused", 4},
                 {"parts", Json::array()}};
    for (const auto& [rows, names, labels] :
         {std::tuple{2, Json{"ant/12-a.png", "bee/13-b.png"}, Json{0, 1}}, std::tuple{1, Json{"bee/c.png"}, Json{1}}}) {
      const std::string name = "part-" + std::to_string(parts_.size());
      manifest_["parts"].push_back({{"file", name + ".npy"}, {"rows", rows}, {"npy_sha256", name}});
      parts_.push_back({{"format", "handful-part"},
                        {"version", 1},
                        {"kind", "features"},
                        {"backbone_sha256", backbone},
                        {"npy_sha256", name},
                        {"names", names},
                        {"labels", labels}});
      const auto n = static_cast<size_t>(rows);
      Write(name + ".npy", NpyFile(Floats(n * kColumns, 1000.0F * static_cast<float>(parts_.size())), n, kColumns));
    }
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const Bytes& bytes) const {
    ASSERT_TRUE(WriteFile(folder_ + "/" + name, bytes).ok());
  }
  void Write(const std::string& name, const Json& json) const {
    const std::string text = json.dump();
    Write(name, Bytes(text.begin(), text.end()));
  }
  Result<FeatureParts> Open(const GroupPattern* pattern = nullptr) const {
    Write("manifest.json", manifest_);
    for (size_t i = 0; i < parts_.size(); ++i) Write("part-" + std::to_string(i) + ".json", parts_[i]);
    return OpenFeatureParts(folder_, pattern);
  }
  std::string Why() const { return Open().status().message(); }

  std::string folder_;
  Json manifest_;
  std::vector<Json> parts_;
};

#ifdef __EMSCRIPTEN__

TEST_F(FeaturePartsTest, SaysThatWebAssemblyCannot) { EXPECT_TRUE(Why().ends_with("the native handful can")) << Why(); }

#else

TEST_F(FeaturePartsTest, GivesRowsInTheOrderOfTheParts) {
  const Result<FeatureParts> parts = Open();
  ASSERT_TRUE(parts.ok()) << parts.status().message();
  const train::Dataset& data = parts->data;
  ASSERT_EQ(data.size(), 3U);
  EXPECT_EQ(data.classes, (std::vector<std::string>{"ant", "bee"}));
  EXPECT_EQ(data.labels, (std::vector<int>{0, 1, 1}));
  EXPECT_EQ(data.row(0)[0], 1000);
  EXPECT_EQ(data.row(1)[0], 1000 + kColumns);
  EXPECT_EQ(data.row(2)[kColumns - 1], 2000 + kColumns - 1);
  EXPECT_EQ(parts->refused, 4U);
  EXPECT_EQ(parts->frame.backbone_title, "a toy");
  EXPECT_EQ(parts->frame.crop_mode, image::CropMode::kFit);
  EXPECT_EQ(parts->frame.input_range, image::InputRange::ZeroToOne());
}

TEST_F(FeaturePartsTest, RowsOutliveWhoeverOpenedThem) {
  train::FeatureRow row;
  {
    const Result<FeatureParts> parts = Open();
    ASSERT_TRUE(parts.ok());
    row = parts->data.rows[2];
  }
  EXPECT_EQ(row[1], 2001);
}

TEST_F(FeaturePartsTest, FindsSessionsInNamesAndNamesTheOthers) {
  const Result<GroupPattern> pattern = GroupPattern::Compile("^(\\d+)-");
  ASSERT_TRUE(pattern.ok());
  const Result<FeatureParts> parts = Open(&*pattern);
  ASSERT_TRUE(parts.ok()) << parts.status().message();
  EXPECT_EQ(parts->data.groups, (std::vector<std::string>{"12", "13"}));
  ASSERT_EQ(parts->left_out.size(), 1U);
  EXPECT_EQ(parts->left_out[0].first, "bee/c.png");
}

TEST_F(FeaturePartsTest, NamesFileAndFieldOfWhatIsWrong) {
  const Json manifest = manifest_;
  const std::vector<Json> parts = parts_;
  const auto expect = [&](const std::string& sentence, const auto& change) {
    manifest_ = manifest;
    parts_ = parts;
    change();
    const std::string why = Why();
    EXPECT_NE(why.find(sentence), std::string::npos) << why;
    EXPECT_NE(why.find(folder_), std::string::npos) << why;
  };
  expect("manifest.json: field \"format\" is \"\", not \"handful-parts\"", [&] { manifest_.erase("format"); });
  expect("manifest.json: field \"version\" is 2, but", [&] { manifest_["version"] = 2; });
  expect("manifest.json: field \"kind\" is \"classify\", not \"features\"", [&] { manifest_["kind"] = "classify"; });
  expect("manifest.json: field \"network\" is \"finger_cnn\"", [&] { manifest_["network"] = "finger_cnn"; });
  expect("field \"backbone_sha256\" has 3 digits", [&] { manifest_["backbone_sha256"] = "abc"; });
  expect("field \"crop_mode\" is \"round\"", [&] { manifest_["crop_mode"] = "round"; });
  expect("field \"classes\" is no list", [&] { manifest_["classes"] = 7; });
  expect("field \"classes\" is no list", [&] { manifest_["classes"] = Json{"ant", 7}; });
  expect("field \"refused\" is no whole number", [&] { manifest_["refused"] = -1; });
  expect("field \"parts\" is no list", [&] { manifest_["parts"] = "part-0.npy"; });
  expect("not the name of an .npy file beside it", [&] { manifest_["parts"][0]["file"] = "../part-0.npy"; });
  expect("not the name of an .npy file beside it", [&] { manifest_["parts"][0] = 5; });
  expect("part part-0.npy: field \"rows\" is no whole number", [&] { manifest_["parts"][0]["rows"] = 1e30; });
  expect("2 rows, 2 names and 2 labels, not 3", [&] { manifest_["parts"][0]["rows"] = 3; });
  expect("part-1.json: it was made by the backbone bbb", [&] { parts_[1]["backbone_sha256"] = "bbb"; });
  expect("part-1.json: field \"npy_sha256\" is not what", [&] { parts_[1]["npy_sha256"] = "other"; });
  expect("part-1.npy: it has no labels", [&] { parts_[1]["labels"] = nullptr; });
  expect("part-1.npy: label 0 is no class: there are 2", [&] { parts_[1]["labels"] = {2}; });
  expect("part-1.npy: label 0 is no class: there are 2", [&] { parts_[1]["labels"] = {-1}; });
  expect("1 rows, 1 names and 0 labels, not 1", [&] { parts_[1]["labels"] = Json::array(); });
  expect("part-1.npy: field \"names\" is no list", [&] { parts_[1]["names"] = {7}; });
  expect("part-1.npy: it is no .npy file", [&] { Write("part-1.npy", Bytes{'x', 'y'}); });
  expect("part-1.npy: it has 3 columns, not 1280", [&] { Write("part-1.npy", NpyFile(Floats(3, 0), 1, 3)); });
  expect("part-1.npy: is empty, or not a file", [&] { Write("part-1.npy", Bytes{}); });
  expect("part-1.npy: cannot be opened", [&] { std::filesystem::remove(folder_ + "/part-1.npy"); });
}

TEST_F(FeaturePartsTest, AreNotThereBeforeTheManifestIs) {
  EXPECT_NE(OpenFeatureParts(folder_, nullptr).status().message().find("or they are not finished yet"),
            std::string::npos);
  Write("manifest.json", Bytes{'[', '1'});
  EXPECT_NE(OpenFeatureParts(folder_, nullptr).status().message().find("manifest.json: is no JSON object"),
            std::string::npos);
}

#endif

}  // namespace
}  // namespace handful::cli
