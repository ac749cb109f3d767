// 8 bits: how a network is quantised, and the integer executor that proves it.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "export/calibrate.h"
#include "export/quantize.h"
#include "import/tflite_integer_checks.h"
#include "import/tflite_integers.h"
#include "unit/graph_files.h"

namespace handful::exporters {
namespace {

Material MaterialFor(const nn::Model& model, size_t pictures, bool half_held_out = false) {
  Result<Network> network = NetworkOf(model);
  EXPECT_TRUE(network.ok()) << network.status().message();
  return {.model = model,
          .network = *std::move(network),
          .pictures = testing::TintedPictures(model, pictures, half_held_out)};
}

TEST(Calibration, FindsRangesAndMeansAndSparesTheEnds) {
  Calibration calibration;
  std::vector<float> values;
  for (int i = 0; i < 10000; ++i) values.insert(values.end(), {i % 2 == 0 ? 1.0F : 2.0F, -0.5F});
  values[0] = 1000;
  values[1] = -300;
  calibration.Add(values, 2);
  EXPECT_EQ(calibration.Clipped(0).low, -300);
  EXPECT_EQ(calibration.Clipped(0).high, 1000);
  EXPECT_NEAR(calibration.Clipped(1e-3).high, 2, 0.5) << "within a bin of 1024 / 2048";
  EXPECT_NEAR(calibration.Clipped(1e-3).low, -0.5, 0.5);
  EXPECT_NEAR(calibration.Means()[0], (1000 + 4999 * 1 + 5000 * 2) / 10000.0, 1e-6);
  EXPECT_NEAR(calibration.Means()[1], (-300 - 9999 * 0.5) / 10000.0, 1e-6);
}

TEST(Calibration, AsksOnlyPicturesThatWereLearnedFrom) {
  const nn::Model model = testing::RandomCnn(16, {"a", "b"}, 3);
  Material all = MaterialFor(model, 8, /*half_held_out=*/true);
  Material without = MaterialFor(model, 8, /*half_held_out=*/true);
  std::erase_if(without.pictures, [](const Picture& picture) { return picture.held_out; });
  ASSERT_EQ(without.pictures.size(), 4U);
  const Result<std::vector<Calibration>> a = Calibrate(all), b = Calibrate(without);
  ASSERT_TRUE(a.ok() && b.ok());
  for (size_t i = 0; i < a->size(); ++i) EXPECT_EQ((*a)[i].Means(), (*b)[i].Means());
  for (Picture& picture : all.pictures) picture.held_out = true;  // there is nothing better
  const Result<std::vector<Calibration>> c = Calibrate(all);
  ASSERT_TRUE(c.ok());
  EXPECT_NE((*c)[0].Means(), (*a)[0].Means());
}

TEST(Quantize, WeightsAreRoundedByChannelAndTheirMeanErrorIsTakenOffTheBias) {
  const Material material = MaterialFor(testing::RandomWholeHead(), 6);
  const Result<QuantizedNetwork> quantized = Quantize(material);
  const Result<std::vector<Calibration>> calibrations = Calibrate(material);
  ASSERT_TRUE(quantized.ok() && calibrations.ok());
  size_t looked_at = 0;
  for (size_t i = 1; i < material.network.layers.size(); ++i) {
    const Layer& layer = material.network.layers[i];
    if (!layer.operation.has_kernel()) continue;
    const QuantizedLayer& stored = quantized->layers[i];
    const auto outputs = static_cast<size_t>(layer.output.channels),
               inputs = static_cast<size_t>(layer.inputs[0].channels);
    const bool dense = layer.operation.kind == nn::Operation::Kind::kGemm;
    ASSERT_EQ(stored.kernel_scale.size(), dense ? 1 : outputs);
    const Layer* from = material.network.Find(layer.operation.inputs[0]);
    const auto at = static_cast<size_t>(from - material.network.layers.data());
    const std::vector<double> means = (*calibrations)[at].Means();
    std::vector<double> error(outputs);  // of the output's mean
    for (size_t k = 0; k < layer.folded.kernel.size(); ++k) {
      const size_t o = k % outputs;
      const double scale = static_cast<double>(stored.kernel_scale[o % stored.kernel_scale.size()]);
      const double rounded = scale * stored.kernel[k];
      ASSERT_LE(std::fabs(rounded - layer.folded.kernel[k]), 0.501 * scale) << layer.operation.name;
      const bool depthwise = layer.operation.kind == nn::Operation::Kind::kDepthwiseConv;
      error[o] += (rounded - layer.folded.kernel[k]) * means[depthwise ? o : k / outputs % inputs];
    }
    const double input_scale = static_cast<double>(quantized->layers[at].output.scale);
    for (size_t o = 0; o < outputs; ++o) {
      const double step = input_scale * static_cast<double>(stored.kernel_scale[o % stored.kernel_scale.size()]);
      const double bias = layer.folded.bias.empty() ? 0 : layer.folded.bias[o];
      ASSERT_NEAR(error[o] + stored.bias[o] * step, bias, 0.51 * step) << layer.operation.name;
      ++looked_at;
    }
  }
  EXPECT_GT(looked_at, 5000U);
}

TEST(Export, OfEightBitsTellsHowManyHeldOutPicturesAreRightBeforeAndAfter) {
  const nn::Model model = testing::RandomCnn(16, {"a", "b", "c"}, 3);
  const Result<Bundle> bundle =
      Export(*FindTarget("tflite-int8"), model, testing::TintedPictures(model, 24, /*half_held_out=*/true));
  ASSERT_TRUE(bundle.ok()) << bundle.status().message();
  EXPECT_EQ(bundle->verification.held_out, 12);
  EXPECT_GT(bundle->verification.right_before, 0);
  EXPECT_LT(bundle->verification.right_before, 12) << "it was taught nothing";
  EXPECT_NEAR(bundle->verification.right_after, bundle->verification.right_before, 1);
  const Result<Bundle> floats =
      Export(*FindTarget("tflite"), model, testing::TintedPictures(model, 24, /*half_held_out=*/true));
  ASSERT_TRUE(floats.ok());
  EXPECT_EQ(floats->verification.held_out, 0) << "where numbers are compared there is nothing to count";
}

// ---- the integer executor ----

using importers::TfliteFile;

std::vector<uint8_t> SmallFile() {
  return testing::Exported("tflite-int8", testing::RandomCnn(16, {"a", "b", "c"}, 3)).files.front().bytes;
}

TEST(RunIntegers, WhatCannotBeRunIsASentence) {
  const std::vector<uint8_t> bytes = SmallFile();
  const Result<TfliteFile> file = importers::ReadTfliteFile(bytes);
  ASSERT_TRUE(file.ok());
  const auto error = [&](auto&& change) {
    TfliteFile spoiled = *file;
    change(spoiled);
    const Status status = importers::CheckIntegers(spoiled);
    return status.ok() ? "sound" : status.message();
  };
  const auto tensor = [](TfliteFile& f, size_t op, size_t input) -> importers::TfliteTensor& {
    return f.tensors[static_cast<size_t>(f.operators[op].inputs[input])];
  };
  EXPECT_EQ(error([](TfliteFile&) {}), "sound");
  EXPECT_EQ(error([&](TfliteFile& f) { tensor(f, 1, 0).scale = {}; }), "tensor \"image_int8\" is not quantised");
  EXPECT_EQ(error([](TfliteFile& f) { f.operators[1].inputs[0] = f.operators[3].output; }),
            "operator 2: its input 1 is not the quantised output of an operator before it");
  EXPECT_EQ(error([](TfliteFile& f) { f.operators[1].output = f.input; }),
            "operator 2: its output is no quantised tensor that is computed");
  EXPECT_EQ(error([](TfliteFile& f) { f.operators[1].stride_w = 2; }), "operator 2: its maps do not fit together");
  EXPECT_EQ(error([&](TfliteFile& f) { tensor(f, 1, 1).zero_point[0] = 1; }),
            "operator 2: its weights are not symmetric by output channel");
  EXPECT_EQ(error([&](TfliteFile& f) { tensor(f, 1, 2).elements = 5; }),
            "operator 2: its bias has another form than it must have");
  EXPECT_EQ(error([](TfliteFile& f) { f.operators[2].filter_h = 3; }), "sound") << "SAME pads for any";
  EXPECT_EQ(error([&](TfliteFile& f) { tensor(f, 2, 0).scale[0] *= 2; }),
            "operator 3: its maps or scales do not fit together");
  EXPECT_EQ(error([](TfliteFile& f) { f.operators.back().code = importers::TfliteOp::kMean; }),
            Format("operator %zu: operator code 40 cannot be run in integers", file->operators.size()));
  const image::Image square{20, 20, std::move(*Buffer<uint8_t>::Zeroed(1200))};
  const image::Image* squares[] = {&square};
  EXPECT_EQ(importers::RunIntegers(*file, squares).status().message(), "its input is not 20 × 20 pixels");
}

TEST(RunIntegers, WithAnyByteChangedItDoesNoHarm) {
  std::vector<uint8_t> bytes = SmallFile();
  const std::vector<Picture> pictures = testing::TintedPictures(testing::RandomCnn(16, {"a", "b", "c"}, 3), 1);
  const image::Image* squares[] = {&pictures[0].square};
  constexpr size_t kRunEvery = 16;
  size_t sound = 0, ran = 0;
  for (size_t at = 0; at < bytes.size(); ++at) {
    bytes[at] ^= 0xFFU;
    const Result<TfliteFile> file = importers::ReadTfliteFile(bytes);
    if (file.ok() && importers::CheckIntegers(*file).ok() && ++sound % kRunEvery == 0)
      ran += importers::RunIntegers(*file, squares).ok() ? 1 : 0;
    bytes[at] ^= 0xFFU;
  }
  EXPECT_GT(ran, bytes.size() / kRunEvery / 2) << "most bytes are weights";
  EXPECT_LT(sound, bytes.size() - 500) << "others are structure";
}

}  // namespace
}  // namespace handful::exporters
