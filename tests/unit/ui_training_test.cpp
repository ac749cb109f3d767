// What the panels know of trainings.
#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ui/toolkit/words.h"
#include "ui/train/train.h"
#include "unit/ui_fakes.h"

namespace handful::ui {
namespace {

using Phase = Run::Phase;
using schema::TrainingInfo;
using testing::FakeHost;

TrainingInfo Finished(int64_t id, int epochs = 50, double val_accuracy = 0.93) {
  TrainingInfo t;
  t.id = id;
  t.time_ms = 1'700'000'000'000 + id;
  t.classes = {"cat", "dog"};
  t.training = 56;
  t.validation = 14;
  t.split = schema::HeldOutBy::kGroups;
  t.state = schema::TrainingState::kDone;
  t.seconds = 2.5;
  t.train_accuracy = 1;
  t.val_accuracy = val_accuracy;
  t.val_loss = 0.2;
  for (int e = 1; e <= epochs; ++e) t.curve.push_back({e, 1.0 / e, 1 - 0.5 / e, 1.2 / e, 1 - 0.6 / e});
  return t;
}

struct Trained {
  FakeHost host;
  EngineState engine;
  Train model{host, engine};
  void Apply(const schema::Event& event) {
    engine.Apply(event);
    model.Apply(event);
  }
  explicit Trained(std::vector<TrainingInfo> earlier = {}) {
    Apply(schema::Ready{});
    Apply(schema::ProjectOpened{.project = {.id = "p"}, .trainings = std::move(earlier)});
  }
  template <class Command>
  std::vector<Command> Sent() const {
    return host.Commands<Command>();
  }
  // Start, and the engine has begun.
  void Begin(int64_t training_id = 7) {
    model.Start();
    Apply(schema::TrainStarted{.id = Sent<schema::Train>().back().id,
                               .training_id = training_id,
                               .training = 56,
                               .validation = 14,
                               .classes = {"cat", "dog"},
                               .split = schema::HeldOutBy::kGroups});
  }
  void Epoch(int epoch, int epochs = 50) {
    Apply(schema::EpochDone{.epoch = epoch,
                            .epochs = epochs,
                            .loss = 1.0 / epoch,
                            .accuracy = 0.9,
                            .val_loss = 1.1 / epoch,
                            .val_accuracy = 0.8});
  }
  std::string Obstacle(std::vector<TrainClass> classes) const { return model.Obstacle(classes); }
};

TEST(TrainingSettings, AreTheWriteUpsUntilTheVisitorChangesThem) {
  Trained t;
  const schema::TrainSettings& s = t.model.settings.now();
  EXPECT_EQ(s.epochs, 50);
  EXPECT_EQ(s.batch, 16);
  EXPECT_EQ(s.learning_rate, 0.001);
  EXPECT_EQ(s.hidden, 100);
  EXPECT_EQ(s.dropout, 0.5);
  EXPECT_EQ(ShownValue(Setting::validation, s), 20);
  EXPECT_TRUE(ChangedSettings(s).empty());
  t.model.settings.Set(Setting::epochs, 100);
  t.model.settings.Set(Setting::validation, 25);
  t.model.settings.Choose(Setting::recipe, schema::Recipe::kWriteup);
  EXPECT_EQ(s.validation, 0.25);
  EXPECT_EQ(ChangedSettings(s), (std::vector<std::string>{"100 epochs", "held out 25 %", "random split"}));
  t.model.settings.Reset();
  EXPECT_TRUE(ChangedSettings(s).empty());
}

TEST(TrainingSettings, OfCopiesCountOnlyWhereThereAreCopies) {
  schema::TrainSettings s;
  s.rotate = 40;
  s.flip = false;
  EXPECT_TRUE(ChangedSettings(s).empty());
  s.augment = 2;
  EXPECT_EQ(ChangedSettings(s), (std::vector<std::string>{"2 altered copies", "rotate 40°", "no mirrored copies"}));
}

TEST(TrainingSettings, SayWhatIsWrongWithANumberAndDoNotTakeIt) {
  Trained t;
  EXPECT_EQ(CheckSetting(Setting::epochs, 50), "");
  EXPECT_EQ(CheckSetting(Setting::epochs, 2.5), "Epochs: a whole number from 1 to 100000, not 2.5.");
  EXPECT_EQ(CheckSetting(Setting::dropout, 1), "Dropout: a number from 0 to 0.95, not 1.");
  EXPECT_EQ(CheckSetting(Setting::learning_rate, 0), "Learning rate: a number from 1e-06 to 10, not 0.");
  EXPECT_NE(CheckSetting(Setting::seed, std::numeric_limits<double>::quiet_NaN()), "");
  t.model.settings.Set(Setting::epochs, 0);
  t.model.settings.Set(Setting::batch, 1e9);
  EXPECT_TRUE(ChangedSettings(t.model.settings.now()).empty());
}

TEST(TrainingSettings, EverySettingsOwnDefaultIsAllowed) {
  for (const schema::SettingEntry& entry : schema::TrainSettingList()) {
    if (!entry.is_number()) continue;
    EXPECT_EQ(CheckSetting(entry.setting, ShownValue(entry.setting, {})), "") << entry.name;
    schema::TrainSettings s;
    SetNumber(entry.member, s, entry.most);
    EXPECT_NEAR(ShownValue(entry.setting, s), ShownMost(entry.setting), 1e-9) << entry.name;
  }
}

TEST(TrainingSettings, AWrongFieldKeepsTrainingFromStarting) {
  Trained t;
  t.model.settings.SetWrong(Setting::batch, "Batch: a whole number from 1 to 4096, not “x”.");
  EXPECT_EQ(t.Obstacle({{"cat", 5}, {"dog", 5}}), "Batch: a whole number from 1 to 4096, not “x”.");
  t.model.Start();
  EXPECT_TRUE(t.Sent<schema::Train>().empty());
  t.model.settings.SetWrong(Setting::batch, "");
  EXPECT_EQ(t.Obstacle({{"cat", 5}, {"dog", 5}}), "");
}

TEST(TrainingSettings, OfTheLastTrainingComeBackWithItsProject) {
  TrainingInfo last = Finished(3);
  last.settings.epochs = 80;
  last.settings.folds = "5";
  last.settings.model_wanted = false;
  Trained t({Finished(1), last});
  EXPECT_EQ(t.model.settings.now().epochs, 80);
  EXPECT_EQ(t.model.settings.now().folds, "");
  EXPECT_TRUE(t.model.settings.now().model_wanted);
}

TEST(TrainingObstacle, NamesTheNextStep) {
  Trained t;
  EXPECT_EQ(t.Obstacle({}), "Add two classes and show some pictures of each.");
  EXPECT_EQ(t.Obstacle({{"cat", 5}}), "Add a second class: training learns to tell classes apart.");
  EXPECT_EQ(t.Obstacle({{"cat", 5}, {"dog", 5, false}}),
            "Switch on a second class: training learns to tell classes apart.");
  EXPECT_EQ(t.Obstacle({{"cat", 5, false}, {"dog", 5, false}}), "All classes are switched off: switch two of them on.");
  EXPECT_EQ(t.Obstacle({{"cat", 0}, {"dog", 5}}), "“cat” has no pictures yet.");
  EXPECT_EQ(t.Obstacle({{"cat", 0}, {"dog", 0}}), "“cat” and “dog” have no pictures yet.");
  EXPECT_EQ(t.Obstacle({{"cat", 0}, {"dog", 0}, {"eel", 0}}), "“cat” and 2 other classes have no pictures yet.");
  EXPECT_EQ(t.Obstacle({{"cat", 1}, {"dog", 1}, {"eel", 0, false}}), "");
  FakeHost host;
  const EngineState not_ready;
  EXPECT_EQ(Train(host, not_ready).Obstacle({}), "The engine is still being loaded.");
}

TEST(TrainingObstacle, ShortensALongNameBetweenItsLetters) {
  Trained t;
  std::string name;
  for (int i = 0; i < 5000; ++i) name += "ß";
  const std::string sentence = t.Obstacle({{name, 0}, {"dog", 5}});
  EXPECT_LT(sentence.size(), 120U);
  EXPECT_NE(sentence.find("ß…” has"), std::string::npos);
}

TEST(TrainingModel, GoesThroughATrainingAndKeepsItsCurve) {
  Trained t;
  t.model.settings.Set(Setting::epochs, 2);
  t.model.Start();
  ASSERT_EQ(t.Sent<schema::Train>().size(), 1U);
  EXPECT_EQ(t.Sent<schema::Train>()[0].settings.epochs, 2);
  EXPECT_EQ(t.model.run.phase(), Phase::kStarting);
  EXPECT_TRUE(t.model.Owns(t.Sent<schema::Train>()[0].id));
  EXPECT_FALSE(t.model.Owns(t.Sent<schema::Train>()[0].id + 1));
  t.model.Start();
  EXPECT_EQ(t.Sent<schema::Train>().size(), 1U) << "one at a time";
  t.Apply(schema::TrainProgress{
      .phase = schema::TrainPhase::kCopies, .done = 3, .total = 12, .seconds = 1, .seconds_left = 9});
  EXPECT_EQ(t.model.run.phase(), Phase::kCopies);
  EXPECT_EQ(t.model.run.progress_text(), "Looking at altered copies, 3 of 12 · 9 s left");
  t.Apply(schema::TrainStarted{.id = t.Sent<schema::Train>()[0].id,
                               .training_id = 4,
                               .training = 56,
                               .validation = 14,
                               .classes = {"cat", "dog"},
                               .split = schema::HeldOutBy::kGroups});
  EXPECT_EQ(t.model.run.said(), "Training has begun with 56 pictures, 14 held out.");
  t.Apply(schema::TrainProgress{.done = 4, .total = 8, .seconds = 1, .seconds_left = 75});
  EXPECT_EQ(t.model.run.progress(), 0.5);
  EXPECT_EQ(t.model.run.progress_text(), "Epoch 1 of 2 · 1 min 15 s left");
  t.Epoch(1, 2);
  t.Epoch(2, 2);
  ASSERT_NE(t.model.Newest(), nullptr);
  EXPECT_EQ(t.model.Newest()->curve.size(), 2U);
  t.Apply(schema::TrainDone{.id = 12345});
  EXPECT_TRUE(t.model.run.running()) << "that was another one";
  t.Apply(schema::TrainDone{.id = t.Sent<schema::Train>()[0].id,
                            .train_accuracy = 1,
                            .val_accuracy = 13.0 / 14,
                            .val_loss = 0.3,
                            .seconds = 2});
  EXPECT_FALSE(t.model.run.running());
  EXPECT_EQ(t.model.run.said(), "Training is done. 13 of 14 held-out pictures right.");
  TrainingInfo record = Finished(4, 2, 13.0 / 14);
  record.current = true;
  t.Apply(schema::TrainingChanged{record});
  ASSERT_EQ(t.model.trainings.all().size(), 1U);
  EXPECT_TRUE(t.model.trainings.all()[0].current);
}

TEST(TrainingModel, ARecordSentMeanwhileDoesNotShortenTheCurve) {
  Trained t;
  t.Begin(7);
  t.Epoch(1);
  t.Epoch(2);
  TrainingInfo record = Finished(7, 1);
  record.state = schema::TrainingState::kRunning;
  t.Apply(schema::TrainingChanged{record});
  EXPECT_EQ(t.model.Newest()->curve.size(), 2U);
}

TEST(TrainingModel, StopsAndGoesOnWhereItWas) {
  Trained t;
  t.Begin(7);
  t.Epoch(1);
  t.Epoch(2);
  t.model.run.Stop();
  t.model.run.Stop();
  EXPECT_EQ(t.Sent<schema::Stop>().size(), 1U);
  EXPECT_EQ(t.model.run.phase(), Phase::kStopping);
  t.Apply(schema::TrainProgress{.done = 4, .total = 8});
  EXPECT_EQ(t.model.run.phase(), Phase::kStopping) << "a late word of progress";
  t.Apply(schema::TrainDone{
      .id = t.Sent<schema::Train>()[0].id, .train_accuracy = 0.9, .val_accuracy = 0.5, .stopped = true});
  EXPECT_EQ(t.model.Newest()->state, schema::TrainingState::kStopped);
  t.model.run.Resume(7);
  ASSERT_EQ(t.Sent<schema::ResumeTraining>().size(), 1U);
  EXPECT_EQ(t.Sent<schema::ResumeTraining>()[0].training_id, 7);
  t.Apply(schema::TrainStarted{.id = t.Sent<schema::ResumeTraining>()[0].id,
                               .training_id = 7,
                               .training = 56,
                               .validation = 14,
                               .classes = {"cat", "dog"},
                               .split = schema::HeldOutBy::kGroups,
                               .epoch = 1});
  EXPECT_EQ(t.model.Newest()->curve.size(), 1U) << "the second epoch is done again";
  EXPECT_EQ(t.model.run.said(), "Training goes on with 56 pictures, 14 held out.");
  t.Epoch(2);
  t.Epoch(3);
  EXPECT_EQ(t.model.Newest()->curve.size(), 3U);
  EXPECT_EQ(t.model.trainings.all().size(), 1U);
}

TEST(TrainingModel, StoppedBeforeItBeganRestsAtOnce) {
  Trained t;
  t.model.Start();
  t.model.run.Stop();
  EXPECT_EQ(t.model.run.phase(), Phase::kIdle);
}

TEST(TrainingModel, AFailureSaysWhyAndTheNextMayStart) {
  Trained t;
  t.Begin(7);
  t.Epoch(1);
  t.Apply(schema::Failed{
      .id = t.Sent<schema::Train>()[0].id, .command = "Train", .message = "the loss is no longer a number in epoch 2"});
  EXPECT_FALSE(t.model.run.running());
  EXPECT_EQ(t.model.run.error(), "The loss is no longer a number in epoch 2.");
  EXPECT_EQ(t.model.Newest()->state, schema::TrainingState::kFailed);
  t.model.Start();
  EXPECT_TRUE(t.model.run.error().empty());
  EXPECT_TRUE(t.model.run.running());
}

TEST(TrainingModel, SomebodyElsesFailureIsNotItsOwn) {
  Trained t;
  t.Begin(7);
  t.Apply(schema::Failed{.id = 5, .command = "Classify", .message = "not a picture"});
  t.Apply(schema::Failed{.id = 5, .command = "Train", .message = "another training is under way"});
  EXPECT_TRUE(t.model.run.running());
  EXPECT_TRUE(t.model.run.error().empty());
}

TEST(TrainingModel, ADeadEngineEndsTheTraining) {
  Trained t;
  t.Begin(7);
  t.Epoch(1);
  t.engine.Stopped();
  t.model.EngineStopped();
  EXPECT_FALSE(t.model.run.running());
  EXPECT_EQ(t.model.run.error(), "The engine ended before the training did.");
  EXPECT_EQ(t.model.Newest()->curve.size(), 1U);
  EXPECT_NE(t.Obstacle({{"cat", 5}, {"dog", 5}}), "");
}

TEST(TrainingModel, SaysEachTenthOfALongTrainingButDoesNotChatterInAShortOne) {
  Trained t;
  t.Begin();
  std::vector<std::string> said;
  const auto run = [&](double seconds_in_all) {
    for (int i = 1; i <= 100; ++i) {
      t.Apply(schema::TrainProgress{.done = i,
                                    .total = 100,
                                    .seconds = seconds_in_all * i / 100,
                                    .seconds_left = seconds_in_all * (100 - i) / 100});
      if (said.empty() || said.back() != t.model.run.said()) said.push_back(t.model.run.said());
    }
  };
  run(1);
  EXPECT_EQ(said.size(), 1U) << "a second is over before it is said";
  Trained slow;
  slow.Begin();
  std::vector<std::string> heard;
  for (int i = 1; i <= 100; ++i) {
    slow.Apply(schema::TrainProgress{.done = i, .total = 100, .seconds = i * 1.0, .seconds_left = 100.0 - i});
    if (heard.empty() || heard.back() != slow.model.run.said()) heard.push_back(slow.model.run.said());
  }
  EXPECT_EQ(heard.size(), 10U) << "the beginning and nine tenths";
  EXPECT_EQ(heard[3], "Training: 30 %, 1 min 10 s left.");
}

TEST(TrainingModel, OnlyOneTrainingAnswersAndADeletedOneIsGone) {
  TrainingInfo first = Finished(1);
  first.current = true;
  Trained t({first, Finished(2)});
  t.model.Restore(2);
  ASSERT_EQ(t.Sent<schema::RestoreTraining>().size(), 1U);
  TrainingInfo second = Finished(2);
  second.current = true;
  t.Apply(schema::TrainingChanged{second});
  EXPECT_FALSE(t.model.trainings.Find(1)->current);
  EXPECT_TRUE(t.model.trainings.Find(2)->current);
  t.model.trainings.SetCompared(1, true);
  t.model.trainings.AskToDelete(1);
  t.model.Delete(1);
  EXPECT_EQ(t.model.trainings.all().size(), 2U) << "until the engine says so";
  EXPECT_EQ(t.model.trainings.NameOf(2), "Training 2");
  t.Apply(schema::TrainingDeleted{1});
  EXPECT_EQ(t.model.trainings.Find(1), nullptr);
  EXPECT_TRUE(t.model.trainings.compared().empty());
  EXPECT_EQ(t.model.trainings.asked_to_delete(), 0);
  EXPECT_EQ(t.model.trainings.NumberOf(2), 1) << "those left are counted anew";
  EXPECT_EQ(t.model.trainings.NumberOf(99), 0);
}

TEST(TrainingHeadline, IsTheOneWhoseModelAnswersElseTheLast) {
  TrainingInfo first = Finished(3), second = Finished(5, 50, 0.5);
  Trained none({first, second});
  ASSERT_NE(none.model.Headline(), nullptr);
  EXPECT_EQ(none.model.Headline()->id, 5) << "nobody's model answers";
  EXPECT_EQ(none.model.HeadlineNote(), "");

  first.current = true;
  Trained t({first, second});
  EXPECT_EQ(t.model.Headline()->id, 3);
  EXPECT_EQ(t.model.HeadlineNote(), "Training 1 is in use. The last one, Training 2: 7 of 14 held-out pictures right.");
  EXPECT_EQ(t.model.Newest()->id, 5) << "what can be gone on with is another matter";
  t.Begin(7);
  EXPECT_EQ(t.model.Headline()->id, 7);
  EXPECT_EQ(t.model.HeadlineNote(), "");
  t.model.run.Stop();
  t.Apply(schema::TrainDone{.id = t.Sent<schema::Train>().back().id, .stopped = true});
  EXPECT_EQ(t.model.Headline()->id, 3);
  EXPECT_EQ(t.model.HeadlineNote(),
            "Training 1 is in use. The last one, Training 3, was stopped before its first epoch was done.");

  second.current = true;
  t.Apply(schema::TrainingChanged{second});
  EXPECT_EQ(t.model.Headline()->id, 5) << "after Restore";
}

TEST(TrainingHeadline, SaysThatTheLastOneWasWorseOnTheSamePictures) {
  TrainingInfo first = Finished(3), second = Finished(5, 50, 0.5);
  first.current = true;
  second.worse_than = first.id;
  EXPECT_EQ(Trained({first, second}).model.HeadlineNote(),
            "Training 1 is in use. The last one, Training 2, was right less often on the same pictures: 7 of 14 "
            "held-out pictures right.");
}

TEST(Outcome, SaysThatItEndedByItself) {
  TrainingInfo training = Finished(3);
  EXPECT_EQ(OutcomeOf(training).explanation.find("ended by itself"), std::string::npos);
  training.ended_early = true;
  training.best_epoch = 4;
  const std::string epochs = std::to_string(training.curve.back().epoch);
  EXPECT_NE(OutcomeOf(training).explanation.find("It ended by itself after " + epochs), std::string::npos)
      << OutcomeOf(training).explanation;
  EXPECT_NE(OutcomeOf(training).explanation.find("epoch 4 is kept"), std::string::npos);
}

TEST(TrainingModel, AnotherProjectBringsItsOwnTrainings) {
  Trained t({Finished(1)});
  t.Begin(2);
  t.Apply(schema::ProjectOpened{.project = {.id = "other"}, .trainings = {Finished(9)}});
  EXPECT_FALSE(t.model.run.running());
  ASSERT_EQ(t.model.trainings.all().size(), 1U);
  EXPECT_EQ(t.model.Newest()->id, 9);
}

TEST(TrainingModel, ComparesTwoAndTheThirdTakesThePlaceOfTheFirst) {
  Trained t({Finished(1), Finished(2), Finished(3)});
  for (const int64_t id : {1, 2, 3}) t.model.trainings.SetCompared(id, true);
  ASSERT_EQ(t.model.trainings.compared().size(), 2U);
  EXPECT_EQ(t.model.trainings.compared()[0]->id, 3);
  EXPECT_EQ(t.model.trainings.compared()[1]->id, 2);
  t.model.trainings.SetCompared(2, false);
  EXPECT_FALSE(t.model.trainings.IsCompared(2));
  t.model.trainings.SetCompared(99, true);
  EXPECT_EQ(t.model.trainings.compared().size(), 1U) << "there is no training 99";
}

TEST(TrainingModel, StaysQuickWithManyTrainingsOfManyEpochs) {
  std::vector<TrainingInfo> many;
  for (int64_t id = 1; id <= 80; ++id) many.push_back(Finished(id, 2000));
  Trained t(many);
  t.Begin(81);
  for (int e = 1; e <= 2000; ++e) t.Epoch(e, 2000);
  EXPECT_EQ(t.model.Newest()->curve.size(), 2000U);
  EXPECT_EQ(t.model.trainings.all().size(), 81U);
}

TEST(TrainingComparison, ListsTheSettingsThatDifferThenTheResults) {
  TrainingInfo a = Finished(1), b = Finished(2, 80, 0.5);
  b.settings.epochs = 80;
  b.settings.learning_rate = 0.01;
  b.settings.class_weights = true;
  b.split = schema::HeldOutBy::kRandom;
  const auto rows = Compare(a, b);
  std::vector<std::string> settings, results;
  for (const Compared& row : rows)
    (row.setting ? settings : results).push_back(row.name + ": " + row.a + " | " + row.b);
  EXPECT_EQ(settings,
            (std::vector<std::string>{"Epochs: 50 | 80", "Learning rate: 0.001 | 0.01", "Class weights: no | yes",
                                      "How held out: whole recordings | at random"}));
  EXPECT_EQ(results, (std::vector<std::string>{"Held out, right: 13 of 14 | 7 of 14", "Held out, loss: 0.200 | 0.200",
                                               "Training, right: 56 of 56 | 56 of 56", "Epochs done: 50 | 80",
                                               "Time: 2.5 s | 2.5 s"}));
}

TEST(TrainingOutcome, SaysHowTheHeldOutPicturesWereChosenAndWhatThatIsWorth) {
  TrainingInfo t = Finished(1, 50, 13.0 / 14);
  EXPECT_EQ(OutcomeOf(t).headline, "13 of 14 held-out pictures right");
  EXPECT_EQ(OutcomeOf(t).figure, "13 of 14");
  EXPECT_NE(OutcomeOf(t).explanation.find("never saw"), std::string::npos);
  t.split = schema::HeldOutBy::kEnds;
  EXPECT_NE(OutcomeOf(t).explanation.find("the end of each recording"), std::string::npos);
  t.split = schema::HeldOutBy::kRandom;
  EXPECT_NE(OutcomeOf(t).explanation.find("expect less"), std::string::npos);
  t.validation = 3;
  EXPECT_NE(OutcomeOf(t).explanation.find("So few say little."), std::string::npos);
  t.validation = 0;
  EXPECT_EQ(OutcomeOf(t).headline, "56 of 56 pictures right that it learned from");
  EXPECT_NE(OutcomeOf(t).explanation.find("None were held out"), std::string::npos);
  t.train_accuracy = 0.5;
  EXPECT_NE(OutcomeOf(t).explanation.find("guessing"), std::string::npos);
  t.train_accuracy = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(OutcomeOf(t).headline.substr(0, 7), "0 of 56");
  t.state = schema::TrainingState::kFailed;
  t.message = "the loss is no longer a number";
  EXPECT_EQ(OutcomeOf(t).explanation, "The loss is no longer a number.");
  EXPECT_TRUE(OutcomeOf(t).figure.empty());
}

TEST(TrainingWords, SayTimesAsPeopleReadThem) {
  EXPECT_EQ(TimeLeft(-1), "");
  EXPECT_EQ(TimeLeft(0.3), "almost done");
  EXPECT_EQ(TimeLeft(12.4), "12 s left");
  EXPECT_EQ(TimeLeft(125), "2 min 5 s left");
  const int64_t now = 1'700'000'000'000;
  EXPECT_EQ(WhenText(now, now).size(), 5U) << "the clock alone on the same day";
  EXPECT_NE(WhenText(now - 40LL * 86'400'000, now).find(" Oct, "), std::string::npos);
  EXPECT_NE(WhenText(now - 400LL * 86'400'000, now).find("2022"), std::string::npos);
}

}  // namespace
}  // namespace handful::ui
