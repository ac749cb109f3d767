// Faults that once lost a user's work, each as a test. They came from the plan (several owners of one state), so most
// tests are about a project that goes away in the midst of something.
#include <algorithm>

#include <gtest/gtest.h>

#include "engine/project/records.h"
#include "unit/tab.h"

namespace handful::engine {
namespace {

using schema::Bytes;
using testing::EncodeZip;
using testing::Photo;
using testing::Quick;
using testing::RandomBackbone;
using testing::Tab;

// A zip of so many pictures in two folders.
schema::ImportArchive Zip(MemoryStore& store, int pictures, int64_t id, const std::string& name = "things.zip") {
  std::vector<importers::InputFile> files;
  for (int i = 0; i < pictures; ++i) {
    files.push_back(
        {Format("%s/%d.bmp", i % 2 == 0 ? "cats" : "dogs", i), Photo(i % 2, 500 + static_cast<uint64_t>(i))});
  }
  schema::ImportArchive import{.id = id, .name = name};
  EXPECT_TRUE(store.AddArchive(EncodeZip(files, true), import).ok());
  return import;
}

// How often a command was answered: by its own event, Done or Failed.
template <class Own>
int Answers(const Tab& tab, int64_t id) {
  int answers = 0;
  for (const auto& e : tab.All<Own>()) answers += e.id == id ? 1 : 0;
  for (const auto& e : tab.All<schema::Done>()) answers += e.id == id ? 1 : 0;
  for (const auto& e : tab.All<schema::Failed>()) answers += e.id == id ? 1 : 0;
  return answers;
}

TEST(Faults, ATrainingAfterAReloadHasANumberOfItsOwn) {
  MemoryStore store;
  int64_t first = 0;
  {
    Tab tab(store);
    tab.Run(schema::OpenProject{});
    tab.Add(8);
    tab.Run(schema::Train{.settings = Quick()});
    first = tab.Last<schema::TrainingChanged>().training.id;
  }
  Tab tab(store);
  tab.Run(schema::OpenProject{.take = true});
  tab.Run(schema::Train{.settings = Quick()});
  EXPECT_NE(tab.Last<schema::TrainStarted>().training_id, first);
  Tab again(store);
  again.Run(schema::OpenProject{.take = true});
  EXPECT_EQ(again.Last<schema::ProjectOpened>().trainings.size(), 2U);
}

TEST(Faults, AnImportedTrainingHasANumberThatNobodyTakesAfterAReload) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(8);
  tab.Run(schema::Train{.settings = Quick()});
  tab.Run(schema::ExportProject{.id = 5});
  MemoryStore elsewhere;
  {
    Tab other(elsewhere);
    other.Run(schema::OpenProject{});
    schema::ImportArchive import{.id = 9, .name = "sheep.handful.zip"};
    ASSERT_TRUE(elsewhere.AddArchive(testing::ZipOf(tab, store), import).ok());
    other.Run(import);
    EXPECT_EQ(other.Last<schema::ImportDone>().added, 8);
  }
  Tab other(elsewhere);
  other.Run(schema::OpenProject{.take = true});
  ASSERT_EQ(other.Last<schema::ProjectOpened>().trainings.size(), 1U);
  other.Run(schema::Train{.settings = Quick()});
  Tab again(elsewhere);
  again.Run(schema::OpenProject{.take = true});
  EXPECT_EQ(again.Last<schema::ProjectOpened>().trainings.size(), 2U);
}

TEST(Faults, AnImportStaysInTheProjectItBeganIn) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  const std::string first = tab.Last<schema::ProjectOpened>().project.id;
  tab.Post(Zip(store, 30, 9));
  for (int i = 0; i < 1000 && tab.Samples().size() < 5; ++i) tab.StepOnce();
  tab.Run(schema::CreateProject{.id = 10, .name = "Other"});
  EXPECT_TRUE(tab.Samples().empty());
  EXPECT_EQ(Answers<schema::ImportDone>(tab, 9), 1);
  EXPECT_NE(tab.LastFailure().find("the project it was for was closed: "), std::string::npos) << tab.LastFailure();
  EXPECT_NE(tab.LastFailure().find(" of 30 pictures are in it"), std::string::npos);
  tab.Run(schema::OpenProject{.project_id = first});
  EXPECT_GE(tab.Samples().size(), 5U);
  EXPECT_LT(tab.Samples().size(), 30U);
}

