// The training loop on a learner whose every loss is written down, and the record of held-out pictures.
#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "engine/training.h"
#include "train/cnn.h"
#include "train/head.h"
#include "train/loop.h"
#include "unit/random_values.h"

namespace handful::train {
namespace {

using testing::RandomValues;

// Learns nothing: its only weight counts the mini-batches, and each evaluation costs what `losses` says for as many of
// them.
class Scripted final : public Learner {
 public:
  explicit Scripted(std::vector<double> losses, std::string* log = nullptr) : losses_(std::move(losses)), log_(log) {
    parameters_.push_back({"count", {1}, false, AdamParameter(1)});
  }
  const char* kind() const override { return "scripted 1"; }
  Pace pace() const override { return {.learn = 2, .evaluate = 3, .ahead = 4}; }
  std::span<Parameter> parameters() override { return parameters_; }
  std::vector<Item> ItemsOf(std::span<const int> samples) const override {
    std::vector<Item> items;
    for (const int sample : samples) items.push_back({sample, 0});
    return items;
  }
  Result<bool> Fetch(std::span<const Item> items, size_t count, int64_t) override {
    Log(Format("fetch %zu of %zu, ", count, items.size()));
    return true;
  }
  BatchLoss Learn(const Lesson& lesson) override {
    Log(Format("learn %zu of %zu, ", lesson.labels.size(), lesson.batch));
    return {.loss = static_cast<double>(lesson.labels.size()), .correct = 0};
  }
  void Update(const AdamSettings&, int64_t step) override {
    Log(Format("step %d. ", static_cast<int>(step)));
    parameters_[0].numbers.value[0] += 1;
  }
  BatchLoss Evaluate(std::span<const int> labels) override {
    Log(Format("evaluate %zu. ", labels.size()));
    probabilities_.assign(labels.size() * 2, parameters_[0].numbers.value[0]);
    const auto n = static_cast<size_t>(parameters_[0].numbers.value[0]);
    return {.loss = losses_[std::min(n, losses_.size() - 1)] * static_cast<double>(labels.size()), .correct = 0};
  }
  std::span<const float> probabilities() const override { return probabilities_; }

