#include <gtest/gtest.h>

#include "schema/json.h"

namespace handful::schema {
namespace {

TEST(Messages, ACommandSurvivesTheWayThroughJson) {
  TrainSettings settings;
  settings.epochs = 7;
  settings.learning_rate = 0.25;
  settings.seed = 1234567890123;
  settings.folds = "group";
  settings.model_wanted = false;
  const std::string text = ToJson(Command(Train{5, settings}));
  const Result<Command> back = CommandFromJson(text);
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(ToJson(*back), text);
  const Train& train = std::get<Train>(*back);
  EXPECT_EQ(train.id, 5);
  EXPECT_EQ(train.settings.seed, 1234567890123);
  EXPECT_FALSE(train.settings.model_wanted);
}

TEST(Messages, AnEventSurvivesTheWayThroughJson) {
  Prediction prediction;
  prediction.name = "ein \"Bild\" <b>.jpg";
  prediction.top = {{"zwei", 0.75}, {"eins", 0.25}};
  prediction.crop = {10, -3, 224};
  const std::string text = ToJson(Event(prediction));
  const Result<Event> back = EventFromJson(text);
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(ToJson(*back), text);
  EXPECT_EQ(std::get<Prediction>(*back).crop.y, -3);
}

TEST(Messages, MissingFieldsKeepTheirDefaultsAndUnknownOnesAreIgnored) {
  const Result<Command> command = CommandFromJson(R"({"type":"Classify","id":3,"colour":"red"})");
  ASSERT_TRUE(command.ok());
  EXPECT_EQ(std::get<Classify>(*command).top, 5);
  EXPECT_EQ(std::get<Classify>(*command).id, 3);
}

std::string ErrorOf(const char* text) { return CommandFromJson(text).status().message(); }

TEST(Messages, ErrorsNameTheField) {
  EXPECT_EQ(ErrorOf(R"({"type":"Train","settings":{"epochs":"many"}})"),
            "field \"settings.epochs\" must be a whole number, not string");
  EXPECT_EQ(ErrorOf(R"({"type":"Train","settings":{"epochs":1.5}})"),
            "field \"settings.epochs\" must be a whole number, not number");
  EXPECT_EQ(ErrorOf(R"({"type":"Train","settings":{"epochs":9999999999}})"),
            "field \"settings.epochs\" is out of range: 9999999999");
  EXPECT_EQ(ErrorOf(R"({"type":"LoadModel","names":["a",2]})"), "field \"names[1]\" must be a string, not number");
  EXPECT_EQ(ErrorOf(R"({"type":"Dance"})"), "unknown message type \"Dance\"");
  EXPECT_EQ(ErrorOf(R"({"id":3})"), "message has no \"type\"");
  EXPECT_EQ(ErrorOf("{"), "message is not a JSON object (1 bytes)");
}

TEST(Messages, EnumerationsAreTheirSpellingAndNothingElse) {
  const Result<Command> command = CommandFromJson(R"({"type":"SetCropMode","crop_mode":"fit"})");
  ASSERT_TRUE(command.ok());
  EXPECT_EQ(std::get<SetCropMode>(*command).crop_mode, CropMode::kFit);
  EXPECT_EQ(ToJson(*command), R"({"crop_mode":"fit","type":"SetCropMode"})");
  EXPECT_EQ(ErrorOf(R"({"type":"SetCropMode","crop_mode":"zoom"})"),
            "field \"crop_mode\" is \"zoom\", not center or fit");
  EXPECT_EQ(ErrorOf(R"({"type":"AddSample","source":"book"})"),
            "field \"source\" is \"book\", not file, camera or video");
  EXPECT_EQ(ErrorOf(R"({"type":"Train","settings":{"network":"resnet"}})"),
            "field \"settings.network\" is \"resnet\", not mobilenet or cnn");
}

TEST(Messages, ACommandThatIsNotUnderstoodIsAnsweredAllTheSame) {
  const char* text = R"({"type":"Train","id":7,"settings":{"recipe":"magic"}})";
  const Failed failed = NotUnderstood(text, CommandFromJson(text).status());
  EXPECT_EQ(failed.id, 7);
  EXPECT_EQ(failed.command, "Train");
  EXPECT_EQ(failed.message, "field \"settings.recipe\" is \"magic\", not default or writeup");
  EXPECT_EQ(NotUnderstood("{", Errorf("what?")).id, 0);
}

TEST(TrainSettings, AreWithinTheirBoundsAsTheyAreAndRefusedBeyond) {
  for (const Network network : {Network::kMobileNet, Network::kCnn}) {
    TrainSettings settings = DefaultsOf(network);
    settings.augment = 1;  // so that all matter
    EXPECT_TRUE(CheckNumbers(settings).ok());
    for (const SettingEntry& entry : TrainSettingList()) {
      if (!entry.is_number() || !Matters(entry.scope, settings)) continue;
      for (const double value : {entry.least, entry.most}) {
        TrainSettings at_bound = settings;
        SetNumber(entry.member, at_bound, value);
        EXPECT_TRUE(CheckNumbers(at_bound).ok()) << entry.name << " " << value;
      }
      TrainSettings beyond = settings;
      SetNumber(entry.member, beyond, entry.least - 1);
      EXPECT_TRUE(CheckNumbers(beyond).message().starts_with(std::string("setting \"") + entry.name + "\" is "))
          << entry.name;
    }
  }
  EXPECT_EQ(DefaultsOf(Network::kCnn).batch, 64);
}

TEST(Messages, NumbersBeyondWhatAnIntegerHoldsAreRefused) {
  EXPECT_NE(ErrorOf(R"({"type":"Train","settings":{"seed":1e300}})"), "");
}

TEST(Messages, BytesThatAreNoUtf8AreReplacedNotThrownAt) {
  Failed failed;
  failed.name = "caf\xe9.jpg";
  EXPECT_TRUE(EventFromJson(ToJson(Event(failed))).ok());
}

}  // namespace
}  // namespace handful::schema
