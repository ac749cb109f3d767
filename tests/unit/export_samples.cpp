#include "unit/export_samples.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/model_fixture.h"
#include "unit/test_files.h"

namespace handful::testing {

std::vector<exporters::Picture> PatternPictures(const nn::Model& model, int count) {
  const int side = model.input_side;
  const Bytes pattern = PatternRgb8(side, side);
  std::vector<exporters::Picture> pictures;
  for (int i = 0; i < count; ++i) {
    Bytes pixels = pattern;
    for (size_t at = 0; at < pixels.size(); ++at)
      pixels[at] = static_cast<uint8_t>(pattern[at] * (i + 1) + 40 * i * static_cast<int>(at % 3));
    exporters::Picture picture{.name = std::to_string(i),
                               .label = model.classes[static_cast<size_t>(i) % model.classes.size()],
                               .square = {side, side, *Buffer<uint8_t>::CopyOf(pixels)}};
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

nn::Model RandomWholeHead(const std::vector<std::string>& classes) {
  const nn::Model backbone = RandomBackbone(11);
  const Result<nn::Model> whole =
      nn::WithBackbone(RandomHead(backbone.backbone_sha256, classes, 12), backbone.backbone_sha256, backbone.weights);
  EXPECT_TRUE(whole.ok()) << whole.status().message();
  return *whole;
}

importers::InputFile& FileNamed(exporters::Files& files, const std::string& name) {
  const auto found = std::ranges::find(files, name, &importers::InputFile::name);
  EXPECT_NE(found, files.end()) << name;
  return found == files.end() ? files.front() : *found;
}
const importers::InputFile& FileNamed(const exporters::Files& files, const std::string& name) {
  return FileNamed(const_cast<exporters::Files&>(files), name);
}

}  // namespace handful::testing