 private:
  void Log(const std::string& line) {
    if (log_ != nullptr) *log_ += line;
  }
  const std::vector<double> losses_;
  std::string* const log_;
  std::vector<Parameter> parameters_;
  std::vector<float> probabilities_;
};

Dataset Labels(size_t n) {
  Dataset data;
  data.classes = {"a", "b"};
  for (size_t i = 0; i < n; ++i) {
    data.rows.emplace_back();
    data.labels.push_back(static_cast<int>(i % 2));
    data.groups.emplace_back();
  }
  return data;
}

std::unique_ptr<Session> Begun(const Dataset& data, const Split& split, const LoopSettings& settings,
                               std::unique_ptr<Learner> learner, const nn::TensorFile* state = nullptr) {
  Result<std::unique_ptr<Session>> session = Session::Begin(data, split, settings, std::move(learner), state);
  EXPECT_TRUE(session.ok()) << session.status().message();
  return session.ok() ? std::move(*session) : nullptr;
}

int EpochsToTheEnd(Session& session) {
  int epochs = 0;
  while (!session.done()) {
    Result<std::optional<EpochMetrics>> step = session.Step();
    EXPECT_TRUE(step.ok()) << step.status().message();
    if (!step.ok()) break;
    epochs += step->has_value() ? 1 : 0;
  }
  return epochs;
}

TEST(Loop, FetchesLearnsStepsAndEvaluatesInThatOrder) {
  std::string log;
  const Dataset data = Labels(11);
  LoopSettings settings;
  settings.epochs = 1;
  settings.batch = 4;
  const std::unique_ptr<Session> session = Begun(data, {"", {0, 1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}}, settings,
                                                 std::make_unique<Scripted>(std::vector{1.0}, &log));
  EpochsToTheEnd(*session);
  EXPECT_EQ(log,
            "fetch 2 of 4, learn 2 of 4, fetch 2 of 4, learn 2 of 4, step 1. fetch 2 of 2, learn 2 of 2, step 2. "
            "fetch 3 of 4, evaluate 3. fetch 2 of 2, evaluate 2. ");
}

TEST(Loop, EarlyStoppingKeepsTheBestEpochAndSaysWhichItIs) {
  const Dataset data = Labels(20);
  const Split split = {"", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {12, 13, 14, 15}};
  LoopSettings settings;
  settings.epochs = 50;
  settings.batch = 100;  // an epoch is one mini-batch
  settings.patience = 2;
  const std::vector<double> losses = {9, 5, 4, 3, 3, 3.5, 2.5, 4, 4, 4};  // after 0, 1, … epochs
  const std::unique_ptr<Session> first = Begun(data, split, settings, std::make_unique<Scripted>(losses));
  EXPECT_EQ(first->kept_epoch(), 0);
  EXPECT_EQ(EpochsToTheEnd(*first), 5);
  EXPECT_EQ(first->kept_epoch(), 3);
  EXPECT_TRUE(first->ended_early());
  EXPECT_EQ(first->Weights().tensors[0].values[0], 3);
  EXPECT_EQ(first->EvaluateHeldOut().row(0)[0], 3) << "of the weights that are kept";

  // Patience counts anew, and the sixth is better; from the state of today, and from one of a build that did not write
  // "weights_epoch".
  for (const bool of_before : {false, true}) {
    nn::TensorFile state = first->SaveState();
    if (of_before) state.metadata.erase("weights_epoch");
    const std::unique_ptr<Session> second = Begun(data, split, settings, std::make_unique<Scripted>(losses), &state);
    EXPECT_EQ(EpochsToTheEnd(*second), 3);
    EXPECT_EQ(second->kept_epoch(), 6);
  }
  // No better one comes: the best is still the third.
  const nn::TensorFile state = first->SaveState();
  const std::unique_ptr<Session> third =
      Begun(data, split, settings, std::make_unique<Scripted>(std::vector{9.0, 5.0, 4.0, 3.0, 6.0}), &state);
  EXPECT_EQ(EpochsToTheEnd(*third), 2);
  EXPECT_EQ(third->kept_epoch(), 3);
  EXPECT_EQ(third->Weights().tensors[0].values[0], 3);

  settings.epochs = 4;
  const std::unique_ptr<Session> whole = Begun(data, split, settings, std::make_unique<Scripted>(losses));
  EXPECT_EQ(EpochsToTheEnd(*whole), 4);
  EXPECT_EQ(whole->kept_epoch(), 3);
  EXPECT_FALSE(whole->ended_early());
  settings.patience = 0;
  const std::unique_ptr<Session> without = Begun(data, split, settings, std::make_unique<Scripted>(losses));
  EpochsToTheEnd(*without);
  EXPECT_EQ(without->kept_epoch(), 4);
}

TEST(Loop, WhatIsStoppedAmidAnEpochSaysThatItsHeldOutRecordIsOlder) {
  const Dataset data = Labels(20);
  const Split split = {"", {0, 1, 2, 3, 4, 5, 6, 7}, {8, 9, 10, 11}};
  LoopSettings settings;
  settings.batch = 4;
  const std::unique_ptr<Session> session = Begun(data, split, settings, std::make_unique<Scripted>(std::vector{1.0}));
  EXPECT_TRUE(session->EvaluateHeldOut().samples.empty());
  for (bool epoch = false; !epoch;) epoch = session->Step()->has_value();
  EXPECT_TRUE(session->EvaluateHeldOut().of_kept_weights);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(session->Step().ok());
  EXPECT_FALSE(session->EvaluateHeldOut().of_kept_weights);
  EXPECT_EQ(session->EvaluateHeldOut().samples, (std::vector<int64_t>{8, 9, 10, 11}));
  EXPECT_EQ(session->EvaluateHeldOut().row(3)[0], 2);
  EXPECT_EQ(session->kept_epoch(), 1);
}

// ---- heads ----

Dataset Clouds(size_t n) {
  Dataset data;
  data.dim = 4;
  data.classes = {"left", "right"};
  for (size_t i = 0; i < n; ++i) {
    std::vector<float> row = RandomValues(data.dim, i);
    row[0] += i % 2 == 0 ? -0.4F : 0.4F;
    data.rows.push_back(MakeFeatureRow(row));
    data.labels.push_back(static_cast<int>(i % 2));
    data.groups.push_back(Format("g%zu", i % 5));
  }
  return data;
}

HeadSettings SmallHead() {
  HeadSettings settings;
  settings.hidden = 6;
  settings.epochs = 20;
  settings.adam.learning_rate = 0.05;
  return settings;
}

// In double, from the weights as they are in a file.
std::vector<double> ProbabilitiesInDouble(const nn::TensorFile& weights, std::span<const float> x) {
  const std::vector<float>&w1 = weights.tensors[0].values, &b1 = weights.tensors[1].values,
        &w2 = weights.tensors[2].values, &b2 = weights.tensors[3].values;
  std::vector<double> z(b2.begin(), b2.end());
  for (size_t u = 0; u < b1.size(); ++u) {
    double h = b1[u];
    for (size_t i = 0; i < x.size(); ++i) h += static_cast<double>(x[i]) * w1[i * b1.size() + u];
    for (size_t c = 0; c < z.size(); ++c) z[c] += std::max(h, 0.0) * w2[u * z.size() + c];
  }
  double sum = 0;
  for (double& v : z) sum += v = std::exp(v);
  for (double& v : z) v /= sum;
  return z;
}

TEST(HeldOut, HoldsForEachSampleWhatTheWeightsThatAreKeptSay) {
  const Dataset data = Clouds(60);
  const Split split = RandomSplit(data, AllIndices(60), 0.3, 1);
  for (const int patience : {0, 2}) {
    for (const int steps : {0, 4, 1000}) {  // none, amid an epoch, to the end
      SCOPED_TRACE(Format("patience %d, %d steps", patience, steps));
      HeadSettings settings = SmallHead();
      settings.patience = patience;
      Result<std::unique_ptr<Session>> session = StartHeadTraining(data, split, settings);
      ASSERT_TRUE(session.ok());
      std::optional<Metrics> last;
      for (int i = 0; i < steps && !(*session)->done(); ++i) {
        const Result<std::optional<EpochMetrics>> step = (*session)->Step();
        ASSERT_TRUE(step.ok());
        if (step->has_value()) last = (*step)->validation;
      }
      const HeldOut& record = (*session)->EvaluateHeldOut();
      EXPECT_TRUE(record.of_kept_weights);
      EXPECT_EQ(record.classes, 2);
      ASSERT_EQ(record.samples, std::vector<int64_t>(split.validation.begin(), split.validation.end()));
      ASSERT_EQ(record.probabilities.size(), record.samples.size() * 2);
      const nn::TensorFile weights = (*session)->Weights();
      double correct = 0;
      for (size_t i = 0; i < record.samples.size(); ++i) {
        const auto sample = static_cast<size_t>(record.samples[i]);
        EXPECT_EQ(record.labels[i], data.labels[sample]);
        const std::vector<double> expected = ProbabilitiesInDouble(weights, data.row(sample));
        for (size_t c = 0; c < 2; ++c) EXPECT_NEAR(record.row(i)[c], expected[c], 1e-5);
        correct += record.row(i)[static_cast<size_t>(record.labels[i])] > 0.5F ? 1 : 0;
      }
      if ((*session)->done()) EXPECT_DOUBLE_EQ(last->accuracy, correct / static_cast<double>(record.samples.size()));
    }
  }
}

TEST(HeldOut, OfAllFoldsTogetherNamesEachSampleOnce) {
  schema::Train command;
  command.settings.folds = "group";
  command.settings.epochs = 3;
  command.settings.hidden = 6;
  Result<std::unique_ptr<engine::Training>> training =
      engine::Training::Start(command, Clouds(50), nullptr, [](const schema::Event&) {});
  ASSERT_TRUE(training.ok()) << training.status().message();
  while (!(*training)->done()) ASSERT_TRUE((*training)->Step().ok());
  const HeldOut& record = (*training)->held_out_record();
  EXPECT_EQ(std::set<int64_t>(record.samples.begin(), record.samples.end()).size(), 50U);
  ASSERT_EQ(record.samples.size(), 50U);
  EXPECT_EQ(record.probabilities.size(), 100U);
  int correct = 0;
  for (size_t i = 0; i < 50; ++i) correct += record.row(i)[static_cast<size_t>(record.labels[i])] > 0.5F ? 1 : 0;
  EXPECT_NEAR((*training)->summary().val_accuracy, correct / 50.0, 1e-9) << "groups are of one size";
}

TEST(HeldOut, TheTrainingSaysWhichEpochItKept) {
  schema::Train command;
  command.settings.epochs = 400;
  command.settings.patience = 2;
  command.settings.learning_rate = 0.1;
  command.settings.hidden = 6;
  int epochs = 0;
  Result<std::unique_ptr<engine::Training>> training = engine::Training::Start(
      command, Clouds(60), nullptr,
      [&](const schema::Event& event) { epochs += std::holds_alternative<schema::EpochDone>(event) ? 1 : 0; });
  ASSERT_TRUE(training.ok());
  while (!(*training)->done()) ASSERT_TRUE((*training)->Step().ok());
  EXPECT_TRUE((*training)->summary().ended_early);
  EXPECT_EQ((*training)->summary().best_epoch, epochs - 2);
  EXPECT_FALSE((*training)->held_out_record().samples.empty());
}

// ---- its file ----

HeldOut Record() {
  HeldOut record;
  record.samples = {3, 16'777'217, 9'007'199'254'740'993};  // the last two are no float, the last is no double either
  record.labels = {0, 2, 1};
  record.probabilities = {0.5F, 0.25F, 0.25F, 0, 0, 1, 0.125F, 0.5F, 0.375F};
  record.classes = 3;
  record.of_kept_weights = false;
  return record;
}

TEST(HeldOut, SurvivesItsFile) {
  for (const HeldOut& record : {Record(), HeldOut()}) {
    Result<nn::TensorFile> file = nn::ReadSafetensors(nn::WriteSafetensors(ToTensors(record)));
    ASSERT_TRUE(file.ok());
    const Result<HeldOut> back = HeldOutFromTensors(*file);
    ASSERT_TRUE(back.ok()) << back.status().message();
    EXPECT_EQ(back->samples, record.samples);
    EXPECT_EQ(back->labels, record.labels);
    EXPECT_EQ(back->probabilities, record.probabilities);
    EXPECT_EQ(back->classes, record.classes);
    EXPECT_EQ(back->of_kept_weights, record.of_kept_weights);
  }
}

TEST(HeldOut, FilesThatDoNotFitAreSentences) {
  const auto error_after = [](auto change) {
    nn::TensorFile file = ToTensors(Record());
    change(file);
    return HeldOutFromTensors(file).status().message();
  };
  using F = nn::TensorFile;
  EXPECT_EQ(error_after([](F& f) { f.metadata.clear(); }), "this is no record of held-out pictures");
  EXPECT_EQ(error_after([](F& f) { f.metadata["samples"] = "3 x 5"; }),
            "the record of held-out pictures names a sample that is no number, at position 1");
  EXPECT_EQ(error_after([](F& f) { f.metadata["samples"] = "3 5"; }),
            "tensor \"probabilities\" has shape [3, 3], expected [2, 3]");
  EXPECT_EQ(error_after([](F& f) { f.tensors.erase(f.tensors.begin()); }), "tensor \"probabilities\" is missing");
  EXPECT_EQ(error_after([](F& f) { f.tensors.pop_back(); }), "tensor \"labels\" is missing");
  EXPECT_EQ(error_after([](F& f) { f.tensors[1].values[1] = 3; }),
            "tensor \"labels\" holds 3 at position 1, but there are 3 classes");
}

// ---- states ----

// What is in the browsers of people who stopped a training: these names may be added to, but none may change.
TEST(SavedTraining, KeepsTheNamesThatEarlierBuildsWrote) {
  const auto names_of = [](const nn::TensorFile& state) {
    std::string names;
    for (const nn::NamedTensor& tensor : state.tensors) names += tensor.name + " ";
    return names;
  };
  const Dataset data = Clouds(20);
  HeadSettings settings = SmallHead();
  settings.patience = 3;
  Result<std::unique_ptr<Session>> head = StartHeadTraining(data, {"", AllIndices(20), {}}, settings);
  ASSERT_TRUE(head.ok());
  ASSERT_TRUE((*head)->Step().ok());
  const nn::TensorFile state = (*head)->SaveState();
  EXPECT_EQ(names_of(state),
            "hidden/kernel hidden/kernel/moment1 hidden/kernel/moment2 best/hidden/kernel "
            "hidden/bias hidden/bias/moment1 hidden/bias/moment2 best/hidden/bias "
            "output/kernel output/kernel/moment1 output/kernel/moment2 best/output/kernel "
            "output/bias output/bias/moment1 output/bias/moment2 best/output/bias order ");
  EXPECT_EQ(state.Find("hidden/kernel")->shape, (std::vector<int64_t>{4, 6}));
  std::string fields;
  for (const auto& [field, text] : state.metadata) fields += field + " ";
  EXPECT_EQ(fields,
            "best_epoch best_loss_bits correct dropout_rng epoch handful_training loss_bits order_rng position "
            "shuffled step weights_epoch ");
  EXPECT_EQ(state.metadata.at("handful_training"), "head 1");

  class NoPictures final : public PictureSource {
    void Expect(std::span<const int>) override {}
    Result<const image::Image*> Find(int) override { return static_cast<const image::Image*>(nullptr); }
  } pictures;
  CnnSettings small;
  small.size = 16;
  small.dense = {4};
  Result<std::unique_ptr<Session>> cnn = StartCnnTraining(data, pictures, {"", AllIndices(20), {}}, small);
  ASSERT_TRUE(cnn.ok());
  std::string expected;
  for (const char* layer : {"conv1", "conv2", "conv3", "dense1", "output"}) {
    for (const char* part : {"kernel", "bias"}) {
      for (const char* suffix : {"", "/moment1", "/moment2"}) expected += Format("%s/%s%s ", layer, part, suffix);
    }
  }
  EXPECT_EQ(names_of((*cnn)->SaveState()), expected + "order ");
  EXPECT_EQ((*cnn)->SaveState().metadata.at("handful_training"), "cnn 1");
}

}  // namespace
}  // namespace handful::train
