// The engine with a store: what is kept, what comes back, and what happens when the store says no.
#include <algorithm>

#include <gtest/gtest.h>

#include "engine/project/records.h"
#include "image/image.h"
#include "image/kinds.h"
#include "nn/model.h"
#include "schema/json.h"
#include "unit/model_fixture.h"
#include "unit/model_samples.h"
#include "unit/tab.h"
#include "unit/test_files.h"

namespace handful::engine {
namespace {

using schema::Bytes;
using testing::EncodeZip;
using testing::Photo;
using testing::Quick;
using testing::RandomBackbone;
using testing::Tab;
using testing::ZipOf;

TEST(Workspace, ComesBackAfterAReloadAndTrainsToTheSameWeights) {
  MemoryStore store;
  Bytes weights;
  std::map<int64_t, schema::SampleInfo> before;
  {
    Tab tab(store);
    tab.Run(schema::OpenProject{});
    EXPECT_EQ(tab.Last<schema::ProjectOpened>().project.name, "My first project");
    tab.Add(12);
    before = tab.Samples();
    EXPECT_EQ(before.size(), 12U);
    size_t saved = 0;
    for (const auto& event : tab.All<schema::SamplesSaved>()) saved += event.sample_ids.size();
    EXPECT_EQ(saved, 12U);
    tab.Run(schema::Train{.settings = Quick()});
    weights = tab.BuffersOfLast<schema::TrainDone>().at(0);
  }
  Tab tab(store, /*with_backbone=*/false);
  tab.Run(schema::UseStore{});
  tab.Post(schema::StoreLost{"x"});  // nobody's
  tab.Run(schema::OpenProject{.take = true});
  EXPECT_EQ(tab.Last<schema::SamplesListed>().samples, 12);
  const auto after = tab.Samples();
  ASSERT_EQ(after.size(), before.size());
  for (const auto& [id, info] : before) {
    EXPECT_EQ(after.at(id).name, info.name);
    EXPECT_EQ(after.at(id).class_id, info.class_id);
    EXPECT_EQ(after.at(id).session, info.session);
    EXPECT_TRUE(after.at(id).saved);
  }
  EXPECT_EQ(tab.Last<schema::ProjectOpened>().trainings.size(), 1U);
  EXPECT_EQ(tab.Last<schema::ProjectOpened>().trainings[0].curve.size(), 6U);
  // Its head waits for the backbone.
  EXPECT_TRUE(tab.All<schema::ModelLoaded>().empty());
  tab.LoadBackbone();
  EXPECT_EQ(tab.All<schema::ModelLoaded>().size(), 1U);
  EXPECT_EQ(tab.Last<schema::AnswersBy>().by, schema::Answerer::kModel);
  tab.Run(schema::Train{.settings = Quick()});
  EXPECT_EQ(tab.BuffersOfLast<schema::TrainDone>().at(0), weights);
}

TEST(Workspace, KeepsThePixelsWithoutLossAndAThumbnail) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(2);
  const int64_t id = tab.Samples().begin()->first;
  tab.Run(schema::GetSample{.id = 7, .sample_id = id});
  const Result<image::Decoded> original = image::Decode(Photo(0, 0));
  const Bytes& pixels = tab.BuffersOfLast<schema::SamplePixels>().at(0);
  ASSERT_EQ(pixels.size(), 224U * 224 * 4);
  for (size_t i = 0; i < 224 * 224; ++i) {
    for (size_t c = 0; c < 3; ++c) ASSERT_EQ(pixels[i * 4 + c], original->image.pixels_rgb8[i * 3 + c]) << i;
  }
  tab.Run(schema::GetThumbnails{.id = 8, .sample_ids = {id, 999}});
  EXPECT_EQ(tab.Last<schema::Thumbnails>().sample_ids, std::vector<int64_t>{id});
  EXPECT_EQ(tab.BuffersOfLast<schema::Thumbnails>().at(0).size(), 112U * 112 * 4);
}

TEST(Workspace, SamplesThatCouldNotBeKeptAreTakenBackWithASentence) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(4);
  store.FailWrites("the browser allows 10 MB, and they are full");
  tab.Add(3, 2, 5);
  EXPECT_EQ(tab.Samples().size(), 4U);
  EXPECT_NE(tab.LastFailure().find("could not be kept: the browser allows 10 MB, and they are full"),
            std::string::npos);
  store.FailWrites("");
  tab.Add(2, 2, 6);
  EXPECT_EQ(tab.Samples().size(), 6U);
  EXPECT_EQ(store.Of("pixels").size(), 6U);
  EXPECT_EQ(store.Of("samples").size(), 6U);
}

