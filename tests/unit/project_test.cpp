#include "engine/project.h"

#include <gtest/gtest.h>

namespace handful::engine {
namespace {

using schema::ClassInfo;
using schema::SampleInfo;

train::FeatureRow Row(float value) { return train::MakeFeatureRow(std::vector<float>(1280, value)); }

// Adds `count` samples of one session to a class.
std::vector<int64_t> AddSamples(Project& project, int64_t class_id, int count, const std::string& session, bool burst = false) {
  std::vector<int64_t> ids;
  for (int i = 0; i < count; ++i) {
    SampleInfo info{.class_id = class_id, .name = "x.png", .session = session, .burst = burst};
    EXPECT_TRUE(project.AddSample(info, Row(static_cast<float>(i))).ok());
    ids.push_back(info.id);
  }
  return ids;
}

// What can be seen of a project.
std::string Look(const Project& project) {
  std::string text;
  for (const ClassInfo& c : project.classes()) {
    text += Format("%s/%d/%s:", c.name.c_str(), c.color, c.enabled ? "on" : "off");
    for (const auto& [id, sample] : project.samples()) {
      if (sample.info.class_id == c.id) text += Format(" %lld", static_cast<long long>(id));
    }
    text += "; ";
  }
  return text;
}

struct Sheep {
  Project project;
  int64_t black = 0, white = 0;
  std::vector<int64_t> blacks, whites;
};

Sheep TwoClasses() {
  Sheep s;
  EXPECT_TRUE(s.project.AddClass("black").ok());
  EXPECT_TRUE(s.project.AddClass("white").ok());
  s.black = s.project.classes()[0].id;
  s.white = s.project.classes()[1].id;
  s.blacks = AddSamples(s.project, s.black, 3, "a");
  s.whites = AddSamples(s.project, s.white, 2, "b");
  return s;
}

TEST(Project, UndoesAndRedoesEveryKindOfChangeStepByStep) {
  Sheep s = TwoClasses();
  std::vector<std::string> looks = {Look(s.project)};
  auto then = [&](const Result<Changes>& changes) {
    ASSERT_TRUE(changes.ok()) << changes.status().message();
    looks.push_back(Look(s.project));
  };
  then(s.project.EditClass({s.black, "dark", 5, true}));
  then(s.project.EditClass({s.black, "dark", 5, false}));
  then(s.project.MoveClass(s.white, 0));
  then(s.project.MoveSamples({s.blacks[0]}, s.white));
  then(s.project.DeleteSamples({s.blacks[1], s.whites[0]}));
  then(s.project.MergeClasses(s.black, s.white));
  then(s.project.AddClass("third"));
  then(s.project.DeleteClass(s.white));
  for (size_t i = looks.size() - 1; i > 0; --i) {
    EXPECT_EQ(Look(s.project), looks[i]);
    ASSERT_TRUE(s.project.Undo().ok());
  }
  EXPECT_EQ(Look(s.project), looks[0]);
  for (size_t i = 1; i < looks.size(); ++i) {
    ASSERT_TRUE(s.project.Redo().ok());
    EXPECT_EQ(Look(s.project), looks[i]);
  }
  EXPECT_FALSE(s.project.Redo().ok());
}

TEST(Project, BringsSamplesBackWithTheirFeatures) {
  Sheep s = TwoClasses();
  ASSERT_TRUE(s.project.DeleteSamples({s.blacks[2]}).ok());
  EXPECT_EQ(s.project.undo_label(), "delete 1 picture");
  ASSERT_TRUE(s.project.Undo().ok());
  EXPECT_EQ(s.project.Find(s.blacks[2])->features[7], 2.0F);
}

TEST(Project, UndoesARecordingAsOne) {
  Sheep s = TwoClasses();
  EXPECT_EQ(s.project.undo_label(), "add 2 pictures");
  ASSERT_TRUE(s.project.Undo().ok());
  EXPECT_EQ(s.project.samples().size(), 3U);
  EXPECT_EQ(s.project.undo_label(), "add 3 pictures");
  EXPECT_EQ(s.project.redo_label(), "add 2 pictures");
}

TEST(Project, RemembersAtLeastAHundredSteps) {
  Sheep s = TwoClasses();
  const std::string before = Look(s.project);
  for (int i = 0; i < 150; ++i) ASSERT_TRUE(s.project.EditClass({s.black, Format("name %d", i), 0, true}).ok());
  for (int i = 0; i < 150; ++i) ASSERT_TRUE(s.project.Undo().ok());
  EXPECT_EQ(Look(s.project), before);
}

TEST(Project, ForgetsTheOldestStepsWithoutHarmToTheOthers) {
  Sheep s = TwoClasses();
  ASSERT_TRUE(s.project.DeleteSamples({s.blacks[0]}).ok());
  for (size_t i = 0; i < kMostUndo + 5; ++i) ASSERT_TRUE(s.project.EditClass({s.black, Format("name %zu", i), 0, true}).ok());
  size_t steps = 0;
  while (s.project.Undo().ok()) ++steps;
  EXPECT_EQ(steps, kMostUndo);
  EXPECT_EQ(s.project.samples().size(), 4U);
}

TEST(Project, RefusesNamesWithASentence) {
  Sheep s = TwoClasses();
  const std::string before = Look(s.project);
  EXPECT_EQ(s.project.AddClass(" \t ").status().message(), "a class needs a name");
  EXPECT_EQ(s.project.AddClass("black ").status().message(), "there is a class called \"black\" already");
  EXPECT_EQ(s.project.EditClass({s.white, "black", 0, true}).status().message(), "there is a class called \"black\" already");
  EXPECT_EQ(s.project.AddClass(std::string(10'000, 'x')).status().message(), "a class's name may have 100 characters, and this one has 10000");
  EXPECT_FALSE(s.project.MergeClasses(s.white, s.white).ok());
  EXPECT_FALSE(s.project.MoveClass(s.white, 2).ok());
  EXPECT_FALSE(s.project.MoveSamples({s.blacks[0], 999}, s.white).ok());
  EXPECT_FALSE(s.project.DeleteSamples({999}).ok());
  EXPECT_FALSE(s.project.DeleteClass(999).ok());
  EXPECT_EQ(Look(s.project), before);
}

TEST(Project, TakesNamesInAnyScriptAndMarkupAsTheyAre) {
  Project project;
  for (const char* name : {"<script>alert(1)</script>", "قطة", "猫 & 犬", "🐈‍⬛", "a\tb"}) ASSERT_TRUE(project.AddClass(name).ok()) << name;
  EXPECT_EQ(project.classes()[0].name, "<script>alert(1)</script>");
  EXPECT_EQ(project.classes()[1].name, "قطة");
  EXPECT_EQ(project.classes()[4].name, "a b");
  // A hundred characters of four bytes each are a hundred characters.
  std::string cats;
  for (int i = 0; i < 100; ++i) cats += "🐈";
  EXPECT_TRUE(project.AddClass(cats).ok());
}

TEST(Project, TrainsOnEnabledClassesInTheOrderSamplesWereAdded) {
  Sheep s = TwoClasses();
  AddSamples(s.project, s.black, 2, "take 1", /*burst=*/true);
  SampleInfo without{.class_id = s.white, .name = "later"};
  ASSERT_TRUE(s.project.AddSample(without, nullptr).ok());
  train::Dataset data = s.project.ToDataset();
  EXPECT_EQ(data.classes, (std::vector<std::string>{"black", "white"}));
  EXPECT_EQ(data.labels, (std::vector<int>{0, 0, 0, 1, 1, 0, 0}));
  EXPECT_EQ(data.groups, (std::vector<std::string>{"", "", "", "", "", "take 1", "take 1"}));
  ASSERT_TRUE(s.project.EditClass({s.black, "black", 0, false}).ok());
  data = s.project.ToDataset();
  EXPECT_EQ(data.classes, std::vector<std::string>{"white"});
  EXPECT_EQ(data.labels, (std::vector<int>{0, 0}));
}

TEST(Project, ForgetsWhatCouldNotBeKeptFromTheHistoryToo) {
  Sheep s = TwoClasses();
  for (const int64_t id : s.whites) s.project.Forget(id);
  EXPECT_EQ(s.project.undo_label(), "add 3 pictures");
  ASSERT_TRUE(s.project.Undo().ok());
  EXPECT_TRUE(s.project.samples().empty());
}

}  // namespace
}  // namespace handful::engine