TEST(Faults, APictureIsNotAddedToAnotherProjectThanItWasMeantFor) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  const std::string first = tab.Last<schema::ProjectOpened>().project.id;
  tab.Run(schema::CreateProject{.name = "Other"});
  tab.Run(schema::AddSample{.id = 7, .name = "late.bmp", .label = "red", .project_id = first}, {Photo(0, 1)});
  EXPECT_EQ(tab.LastFailure(), "the project it was for was closed");
  EXPECT_TRUE(tab.Samples().empty());
}

TEST(Faults, ATrainingAskedForAfterTheProjectWasClosedIsAnswered) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(8);
  tab.Run(schema::StoreLost{"project/" + tab.Last<schema::ProjectOpened>().project.id});
  ASSERT_EQ(tab.All<schema::ProjectClosed>().size(), 1U);
  tab.Run(schema::Train{.id = 7, .settings = Quick()});
  EXPECT_EQ(Answers<schema::TrainDone>(tab, 7), 1);
  EXPECT_EQ(tab.LastFailure(), "no project is open");
}

TEST(Faults, ATrainingEndsWithAnAnswerWhenItsProjectIsClosed) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(8);
  tab.Post(schema::Train{.id = 7, .settings = Quick()});
  tab.StepOnly(5);
  tab.Run(schema::StoreLost{"project/" + tab.Last<schema::ProjectOpened>().project.id});
  EXPECT_EQ(Answers<schema::TrainDone>(tab, 7), 1);
  EXPECT_EQ(tab.LastFailure(), "its project was closed");
}

TEST(Faults, AReloadOpensTheProjectThatWasOpen) {
  MemoryStore store;
  std::string looked_at;
  {
    Tab tab(store);
    tab.Run(schema::OpenProject{});
    looked_at = tab.Last<schema::ProjectOpened>().project.id;
    tab.Add(2);
    tab.Run(schema::CreateProject{.name = "Changed last"});
    tab.Run(schema::AddClass{.name = "a"});
    const std::string changed = tab.Last<schema::ProjectOpened>().project.id;
    tab.Run(schema::OpenProject{.project_id = looked_at});
    tab.Run(schema::RenameProject{.project_id = changed, .name = "Renamed from outside"});
  }
  Tab again(store);
  again.Run(schema::OpenProject{.take = true});
  EXPECT_EQ(again.Last<schema::ProjectOpened>().project.id, looked_at);
}

TEST(Faults, AnImportThatWasCutShortIsShownAndAddsWhatIsMissing) {
  MemoryStore store;
  size_t before = 0;
  {
    Tab tab(store);
    tab.Run(schema::OpenProject{});
    tab.Post(Zip(store, 30, 9));
    for (int i = 0; i < 1000 && tab.Samples().size() < 12; ++i) tab.StepOnce();
  }  // and is gone
  {
    Tab again(store);
    again.Run(schema::OpenProject{.take = true});
    before = again.Samples().size();
    EXPECT_GT(before, 0U);
    EXPECT_LT(before, 30U);
    const auto imports = again.Last<schema::ProjectOpened>().project.imports;
    ASSERT_EQ(imports.size(), 1U);
    EXPECT_EQ(imports[0].name, "things.zip");
    EXPECT_EQ(imports[0].total, 30);
    EXPECT_EQ(imports[0].added, static_cast<int64_t>(before));
    schema::ImportArchive rest = Zip(store, 30, 11);
    rest.session = "archive 2";  // pages count their sessions
    again.Run(rest);
    EXPECT_EQ(again.Last<schema::ImportDone>().added, static_cast<int64_t>(30 - before));
    EXPECT_EQ(again.Samples().size(), 30U);
    for (const auto& [id, sample] : again.Samples())
      EXPECT_EQ(sample.session, "things.zip") << "the rest joins the part before";
  }
  Tab last(store);
  last.Run(schema::OpenProject{.take = true});
  EXPECT_EQ(last.Samples().size(), 30U);
  EXPECT_TRUE(last.Last<schema::ProjectOpened>().project.imports.empty());
}

