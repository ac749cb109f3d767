// Models as files of other formats, made on the spot by Handful's exporters, and what must hold of whoever reads them.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "export/export.h"
#include "unit/model_fixture.h"
#include "unit/test_files.h"

namespace handful::testing {

// Noise with a tint of its class, so that activations differ.
inline std::vector<exporters::Picture> TintedPictures(const nn::Model& model, size_t count,
                                                      bool half_held_out = false) {
  std::vector<exporters::Picture> pictures;
  for (size_t number = 0; number < count; ++number) {
    const size_t tint = number % model.classes.size();
    const auto side = static_cast<size_t>(model.input_side);
    image::Image square{model.input_side, model.input_side, std::move(*Buffer<uint8_t>::Zeroed(side * side * 3))};
    Rng rng(number + 1);
    for (size_t i = 0; i < side * side * 3; ++i)
      square.pixels_rgb8[i] = static_cast<uint8_t>(rng.Below(150) + (i % 3 == tint % 3 ? 100 : 0));
    pictures.push_back({.name = Format("%zu.png", number),
                        .label = model.classes[tint],
                        .square = std::move(square),
                        .held_out = half_held_out && number % 2 == 1});
  }
  return pictures;
}

// A head with its backbone inside.
inline nn::Model RandomWholeHead() {
  const nn::Model backbone = RandomBackbone(1);
  const Result<nn::Model> whole =
      nn::WithBackbone(RandomHead(backbone.backbone_sha256, {"left", "right", "neither"}, 2), backbone.backbone_sha256,
                       backbone.weights);
  EXPECT_TRUE(whole.ok()) << whole.status().message();
  return *whole;
}

inline exporters::Bundle Exported(const char* format, const nn::Model& model, size_t pictures = 6) {
  Result<exporters::Bundle> bundle =
      exporters::Export(*exporters::FindTarget(format), model, TintedPictures(model, pictures));
  EXPECT_TRUE(bundle.ok()) << bundle.status().message();
  return bundle.ok() ? *std::move(bundle) : exporters::Bundle{};
}

inline std::string ImportErrorOf(const std::string& name, Bytes bytes) {
  const std::vector<importers::InputFile> files = {{name, std::move(bytes)}};
  const Result<importers::ImportedModel> imported = importers::ImportModel(files);
  return imported.ok() ? "imported" : imported.status().message();
}

// Cut short anywhere it is refused with a sentence; with any byte changed it is read or refused, and nothing crashes.
inline void ExpectSurvivesDamage(const std::string& name, const Bytes& bytes, size_t whole_from) {
  for (size_t length = 0; length < whole_from; ++length) {
    const std::string error = ImportErrorOf(name, Bytes(bytes.begin(), bytes.begin() + static_cast<long>(length)));
    ASSERT_NE(error, "imported") << "cut short at byte " << length;
    ASSERT_FALSE(error.empty()) << "cut short at byte " << length;
  }
  size_t refused = 0;
  for (size_t at = 0; at < bytes.size(); ++at) {
    Bytes damaged = bytes;
    damaged[at] ^= 0xFFU;
    refused += ImportErrorOf(name, std::move(damaged)) != "imported" ? 1 : 0;
  }
  EXPECT_GT(refused, 100U) << "so many bytes at least are structure";
}

// The same tensors with the same numbers, and the same of all that is not a tensor.
inline void ExpectSameModel(const nn::Model& read, const nn::Model& written) {
  EXPECT_EQ(nn::FactsOf(read), nn::FactsOf(written));
  EXPECT_EQ(read.weights.tensors.size(), written.weights.tensors.size());
  for (const nn::NamedTensor& tensor : written.weights.tensors) {
    const nn::NamedTensor* same = read.weights.Find(tensor.name);
    ASSERT_NE(same, nullptr) << tensor.name;
    EXPECT_EQ(same->shape, tensor.shape) << tensor.name;
    EXPECT_EQ(same->values, tensor.values) << tensor.name;
  }
}

}  // namespace handful::testing
