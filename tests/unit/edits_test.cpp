#include "engine/project/edits.h"

#include <gtest/gtest.h>

namespace handful::engine {
namespace {

using schema::ClassInfo;
using schema::SampleInfo;

train::FeatureRow Row(float value) { return train::MakeFeatureRow(std::vector<float>(1280, value)); }

// Adds `count` samples of one session to a class.
std::vector<int64_t> AddSamples(Edits& edits, int64_t class_id, int count, const std::string& session,
                                bool burst = false) {
  std::vector<int64_t> ids;
  for (int i = 0; i < count; ++i) {
    SampleInfo info{.class_id = class_id, .name = "x.png", .session = session, .burst = burst};
    EXPECT_TRUE(edits.AddSample(info, Row(static_cast<float>(i))).ok());
    ids.push_back(info.id);
  }
  return ids;
}

// What can be seen of a project.
std::string Look(const State& state) {
  std::string text;
  for (const ClassInfo& c : state.info.classes) {
    text += Format("%s/%d/%s:", c.name.c_str(), c.color, c.enabled ? "on" : "off");
    for (const auto& [id, sample] : state.samples) {
      if (sample.info.class_id == c.id) text += Format(" %lld", static_cast<long long>(id));
    }
    text += "; ";
  }
  return text;
}

// Two classes with samples.
struct Sheep {
  Sheep() {
    EXPECT_TRUE(edits.AddClass("black").ok());
    EXPECT_TRUE(edits.AddClass("white").ok());
    black = state.info.classes[0].id;
    white = state.info.classes[1].id;
    blacks = AddSamples(edits, black, 3, "a");
    whites = AddSamples(edits, white, 2, "b");
  }
  State state;
  Edits edits{state};
  int64_t black = 0, white = 0;
  std::vector<int64_t> blacks, whites;
};

TEST(Edits, UndoesAndRedoesEveryKindOfChangeStepByStep) {
  Sheep s;
  std::vector<std::string> looks = {Look(s.state)};
  auto then = [&](const Result<Changes>& changes) {
    ASSERT_TRUE(changes.ok()) << changes.status().message();
    looks.push_back(Look(s.state));
  };
  then(s.edits.EditClass({s.black, "dark", 5, true}));
  then(s.edits.EditClass({s.black, "dark", 5, false}));
  then(s.edits.MoveClass(s.white, 0));
  then(s.edits.MoveSamples({s.blacks[0]}, s.white));
  then(s.edits.DeleteSamples({s.blacks[1], s.whites[0]}));
  then(s.edits.MergeClasses(s.black, s.white));
  then(s.edits.AddClass("third"));
  then(s.edits.DeleteClass(s.white));
  for (size_t i = looks.size() - 1; i > 0; --i) {
    EXPECT_EQ(Look(s.state), looks[i]);
    ASSERT_TRUE(s.edits.Undo().ok());
  }
  EXPECT_EQ(Look(s.state), looks[0]);
  for (size_t i = 1; i < looks.size(); ++i) {
    ASSERT_TRUE(s.edits.Redo().ok());
    EXPECT_EQ(Look(s.state), looks[i]);
  }
  EXPECT_FALSE(s.edits.Redo().ok());
}

TEST(Edits, BringsSamplesBackWithTheirFeatures) {
  Sheep s;
  ASSERT_TRUE(s.edits.DeleteSamples({s.blacks[2]}).ok());
  EXPECT_EQ(s.edits.to_undo().kind, schema::EditKind::kDeleteSamples);
  EXPECT_EQ(s.edits.to_undo().samples, 1);
  ASSERT_TRUE(s.edits.Undo().ok());
  EXPECT_EQ(s.state.Find(s.blacks[2])->features[7], 2.0F);
}

TEST(Edits, UndoesARecordingAsOne) {
  Sheep s;
  EXPECT_EQ(s.edits.to_undo().kind, schema::EditKind::kAddSamples);
  EXPECT_EQ(s.edits.to_undo().samples, 2);
  ASSERT_TRUE(s.edits.Undo().ok());
  EXPECT_EQ(s.state.samples.size(), 3U);
  EXPECT_EQ(s.edits.to_undo().kind, schema::EditKind::kAddSamples);
  EXPECT_EQ(s.edits.to_undo().samples, 3);
  EXPECT_EQ(s.edits.to_redo().kind, schema::EditKind::kAddSamples);
  EXPECT_EQ(s.edits.to_redo().samples, 2);
}

TEST(Edits, RemembersAtLeastAHundredSteps) {
  Sheep s;
  const std::string before = Look(s.state);
  for (int i = 0; i < 150; ++i) ASSERT_TRUE(s.edits.EditClass({s.black, Format("name %d", i), 0, true}).ok());
  for (int i = 0; i < 150; ++i) ASSERT_TRUE(s.edits.Undo().ok());
  EXPECT_EQ(Look(s.state), before);
}

TEST(Edits, ForgetsTheOldestStepsWithoutHarmToTheOthers) {
  Sheep s;
  ASSERT_TRUE(s.edits.DeleteSamples({s.blacks[0]}).ok());
  for (size_t i = 0; i < kMostUndo + 5; ++i)
    ASSERT_TRUE(s.edits.EditClass({s.black, Format("name %zu", i), 0, true}).ok());
  size_t steps = 0;
  while (s.edits.Undo().ok()) ++steps;
  EXPECT_EQ(steps, kMostUndo);
  EXPECT_EQ(s.state.samples.size(), 4U);
}

TEST(Edits, RefusesNamesWithASentence) {
  Sheep s;
  const std::string before = Look(s.state);
  EXPECT_EQ(s.edits.AddClass(" \t ").status().message(), "a class needs a name");
  EXPECT_EQ(s.edits.AddClass("black ").status().message(), "there is a class called \"black\" already");
  EXPECT_EQ(s.edits.EditClass({s.white, "black", 0, true}).status().message(),
            "there is a class called \"black\" already");
  EXPECT_EQ(s.edits.AddClass(std::string(10'000, 'x')).status().message(),
            "a class's name may have 100 characters, and this one has 10000");
  EXPECT_FALSE(s.edits.MergeClasses(s.white, s.white).ok());
  EXPECT_FALSE(s.edits.MoveClass(s.white, 2).ok());
  EXPECT_FALSE(s.edits.MoveSamples({s.blacks[0], 999}, s.white).ok());
  EXPECT_FALSE(s.edits.DeleteSamples({999}).ok());
  EXPECT_FALSE(s.edits.DeleteClass(999).ok());
  EXPECT_EQ(Look(s.state), before);
}

TEST(Edits, TakesNamesInAnyScriptAndMarkupAsTheyAre) {
  State state;
  Edits edits{state};
  for (const char* name : {"<script>alert(1)</script>", "قطة", "猫 & 犬", "🐈‍⬛", "a\tb"})
    ASSERT_TRUE(edits.AddClass(name).ok()) << name;
  EXPECT_EQ(state.info.classes[0].name, "<script>alert(1)</script>");
  EXPECT_EQ(state.info.classes[1].name, "قطة");
  EXPECT_EQ(state.info.classes[4].name, "a b");
  // A hundred characters of four bytes each are a hundred characters.
  std::string cats;
  for (int i = 0; i < 100; ++i) cats += "🐈";
  EXPECT_TRUE(edits.AddClass(cats).ok());
}

TEST(Edits, TrainsOnEnabledClassesInTheOrderSamplesWereAdded) {
  Sheep s;
  AddSamples(s.edits, s.black, 2, "take 1", /*burst=*/true);
  SampleInfo without{.class_id = s.white, .name = "later"};
  ASSERT_TRUE(s.edits.AddSample(without, nullptr).ok());
  train::Dataset data = s.state.ToDataset();
  EXPECT_EQ(data.classes, (std::vector<std::string>{"black", "white"}));
  EXPECT_EQ(data.labels, (std::vector<int>{0, 0, 0, 1, 1, 0, 0}));
  EXPECT_EQ(data.groups, (std::vector<std::string>{"", "", "", "", "", "take 1", "take 1"}));
  ASSERT_TRUE(s.edits.EditClass({s.black, "black", 0, false}).ok());
  data = s.state.ToDataset();
  EXPECT_EQ(data.classes, std::vector<std::string>{"white"});
  EXPECT_EQ(data.labels, (std::vector<int>{0, 0}));
}

TEST(Edits, ForgetsWhatCouldNotBeKeptFromTheHistoryToo) {
  Sheep s;
  for (const int64_t id : s.whites) s.edits.Forget(id);
  EXPECT_EQ(s.edits.to_undo().kind, schema::EditKind::kAddSamples);
  EXPECT_EQ(s.edits.to_undo().samples, 3);
  ASSERT_TRUE(s.edits.Undo().ok());
  EXPECT_TRUE(s.state.samples.empty());
}

// What is kept of the history, as JSON would bring it back.
std::vector<schema::EditInfo> Kept(const Edits& edits) {
  std::vector<schema::EditInfo> kept;
  for (int64_t number = 1; number < 1000; ++number) {
    if (const schema::EditInfo* edit = edits.Find(number)) kept.push_back(*edit);
  }
  return kept;
}

TEST(Edits, GoOnAfterTheyWereKeptAndRead) {
  Sheep s;
  ASSERT_TRUE(s.edits.DeleteSamples({s.blacks[0]}).ok());
  ASSERT_TRUE(s.edits.AddClass("third").ok());
  ASSERT_TRUE(s.edits.Undo().ok());
  State state = s.state;
  Edits read(state);
  read.Load(Kept(s.edits));
  EXPECT_EQ(read.to_undo().kind, schema::EditKind::kDeleteSamples);
  EXPECT_EQ(read.to_undo().samples, 1);
  EXPECT_EQ(read.to_redo().kind, schema::EditKind::kAddClass);
  EXPECT_EQ(read.to_redo().name, "third");
  ASSERT_TRUE(read.Redo().ok());
  EXPECT_EQ(state.info.classes.size(), 3U);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(read.Undo().ok());
  EXPECT_EQ(state.samples.size(), 5U);
}

TEST(Edits, SaysWhatIsToBeKeptAndWhatCannotComeBack) {
  Sheep s;
  (void)s.edits.TakeTouched();
  ASSERT_TRUE(s.edits.Undo().ok());  // of the white ones
  EXPECT_TRUE(s.edits.TakeTouched().empty());
  EXPECT_TRUE(s.edits.TakePurged().empty());
  ASSERT_TRUE(s.edits.AddClass("third").ok());
  EXPECT_EQ(s.edits.TakeTouched().size(), 1U) << "the new edit has the number of the one that cannot be done again";
  EXPECT_EQ(s.edits.TakePurged(), s.whites);
  EXPECT_TRUE(s.state.removed.empty());
}

}  // namespace
}  // namespace handful::engine
