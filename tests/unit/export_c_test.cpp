// The C source as its reader sees it. That a compiler makes the same of it: tests/node/export_c.test.mjs.
#include <gtest/gtest.h>

#include "export/c_source.h"
#include "export/export.h"
#include "unit/export_samples.h"
#include "unit/model_fixture.h"

namespace handful::exporters {
namespace {

using testing::FileNamed;

const std::vector<std::string> kClasses = {"a \"b\"?\?/", "ü", "c\\d"};

Bundle Exported(const nn::Model& model) {
  Result<Bundle> bundle = Export(*FindTarget("c"), model, testing::PatternPictures(model, 4));
  EXPECT_TRUE(bundle.ok()) << bundle.status().message();
  return bundle.ok() ? *std::move(bundle) : Bundle();
}

std::string SourceOf(const Files& files) {
  const InputFile& file = FileNamed(files, "handful_model.c");
  return {file.bytes.begin(), file.bytes.end()};
}

TEST(ExportC, SaysWhatTheModelSays) {
  for (const nn::Model& model : {testing::RandomWholeHead(kClasses), testing::RandomCnn(64, kClasses, 3)}) {
    const Bundle bundle = Exported(model);
    EXPECT_LE(bundle.verification.largest_difference, 1e-6F);
    EXPECT_EQ(bundle.verification.same_first, 4);
  }
}

TEST(ExportC, NamesOfClassesAreLiterals) {
  const std::string source = SourceOf(Exported(testing::RandomCnn(48, kClasses, 3)).files);
  EXPECT_NE(source.find("  \"a \\042b\\042\\077\\077/\",\n  \"\\303\\274\",\n  \"c\\134d\",\n"), std::string::npos);
}

TEST(ExportC, TheReaderSeesWhatIsWrong) {
  const nn::Model model = testing::RandomCnn(48, kClasses, 3);
  const std::vector<Picture> pictures = testing::PatternPictures(model, 1);
  const image::Image* squares[] = {&pictures.front().square};
  const Files files = Exported(model).files;
  const std::string source = SourceOf(files);
  const auto read = [&](const std::string& from, const std::string& to) {
    const size_t at = source.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    std::string changed = source;
    changed.replace(at, from.size(), to);
    const std::vector<uint8_t> bytes(changed.begin(), changed.end());
    return ReadC(Files{{"handful_model.c", bytes}}, squares);
  };
  const auto error = [&](const std::string& from, const std::string& to) {
    const auto answers = read(from, to);
    return answers.ok() ? "read" : answers.status().message();
  };
  EXPECT_EQ(error("SCRATCH", "SCRATCH"), "read");
  EXPECT_EQ(ReadC({}, squares).status().message(), "handful_model.c is missing");
  EXPECT_EQ(error("layers[LAYERS] = {", "layers[] = {"), "there is no table of layers");
  EXPECT_EQ(error("#define LAYERS ", "#define LAYERS 1"), "LAYERS does not count the 9 rows");
  EXPECT_EQ(error("#define WEIGHTS ", "#define WEIGHTS 1"), "WEIGHTS does not count the 12803 numbers");
  EXPECT_EQ(error("{CONV, 0,", "{CONV, x,"), "row 0 of the layers: \"x\" is not understood");
  EXPECT_EQ(error("{CONV, 0,", "{CONVOLVE, 0,"), "row 0 of the layers: its kind is not understood");
  EXPECT_EQ(error("{CONV, 0, 0, 6912,", "{CONV, 0, 0, 6000,"), "row 0 of the layers: it writes over what it reads");
  EXPECT_EQ(error("{CONV, 0, 0, 6912,", "{CONV, 0, 0, 6912000,"), "row 0 of the layers exceeds SCRATCH");
  EXPECT_EQ(error("{MAX_POOL, 6912,", "{MAX_POOL, 6911,"), "row 1 of the layers: what it reads is not there any more");
  EXPECT_EQ(error("weights = {{\n0x", "weights = {{\n0y"),
            "weight 0 is \"0y" + source.substr(source.find("{{\n0x") + 5, 8) + "\"");
  const auto other = read("weights = {{\n0x", "weights = {{\n0x4");
  EXPECT_FALSE(other.ok()) << "nine digits are no float32";
  const auto scaled = read("#define INPUT_SCALE 3.", "#define INPUT_SCALE 9.");
  ASSERT_TRUE(scaled.ok()) << scaled.status().message();
  EXPECT_GT(std::abs((*scaled)[0][0] - (*read("SCRATCH", "SCRATCH"))[0][0]), 1e-3F);
}

}  // namespace
}  // namespace handful::exporters