TEST(Workspace, EditsAndTheirUndoReachTheStore) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(6);
  const auto samples = tab.Samples();
  tab.Run(schema::DeleteClass{.class_id = tab.ClassId(0)});
  EXPECT_EQ(store.Of("samples").size(), 6U);  // those of the class are kept for Undo
  tab.Run(schema::Undo{});
  EXPECT_EQ(store.Of("samples").size(), 6U);
  tab.Run(schema::DeleteSamples{.sample_ids = {samples.begin()->first}});
  EXPECT_EQ(tab.Last<schema::ProjectChanged>().undo.kind, schema::EditKind::kDeleteSamples);
  EXPECT_EQ(tab.Last<schema::ProjectChanged>().undo.samples, 1);
  EXPECT_EQ(tab.Last<schema::ProjectChanged>().redo.kind, schema::EditKind::kNone);
  Tab again(store);
  again.Run(schema::OpenProject{.take = true});
  EXPECT_EQ(again.Samples().size(), 5U);
  EXPECT_EQ(again.Last<schema::ProjectOpened>().project.classes.size(), 2U);
  // What was removed is there for Undo, and not among what is listed.
  EXPECT_EQ(again.Last<schema::SamplesListed>().samples, 5);
  EXPECT_EQ(store.Of("pixels").size(), 6U);
  EXPECT_EQ(again.Last<schema::ProjectChanged>().undo.kind, schema::EditKind::kDeleteSamples);
  EXPECT_EQ(again.Last<schema::ProjectChanged>().undo.samples, 1);
}

TEST(Workspace, OneProjectIsOpenInOneTab) {
  MemoryStore store;
  Tab first(store);
  first.Run(schema::OpenProject{});
  Tab second(store);
  second.Run(schema::OpenProject{.id = 3});
  EXPECT_EQ(second.Last<schema::ProjectBlocked>().name, "My first project");
  second.Run(schema::AddClass{.name = "a"});
  EXPECT_EQ(second.LastFailure(), "no project is open");
  second.Run(schema::OpenProject{.project_id = second.Last<schema::ProjectBlocked>().project_id, .take = true});
  EXPECT_EQ(second.All<schema::ProjectOpened>().size(), 1U);
  first.Run(schema::StoreLost{"project/" + second.Last<schema::ProjectOpened>().project.id});
  EXPECT_EQ(first.All<schema::ProjectClosed>().size(), 1U);
  first.Run(schema::AddClass{.name = "a"});
  EXPECT_EQ(first.LastFailure(), "no project is open");
}

TEST(Workspace, ProjectsAreNamedCopiedAndDeleted) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  const std::string first = tab.Last<schema::ProjectOpened>().project.id;
  tab.Add(4);
  tab.Run(schema::RenameProject{.project_id = first, .name = "Sheep"});
  tab.Run(schema::DuplicateProject{.project_id = first});
  ASSERT_EQ(tab.Last<schema::Projects>().projects.size(), 2U);
  tab.Run(schema::CreateProject{.name = "Goats"});
  EXPECT_EQ(tab.Last<schema::ProjectOpened>().project.name, "Goats");
  EXPECT_TRUE(tab.Samples().empty());
  tab.Run(schema::ListProjects{});
  std::vector<std::string> names;
  std::string copy;
  for (const auto& p : tab.Last<schema::Projects>().projects) {
    names.push_back(p.name);
    if (p.name == "Copy of Sheep") copy = p.id;
  }
  std::ranges::sort(names);
  EXPECT_EQ(names, (std::vector<std::string>{"Copy of Sheep", "Goats", "Sheep"}));
  tab.Run(schema::DeleteProject{.project_id = first});
  tab.Run(schema::OpenProject{.project_id = copy});
  EXPECT_EQ(tab.Samples().size(), 4U);
  EXPECT_EQ(store.Of("pixels").size(), 4U);
  tab.Run(schema::Train{.settings = Quick()});
  EXPECT_EQ(tab.All<schema::TrainDone>().size(), 1U);
  tab.Run(schema::OpenProject{.project_id = first});
  EXPECT_EQ(tab.LastFailure(), "there is no project " + first + " any more");
}

TEST(Workspace, PicturesTakenBeforeThereIsABackboneAreLookedAtLater) {
  MemoryStore store;
  Tab tab(store, /*with_backbone=*/false);
  tab.Run(schema::OpenProject{});
  tab.Add(6);
  EXPECT_EQ(tab.Samples().size(), 6U);
  EXPECT_TRUE(store.Of("features").empty());
  tab.LoadBackbone();
  EXPECT_EQ(store.Of("features").size(), 6U);
  EXPECT_EQ(tab.Last<schema::AnswersBy>().by, schema::Answerer::kNeighbours);
}

