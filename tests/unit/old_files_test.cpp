// Files that Handful wrote at commit 85c0966 (tests/fixtures/85c0966): they open, and its models say what they said
// then.
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "nn/model.h"
#include "unit/tab.h"
#include "unit/test_files.h"

namespace handful::engine {
namespace {

using nlohmann::json;
using testing::Tab;

// The answers were given by AVX-512 kernels; other machines' and WebAssembly's add up in another order.
constexpr double kTolerance = 1e-5;

std::string OldFile(const std::string& name) { return testing::SourceFile("tests/fixtures/85c0966/" + name); }

json OldAnswers(const std::string& model) { return json::parse(testing::ReadBytes(OldFile("answers.json"))).at(model); }

// Asks about every picture of `answers`: file → {label: probability}. `renamed`: what a label is called by now.
void ExpectAnswers(Tab& tab, const json& answers, const std::map<std::string, std::string>& renamed = {}) {
  EXPECT_EQ(answers.size(), 6U);
  for (const auto& [file, labels] : answers.items()) {
    SCOPED_TRACE(file);
    tab.Run(schema::Classify{.name = file, .top = 10}, {testing::ReadBytes(OldFile("pictures/" + file))});
    const auto prediction = tab.Last<schema::Prediction>();
    ASSERT_EQ(prediction.name, file);
    EXPECT_EQ(prediction.by, schema::Answerer::kModel);
    ASSERT_EQ(prediction.top.size(), labels.size());
    std::map<std::string, double> said;
    for (const schema::ClassProbability& c : prediction.top) said[c.label] = c.p;
    for (const auto& [label, p] : labels.items()) {
      const auto found = said.find(renamed.contains(label) ? renamed.at(label) : label);
      ASSERT_NE(found, said.end()) << label;
      EXPECT_NEAR(found->second, p.get<double>(), kTolerance) << label;
    }
  }
}

void ExpectModel(const std::string& file, const std::string& network, const std::string& title) {
  MemoryStore store;
  Tab tab(store);  // with the random backbone that the head was trained on
  tab.Run(schema::LoadModel{.id = 1, .names = {file}}, {testing::ReadBytes(OldFile(file))});
  ASSERT_EQ(tab.LastFailure(), "");
  const auto loaded = tab.Last<schema::ModelLoaded>();
  EXPECT_EQ(loaded.warning, "");
  EXPECT_EQ(loaded.model.network, network);
  EXPECT_EQ(loaded.model.title, title);
  EXPECT_EQ(loaded.model.classes, (std::vector<std::string>{"crosses", "discs", "stripes"}));
  ExpectAnswers(tab, OldAnswers(file));
}

TEST(OldFiles, AHeadAnswersAsItDidThen) { ExpectModel("head.safetensors", "mobilenet_v2_head", "shapes"); }

TEST(OldFiles, ANetworkFromScratchAnswersAsItDidThen) { ExpectModel("cnn.safetensors", "finger_cnn", "shapes"); }

// The project's zip, imported.
void Import(Tab& tab, MemoryStore& store) {
  tab.Run(schema::OpenProject{});
  schema::ImportArchive import{.id = 9, .name = "Shapes.handful.zip"};
  ASSERT_TRUE(store.AddArchive(testing::ReadBytes(OldFile("project.zip")), import).ok());
  tab.Run(import);
  ASSERT_EQ(tab.LastFailure(), "");
}

TEST(OldFiles, AProjectsZipOpensWithItsClassesPicturesAndTraining) {
  MemoryStore store;
  Tab tab(store);
  ASSERT_NO_FATAL_FAILURE(Import(tab, store));
  const auto done = tab.Last<schema::ImportDone>();
  EXPECT_EQ(done.added, 20);
  EXPECT_EQ(done.failed, 0);
  EXPECT_EQ(done.warning, "");

  const auto project = tab.Last<schema::ProjectChanged>().project;
  EXPECT_EQ(project.name, "Shapes");
  EXPECT_TRUE(project.imports.empty());
  std::map<std::string, int> pictures;
  std::map<int64_t, std::string> names;
  for (const schema::ClassInfo& c : project.classes) names[c.id] = c.name, pictures[c.name] = 0;
  EXPECT_EQ(names.size(), 4U);
  EXPECT_EQ(project.classes.at(0).name, "Kreuze ✚");
  EXPECT_EQ(project.classes.at(1).name, "discs");
  EXPECT_EQ(project.classes.at(2).name, "bands");
  EXPECT_EQ(project.classes.at(3).name, "left out");
  for (const schema::ClassInfo& c : project.classes) EXPECT_EQ(c.enabled, c.name != "left out") << c.name;
  int filmed = 0;
  for (const auto& [id, sample] : tab.Samples()) {
    ++pictures[names.at(sample.class_id)];
    filmed += sample.source == schema::SampleSource::kCamera ? 1 : 0;
    EXPECT_FALSE(sample.session.empty());
    EXPECT_GT(sample.time_ms, 0);
  }
  EXPECT_EQ(pictures, (std::map<std::string, int>{{"discs", 5}, {"bands", 7}, {"Kreuze ✚", 6}, {"left out", 2}}));
  EXPECT_EQ(filmed, 1);
  for (const char* kept : {"samples", "features", "pixels", "thumbnails"})
    EXPECT_EQ(store.Of(kept).size(), 20U) << kept;

  const auto training = tab.Last<schema::TrainingChanged>().training;
  EXPECT_EQ(training.state, schema::TrainingState::kDone);
  EXPECT_EQ(training.settings.epochs, 20);
  EXPECT_EQ(training.settings.hidden, 8);
  EXPECT_EQ(training.curve.size(), 20U);
  EXPECT_EQ(training.training + training.validation, 18);
  ASSERT_EQ(training.class_ids.size(), 3U);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(training.class_ids[i], project.classes.at(i).id);

  tab.Run(schema::Train{.settings = testing::Quick()});
  EXPECT_EQ(tab.LastFailure(), "");
  EXPECT_EQ(tab.Last<schema::TrainingChanged>().training.classes,
            (std::vector<std::string>{"Kreuze ✚", "discs", "bands"}));
}

TEST(OldFiles, TheTrainingOfAProjectsZipAnswersAsItDidThen) {
  const char* models = std::getenv("HANDFUL_MODELS");
  const std::string weights = (models != nullptr ? std::string(models) : testing::SourceFile("models")) +
                              "/mobilenet_v2_035_224_backbone.safetensors";
  if (!std::ifstream(weights).good()) GTEST_SKIP() << "there is no " << weights;
  MemoryStore store;
  Tab tab(store, /*with_backbone=*/false);
  tab.Run(schema::LoadBackbone{.name = "official"}, {testing::ReadBytes(weights)});
  ASSERT_NO_FATAL_FAILURE(Import(tab, store));
  tab.Run(schema::RestoreTraining{.training_id = tab.Last<schema::TrainingChanged>().training.id});
  ASSERT_EQ(tab.LastFailure(), "");
  ExpectAnswers(tab, OldAnswers("project.zip"), {{"stripes", "bands"}});
}

}  // namespace
}  // namespace handful::engine
