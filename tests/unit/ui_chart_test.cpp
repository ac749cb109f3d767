#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ui/toolkit/chart.h"

namespace handful::ui {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

ChartLine LineOf(std::vector<double> values, std::string name = "Training") {
  ChartLine line{.name = std::move(name)};
  for (size_t i = 0; i < values.size(); ++i) line.points.push_back({static_cast<double>(i + 1), values[i]});
  return line;
}

TEST(ChartTicks, AreRoundNumbersAndNeverMoreThanWanted) {
  EXPECT_EQ(NiceTicks(0, 1, 6), (std::vector<double>{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}));
  EXPECT_EQ(NiceTicks(1, 50, 6), (std::vector<double>{10, 20, 30, 40, 50}));
  EXPECT_EQ(NiceTicks(1, 3, 8, 1), (std::vector<double>{1, 2, 3})) << "no half epochs";
  for (const double high : {0.013, 0.4, 1.0, 7.3, 42.0, 999.0, 1e6}) {
    for (int most = 2; most < 12; ++most) {
      const auto ticks = NiceTicks(0, high, most);
      EXPECT_GE(ticks.size(), 1U) << high << " with " << most;
      EXPECT_LE(ticks.size(), static_cast<size_t>(most)) << high << " with " << most;
      EXPECT_LE(ticks.back(), high * (1 + 1e-9));
    }
  }
}

TEST(ChartTicks, OfNothingAreNone) {
  EXPECT_TRUE(NiceTicks(1, 1, 5).empty());
  EXPECT_TRUE(NiceTicks(0, kNan, 5).empty());
  EXPECT_TRUE(NiceTicks(2, 1, 5).empty());
}

TEST(ChartAxis, OfEpochsBeginsWithTheFirstAndIsWholeNumbers) {
  EXPECT_EQ(EpochAxis(50, 6).ticks, (std::vector<double>{1, 10, 20, 30, 40, 50}));
  EXPECT_EQ(EpochAxis(3, 10).ticks, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(EpochAxis(1, 6).ticks, (std::vector<double>{1}));
  EXPECT_LT(EpochAxis(1, 6).low, 1) << "a single epoch stands in the middle";
  EXPECT_GT(EpochAxis(0, 6).high, EpochAxis(0, 6).low);
}

TEST(ChartAxis, OfLossGoesFromZeroToARoundNumberAboveAll) {
  const ChartLine lines[] = {LineOf({1.37, 0.8, 0.2}), LineOf({1.2, 0.9, 0.6})};
  const Axis axis = LossAxis(lines);
  EXPECT_EQ(axis.low, 0);
  EXPECT_EQ(axis.high, 1.5);
  EXPECT_EQ(axis.TickText(axis.ticks.front()), "0.0") << "not −0.0";
  EXPECT_EQ(axis.TickText(axis.ticks.back()), "1.5");
}

TEST(ChartAxis, OfLossIsNotFlattenedByAHighBeginning) {
  std::vector<double> values(100, 0.2);
  values[0] = 40;
  const ChartLine lines[] = {LineOf(values)};
  EXPECT_LE(LossAxis(lines).high, 0.25);
}

TEST(ChartAxis, OfALongTrainingStillShowsWhereItBegan) {
  std::vector<double> values = {1.15, 0.6, 0.3, 0.15, 0.08};
  for (int i = 0; i < 1500; ++i) values.push_back(i == 700 ? 3.0 : 0.001);
  const ChartLine lines[] = {LineOf(values)};
  EXPECT_EQ(LossAxis(lines).high, 1.5);
}

TEST(ChartAxis, OfLossAlwaysShowsTheLastValue) {
  std::vector<double> values(100, 0.2);
  values.back() = 40;
  const ChartLine lines[] = {LineOf(values)};
  EXPECT_GE(LossAxis(lines).high, 40);
}

TEST(ChartAxis, OfLossThatIsNoNumberIsStillAnAxis) {
  const ChartLine lines[] = {LineOf({kNan, std::numeric_limits<double>::infinity()}), LineOf({}), LineOf({0, 0})};
  const Axis axis = LossAxis(lines);
  EXPECT_LT(axis.low, axis.high);
  EXPECT_FALSE(axis.ticks.empty());
}

TEST(ChartAxis, OfAccuracyShowsAllOfItOrItsUpperEnd) {
  const ChartLine low[] = {LineOf({0.3, 0.9})}, high[] = {LineOf({0.85, 0.9})}, higher[] = {LineOf({0.95, 1})};
  EXPECT_EQ(AccuracyAxis(low).low, 0);
  EXPECT_EQ(AccuracyAxis(high).low, 0.8);
  EXPECT_EQ(AccuracyAxis(higher).low, 0.9);
  EXPECT_EQ(AccuracyAxis({}).low, 0);
  EXPECT_EQ(AccuracyAxis(high).high, 1);
  EXPECT_EQ(AccuracyAxis(low).TickText(0.2), "20 %");
}

TEST(ChartDecimation, KeepsTheHighestAndLowestOfEachColumnInOrder) {
  std::vector<ChartPoint> points;
  for (int i = 0; i < 20000; ++i) points.push_back({i + 1.0, std::sin(i * 0.01)});
  points[7777].y = 9;
  points[12345].y = -9;
  const Axis x = EpochAxis(20000, 6);
  const auto kept = Decimate(points, x, 300);
  EXPECT_LE(kept.size(), 602U);
  EXPECT_GE(kept.size(), 300U);
  EXPECT_TRUE(
      std::is_sorted(kept.begin(), kept.end(), [](const ChartPoint& a, const ChartPoint& b) { return a.x < b.x; }));
  EXPECT_TRUE(std::any_of(kept.begin(), kept.end(), [](const ChartPoint& p) { return p.y == 9; }));
  EXPECT_TRUE(std::any_of(kept.begin(), kept.end(), [](const ChartPoint& p) { return p.y == -9; }));
}

TEST(ChartDecimation, LeavesFewPointsAsTheyAreAndKeepsGaps) {
  const auto line = LineOf({3, kNan, 1});
  EXPECT_EQ(Decimate(line.points, EpochAxis(3, 4), 100).size(), 3U);
  std::vector<ChartPoint> many;
  for (int i = 0; i < 1000; ++i) many.push_back({i + 1.0, i >= 400 && i < 600 ? kNan : 1.0});
  const auto kept = Decimate(many, EpochAxis(1000, 4), 50);
  EXPECT_EQ(std::count_if(kept.begin(), kept.end(), [](const ChartPoint& p) { return !std::isfinite(p.y); }), 1);
}

TEST(ChartLabels, StandWhereTheyWantWhenThereIsRoom) {
  EXPECT_EQ(PlaceLabels({80, 20}, 16, 0, 100), (std::vector<float>{80, 20}));
  EXPECT_TRUE(PlaceLabels({}, 16, 0, 100).empty());
}

TEST(ChartLabels, NeverOverlapAndStayInside) {
  for (const auto& wanted :
       {std::vector<float>{50, 50, 50, 50}, {0, 1, 2}, {99, 100, 98}, {10, 30, 31, 90}, {-40, 200}}) {
    const auto placed = PlaceLabels(wanted, 16, 0, 100);
    auto sorted = placed;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_GE(sorted.front(), 8 - 1e-3);
    EXPECT_LE(sorted.back(), 92 + 1e-3);
    for (size_t i = 1; i < sorted.size(); ++i) EXPECT_GE(sorted[i] - sorted[i - 1], 16 - 1e-3);
    for (size_t i = 0; i < wanted.size(); ++i) {
      for (size_t j = 0; j < wanted.size(); ++j) {
        if (wanted[i] < wanted[j]) EXPECT_LT(placed[i], placed[j]) << "the order of the lines";
      }
    }
  }
}

TEST(ChartLabels, MoveAsLittleAsTheyCan) {
  const auto placed = PlaceLabels({50, 54}, 16, 0, 100);
  EXPECT_FLOAT_EQ(placed[0], 44);
  EXPECT_FLOAT_EQ(placed[1], 60);
}

TEST(ChartLabels, CloseRanksWhereThereIsNoRoomForAll) {
  const auto placed = PlaceLabels({10, 10, 10, 10, 10}, 16, 0, 40);
  EXPECT_FLOAT_EQ(placed[1] - placed[0], 8);
  EXPECT_FLOAT_EQ(placed.back(), 36);
}

TEST(ChartReadOut, FindsTheNearestPoint) {
  const auto line = LineOf({1, 2, 3});
  EXPECT_EQ(NearestPoint(line.points, -5), 0);
  EXPECT_EQ(NearestPoint(line.points, 1.6), 1);
  EXPECT_EQ(NearestPoint(line.points, 99), 2);
  EXPECT_EQ(NearestPoint({}, 1), -1);
}

TEST(ChartSummary, SaysTrendAndLastValues) {
  const ChartLine lines[] = {LineOf({1.39, 0.7, 0.05}), LineOf({1.21, 0.31, kNan}, "Held out")};
  EXPECT_EQ(ChartSummary({.title = "Loss", .lines = lines, .y = LossAxis(lines)}),
            "Loss. Training fell from 1.39 to 0.050, held out fell from 1.21 to 0.31, in 3 epochs.");
  const ChartLine one[] = {LineOf({0.25})};
  EXPECT_EQ(ChartSummary({.title = "Accuracy", .lines = one, .y = AccuracyAxis(one)}),
            "Accuracy. Training 25.0 %, in 1 epoch.");
  EXPECT_EQ(ChartSummary({.title = "Loss", .empty = "Nothing yet."}), "Loss. Nothing yet.");
}

}  // namespace
}  // namespace handful::ui