// The one project's, by what follows its id.
std::map<std::string, Bytes> FeaturesIn(MemoryStore& store) {
  std::map<std::string, Bytes> features;
  for (const auto& [key, value] : store.Of("features")) features[key.substr(key.find('/'))] = value;
  return features;
}

// What they are when one backbone made them all.
std::map<std::string, Bytes> FeaturesMadeBy(uint64_t backbone, int samples) {
  MemoryStore store;
  Tab tab(store, /*with_backbone=*/false);
  tab.LoadBackbone(backbone);
  tab.Run(schema::OpenProject{});
  tab.Add(samples);
  return FeaturesIn(store);
}

TEST(Workspace, NeighboursAnswerAsSoonAsTheBackboneComesAfterAReload) {
  MemoryStore store;
  {
    Tab tab(store);
    tab.Run(schema::OpenProject{});
    tab.Add(6);
  }
  Tab again(store, /*with_backbone=*/false);
  again.Run(schema::OpenProject{.take = true});
  EXPECT_TRUE(again.All<schema::AnswersBy>().empty());
  again.LoadBackbone();
  EXPECT_EQ(again.Last<schema::AnswersBy>().by, schema::Answerer::kNeighbours);
}

TEST(Workspace, AnotherBackbonesFeaturesAreComputedAnewInSight) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(6);
  EXPECT_TRUE(FeaturesIn(store) == FeaturesMadeBy(1, 6));
  tab.LoadBackbone(2);
  EXPECT_TRUE(FeaturesIn(store) == FeaturesMadeBy(2, 6));
  const auto progress = tab.All<schema::FeaturesProgress>();
  ASSERT_GE(progress.size(), 2U);
  EXPECT_EQ(progress.front().done, 0);
  EXPECT_EQ(progress.front().total, 6);
  EXPECT_EQ(progress.back().done, 6);
  EXPECT_EQ(progress.back().total, 6);
}

TEST(Workspace, FeaturesOfTwoBackbonesAreNeverMixedHoweverTheTabEnds) {
  const std::map<std::string, Bytes> first = FeaturesMadeBy(1, 10), second = FeaturesMadeBy(2, 10);
  for (int steps = 0; steps < 16; ++steps) {
    MemoryStore store;
    {
      Tab tab(store);
      tab.Run(schema::OpenProject{});
      tab.Add(10);
      tab.Post(schema::LoadBackbone{.name = "b"}, {nn::WriteModel(RandomBackbone(2))});
      for (int i = 0; i < steps; ++i) tab.StepOnce();
    }  // and is gone
    const std::map<std::string, Bytes> left = FeaturesIn(store);
    size_t of_first = 0, of_second = 0;
    for (const auto& [key, value] : left) {
      of_first += value == first.at(key) ? 1 : 0;
      of_second += value == second.at(key) ? 1 : 0;
    }
    EXPECT_EQ(of_first + of_second, left.size()) << steps;
    EXPECT_TRUE(of_first == 0 || of_second == 0) << "after " << steps << " steps: " << of_first << " and " << of_second;
    Tab again(store, /*with_backbone=*/false);
    again.LoadBackbone(2);
    again.Run(schema::OpenProject{.take = true});
    EXPECT_TRUE(FeaturesIn(store) == second) << steps;
  }
}

TEST(Workspace, ComputingFeaturesAnewIsHaltedAndTrainingLetsItGoOn) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(12);
  tab.Post(schema::LoadBackbone{.name = "b"}, {nn::WriteModel(RandomBackbone(2))});
  for (int i = 0; i < 6; ++i) tab.StepOnce();
  tab.Run(schema::HaltFeatures{});
  const auto halted = tab.Last<schema::FeaturesProgress>();
  EXPECT_TRUE(halted.halted);
  EXPECT_LT(halted.done, 12);
  EXPECT_EQ(halted.total, 12);
  EXPECT_LT(store.Of("features").size(), 12U);
  tab.Run(schema::Train{.settings = Quick()});
  EXPECT_TRUE(FeaturesIn(store) == FeaturesMadeBy(2, 12));
  EXPECT_EQ(tab.All<schema::TrainDone>().size(), 1U);
  EXPECT_EQ(tab.LastFailure(), "");
}

