// The model card of a bundle, and the interval in it.
#include "export/card.h"

#include <gtest/gtest.h>

#include "base/wilson.h"
#include "unit/export_samples.h"
#include "unit/model_samples.h"

namespace handful::exporters {
namespace {

// Newcombe (1998), table I.
TEST(Wilson, GivesTheIntervalsOfThePaper) {
  const struct {
    int right, count;
    double low, high;
  } cases[] = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}};
  for (const auto& one : cases) {
    EXPECT_NEAR(Wilson(one.right, one.count).low, one.low, 5e-5) << one.right << " of " << one.count;
    EXPECT_NEAR(Wilson(one.right, one.count).high, one.high, 5e-5) << one.right << " of " << one.count;
  }
  EXPECT_EQ(Wilson(0, 0).low, 0);
  EXPECT_EQ(Wilson(0, 0).high, 1);
}

std::string CardOf(nn::Model model) {
  const Result<Bundle> bundle = Export(*FindTarget("onnx"), std::move(model), {});
  EXPECT_TRUE(bundle.ok()) << bundle.status().message();
  if (!bundle.ok()) return "";
  const importers::InputFile& card = testing::FileNamed(bundle->files, "MODEL_CARD.md");
  return {card.bytes.begin(), card.bytes.end()};
}

TEST(ModelCard, SaysCountsTheFigureWithItsIntervalAndWhoseWorkItIs) {
  nn::Model model = testing::RandomWholeHead({"a", "b", "c"});
  model.title = "three things";
  model.backbone_title = "Handful's own backbone of some day";
  model.notes = {{"samples", "180"}, {"held_out", "29"}, {"held_out_right", "28"}, {"settings", "{}"}};
  const std::string card = CardOf(model);
  for (const char* part : {"# three things\n", "| 3 classes | a, b, c |", "| pictures that it was taught with | 180 |",
                           "| 28 of 29, 96.6 % (95 % interval: 82.8 to 99.4 %) |", "MIT License", "settings: `{}`"}) {
    EXPECT_NE(card.find(part), std::string::npos) << part << "\n" << card;
  }
}

TEST(ModelCard, SaysNothingOfWhatIsNotKnownOrNotSound) {
  nn::Model model = testing::RandomWholeHead({"a", "b"});
  for (const auto& [count, right] :
       {std::pair("", ""), std::pair("5", "6"), std::pair("x", "y"), std::pair("-5", "-6")}) {
    model.notes = {{"held_out", count}, {"held_out_right", right}};
    EXPECT_EQ(CardOf(model).find("held out from learning |"), std::string::npos) << count;
  }
}

}  // namespace
}  // namespace handful::exporters
