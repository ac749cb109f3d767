#include "insight/neighbours.h"

#include <numeric>

#include <gtest/gtest.h>

namespace handful::insight {
namespace {

train::Dataset Points(const std::vector<std::pair<std::vector<float>, int>>& points, std::vector<std::string> classes) {
  train::Dataset data;
  data.dim = points.empty() ? 2 : points[0].first.size();
  data.classes = std::move(classes);
  for (const auto& [values, label] : points) {
    data.rows.push_back(train::MakeFeatureRow(values));
    data.labels.push_back(label);
    data.groups.emplace_back();
  }
  return data;
}

TEST(Neighbours, AnswerFromTwoSamplesAClassOn) {
  EXPECT_FALSE(Neighbours(Points({}, {})).can_answer());
  EXPECT_FALSE(Neighbours(Points({{{1, 0}, 0}, {{1, 0.1F}, 0}}, {"a"})).can_answer());
  EXPECT_FALSE(Neighbours(Points({{{1, 0}, 0}, {{1, 0.1F}, 0}, {{0, 1}, 1}}, {"a", "b"})).can_answer());
  EXPECT_TRUE(Neighbours(Points({{{1, 0}, 0}, {{1, 0.1F}, 0}, {{0, 1}, 1}, {{0.1F, 1}, 1}}, {"a", "b"})).can_answer());
}

TEST(Neighbours, NameTheClassThatPointsTheSameWayWhateverTheLength) {
  const Neighbours neighbours(Points({{{1, 0}, 0}, {{1, 0.1F}, 0}, {{0, 1}, 1}, {{0.1F, 1}, 1}}, {"a", "b"}));
  const std::vector<float> p = neighbours.Classify(std::vector<float>{0.2F, 40});
  EXPECT_GT(p[1], 0.99F);
  EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0F), 1.0F, 1e-6F);
}

TEST(Neighbours, DoNotFavourTheClassWithMoreSamples) {
  std::vector<std::pair<std::vector<float>, int>> points;
  for (int i = 0; i < 50; ++i) points.push_back({{1, 0.9F}, 0});
  for (int i = 0; i < 2; ++i) points.push_back({{0.9F, 1}, 1});
  const Neighbours neighbours(Points(points, {"many", "few"}));
  EXPECT_GT(neighbours.Classify(std::vector<float>{0.85F, 1})[1], 0.5F);
}

TEST(Neighbours, GiveNumbersForFeaturesThatAreAllZero) {
  const Neighbours neighbours(Points({{{0, 0}, 0}, {{0, 0}, 0}, {{0, 0}, 1}, {{0, 0}, 1}}, {"a", "b"}));
  EXPECT_FLOAT_EQ(neighbours.Classify(std::vector<float>{0, 0})[0], 0.5F);
}

}  // namespace
}  // namespace handful::insight