TEST(Workspace, AHeadAnswersOnTheBackboneItWasTrainedOnOrSaysWhichIsMissing) {
  MemoryStore store;
  {
    Tab tab(store);
    tab.Run(schema::OpenProject{});
    tab.Add(8);
    tab.Run(schema::Train{.settings = Quick()});
    const auto info = tab.Last<schema::TrainingChanged>().training;
    EXPECT_EQ(info.backbone_sha256, RandomBackbone(1).backbone_sha256);
    EXPECT_NE(info.backbone.find("random backbone"), std::string::npos);
    tab.Run(schema::Classify{.id = 1, .name = "?"}, {Photo(1, 70)});
    const double before = tab.Last<schema::Prediction>().top.at(0).p;
    tab.LoadBackbone(2);  // the old one stays for what stands on it
    tab.Run(schema::Classify{.id = 2, .name = "?"}, {Photo(1, 70)});
    EXPECT_EQ(tab.Last<schema::Prediction>().by, schema::Answerer::kModel);
    EXPECT_EQ(tab.Last<schema::Prediction>().top.at(0).p, before);
  }
  Tab again(store, /*with_backbone=*/false);
  again.LoadBackbone(2);
  again.Run(schema::OpenProject{.take = true});
  const std::string failure = again.LastFailure();
  EXPECT_NE(failure.find(RandomBackbone(1).backbone_sha256.substr(0, 12)), std::string::npos) << failure;
  EXPECT_NE(failure.find(RandomBackbone(2).backbone_sha256.substr(0, 12)), std::string::npos) << failure;
  EXPECT_EQ(again.Last<schema::AnswersBy>().by, schema::Answerer::kNeighbours);
  again.LoadBackbone(1);
  EXPECT_EQ(again.Last<schema::AnswersBy>().by, schema::Answerer::kModel);
}

TEST(Workspace, WhatComesWithThePageNeverTakesTheProjectsOwnModelsPlace) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(8);
  tab.Run(schema::Train{.settings = Quick()});
  const Bytes shipped = nn::WriteModel(testing::RandomHead(RandomBackbone(1).backbone_sha256, {"a", "b"}, 5));
  tab.Run(schema::LoadModel{.id = 9, .names = {"shipped.safetensors"}, .shipped = true}, {shipped});
  EXPECT_EQ(tab.Last<schema::ModelLoaded>().model.classes, (std::vector<std::string>{"red", "green"}));
  tab.Run(schema::Classify{.name = "?"}, {Photo(1, 70)});
  EXPECT_NE(tab.Last<schema::Prediction>().top.at(0).label, "a");
  // One that the visitor opens does.
  tab.Run(schema::LoadModel{.id = 10, .names = {"chosen.safetensors"}}, {shipped});
  EXPECT_EQ(tab.Last<schema::ModelLoaded>().model.classes, (std::vector<std::string>{"a", "b"}));
  tab.Run(schema::Classify{.name = "?"}, {Photo(1, 70)});
  EXPECT_TRUE(tab.Last<schema::Prediction>().top.at(0).label == "a" ||
              tab.Last<schema::Prediction>().top.at(0).label == "b");
}

TEST(Workspace, NeighboursAnswerUntilThereIsAHeadThatKnowsAllClasses) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(3);
  EXPECT_TRUE(tab.All<schema::AnswersBy>().empty());
  tab.Add(1, 2, 1);
  tab.Add(2, 2, 2);
  EXPECT_EQ(tab.Last<schema::AnswersBy>().by, schema::Answerer::kNeighbours);
  tab.Run(schema::Classify{.name = "?", .top = 2}, {Photo(1, 77)});
  EXPECT_EQ(tab.Last<schema::Prediction>().by, schema::Answerer::kNeighbours);
  EXPECT_EQ(tab.Last<schema::Prediction>().top.at(0).label, "green");
  EXPECT_GT(tab.Last<schema::Prediction>().top.at(0).p, 0.5);
  tab.Run(schema::Train{.settings = {.epochs = 60, .batch = 4, .hidden = 30, .dropout = 0, .validation = 0}});
  EXPECT_EQ(tab.Last<schema::AnswersBy>().by, schema::Answerer::kModel);
  const auto green = tab.Last<schema::ProjectChanged>().project.classes.at(1);
  tab.Run(schema::EditClass{.class_id = green.id, .name = "grass", .color = green.color});
  tab.Run(schema::Classify{.name = "?", .top = 2}, {Photo(1, 78)});
  EXPECT_EQ(tab.Last<schema::Prediction>().by, schema::Answerer::kModel);
  EXPECT_EQ(tab.Last<schema::Prediction>().top.at(0).label, "grass");
  for (int i = 0; i < 2; ++i)
    tab.Post(schema::AddSample{.name = "b", .label = "blue"}, {Photo(2, static_cast<uint64_t>(i))});
  tab.Finish();
  EXPECT_EQ(tab.Last<schema::AnswersBy>().by, schema::Answerer::kNeighbours);
  EXPECT_EQ(tab.Last<schema::AnswersBy>().unknown_class, "blue");
}

