#include "engine/engine.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "nn/model.h"
#include "schema/json.h"
#include "unit/model_fixture.h"
#include "unit/test_files.h"

namespace handful::engine {
namespace {

using schema::Bytes;
using testing::EncodeBmp;
using testing::PatternRgb8;
using testing::RandomBackbone;
using testing::RandomCnn;
using testing::RandomHead;

class Recorder {
 public:
  // How often progress is said depends on the clock.
  Recorder()
      : engine_(
            [this](schema::EventEnvelope e) {
              if (!std::holds_alternative<schema::TrainProgress>(e.message)) events.push_back(std::move(e));
            },
            importers::ImportModel) {}

  void Post(schema::Command command, std::vector<Bytes> buffers = {}) {
    engine_.Post({std::move(command), std::move(buffers)});
  }
  void Finish() {
    while (engine_.Step()) {
    }
  }
  bool Step() { return engine_.Step(); }

  template <class T>
  std::vector<T> All() const {
    std::vector<T> found;
    for (const schema::EventEnvelope& e : events) {
      if (const T* event = std::get_if<T>(&e.message)) found.push_back(*event);
    }
    return found;
  }
  std::string LastFailure() const {
    const std::vector<schema::Failed> failures = All<schema::Failed>();
    return failures.empty() ? "" : failures.back().message;
  }

  std::vector<schema::EventEnvelope> events;

