#include "insight/layer_maps.h"

#include <array>

#include <gtest/gtest.h>

namespace handful::insight {
namespace {

using Rgb = std::array<int, 3>;

Rgb At(const Sheet& sheet, int x, int y) {
  const size_t i = static_cast<size_t>(y * sheet.width + x) * 4;
  return {sheet.rgba8[i], sheet.rgba8[i + 1], sheet.rgba8[i + 2]};
}

// Channel c is c + 1 in the left half, and nothing in the right one.
nn::LayerOutput Halves(int side, int channels) {
  nn::LayerOutput layer{.name = "conv1", .shape = {side, side, channels}, .values = {}};
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      for (int c = 0; c < channels; ++c) layer.values.push_back(x < side / 2 ? static_cast<float>(c + 1) : 0);
    }
  }
  return layer;
}

TEST(LayerMaps, ThoseThatVaryMostStandInTheOrderOfTheirChannels) {
  const Sheet sheet = MapSheet(Halves(8, 12), 3);
  EXPECT_EQ(sheet.shown, 3);
  EXPECT_EQ(sheet.columns, 3);
  EXPECT_EQ(sheet.width, 3 * 56 + 2);
  EXPECT_EQ(sheet.height, 56);
  EXPECT_EQ(sheet.rgba8.size(), static_cast<size_t>(sheet.width * sheet.height * 4));
  const Rgb tenth = At(sheet, 10, 10), twelfth = At(sheet, 2 * 57 + 10, 10), nothing = At(sheet, 50, 10);
  EXPECT_LT(tenth[2], twelfth[2]) << "all have one scale";
  EXPECT_EQ(twelfth, (Rgb{255, 250, 224})) << "the strongest value is the brightest";
  EXPECT_LT(nothing[0], 20);
  EXPECT_EQ(sheet.rgba8[56 * 4 + 3], 0) << "gaps are transparent";
}

TEST(LayerMaps, ManyMapsGetSmallTilesThatGraphicsCardsCanHold) {
  const Sheet sheet = MapSheet(Halves(2, 1280), 2048);
  EXPECT_EQ(sheet.shown, 1280);
  EXPECT_EQ(sheet.columns, 16);
  EXPECT_EQ(sheet.height, 80 * 29 - 1);
  EXPECT_LE(sheet.height, 4096);
}

TEST(LayerMaps, ALargerMapIsAveraged) {
  nn::LayerOutput checkered{.name = "conv1", .shape = {112, 112, 1}, .values = {}};
  for (int i = 0; i < 112 * 112; ++i) checkered.values.push_back((i + i / 112) % 2 == 0 ? 1.0F : 0.0F);
  const Sheet sheet = MapSheet(checkered, 8);
  EXPECT_EQ(At(sheet, 0, 0), At(sheet, 1, 0)) << "each tile's pixel is the mean of two by two";
  EXPECT_EQ(At(sheet, 0, 0), At(sheet, 55, 55));
}

TEST(LayerMaps, NegativeIsBlueAndVectorsAreCells) {
  nn::LayerOutput logits{.name = "output", .shape = {1, 1, 70}, .values = std::vector<float>(70, 0)};
  logits.values[0] = -2;
  logits.values[65] = 2;
  const Sheet sheet = MapSheet(logits, 1);
  EXPECT_EQ(sheet.shown, 70);
  EXPECT_EQ(sheet.columns, 64);
  EXPECT_EQ(sheet.height, 14);
  const Rgb negative = At(sheet, 0, 0), positive = At(sheet, 10, 10);
  EXPECT_GT(negative[2], negative[0] + 100);
  EXPECT_GT(positive[0], positive[2]);
  EXPECT_EQ(sheet.rgba8[static_cast<size_t>(7 * sheet.width + 6 * 7 + 1) * 4 + 3], 0) << "the last row is not full";
}

TEST(LayerMaps, ALayerOfZerosIsBlack) {
  const Sheet sheet = MapSheet({.name = "dead", .shape = {4, 4, 2}, .values = std::vector<float>(32, 0)}, 8);
  EXPECT_EQ(sheet.shown, 2);
  EXPECT_LT(At(sheet, 5, 5)[0], 20);
}

TEST(LayerMaps, FiltersOfColoursAreColoured) {
  nn::Filters filters{
      .name = "conv1/kernel", .height = 3, .width = 3, .inputs = 3, .outputs = 2, .values = std::vector<float>(54, 0)};
  filters.values[0] = 0.5F;                     // filter 0, first pixel, red
  filters.values[(8 * 3 + 2) * 2 + 1] = -0.5F;  // filter 1, last pixel, blue
  const Sheet sheet = FilterSheet(filters);
  EXPECT_EQ(sheet.shown, 2);
  EXPECT_EQ(sheet.width, 2 * 54 + 1);
  EXPECT_EQ(At(sheet, 0, 0), (Rgb{255, 128, 128}));
  EXPECT_EQ(At(sheet, 53, 53), (Rgb{128, 128, 128}));
  EXPECT_EQ(At(sheet, 108, 53), (Rgb{128, 128, 0}));
}

}  // namespace
}  // namespace handful::insight