TEST(Workspace, AStoppedTrainingGoesOnAfterAReloadToTheSameWeights) {
  MemoryStore store;
  Bytes whole;
  {
    Tab tab(store);
    tab.Run(schema::OpenProject{});
    tab.Add(12);
    tab.Run(schema::Train{.settings = Quick()});
    whole = tab.BuffersOfLast<schema::TrainDone>().at(0);
    tab.Post(schema::Train{.settings = Quick()});
    tab.StepOnly(11);
    tab.Post(schema::Stop{});
    tab.Finish();
    EXPECT_TRUE(tab.Last<schema::TrainDone>().stopped);
    EXPECT_TRUE(tab.Last<schema::TrainingChanged>().training.resumable);
  }
  Tab tab(store);
  tab.Run(schema::OpenProject{.take = true});
  const auto trainings = tab.Last<schema::ProjectOpened>().trainings;
  ASSERT_EQ(trainings.size(), 2U);
  EXPECT_EQ(trainings[1].state, schema::TrainingState::kStopped);
  EXPECT_LT(trainings[1].curve.size(), 6U);
  tab.Run(schema::ResumeTraining{.training_id = trainings[1].id});
  EXPECT_EQ(tab.LastFailure(), "");
  EXPECT_EQ(tab.BuffersOfLast<schema::TrainDone>().at(0), whole);
  EXPECT_EQ(tab.Last<schema::TrainingChanged>().training.curve.size(), 6U);
  EXPECT_EQ(tab.Last<schema::TrainingChanged>().training.state, schema::TrainingState::kDone);
  tab.Run(schema::ResumeTraining{.training_id = trainings[1].id});
  EXPECT_EQ(tab.LastFailure(), "this training cannot go on: it was not stopped before its end");
}

TEST(Workspace, AStoppedTrainingDoesNotGoOnWithOtherPictures) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(8);
  tab.Post(schema::Train{.settings = Quick()});
  tab.StepOnly(4);
  tab.Post(schema::Stop{});
  tab.Finish();
  tab.Add(2, 2, 9);
  tab.Run(schema::ResumeTraining{.training_id = tab.Last<schema::TrainingChanged>().training.id});
  EXPECT_EQ(tab.LastFailure(),
            "pictures or classes changed since this training was stopped, so it cannot go on: train anew");
}

// ---- a network from scratch ----

schema::TrainSettings FromScratch() {
  schema::TrainSettings settings = {
      .network = schema::Network::kCnn, .epochs = 8, .batch = 20, .learning_rate = 0.004, .validation = 0.25};
  settings.size = 32;
  settings.dense = "16,8";
  return settings;
}

TEST(Workspace, ANetworkFromScratchLearnsAndAnswersWithoutAnyBackbone) {
  MemoryStore store;
  {
    Tab tab(store, /*with_backbone=*/false);
    tab.Run(schema::OpenProject{});
    tab.Add(40);
    tab.Run(schema::Train{.settings = FromScratch()});
    EXPECT_EQ(tab.LastFailure(), "");
    EXPECT_EQ(tab.Last<schema::TrainDone>().val_accuracy, 1);
    EXPECT_EQ(tab.Last<schema::AnswersBy>().by, schema::Answerer::kModel);
    tab.Run(schema::Classify{.name = "?", .top = 2}, {Photo(1, 77)});
    EXPECT_EQ(tab.Last<schema::Prediction>().top.at(0).label, "green");
    tab.Run(schema::Classify{.name = "?", .top = 2}, {Photo(0, 78)});
    EXPECT_EQ(tab.Last<schema::Prediction>().top.at(0).label, "red");
    const Result<nn::Model> model = nn::ReadModel(tab.BuffersOfLast<schema::TrainDone>().at(0));
    ASSERT_TRUE(model.ok()) << model.status().message();
    EXPECT_EQ(model->classes, (std::vector<std::string>{"red", "green"}));
  }
  Tab tab(store, /*with_backbone=*/false);
  tab.Run(schema::OpenProject{.take = true});
  EXPECT_EQ(tab.Last<schema::AnswersBy>().by, schema::Answerer::kModel);
  tab.Run(schema::Classify{.name = "?", .top = 2}, {Photo(1, 79)});
  EXPECT_EQ(tab.Last<schema::Prediction>().by, schema::Answerer::kModel);
  EXPECT_EQ(tab.Last<schema::Prediction>().top.at(0).label, "green");
}

