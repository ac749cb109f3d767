#include <gtest/gtest.h>

#include "ui/hood/hood_model.h"
#include "unit/ui_fakes.h"

namespace handful::ui {
namespace {

using testing::FakeHost;

class Hood : public ::testing::Test {
 protected:
  Hood() {
    picture.id = 1;
    picture.file = 11;
    picture.name = "a.jpg";
    picture.answered = true;
  }
  std::vector<schema::Inspect> Asked() const { return host.Commands<schema::Inspect>(); }
  static schema::InspectedLayer Layer(const std::string& name, int channels, int shown, double ms = 1) {
    return {.name = name,
            .height = 4,
            .width = 4,
            .channels = channels,
            .ms = ms,
            .shown = shown,
            .columns = shown,
            .picture_width = 2,
            .picture_height = 1};
  }
  // The engine's answer to the last wish for everything.
  bool AnswerAll() {
    schema::LayersInspected event{.id = Asked().back().id, .name = Asked().back().name};
    event.filters = Layer("conv1/kernel", 6, 6);
    event.layers = {Layer("conv1", 16, 8, 3), Layer("conv2", 32, 8, 2)};
    schema::EventEnvelope envelope{event, std::vector<schema::Bytes>(3, schema::Bytes(8))};
    hood.Apply(envelope);
    return hood.Owns(event.id);
  }

  FakeHost host;
  HoodModel hood{host};
  HoodModel::Subject picture;
};

TEST_F(Hood, NothingIsAskedWhileItIsFolded) {
  hood.Look(picture, 1);
  EXPECT_TRUE(Asked().empty());
  hood.SetOpen(true);
  hood.Look(std::nullopt, 1);
  picture.answered = false;
  hood.Look(picture, 1);
  EXPECT_TRUE(Asked().empty());
}

TEST_F(Hood, AsksOnceForAPictureAndAgainForAnotherModel) {
  hood.SetOpen(true);
  hood.Look(picture, 1);
  hood.Look(picture, 1);
  ASSERT_EQ(Asked().size(), 1U);
  EXPECT_EQ(host.sent[0].files, std::vector<FileId>{11});
  EXPECT_TRUE(hood.busy());
  EXPECT_TRUE(AnswerAll());
  EXPECT_FALSE(hood.busy());
  EXPECT_EQ(hood.picture(), "a.jpg");
  EXPECT_EQ(hood.layers().size(), 2U);
  EXPECT_EQ(hood.ms(), 5);
  EXPECT_EQ(hood.most_ms(), 3);
  hood.Look(picture, 1);
  EXPECT_EQ(Asked().size(), 1U);
  hood.Look(picture, 2);
  EXPECT_EQ(Asked().size(), 2U);
}

TEST_F(Hood, AnAnswerAboutAnEarlierPictureIsLeft) {
  hood.SetOpen(true);
  hood.Look(picture, 1);
  const int64_t first = Asked()[0].id;
  picture.id = 2;
  hood.Look(picture, 1);
  schema::LayersInspected late{.id = first, .name = "late.jpg"};
  schema::EventEnvelope envelope{late, {schema::Bytes(8)}};
  hood.Apply(envelope);
  EXPECT_TRUE(hood.busy());
  EXPECT_EQ(hood.picture(), "");
}

TEST_F(Hood, AllMapsOfALayerStayForTheNextPicture) {
  hood.SetOpen(true);
  hood.Look(picture, 1);
  AnswerAll();
  hood.ShowAll("conv2", true);
  ASSERT_EQ(Asked().size(), 2U);
  EXPECT_EQ(Asked()[1].layer, "conv2");
  schema::LayersInspected one{
      .id = Asked()[1].id, .name = "a.jpg", .layer = "conv2", .layers = {Layer("conv2", 32, 32, 9)}};
  const int before = hood.layers()[1].revision;
  schema::EventEnvelope envelope{one, {schema::Bytes(8)}};
  hood.Apply(envelope);
  EXPECT_EQ(hood.layers()[1].info.shown, 32);
  EXPECT_EQ(hood.layers()[1].info.ms, 2) << "times are those of one run";
  EXPECT_GT(hood.layers()[1].revision, before);

  picture.id = 2;
  hood.Look(picture, 1);
  AnswerAll();
  ASSERT_EQ(Asked().size(), 4U);
  EXPECT_EQ(Asked()[3].layer, "conv2");
  EXPECT_TRUE(hood.layers()[1].all);
  hood.ShowAll("conv2", false);
  EXPECT_EQ(Asked().back().layer, "");
  AnswerAll();
  EXPECT_FALSE(hood.layers()[1].all);
}

TEST_F(Hood, FollowsTheCameraWhereNoPictureIsSelected) {
  hood.Look(std::nullopt, 1, true);
  EXPECT_FALSE(hood.WantsFrame(1)) << "it is folded";
  hood.SetOpen(true);
  hood.Look(std::nullopt, 1, false);
  EXPECT_FALSE(hood.WantsFrame(1)) << "there is no camera";
  hood.Look(std::nullopt, 1, true);
  EXPECT_TRUE(hood.WantsFrame(1));
  hood.LookAtFrame(5);
  ASSERT_EQ(Asked().size(), 1U);
  EXPECT_EQ(Asked()[0].width, kShotSide);
  EXPECT_FALSE(hood.WantsFrame(9)) << "one at a time";
  EXPECT_TRUE(AnswerAll());
  EXPECT_EQ(host.released, std::vector<FileId>{5});
  EXPECT_FALSE(hood.WantsFrame(1.2)) << "not more than two a second";
  EXPECT_TRUE(hood.WantsFrame(1.6));
  hood.Look(picture, 1, true);
  EXPECT_FALSE(hood.live());
  hood.LookAtFrame(6);
  EXPECT_EQ(host.released.back(), 6) << "a picture was selected meanwhile";
  EXPECT_EQ(Asked().size(), 2U);
  EXPECT_EQ(Asked().back().name, "a.jpg");
}

TEST_F(Hood, WhatWentWrongIsSaid) {
  hood.SetOpen(true);
  hood.Look(picture, 1);
  schema::Failed failed;
  failed.id = Asked()[0].id;
  failed.message = "too little memory";
  schema::EventEnvelope envelope{failed, {}};
  hood.Apply(envelope);
  EXPECT_FALSE(hood.busy());
  EXPECT_EQ(hood.error(), "Too little memory.");
  failed.id = 5;
  schema::EventEnvelope others{failed, {}};
  hood.Apply(others);
  EXPECT_FALSE(hood.Owns(failed.id));
}

TEST_F(Hood, ANewEngineIsAskedAgain) {
  hood.SetOpen(true);
  hood.Look(picture, 1);
  hood.EngineStopped();
  EXPECT_FALSE(hood.busy());
  hood.Look(picture, 1);
  EXPECT_EQ(Asked().size(), 2U);
}

}  // namespace
}  // namespace handful::ui