TEST(Faults, AnImportThatWasCutShortCanBeDismissed) {
  MemoryStore store;
  {
    Tab tab(store);
    tab.Run(schema::OpenProject{});
    tab.Post(Zip(store, 30, 9));
    for (int i = 0; i < 1000 && tab.Samples().size() < 12; ++i) tab.StepOnce();
  }
  Tab again(store);
  again.Run(schema::OpenProject{.take = true});
  const auto imports = again.Last<schema::ProjectOpened>().project.imports;
  ASSERT_EQ(imports.size(), 1U);
  again.Run(schema::DismissImport{.id = 4, .import_id = imports[0].id});
  EXPECT_EQ(Answers<schema::Done>(again, 4), 2) << "Done is its own event here";
  EXPECT_TRUE(again.Last<schema::ProjectChanged>().project.imports.empty());
  again.Run(schema::DismissImport{.id = 5, .import_id = imports[0].id});
  EXPECT_EQ(again.LastFailure(),
            Format("there is no import %lld in this project", static_cast<long long>(imports[0].id)));
}

TEST(Faults, ATrainingThatWasCutShortGoesOnToTheSameWeights) {
  MemoryStore whole_store;
  Tab whole(whole_store);
  whole.Run(schema::OpenProject{});
  whole.Add(12);
  whole.Run(schema::Train{.settings = Quick()});
  const Bytes weights = whole.BuffersOfLast<schema::TrainDone>().at(0);

  MemoryStore store;
  {
    Tab tab(store);
    tab.Run(schema::UseStore{.seconds_between_states = 0});
    tab.Run(schema::OpenProject{});
    tab.Add(12);
    tab.Post(schema::Train{.settings = Quick()});
    for (int i = 0; i < 1000 && tab.All<schema::EpochDone>().size() < 3; ++i) tab.StepOnce();
    ASSERT_TRUE(tab.All<schema::TrainDone>().empty());
  }  // and is gone
  Tab again(store);
  again.Run(schema::OpenProject{.take = true});
  const auto training = again.Last<schema::TrainingChanged>().training;
  EXPECT_EQ(training.state, schema::TrainingState::kFailed);
  EXPECT_TRUE(training.resumable);
  EXPECT_EQ(training.message, "it was cut short when the page was closed, and can go on");
  again.Run(schema::ResumeTraining{.id = 3, .training_id = training.id});
  EXPECT_EQ(again.LastFailure(), "");
  EXPECT_EQ(again.BuffersOfLast<schema::TrainDone>().at(0), weights);
  EXPECT_EQ(again.Last<schema::TrainingChanged>().training.state, schema::TrainingState::kDone);
}

TEST(Faults, AWorseTrainingOnTheSamePicturesDoesNotTakeOver) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(16);
  tab.Run(schema::Train{.settings = {.epochs = 40, .batch = 4, .hidden = 24, .dropout = 0, .validation = 0.25}});
  const auto good = tab.Last<schema::TrainingChanged>().training;
  EXPECT_TRUE(good.current);
  ASSERT_GT(good.val_accuracy, 0.6);
  tab.Run(schema::Classify{.id = 1, .name = "?"}, {Photo(1, 70)});
  const double before = tab.Last<schema::Prediction>().top.at(0).p;
  const schema::TrainSettings bad = {
      .epochs = 1, .batch = 4, .learning_rate = 1e-6, .hidden = 1, .dropout = 0, .validation = 0.25};
  tab.Run(schema::Train{.id = 5, .settings = bad});
  const auto done = tab.Last<schema::TrainDone>();
  ASSERT_LT(done.val_accuracy, good.val_accuracy) << "the second one is to be the worse one";
  EXPECT_EQ(done.still_answers, good.id);
  EXPECT_EQ(tab.Last<schema::TrainingChanged>().training.worse_than, good.id);
  tab.Run(schema::Classify{.id = 2, .name = "?"}, {Photo(1, 70)});
  EXPECT_EQ(tab.Last<schema::Prediction>().top.at(0).p, before);
  // The user may want it all the same.
  const int64_t worse = tab.Last<schema::TrainingChanged>().training.id;
  tab.Run(schema::RestoreTraining{.id = 6, .training_id = worse});
  EXPECT_EQ(Answers<schema::Prediction>(tab, 6), 1);
  EXPECT_TRUE(tab.Last<schema::TrainingChanged>().training.current);
  tab.Run(schema::Classify{.id = 3, .name = "?"}, {Photo(1, 70)});
  EXPECT_NE(tab.Last<schema::Prediction>().top.at(0).p, before);
}