TEST(Workspace, AStoppedNetworkFromScratchGoesOnAfterAReloadToTheSameWeights) {
  schema::TrainSettings settings = FromScratch();
  settings.epochs = 4;
  settings.augment = 1;
  settings.dropout_dense = 0.2;
  settings.patience = 2;
  MemoryStore store;
  Bytes whole;
  {
    Tab tab(store, /*with_backbone=*/false);
    tab.Run(schema::OpenProject{});
    tab.Add(40);
    tab.Run(schema::Train{.settings = settings});
    ASSERT_EQ(tab.LastFailure(), "");
    whole = tab.BuffersOfLast<schema::TrainDone>().at(0);
  }
  // Now within a mini-batch, now between two, now while an epoch is evaluated or pictures are on their way.
  for (const int steps : {5, 6, 7, 9, 12, 14, 15, 16, 17}) {
    SCOPED_TRACE(Format("stopped after %d steps", steps));
    std::vector<schema::TrainingInfo> trainings;
    {
      Tab tab(store, /*with_backbone=*/false);
      tab.Run(schema::OpenProject{.take = true});
      tab.Post(schema::Train{.settings = settings});
      for (int i = 0; i < steps; ++i) tab.StepOnce();
      tab.Run(schema::Stop{});
      ASSERT_TRUE(tab.Last<schema::TrainDone>().stopped);
      trainings = {tab.Last<schema::TrainingChanged>().training};
      EXPECT_TRUE(trainings[0].resumable);
    }
    Tab tab(store, /*with_backbone=*/false);
    tab.Run(schema::OpenProject{.take = true});
    tab.Run(schema::ResumeTraining{.training_id = trainings[0].id});
    EXPECT_EQ(tab.LastFailure(), "");
    EXPECT_EQ(tab.BuffersOfLast<schema::TrainDone>().at(0), whole);
    EXPECT_EQ(tab.Last<schema::TrainingChanged>().training.state, schema::TrainingState::kDone);
  }
}

TEST(Workspace, ANetworkFromScratchAnswersQuestionsBetweenItsSteps) {
  MemoryStore store;
  Tab tab(store, /*with_backbone=*/false);
  tab.Run(schema::OpenProject{});
  tab.Add(40);
  tab.Run(schema::Train{.settings = FromScratch()});
  const Bytes alone = tab.BuffersOfLast<schema::TrainDone>().at(0);
  tab.Post(schema::Train{.settings = FromScratch()});
  for (int i = 0; i < 5; ++i) tab.StepOnce();
  const size_t before = tab.All<schema::Prediction>().size();
  tab.Post(schema::Classify{.name = "?", .top = 2}, {Photo(1, 80)});
  tab.StepOnce();
  EXPECT_EQ(tab.All<schema::Prediction>().size(), before + 1);
  EXPECT_EQ(tab.All<schema::TrainDone>().size(), 1U);
  tab.Finish();
  EXPECT_EQ(tab.All<schema::TrainDone>().size(), 2U);
  EXPECT_EQ(tab.BuffersOfLast<schema::TrainDone>().at(0), alone);
}

TEST(Workspace, WhatANetworkFromScratchCannotDoIsSaid) {
  MemoryStore store;
  Tab tab(store, /*with_backbone=*/false);
  tab.Run(schema::OpenProject{});
  tab.Add(8);
  const auto failure_of = [&](auto change) {
    schema::TrainSettings settings = FromScratch();
    change(settings);
    tab.events.clear();
    tab.Run(schema::Train{.settings = settings});
    EXPECT_TRUE(tab.All<schema::TrainDone>().empty());
    return tab.LastFailure();
  };
  for (const char* dense : {"12,,3", "5000", "0", "-3", "12,", ",", "12;3", "99999999999999999999"}) {
    EXPECT_EQ(failure_of([&](auto& s) { s.dense = dense; }),
              Format("setting \"dense\" is \"%s\", not numbers from 1 to 4096 with commas between", dense));
  }
  EXPECT_EQ(failure_of([](auto& s) { s.size = 8; }), "setting \"size\" is 8, outside 16 … 224");
  EXPECT_EQ(failure_of([](auto& s) { s.dropout_dense = 1; }), "setting \"dropout_dense\" is 1, outside 0 … 0.95");
  EXPECT_EQ(failure_of([](auto& s) { s.label_smoothing = 1; }), "setting \"label_smoothing\" is 1, outside 0 … 0.9");
  EXPECT_EQ(failure_of([](auto& s) { s.augment = -1; }), "setting \"augment\" is -1, outside 0 … 20");
}