 private:
  Engine engine_;
};

// A 224 × 224 picture of class `label`: a dim pattern with a little noise of its own, flooded with red or blue.
Bytes Sample(int label, uint64_t seed) {
  Bytes rgb = PatternRgb8(224, 224);
  Rng rng(seed);
  for (size_t i = 0; i < rgb.size(); ++i) {
    const bool flooded = i % 3 == (label == 0 ? 0U : 2U);
    rgb[i] = static_cast<uint8_t>(rgb[i] / 8 + rng.Below(16) + (flooded ? 200 : 0));
  }
  return EncodeBmp(224, 224, rgb);
}

// Times differ from run to run, learned numbers and the last digits of a probability from platform to platform.
std::string Comparable(const schema::Event& event) {
  std::string text = schema::ToJson(event);
  for (const char* key :
       {"ms\":", "\"seconds\":", "\"variant\":\"", "\"kernels\":\"", "loss\":", "accuracy\":", "accuracy\\\":\""}) {
    for (size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
      at += std::string(key).size();
      const char* end_characters = text[at - 1] == '"' ? "\"" : ",}";
      text.erase(at, text.find_first_of(end_characters, at) - at);
    }
  }
  for (size_t at = text.find("\"p\":"); at != std::string::npos; at = text.find("\"p\":", at)) {
    at += 4;
    const size_t end = text.find_first_of(",}", at);
    text.replace(at, end - at, Format("%.1f", std::strtod(text.c_str() + at, nullptr)));
  }
  return text;
}

// A recorded script: models, pictures good and bad, samples, a training and its model at work.
void PlayScript(Recorder& r) {
  const nn::Model backbone = RandomBackbone(1);
  r.Post(schema::Classify{.id = 1, .name = "too early.bmp"}, {Sample(0, 1)});
  r.Post(schema::LoadModel{.id = 2, .names = {"cnn.safetensors"}},
         {nn::WriteModel(RandomCnn(64, {"round", "square"}, 3))});
  r.Post(schema::Classify{.id = 3, .name = "wide.bmp", .top = 2, .thumbnail_side = 20},
         {EncodeBmp(80, 40, PatternRgb8(80, 40))});
  r.Post(schema::SetCropMode{schema::CropMode::kFit});
  r.Post(schema::Classify{.id = 4, .name = "wide.bmp", .top = 1}, {EncodeBmp(80, 40, PatternRgb8(80, 40))});
  r.Post(schema::Classify{.id = 5, .name = "empty.png"}, {Bytes{}});
  r.Post(schema::Classify{.id = 6, .name = "photo.webp"},
         {Bytes{'R', 'I', 'F', 'F', 4, 0, 0, 0, 'W', 'E', 'B', 'P', 'V', 'P', '8', ' '}});
  r.Post(schema::AddSample{.id = 7, .name = "a.bmp", .label = "red"}, {Sample(0, 1)});
  r.Post(schema::LoadBackbone{.id = 8, .name = "backbone.safetensors"}, {nn::WriteModel(backbone)});
  r.Post(schema::LoadModel{.id = 9, .names = {"head.safetensors"}}, {nn::WriteModel(RandomHead("00", {"a", "b"}, 4))});
  r.Post(schema::SetCropMode{schema::CropMode::kCenter});
  for (int i = 0; i < 16; ++i) {
    r.Post(schema::AddSample{.id = 10 + i,
                             .name = Format("%d.bmp", i),
                             .label = i % 2 == 0 ? "red" : "blue",
                             .session = Format("g%d", i / 4),
                             .burst = true},
           {Sample(i % 2, static_cast<uint64_t>(i) + 10)});
  }
  schema::TrainSettings settings;
  settings.epochs = 12;
  settings.batch = 4;
  settings.hidden = 30;
  settings.dropout = 0;
  settings.learning_rate = 0.002;
  settings.validation = 0.25;
  r.Post(schema::Train{.id = 30, .settings = settings});
  r.Finish();
  r.Post(schema::Classify{.id = 31, .name = "new.bmp", .top = 1}, {Sample(1, 99)});
  settings.folds = "group";
  settings.model_wanted = false;
  r.Post(schema::Train{.id = 32, .settings = settings});
  r.Post(schema::Train{.id = 33, .settings = {.epochs = 0}});
  r.Finish();
}

TEST(Engine, ARecordedScriptGivesTheSameEventsEverywhere) {
  Recorder r;
  PlayScript(r);
  std::string played;
  for (const schema::EventEnvelope& e : r.events) {
    played += Comparable(e.message);
    for (const Bytes& buffer : e.buffers) played += Format(" +%zu bytes", buffer.size());
    played += "\n";
  }
  EXPECT_GT(r.All<schema::TrainDone>().front().train_accuracy, 0.9) << "nothing was learned";
  const std::string path = testing::SourceFile("tests/golden/script_events.txt");
  if (std::getenv("HANDFUL_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << played;
  const Bytes expected = testing::ReadBytes(path);
  EXPECT_EQ(played, std::string(expected.begin(), expected.end()))
      << "HANDFUL_UPDATE_GOLDEN=1 writes tests/golden/script_events.txt anew";
}

TEST(Engine, TheSameScriptTwiceGivesTheSameWeights) {
  Recorder a, b;
  PlayScript(a);
  PlayScript(b);
  ASSERT_EQ(a.events.size(), b.events.size());
  size_t models = 0;
  for (size_t i = 0; i < a.events.size(); ++i) {
    EXPECT_EQ(a.events[i].buffers, b.events[i].buffers);
    models += std::holds_alternative<schema::TrainDone>(a.events[i].message) && !a.events[i].buffers.empty() ? 1 : 0;
  }
  EXPECT_EQ(models, 1U);
}

// Adds `n` samples of two classes on a random backbone.
void AddSamples(Recorder& r, int n) {
  r.Post(schema::LoadBackbone{.name = "b"}, {nn::WriteModel(RandomBackbone(1))});
  for (int i = 0; i < n; ++i) {
    r.Post(schema::AddSample{.name = "s", .label = i % 2 == 0 ? "red" : "blue"},
           {Sample(i % 2, static_cast<uint64_t>(i))});
  }
  r.Finish();
}

TEST(Engine, StopEndsATrainingWithinOneMiniBatchAndKeepsWhatWasLearned) {
  Recorder r;
  AddSamples(r, 8);
  r.Post(schema::Train{.id = 1, .settings = {.epochs = 10000, .batch = 2}});
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(r.Step());
  EXPECT_TRUE(r.All<schema::TrainDone>().empty());
  r.Post(schema::Stop{});
  r.Step();
  const std::vector<schema::TrainDone> done = r.All<schema::TrainDone>();
  ASSERT_EQ(done.size(), 1U);
  EXPECT_TRUE(done[0].stopped);
  r.Finish();  // what is to be kept
  EXPECT_EQ(r.All<schema::TrainDone>().size(), 1U);
  EXPECT_EQ(r.All<schema::ModelLoaded>().size(), 1U);
}

TEST(Engine, PicturesAreAnsweredWhileItTrains) {
  Recorder r;
  AddSamples(r, 8);
  r.Post(schema::LoadModel{.names = {"cnn"}}, {nn::WriteModel(RandomCnn(32, {"a", "b"}, 1))});
  r.Post(schema::Train{.id = 1, .settings = {.epochs = 10000, .batch = 2}});
  for (int i = 0; i < 5; ++i) r.Step();
  r.Post(schema::Classify{.id = 2, .name = "now.bmp"}, {Sample(0, 3)});
  EXPECT_TRUE(r.Step());
  EXPECT_EQ(r.All<schema::Prediction>().size(), 1U);
}

TEST(Engine, EveryLayerOfWhoeverAnswersIsShown) {
  Recorder r;
  const Bytes picture = EncodeBmp(80, 40, PatternRgb8(80, 40));
  r.Post(schema::LoadModel{.id = 1, .names = {"cnn.safetensors"}},
         {nn::WriteModel(RandomCnn(64, {"round", "square"}, 3))});
  r.Post(schema::Inspect{.id = 2, .name = "wide.bmp", .most = 4}, {picture});
  r.Post(schema::Inspect{.id = 3, .name = "wide.bmp", .layer = "conv2"}, {picture});
  r.Post(schema::Inspect{.id = 4, .name = "wide.bmp", .layer = "conv9"}, {picture});
  r.Finish();
  EXPECT_EQ(r.LastFailure(), "no layer is called \"conv9\"");
  ASSERT_EQ(r.All<schema::LayersInspected>().size(), 2U);
  const schema::LayersInspected all = r.All<schema::LayersInspected>()[0], one = r.All<schema::LayersInspected>()[1];
  EXPECT_EQ(all.filters.name, "conv1/kernel");
  EXPECT_EQ(all.filters.shown, 6);
  ASSERT_EQ(all.layers.size(), 9U) << "three convolutions, three poolings, three dense layers";
  EXPECT_EQ(all.layers[0].name, "conv1");
  EXPECT_EQ(all.layers[0].height, 64);
  EXPECT_EQ(all.layers[0].channels, 6);
  EXPECT_EQ(all.layers[0].shown, 4);
  EXPECT_EQ(all.layers[8].channels, 2);
  ASSERT_EQ(one.layers.size(), 1U);
  EXPECT_EQ(one.layers[0].shown, 16);
  EXPECT_EQ(one.filters.shown, 0);
  for (const schema::EventEnvelope& e : r.events) {
    const auto* event = std::get_if<schema::LayersInspected>(&e.message);
    if (event == nullptr) continue;
    std::vector<schema::InspectedLayer> pictures = event->layers;
    if (event->filters.shown > 0) pictures.insert(pictures.begin(), event->filters);
    ASSERT_EQ(e.buffers.size(), pictures.size());
    for (size_t i = 0; i < pictures.size(); ++i) {
      EXPECT_EQ(e.buffers[i].size(), static_cast<size_t>(pictures[i].picture_width * pictures[i].picture_height * 4))
          << pictures[i].name;
    }
  }

  // While the nearest samples answer, there is the backbone to look into.
  r.events.clear();
  r.Post(schema::LoadBackbone{.id = 5}, {nn::WriteModel(RandomBackbone(1))});
  for (int i = 0; i < 4; ++i)
    r.Post(schema::AddSample{.id = 6, .label = i % 2 == 0 ? "red" : "blue"}, {Sample(i % 2, static_cast<uint64_t>(i))});
  r.Post(schema::Inspect{.id = 7}, {Sample(0, 9)});
  r.Finish();
  ASSERT_EQ(r.All<schema::LayersInspected>().size(), 1U);
  EXPECT_EQ(r.All<schema::LayersInspected>()[0].layers.back().name, "global_average_pooling2d");
  EXPECT_EQ(r.All<schema::LayersInspected>()[0].filters.name, "Conv1/kernel");
}

TEST(Engine, WhatCannotBeDoneIsASentence) {
  Recorder r;
  const auto failure = [&](schema::Command command, std::vector<Bytes> buffers = {}) {
    r.events.clear();
    r.Post(std::move(command), std::move(buffers));
    r.Finish();
    return r.LastFailure();
  };
  EXPECT_EQ(failure(schema::Train{}), "there is nothing to learn from: add pictures first");
  EXPECT_EQ(failure(schema::LoadModel{}), "no file was given");
  EXPECT_EQ(failure(schema::LoadModel{.names = {"a", "b"}}, {Bytes{1}}), "1 buffers came with the command, expected 2");
  AddSamples(r, 4);
  EXPECT_EQ(failure(schema::AddSample{.label = "red", .input_range = schema::InputRange::kZeroToOne}, {Sample(0, 1)}),
            "field \"input_range\" is \"01\", but the samples before were made with \"pm1\"");
  EXPECT_EQ(failure(schema::Train{.settings = {.folds = "some"}}),
            "setting \"folds\" is \"some\", not \"group\" or a number from 2");
  EXPECT_EQ(failure(schema::Train{.settings = {.validation = 1.5}}), "setting \"validation\" is 1.5, outside 0 … 0.9");
}

TEST(Engine, PixelsFromABrowserMustFitTheirSize) {
  Recorder r;
  r.Post(schema::LoadModel{.names = {"cnn"}}, {nn::WriteModel(RandomCnn(32, {"a", "b"}, 1))});
  r.Post(schema::Classify{.id = 1, .name = "p", .width = 10, .height = 10}, {Bytes(10 * 10 * 4, 200)});
  r.Finish();
  EXPECT_EQ(r.All<schema::Prediction>().size(), 1U);
  r.Post(schema::Classify{.id = 2, .name = "p", .width = 10, .height = 10}, {Bytes(10, 200)});
  r.Finish();
  EXPECT_NE(r.LastFailure(), "");
}

}  // namespace
}  // namespace handful::engine