TEST(Faults, AWorseTrainingOnOtherPicturesAnswersSinceTheyCannotBeCompared) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(16);
  tab.Run(schema::Train{.settings = Quick()});
  tab.Add(2, 2, 9);
  schema::TrainSettings bad = Quick();
  bad.epochs = 1;
  bad.learning_rate = 1e-9;
  tab.Run(schema::Train{.id = 5, .settings = bad});
  EXPECT_EQ(tab.Last<schema::TrainDone>().still_answers, 0);
}

TEST(Faults, AnEmptyClassDoesNotSendTheNeighboursAway) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(6);
  EXPECT_EQ(tab.Last<schema::AnswersBy>().by, schema::Answerer::kNeighbours);
  tab.Run(schema::AddClass{.name = "blue"});
  EXPECT_EQ(tab.Last<schema::AnswersBy>().by, schema::Answerer::kNeighbours);
  tab.Run(schema::Classify{.id = 2, .name = "?"}, {Photo(1, 70)});
  EXPECT_EQ(tab.Last<schema::Prediction>().top.at(0).label, "green");
}

TEST(Faults, WhatWasDoneCanBeUndoneAfterAReload) {
  MemoryStore store;
  std::vector<int64_t> deleted;
  {
    Tab tab(store);
    tab.Run(schema::OpenProject{});
    tab.Add(6);
    const auto samples = tab.Samples();
    for (const auto& [id, info] : samples) {
      if (deleted.size() < 3) deleted.push_back(id);
    }
    tab.Run(schema::DeleteSamples{.id = 1, .sample_ids = deleted});
    tab.Run(schema::AddClass{.id = 2, .name = "blue"});
    tab.Run(schema::Undo{.id = 3});
  }
  {
    Tab again(store);
    again.Run(schema::OpenProject{.take = true});
    EXPECT_EQ(again.Samples().size(), 3U);
    EXPECT_EQ(again.Last<schema::ProjectChanged>().undo.kind, schema::EditKind::kDeleteSamples);
    EXPECT_EQ(again.Last<schema::ProjectChanged>().undo.samples, 3);
    EXPECT_EQ(again.Last<schema::ProjectChanged>().redo.kind, schema::EditKind::kAddClass);
    EXPECT_EQ(again.Last<schema::ProjectChanged>().redo.name, "blue");
    again.Run(schema::Undo{.id = 4});
    EXPECT_EQ(again.Samples().size(), 6U);
    again.Run(schema::GetSample{.id = 5, .sample_id = deleted[0]});
    EXPECT_EQ(again.All<schema::SamplePixels>().size(), 1U);
  }
  Tab last(store);
  last.Run(schema::OpenProject{.take = true});
  EXPECT_EQ(last.Samples().size(), 6U);
  last.Run(schema::Redo{.id = 6});
  EXPECT_EQ(last.Samples().size(), 3U);
  last.Run(schema::Redo{.id = 7});
  EXPECT_EQ(last.Last<schema::ProjectChanged>().project.classes.size(), 3U);
}

TEST(Faults, WhatCannotComeBackAnyMoreLeavesTheStore) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(4, 1);
  tab.Run(schema::Undo{});  // of the four
  EXPECT_TRUE(tab.Samples().empty());
  EXPECT_EQ(store.Of("pixels").size(), 4U);
  tab.Run(schema::AddClass{.name = "something else"});
  for (const char* name : kSampleStores) EXPECT_TRUE(store.Of(name).empty()) << name;
}

TEST(Faults, AFullStoreLetsGoOfWhatWasDeleted) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(6);
  const auto samples = tab.Samples();
  tab.Run(schema::DeleteSamples{.sample_ids = {samples.begin()->first}});
  EXPECT_EQ(store.Of("pixels").size(), 6U);
  store.RoomFor("pixels", 6);
  tab.Add(1, 1, 9);
  EXPECT_EQ(tab.LastFailure(), "");
  EXPECT_EQ(tab.Samples().size(), 6U);
  EXPECT_EQ(store.Of("pixels").size(), 6U);
  EXPECT_EQ(tab.Last<schema::ProjectChanged>().undo.kind, schema::EditKind::kAddSamples);
  EXPECT_EQ(tab.Last<schema::ProjectChanged>().undo.samples, 1);
  tab.Add(1, 1, 10);
  EXPECT_NE(tab.LastFailure().find("could not be kept"), std::string::npos);
}

}  // namespace
}  // namespace handful::engine