TEST(Workspace, ANetworkFromScratchSaysWhichPictureCannotBeRead) {
  MemoryStore store;
  Tab tab(store, /*with_backbone=*/false);
  tab.Run(schema::OpenProject{});
  tab.Add(12);
  tab.Run(schema::Train{.settings = FromScratch()});
  const int64_t id = tab.Samples().begin()->first;
  const std::string name = tab.Samples().begin()->second.name;
  (void)store.Answer(
      {schema::StoreWrite{.puts = {{"pixels", StoreKey(tab.Last<schema::ProjectOpened>().project.id, id)}}},
       {Bytes{1, 2, 3}}});
  tab.Run(schema::Train{.settings = FromScratch()});
  EXPECT_EQ(tab.LastFailure(), "picture " + name + " cannot be read from the store");
  EXPECT_EQ(tab.All<schema::TrainDone>().size(), 1U);
}

TEST(Workspace, EarlierTrainingsAreRestoredAndDeleted) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(8);
  tab.Run(schema::Train{.settings = Quick()});
  const int64_t first = tab.Last<schema::TrainingChanged>().training.id;
  tab.Run(schema::Train{.settings = Quick()});
  const int64_t second = tab.Last<schema::TrainingChanged>().training.id;
  EXPECT_TRUE(tab.Last<schema::TrainingChanged>().training.current);
  tab.Run(schema::RestoreTraining{.training_id = first});
  std::map<int64_t, bool> current;
  for (const auto& event : tab.All<schema::TrainingChanged>()) current[event.training.id] = event.training.current;
  EXPECT_TRUE(current[first]);
  EXPECT_FALSE(current[second]);
  tab.Run(schema::DeleteTraining{.training_id = first});
  EXPECT_EQ(tab.Last<schema::AnswersBy>().by, schema::Answerer::kNeighbours);
  tab.Run(schema::RestoreTraining{.training_id = first});
  EXPECT_EQ(tab.LastFailure(), Format("there is no training %lld in this project", static_cast<long long>(first)));
  EXPECT_EQ(store.Of("trainings").size(), 3U);  // info, model and what it said of held-out pictures
}

TEST(Workspace, TrainingOnTooLittleIsExplained) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Run(schema::Train{.settings = Quick()});
  EXPECT_EQ(tab.LastFailure(), "there is nothing to learn from: add pictures first");
  tab.Add(4, 1);
  tab.Run(schema::Train{.settings = Quick()});
  EXPECT_EQ(tab.LastFailure(), "training needs at least 2 classes, but there is 1");
  tab.Run(schema::AddClass{.name = "green"});
  tab.Run(schema::Train{.settings = Quick()});
  EXPECT_EQ(tab.LastFailure(), "class \"green\" has no picture to learn from");
  EXPECT_TRUE(tab.All<schema::TrainDone>().empty());
  EXPECT_TRUE(store.Of("trainings").empty());
}

TEST(Archive, AProjectComesBackFromItsZipWithItsTrainings) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(10);
  tab.Run(schema::Train{.settings = Quick()});
  const Bytes weights = tab.BuffersOfLast<schema::TrainDone>().at(0);
  tab.Run(schema::ExportProject{.id = 5});
  EXPECT_EQ(tab.Last<schema::WriteArchive>().name, "My first project.handful.zip");
  const Bytes zip = ZipOf(tab, store);

  MemoryStore elsewhere;
  Tab other(elsewhere);
  other.Run(schema::OpenProject{});
  schema::ImportArchive import{.id = 9, .name = "sheep.handful.zip"};
  ASSERT_TRUE(elsewhere.AddArchive(zip, import).ok());
  other.Run(import);
  EXPECT_EQ(other.LastFailure(), "");
  EXPECT_EQ(other.Last<schema::ImportDone>().added, 10);
  EXPECT_EQ(other.Last<schema::ProjectOpened>().project.name, "My first project");
  EXPECT_EQ(other.Samples().size(), 10U);
  EXPECT_EQ(other.Samples().begin()->second.session, "take 0");
  EXPECT_EQ(other.Last<schema::TrainingChanged>().training.curve.size(), 6U);
  other.Run(schema::RestoreTraining{.training_id = other.Last<schema::TrainingChanged>().training.id});
  EXPECT_EQ(other.Last<schema::ModelLoaded>().model.classes, (std::vector<std::string>{"red", "green"}));
  other.Run(schema::Train{.settings = Quick()});
  EXPECT_EQ(other.BuffersOfLast<schema::TrainDone>().at(0), weights);
}

struct Imported {
  MemoryStore store;
  std::unique_ptr<Tab> tab;
};
std::unique_ptr<Imported> Import(const std::vector<importers::InputFile>& files, int64_t class_id = 0) {
  auto imported = std::make_unique<Imported>();
  imported->tab = std::make_unique<Tab>(imported->store);
  imported->tab->Run(schema::OpenProject{});
  if (class_id != 0) imported->tab->Run(schema::AddClass{.name = "mine"});
  schema::ImportArchive import{
      .id = 9, .name = "things.zip", .class_id = class_id == 0 ? 0 : imported->tab->ClassId(0)};
  EXPECT_TRUE(imported->store.AddArchive(EncodeZip(files, true), import).ok());
  imported->tab->Run(import);
  return imported;
}

TEST(Archive, FoldersAreClassesAndOneBadPictureDoesNotStopTheOthers) {
  const auto imported = Import({{"x/dogs/1.bmp", Photo(0, 1)},
                                {"x/cats/1.bmp", Photo(1, 2)},
                                {"x/cats/2.png", Bytes{1, 2, 3}},
                                {"x/dogs/._1.bmp", Bytes{0}},
                                {"__MACOSX/x/dogs/1.bmp", Bytes{0}},
                                {"x/notes.txt", Bytes{65}}});
  EXPECT_EQ(imported->tab->Last<schema::ImportDone>().added, 2);
  EXPECT_EQ(imported->tab->Last<schema::ImportDone>().failed, 1);
  EXPECT_EQ(imported->tab->Last<schema::ImportDone>().failures.at(0).name, "x/cats/2.png");
  const auto classes = imported->tab->Last<schema::ProjectChanged>().project.classes;
  ASSERT_EQ(classes.size(), 2U);
  EXPECT_EQ(classes[0].name, "cats");
  EXPECT_EQ(classes[1].name, "dogs");
}

TEST(Archive, TakesPicturesByEveryEndingThereIs) {
  std::vector<importers::InputFile> files;
  for (const image::PictureKind& kind : image::kPictureKinds) {
    for (const std::string_view extension : kind.extensions) {
      if (!extension.empty()) files.push_back({"x/cats/1." + std::string(extension), Photo(0, files.size() + 1)});
    }
  }
  EXPECT_EQ(Import(files)->tab->Last<schema::ImportDone>().added, static_cast<int64_t>(files.size()));
}

TEST(Archive, GoesWhollyIntoTheClassItWasDroppedOn) {
  const auto imported = Import({{"a/1.bmp", Photo(0, 1)}, {"2.bmp", Photo(1, 2)}}, 1);
  EXPECT_EQ(imported->tab->Last<schema::ImportDone>().added, 2);
  EXPECT_EQ(imported->tab->Last<schema::ProjectChanged>().project.classes.size(), 1U);
}

TEST(Archive, WhatIsNoProjectAndNoPicturesIsSaid) {
  EXPECT_EQ(Import({{"notes.txt", Bytes{65}}})->tab->LastFailure(),
            "there is no picture in this archive, nor a project");
  const auto text = [](const std::string& json) { return Bytes(json.begin(), json.end()); };
  EXPECT_NE(Import({{"project.json", text(R"({"format":"handful-project","version":2})")}})
                ->tab->LastFailure()
                .find("newer Handful (field \"version\" is 2"),
            std::string::npos);
  EXPECT_NE(Import({{"project.json", text(R"({"format":"other"})")}})
                ->tab->LastFailure()
                .find("field \"format\" is \"other\""),
            std::string::npos);
  EXPECT_NE(Import({{"project.json", text("{")}})->tab->LastFailure().find("not a JSON object"), std::string::npos);
  EXPECT_NE(Import({{"project.json", text(R"({"format":"handful-project","samples":[{"sample":{"id":"x"}}]})")}})
                ->tab->LastFailure()
                .find("samples[0].sample.id"),
            std::string::npos);
}

TEST(Archive, OneCorruptSampleInAGoodProjectIsLeftOut) {
  MemoryStore store;
  Tab tab(store);
  tab.Run(schema::OpenProject{});
  tab.Add(6);
  tab.Run(schema::ExportProject{.id = 5});
  const auto archive = tab.Last<schema::WriteArchive>();
  std::vector<importers::InputFile> files;
  for (const schema::ArchivePart& part : archive.parts) {
    files.push_back({part.name, part.store.empty() ? tab.BuffersOfLast<schema::WriteArchive>().at(0)
                                                   : store.Of(part.store).at(part.key)});
  }
  files[2].bytes.resize(files[2].bytes.size() / 2);
  files.erase(files.begin() + 4);
  const auto imported = Import(files);
  EXPECT_EQ(imported->tab->Last<schema::ImportDone>().added, 4);
  EXPECT_EQ(imported->tab->Last<schema::ImportDone>().failed, 2);
}

}  // namespace
}  // namespace handful::engine
