#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "train/adam.h"
#include "train/gemm.h"
#include "train/head.h"
#include "train/layers.h"
#include "train/split.h"
#include "train/wide_dense.h"
#include "unit/random_values.h"

namespace handful::train {
namespace {

using testing::RandomValues;

// ---- matrix products ----

TEST(Gemm, AllThreeFormsAgreeWithPlainLoops) {
  for (const auto [m, n, k] :
       {std::tuple<size_t, size_t, size_t>{1, 1, 1}, {4, 8, 5}, {16, 100, 37}, {5, 3, 9}, {7, 13, 4}}) {
    const std::vector<float> a = RandomValues(m * k, 1);  // (m,k)
    const std::vector<float> b = RandomValues(k * n, 2);  // (k,n)
    const std::vector<float> g = RandomValues(m * n, 3);  // (m,n)
    std::vector<float> forward(m * n), weights(k * n), data(m * k);
    Gemm(m, n, k, a.data(), k, b.data(), n, forward.data(), n);
    GemmTransposedA(m, n, k, a.data(), k, g.data(), n, weights.data(), n);
    GemmTransposedB(m, n, k, g.data(), n, b.data(), n, data.data(), k);
    for (size_t i = 0; i < m; ++i) {
      for (size_t j = 0; j < n; ++j) {
        double sum = 0;
        for (size_t p = 0; p < k; ++p) sum += static_cast<double>(a[i * k + p]) * b[p * n + j];
        ASSERT_NEAR(forward[i * n + j], sum, 1e-5);
      }
    }
    for (size_t p = 0; p < k; ++p) {
      for (size_t j = 0; j < n; ++j) {
        double sum = 0;
        for (size_t i = 0; i < m; ++i) sum += static_cast<double>(a[i * k + p]) * g[i * n + j];
        ASSERT_NEAR(weights[p * n + j], sum, 1e-5);
      }
    }
    for (size_t i = 0; i < m; ++i) {
      for (size_t p = 0; p < k; ++p) {
        double sum = 0;
        for (size_t j = 0; j < n; ++j) sum += static_cast<double>(g[i * n + j]) * b[p * n + j];
        ASSERT_NEAR(data[i * k + p], sum, 1e-5);
      }
    }
  }
}

// ---- the wide layer ----

TEST(WideDense, AgreesWithPlainLoopsWhateverIsMasked) {
  for (const auto [batch, inputs, units] :
       {std::tuple<size_t, size_t, size_t>{1, 1, 1}, {3, 7, 5}, {17, 300, 4}, {32, 529, 9}}) {
    const std::vector<float> in = RandomValues(batch * inputs, 1), kernel = RandomValues(inputs * units, 2),
                             bias = RandomValues(units, 3);
    std::vector<float> mask = RandomValues(batch * units, 4), d_out = RandomValues(batch * units, 5),
                       out(batch * units);
    for (float& m : mask) m = m < 0 ? 0 : 2;
    for (size_t i = 0; i < mask.size(); ++i) d_out[i] *= mask[i];
    std::vector<std::span<const float>> rows;
    for (size_t b = 0; b < batch; ++b) rows.push_back(std::span<const float>(in).subspan(b * inputs, inputs));
    InputBatch x;
    x.Assign(rows);
    for (const bool masked : {true, false}) {
      WideDenseForward(x, ToUnitRows(kernel, units), bias, masked ? mask : std::vector<float>(), out);
      for (size_t b = 0; b < batch; ++b) {
        for (size_t u = 0; u < units; ++u) {
          double sum = bias[u];
          for (size_t i = 0; i < inputs; ++i) sum += static_cast<double>(in[b * inputs + i]) * kernel[i * units + u];
          ASSERT_NEAR(out[b * units + u], masked && mask[b * units + u] == 0 ? 0 : sum, 1e-4);
        }
      }
    }
    AdamParameter parameter(units * PaddedInputs(inputs));
    parameter.value = ToUnitRows(kernel, units);
    WideDenseUpdate(x, d_out, AdamStep({}, 1), parameter);
    const std::vector<float> moment = FromUnitRows(parameter.moment1, inputs, units),
                             after = FromUnitRows(parameter.value, inputs, units);
    for (size_t i = 0; i < inputs; ++i) {
      for (size_t u = 0; u < units; ++u) {
        double gradient = 0;
        for (size_t b = 0; b < batch; ++b) gradient += static_cast<double>(in[b * inputs + i]) * d_out[b * units + u];
        ASSERT_NEAR(moment[i * units + u], 0.1 * gradient, 1e-5);  // m = (1 - 0.9) g after the first step
        const double moved = after[i * units + u] - kernel[i * units + u];
        if (std::abs(gradient) > 1e-3) ASSERT_NEAR(moved, gradient > 0 ? -1e-3 : 1e-3, 1e-5);
      }
    }
  }
}

// ---- gradients ----

// A head's loss on one batch, straight through the layers, no dropout.
struct TinyHead {
  size_t batch = 3, inputs = 7, hidden = 5, classes = 4;
  std::vector<float> x = RandomValues(batch * inputs, 1);
  std::vector<float> w1 = RandomValues(inputs * hidden, 2), b1 = RandomValues(hidden, 3);
  std::vector<float> w2 = RandomValues(hidden * classes, 4), b2 = RandomValues(classes, 5);
  std::vector<int> labels = {0, 3, 2};
  std::vector<float> h = std::vector<float>(batch * hidden), z = std::vector<float>(batch * classes);

  double Loss(bool backward = false) {
    DenseForward(batch, x, w1, b1, h);
    ReluForward(h);
    DenseForward(batch, h, w2, b2, z);
    return SoftmaxCrossEntropy(z, labels, backward).loss / static_cast<double>(batch);
  }
};

TEST(Head, GradientsAgreeWithFiniteDifferences) {
  TinyHead head;
  std::vector<float> dw1(head.w1.size()), db1(head.b1.size()), dw2(head.w2.size()), db2(head.b2.size()),
      dh(head.h.size()), dx(head.x.size());
  head.Loss(/*backward=*/true);
  DenseBackward(head.batch, head.h, head.w2, head.z, dw2, db2, dh);
  ReluBackward(head.h, dh);
  DenseBackward(head.batch, head.x, head.w1, dh, dw1, db1, dx);

  const auto expect_gradient = [&](std::vector<float>& parameters, const std::vector<float>& gradient,
                                   const char* name) {
    for (size_t i = 0; i < parameters.size(); ++i) {
      constexpr float kStep = 1e-2F;
      const float before = parameters[i];
      parameters[i] = before + kStep;
      const double up = head.Loss();
      parameters[i] = before - kStep;
      const double down = head.Loss();
      parameters[i] = before;
      EXPECT_NEAR(gradient[i], (up - down) / (2 * kStep), 2e-4) << name << "[" << i << "]";
    }
  };
  expect_gradient(head.w1, dw1, "w1");
  expect_gradient(head.b1, db1, "b1");
  expect_gradient(head.w2, dw2, "w2");
  expect_gradient(head.b2, db2, "b2");
  expect_gradient(head.x, dx, "x");
}

TEST(Dropout, KeepsTheMean) {
  Rng rng(1);
  std::vector<float> values(10000, 1.0F), mask(values.size());
  DropoutMask(0.3, rng, mask);
  ApplyMask(mask, values);
  double sum = 0;
  for (const float v : values) sum += v;
  EXPECT_NEAR(sum / 1e4, 1.0, 0.02);
  EXPECT_EQ(values, mask);
  EXPECT_NEAR(std::count(values.begin(), values.end(), 0.0F), 3000, 200);
}

TEST(SoftmaxCrossEntropy, StaysFiniteWhenTheModelIsSureAndWrong) {
  std::vector<float> logits = {200, -200};
  const std::vector<int> labels = {1};
  const BatchLoss loss = SoftmaxCrossEntropy(logits, labels, true);
  EXPECT_NEAR(loss.loss, 400, 1e-3);
  EXPECT_EQ(loss.correct, 0);
  EXPECT_EQ(logits[0], 1);
  EXPECT_EQ(logits[1], -1);
}

TEST(Adam, FirstStepsFollowTheDefinitionInDouble) {
  const std::vector<double> gradients = {0.5, -0.25, 0.125, 2.0, -1.0, 0.0, 0.75, -0.5, 0.1, 0.2};
  AdamParameter parameter(5);  // four at a time, and one left over
  parameter.value.assign(5, 1.0F);
  double theta = 1, m = 0, v = 0;
  for (size_t i = 0; i < gradients.size(); ++i) {
    const double t = static_cast<double>(i + 1);
    m = 0.9 * m + 0.1 * gradients[i];
    v = 0.999 * v + 0.001 * gradients[i] * gradients[i];
    theta -= 1e-3 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t)) * m / (std::sqrt(v) + 1e-7);
    parameter.Update(AdamStep({}, static_cast<int64_t>(i + 1)),
                     std::vector<float>(5, static_cast<float>(gradients[i])));
    EXPECT_NEAR(parameter.value[0], theta, 1e-6) << i;
    EXPECT_EQ(parameter.value[0], parameter.value[4]) << i;
  }
}

// ---- splits ----

Dataset WithGroups(size_t n, int groups, int classes) {
  Dataset data;
  data.dim = 1;
  for (int c = 0; c < classes; ++c) data.classes.push_back(Format("class %d", c));
  for (size_t i = 0; i < n; ++i) {
    data.rows.push_back(MakeFeatureRow(std::vector<float>{0}));
    data.labels.push_back(static_cast<int>(i) % classes);
    data.groups.push_back(Format("g%d", static_cast<int>(i / static_cast<size_t>(classes)) % groups));
  }
  return data;
}

void ExpectPartition(const Split& split, size_t n) {
  std::set<int> all(split.training.begin(), split.training.end());
  all.insert(split.validation.begin(), split.validation.end());
  EXPECT_EQ(all.size(), n);
  EXPECT_EQ(split.training.size() + split.validation.size(), n);
}

TEST(Split, RandomHoldsOutTheSameShareOfEachClassAndFollowsTheSeed) {
  const Dataset data = WithGroups(100, 3, 4);
  const Split split = RandomSplit(data, AllIndices(100), 0.2, 1);
  ExpectPartition(split, 100);
  std::vector<int> per_class(4);
  for (const int i : split.validation) ++per_class[static_cast<size_t>(data.labels[static_cast<size_t>(i)])];
  EXPECT_EQ(per_class, (std::vector<int>{5, 5, 5, 5}));
  EXPECT_EQ(RandomSplit(data, AllIndices(100), 0.2, 1).validation, split.validation);
  EXPECT_NE(RandomSplit(data, AllIndices(100), 0.2, 2).validation, split.validation);
}

TEST(Split, LeavesAClassWithOneSampleInTraining) {
  Dataset data = WithGroups(9, 1, 2);
  data.classes.emplace_back("lonely");
  data.labels.back() = 2;
  const Split split = RandomSplit(data, AllIndices(9), 0.5, 1);
  EXPECT_EQ(std::count(split.training.begin(), split.training.end(), 8), 1);
}

TEST(Split, LeaveOneGroupOutHoldsOutEachGroupOnce) {
  const Dataset data = WithGroups(60, 3, 2);
  const Result<std::vector<Split>> splits = LeaveOneGroupOut(data);
  ASSERT_TRUE(splits.ok());
  ASSERT_EQ(splits->size(), 3U);
  for (const Split& split : *splits) {
    ExpectPartition(split, 60);
    for (const int i : split.validation) EXPECT_EQ(data.groups[static_cast<size_t>(i)], split.name);
    for (const int i : split.training) EXPECT_NE(data.groups[static_cast<size_t>(i)], split.name);
  }
  EXPECT_FALSE(LeaveOneGroupOut(WithGroups(60, 1, 2)).ok());
}

TEST(Split, FoldsKeepFramesOfOneBurstTogetherAndClassesBalanced) {
  const Dataset data = WithGroups(240, 12, 4);
  const Result<std::vector<Split>> splits = StratifiedGroupFolds(data, 4, 7);
  ASSERT_TRUE(splits.ok());
  std::vector<int> times(240);
  for (const Split& split : *splits) {
    ExpectPartition(split, 240);
    std::set<std::string> held_out;
    std::vector<int> per_class(4);
    for (const int i : split.validation) {
      held_out.insert(data.groups[static_cast<size_t>(i)]);
      ++per_class[static_cast<size_t>(data.labels[static_cast<size_t>(i)])];
      ++times[static_cast<size_t>(i)];
    }
    for (const int i : split.training) EXPECT_FALSE(held_out.contains(data.groups[static_cast<size_t>(i)]));
    EXPECT_EQ(per_class, (std::vector<int>{15, 15, 15, 15}));
  }
  EXPECT_EQ(times, std::vector<int>(240, 1));
  EXPECT_EQ(StratifiedGroupFolds(data, 13, 1).status().message(),
            "13 folds need at least 2 folds and as many groups, but there are 12 groups");
}

TEST(Split, GroupedKeepsSessionsWholeAndFallsBackToRandomWithoutAny) {
  Dataset data = WithGroups(200, 10, 4);
  const Split split = GroupedSplit(data, 0.2, 3);
  ExpectPartition(split, 200);
  EXPECT_EQ(split.validation.size(), 40U);
  std::set<std::string> held_out;
  for (const int i : split.validation) held_out.insert(data.groups[static_cast<size_t>(i)]);
  for (const int i : split.training) EXPECT_FALSE(held_out.contains(data.groups[static_cast<size_t>(i)]));

  std::fill(data.groups.begin(), data.groups.end(), "");
  EXPECT_EQ(GroupedSplit(data, 0.2, 3).validation, RandomSplit(data, AllIndices(200), 0.2, 3).validation);
}

// Samples "label group", in the order they were taken.
Dataset Captured(const std::vector<std::tuple<int, std::string, int>>& bursts) {
  Dataset data;
  data.dim = 1;
  for (const auto& [label, group, frames] : bursts) {
    while (data.classes.size() <= static_cast<size_t>(label))
      data.classes.push_back(Format("class %zu", data.classes.size()));
    data.rows.insert(data.rows.end(), static_cast<size_t>(frames), MakeFeatureRow(std::vector<float>{0}));
    data.labels.insert(data.labels.end(), static_cast<size_t>(frames), label);
    data.groups.insert(data.groups.end(), static_cast<size_t>(frames), group);
  }
  return data;
}

TEST(Split, GroupedHoldsOutTheLastFramesOfClassesWithOneSessionEach) {
  const Dataset data = Captured({{0, "a", 50}, {1, "b", 20}, {2, "c", 1}});
  const Split split = GroupedSplit(data, 0.2, 3);
  ExpectPartition(split, 71);
  std::vector<int> last;
  for (int i = 40; i < 50; ++i) last.push_back(i);
  for (int i = 66; i < 70; ++i) last.push_back(i);
  EXPECT_EQ(split.validation, last);
  EXPECT_EQ(split.kind, SplitKind::kEnds);
}

TEST(Split, GroupedHoldsOutWholeSessionsOfClassesThatHaveSeveral) {
  // Class 0 was taken once; class 1 along with it, and twice more; class 2 as single pictures.
  const Dataset data = Captured({{0, "x", 40}, {1, "x", 40}, {1, "y", 10}, {1, "z", 12}, {2, "", 30}});
  for (const uint64_t seed : {1, 2, 3}) {
    const Split split = GroupedSplit(data, 0.2, seed);
    ExpectPartition(split, 132);
    EXPECT_EQ(split.kind, SplitKind::kEnds);
    std::map<std::string, int> held;
    for (const int i : split.validation)
      ++held[Format("%d%s", data.labels[static_cast<size_t>(i)], data.groups[static_cast<size_t>(i)].c_str())];
    EXPECT_EQ(held, (std::map<std::string, int>{{"0x", 8}, {"1z", 12}, {"2", 6}}));
  }
  EXPECT_NE(GroupedSplit(data, 0.2, 1).validation, GroupedSplit(data, 0.2, 2).validation)
      << "single pictures are held out at random";
}

TEST(Split, SaysWhichKindItIs) {
  const Dataset data = WithGroups(200, 10, 4);
  EXPECT_EQ(GroupedSplit(data, 0.2, 3).kind, SplitKind::kGroups);
  EXPECT_EQ(RandomSplit(data, AllIndices(200), 0.2, 3).kind, SplitKind::kRandom);
  EXPECT_EQ(RandomSplit(data, AllIndices(200), 0, 3).kind, SplitKind::kNone);
  EXPECT_EQ(GroupedSplit(Captured({{0, "a", 1}, {1, "b", 1}}), 0.2, 1).kind, SplitKind::kNone);
  EXPECT_EQ(LeaveOneGroupOut(data)->front().kind, SplitKind::kGroups);
}

// ---- head training ----

// Two clouds that a line separates.
Dataset Clouds(size_t n) {
  Dataset data;
  data.dim = 4;
  data.classes = {"left", "right"};
  Rng rng(5);
  for (size_t i = 0; i < n; ++i) {
    const int label = static_cast<int>(i % 2);
    std::vector<float> row;
    for (size_t d = 0; d < data.dim; ++d)
      row.push_back(rng.Uniform(-1, 1) + (d == 0 ? (label == 0 ? -1.5F : 1.5F) : 3.0F));
    data.rows.push_back(MakeFeatureRow(row));
    data.labels.push_back(label);
    data.groups.emplace_back();
  }
  return data;
}

HeadSettings Small() {
  HeadSettings settings;
  settings.hidden = 8;
  settings.epochs = 30;
  settings.adam.learning_rate = 0.02;
  return settings;
}

std::vector<EpochMetrics> RunToTheEnd(Session& session) {
  std::vector<EpochMetrics> epochs;
  while (!session.done()) {
    Result<std::optional<EpochMetrics>> step = session.Step();
    EXPECT_TRUE(step.ok()) << step.status().message();
    if (!step.ok()) break;
    if (step->has_value()) epochs.push_back(**step);
  }
  return epochs;
}

TEST(HeadTraining, LearnsToSeparateTwoClouds) {
  const Dataset data = Clouds(200);
  Result<std::unique_ptr<Session>> session =
      StartHeadTraining(data, RandomSplit(data, AllIndices(200), 0.2, 1), Small());
  ASSERT_TRUE(session.ok());
  const std::vector<EpochMetrics> epochs = RunToTheEnd(**session);
  ASSERT_EQ(epochs.size(), 30U);
  EXPECT_GT(epochs.front().training.loss, epochs.back().training.loss);
  EXPECT_GE(epochs.back().validation->accuracy, 0.95);
  EXPECT_GE((*session)->EvaluateTraining().accuracy, 0.95);
}

TEST(HeadTraining, TheSameSeedGivesTheSameWeightsAndAnotherDoesNot) {
  const Dataset data = Clouds(60);
  const Split split = RandomSplit(data, AllIndices(60), 0.2, 1);
  std::vector<std::vector<float>> kernels;
  for (const uint64_t seed : {1, 1, 2}) {
    HeadSettings settings = Small();
    settings.seed = seed;
    Result<std::unique_ptr<Session>> session = StartHeadTraining(data, split, settings);
    ASSERT_TRUE(session.ok());
    RunToTheEnd(**session);
    kernels.push_back((*session)->Weights().tensors[0].values);
  }
  EXPECT_EQ(kernels[0], kernels[1]);
  EXPECT_NE(kernels[0], kernels[2]);
}

TEST(HeadTraining, WhatIsHeldOutNeverTouchesTheWeights) {
  Dataset data = Clouds(60);
  const Split split = RandomSplit(data, AllIndices(60), 0.2, 1);
  std::vector<std::vector<float>> kernels;
  for (const bool scrambled : {false, true}) {
    if (scrambled) {
      for (const int i : split.validation) data.labels[static_cast<size_t>(i)] ^= 1;
    }
    HeadSettings settings = Small();
    settings.patience = 3;  // stopping is a choice, too
    Result<std::unique_ptr<Session>> session = StartHeadTraining(data, split, settings);
    ASSERT_TRUE(session.ok());
    RunToTheEnd(**session);
    kernels.push_back((*session)->Weights().tensors[0].values);
  }
  EXPECT_EQ(kernels[0], kernels[1]);
}

TEST(HeadTraining, AugmentedCopiesOfTheTrainingPartAreLearnedFromAndOthersAreNot) {
  Dataset data = Clouds(60);
  const Split split = RandomSplit(data, AllIndices(60), 0.2, 1);
  const auto kernel_with = [&](const Dataset& d) {
    Result<std::unique_ptr<Session>> session = StartHeadTraining(d, split, Small());
    EXPECT_TRUE(session.ok());
    RunToTheEnd(**session);
    return (*session)->Weights().tensors[0].values;
  };
  const std::vector<float> without = kernel_with(data);
  data.copies_per_sample = 2;
  data.copies.resize(data.size());
  const FeatureRow copies = MakeFeatureRow(std::vector<float>(2 * data.dim, 0.5F));
  for (const int i : split.validation) data.copies[static_cast<size_t>(i)] = copies;
  EXPECT_EQ(kernel_with(data), without);
  data.copies[static_cast<size_t>(split.training.front())] = copies;
  EXPECT_NE(kernel_with(data), without);
}

// Trains `batches` mini-batches, or to the end.
void Train(Session& session, int batches) {
  for (int i = 0; i < batches && !session.done(); ++i) ASSERT_TRUE(session.Step().ok());
}

std::vector<std::vector<float>> ValuesOf(const nn::TensorFile& file) {
  std::vector<std::vector<float>> values;
  for (const nn::NamedTensor& tensor : file.tensors) values.push_back(tensor.values);
  return values;
}

// Through the bytes of a file, as after a reload.
nn::TensorFile Reloaded(const nn::TensorFile& state) {
  Result<nn::TensorFile> read = nn::ReadSafetensors(nn::WriteSafetensors(state));
  EXPECT_TRUE(read.ok());
  return *read;
}

TEST(HeadTraining, StoppedSavedAndResumedGivesTheWeightsOfOneThatWasNeverStopped) {
  Dataset data = Clouds(60);
  data.copies_per_sample = 1;
  for (size_t i = 0; i < data.size(); ++i) data.copies.push_back(i % 3 == 0 ? nullptr : data.rows[i]);
  const Split split = RandomSplit(data, AllIndices(60), 0.2, 1);
  for (const int patience : {0, 4}) {
    HeadSettings settings = Small();
    settings.patience = patience;
    settings.class_weights = true;
    Result<std::unique_ptr<Session>> whole = StartHeadTraining(data, split, settings);
    ASSERT_TRUE(whole.ok());
    const std::vector<EpochMetrics> epochs = RunToTheEnd(**whole);
    for (const int batches : {0, 1, 6, 23}) {
      Result<std::unique_ptr<Session>> first = StartHeadTraining(data, split, settings);
      ASSERT_TRUE(first.ok());
      Train(**first, batches);
      Result<std::unique_ptr<Session>> second =
          ResumeHeadTraining(data, split, settings, Reloaded((*first)->SaveState()));
      ASSERT_TRUE(second.ok()) << second.status().message();
      EXPECT_EQ((*second)->progress().done, batches);
      const std::vector<EpochMetrics> rest = RunToTheEnd(**second);
      EXPECT_EQ(ValuesOf((*second)->Weights()), ValuesOf((*whole)->Weights()));
      EXPECT_EQ(rest.back().epoch, epochs.back().epoch);
      EXPECT_EQ(rest.back().training.loss, epochs.back().training.loss);
    }
  }
}

TEST(HeadTraining, AFinishedOneContinuesWithMoreEpochs) {
  const Dataset data = Clouds(60);
  const Split split = RandomSplit(data, AllIndices(60), 0.2, 1);
  for (const int patience : {0, 50}) {
    HeadSettings settings = Small();
    settings.patience = patience;
    Result<std::unique_ptr<Session>> whole = StartHeadTraining(data, split, settings);
    settings.epochs = 10;
    Result<std::unique_ptr<Session>> part = StartHeadTraining(data, split, settings);
    ASSERT_TRUE(whole.ok() && part.ok());
    RunToTheEnd(**whole);
    RunToTheEnd(**part);
    settings.epochs = 30;
    Result<std::unique_ptr<Session>> rest = ResumeHeadTraining(data, split, settings, Reloaded((*part)->SaveState()));
    ASSERT_TRUE(rest.ok());
    EXPECT_FALSE((*rest)->done());
    EXPECT_EQ(RunToTheEnd(**rest).size(), 20U);
    EXPECT_EQ(ValuesOf((*rest)->Weights()), ValuesOf((*whole)->Weights()));
    settings.epochs = 10;
    Result<std::unique_ptr<Session>> same = ResumeHeadTraining(data, split, settings, (*part)->SaveState());
    ASSERT_TRUE(same.ok());
    EXPECT_TRUE((*same)->done());
    EXPECT_EQ(ValuesOf((*same)->Weights()), ValuesOf((*part)->Weights()));
  }
}

TEST(HeadTraining, OneThatPatienceEndedCountsAnewWhenResumed) {
  const Dataset data = Clouds(60);
  const Split split = RandomSplit(data, AllIndices(60), 0.2, 1);
  HeadSettings settings = Small();
  settings.epochs = 2000;
  settings.patience = 2;
  settings.adam.learning_rate = 0.1;
  Result<std::unique_ptr<Session>> first = StartHeadTraining(data, split, settings);
  ASSERT_TRUE(first.ok());
  const int ended = RunToTheEnd(**first).back().epoch;
  ASSERT_LT(ended, 2000);
  Result<std::unique_ptr<Session>> second = ResumeHeadTraining(data, split, settings, (*first)->SaveState());
  ASSERT_TRUE(second.ok());
  EXPECT_GE(RunToTheEnd(**second).size(), 2U);
}

TEST(HeadTraining, StatesThatDoNotFitAreSentences) {
  const Dataset data = Clouds(60);
  const Split split = RandomSplit(data, AllIndices(60), 0.2, 1);
  Result<std::unique_ptr<Session>> session = StartHeadTraining(data, split, Small());
  ASSERT_TRUE(session.ok());
  const nn::TensorFile state = (*session)->SaveState();
  const auto error_of = [&](const Dataset& d, const Split& s, const HeadSettings& settings,
                            const nn::TensorFile& from) {
    return ResumeHeadTraining(d, s, settings, from).status().message();
  };
  EXPECT_EQ(error_of(data, split, Small(), (*session)->Weights()), "this is not a saved training");
  HeadSettings wider = Small();
  wider.hidden = 9;
  EXPECT_EQ(error_of(data, split, wider, state).find("the saved training does not fit: tensor \"hidden/kernel\""), 0U)
      << error_of(data, split, wider, state);
  EXPECT_EQ(error_of(data, RandomSplit(data, AllIndices(60), 0.5, 1), Small(), state),
            "the saved training learned from 48 samples, but there are 30 now");
  EXPECT_EQ(error_of(data, RandomSplit(data, AllIndices(60), 0.2, 2), Small(), state),
            "the saved training learned from other samples than the ones there are now");
  nn::TensorFile changed = state;
  changed.metadata["step"] = "-";
  EXPECT_EQ(error_of(data, split, Small(), changed), "field \"step\" of the saved training is no whole number");
  changed = state;
  changed.metadata.erase("dropout_rng");
  EXPECT_EQ(error_of(data, split, Small(), changed), "field \"dropout_rng\" of the saved training is no whole number");
  changed = state;
  changed.metadata["position"] = "48";
  EXPECT_EQ(error_of(data, split, Small(), changed), "the saved training stands at sample 48 of 48");
  changed = state;
  changed.metadata["epoch"] = "18446744073709551615";
  EXPECT_EQ(error_of(data, split, Small(), changed),
            "the saved training claims to be at epoch -1, sample 0, step 0, its best epoch 0");
  changed = state;
  changed.tensors[1].values[0] = std::nanf("");
  EXPECT_NE(error_of(data, split, Small(), changed), "");
}

TEST(HeadTraining, SaysHowFarItIs) {
  const Dataset data = Clouds(60);
  Result<std::unique_ptr<Session>> session =
      StartHeadTraining(data, RandomSplit(data, AllIndices(60), 0.2, 1), Small());
  ASSERT_TRUE(session.ok());
  EXPECT_EQ((*session)->progress().in_all, 30 * 3);  // 48 samples, 16 a batch
  Train(**session, 4);
  EXPECT_EQ((*session)->progress().done, 4);
  RunToTheEnd(**session);
  EXPECT_EQ((*session)->progress().done, 90);
}

TEST(HeadTraining, ClassWeightsMakeARareClassCountAsMuchAsACommonOne) {
  // Nothing tells the classes apart, so the mean answer is all there is to learn.
  Dataset data = Clouds(100);
  std::fill(data.rows.begin(), data.rows.end(), MakeFeatureRow(std::vector<float>(data.dim, 1.0F)));
  for (size_t i = 0; i < data.size(); ++i) data.labels[i] = i % 10 == 0 ? 1 : 0;
  const auto loss_with = [&](bool class_weights) {
    HeadSettings settings = Small();
    settings.class_weights = class_weights;
    settings.dropout = 0;
    settings.batch = 100;
    settings.epochs = 300;
    Result<std::unique_ptr<Session>> session = StartHeadTraining(data, {"", AllIndices(100), {}}, settings);
    EXPECT_TRUE(session.ok());
    RunToTheEnd(**session);
    return (*session)->EvaluateTraining().loss;
  };
  EXPECT_NEAR(loss_with(false), -0.9 * std::log(0.9) - 0.1 * std::log(0.1), 1e-3);
  EXPECT_NEAR(loss_with(true), std::log(2.0), 1e-3);
}

TEST(HeadTraining, OneSampleAClassTrainsWithoutNaN) {
  const Dataset data = Clouds(2);
  for (const int patience : {0, 2}) {
    HeadSettings settings = Small();
    settings.patience = patience;
    const Split split = GroupedSplit(data, 0.2, 1);
    EXPECT_TRUE(split.validation.empty());
    Result<std::unique_ptr<Session>> session = StartHeadTraining(data, split, settings);
    ASSERT_TRUE(session.ok());
    EXPECT_TRUE(std::isfinite(RunToTheEnd(**session).back().training.loss));
    EXPECT_EQ((*session)->EvaluateTraining().accuracy, 1);
  }
}

TEST(HeadTraining, FeaturesTooLargeToLearnFromAreASentence) {
  Dataset data = Clouds(20);
  data.rows[3] = MakeFeatureRow(std::vector<float>(data.dim, 1e30F));
  Result<std::unique_ptr<Session>> session = StartHeadTraining(data, {"", AllIndices(20), {}}, Small());
  ASSERT_TRUE(session.ok());
  Status status;
  while (status.ok() && !(*session)->done()) status = (*session)->Step().status();
  EXPECT_EQ(status.message().find("the loss is no longer a number in epoch "), 0U) << status.message();
}

// The loss of one batch of all samples in double, written down anew. weights: as Session::Weights orders them.
double LossInDouble(const Dataset& data, const std::vector<std::vector<double>>& weights,
                    const std::vector<double>& class_weights) {
  const size_t hidden = weights[1].size(), classes = weights[3].size();
  double total = 0;
  for (size_t i = 0; i < data.size(); ++i) {
    std::vector<double> logits = weights[3];
    for (size_t u = 0; u < hidden; ++u) {
      double h = weights[1][u];
      for (size_t d = 0; d < data.dim; ++d) h += data.row(i)[d] * weights[0][d * hidden + u];
      for (size_t c = 0; c < classes; ++c) logits[c] += std::max(h, 0.0) * weights[2][u * classes + c];
    }
    double sum = 0;
    for (const double z : logits) sum += std::exp(z);
    const auto label = static_cast<size_t>(data.labels[i]);
    total += class_weights[label] * (std::log(sum) - logits[label]);
  }
  return total / static_cast<double>(data.size());
}

TEST(HeadTraining, TheGradientOfEveryParameterAgreesWithFiniteDifferencesInDouble) {
  Dataset data = Clouds(24);
  for (size_t i = 0; i < data.size(); i += 3) data.labels[i] = 0;
  for (const bool class_weights : {false, true}) {
    HeadSettings settings = Small();
    settings.dropout = 0;
    settings.batch = 24;
    settings.class_weights = class_weights;
    Result<std::unique_ptr<Session>> session = StartHeadTraining(data, {"", AllIndices(24), {}}, settings);
    ASSERT_TRUE(session.ok());
    std::vector<std::vector<double>> weights;
    for (const std::vector<float>& values : ValuesOf((*session)->Weights()))
      weights.emplace_back(values.begin(), values.end());
    Train(**session, 1);
    const nn::TensorFile state = (*session)->SaveState();
    const double ones = static_cast<double>(std::count(data.labels.begin(), data.labels.end(), 1));
    const std::vector<double> weight_of_class =
        class_weights ? std::vector<double>{24 / (2 * (24 - ones)), 24 / (2 * ones)} : std::vector<double>{1, 1};
    size_t tensor = 0;
    for (const char* name : {"hidden/kernel", "hidden/bias", "output/kernel", "output/bias"}) {
      const nn::NamedTensor* moment = state.Find(std::string(name) + "/moment1");
      ASSERT_NE(moment, nullptr);
      for (size_t i = 0; i < weights[tensor].size(); ++i) {
        constexpr double kStep = 1e-6;
        double& parameter = weights[tensor][i];
        const double before = parameter;
        parameter = before + kStep;
        const double up = LossInDouble(data, weights, weight_of_class);
        parameter = before - kStep;
        const double down = LossInDouble(data, weights, weight_of_class);
        parameter = before;
        const double gradient = moment->values[i] / 0.1;  // m = (1 - 0.9) g after the first step
        const double expected = (up - down) / (2 * kStep);
        EXPECT_NEAR(gradient, expected, 1e-4 * std::abs(expected) + 1e-6) << name << "[" << i << "]";
      }
      ++tensor;
    }
  }
}

TEST(HeadTraining, GoesOnWhileTheSamplesItBeganWithAreTakenAway) {
  Dataset data = Clouds(60);
  Result<std::unique_ptr<Session>> session =
      StartHeadTraining(data, RandomSplit(data, AllIndices(60), 0.2, 1), Small());
  ASSERT_TRUE(session.ok());
  data = {};
  EXPECT_GE(RunToTheEnd(**session).back().validation->accuracy, 0.9);
}

TEST(HeadTraining, EarlyStoppingEndsBeforeTheLastEpoch) {
  const Dataset data = Clouds(60);
  HeadSettings settings = Small();
  settings.epochs = 2000;
  settings.patience = 2;
  settings.adam.learning_rate = 0.1;
  Result<std::unique_ptr<Session>> session =
      StartHeadTraining(data, RandomSplit(data, AllIndices(60), 0.2, 1), settings);
  ASSERT_TRUE(session.ok());
  EXPECT_LT(RunToTheEnd(**session).size(), 2000U);
}

TEST(HeadTraining, BadSettingsAndDataAreSentences) {
  const Dataset data = Clouds(20);
  const Split split = RandomSplit(data, AllIndices(20), 0.2, 1);
  const auto error_of = [&](const Dataset& d, auto change) {
    HeadSettings settings = Small();
    change(settings);
    return StartHeadTraining(d, split, settings).status().message();
  };
  EXPECT_EQ(error_of(data, [](HeadSettings& s) { s.epochs = 0; }), "epochs is 0, outside 1 … 100000");
  EXPECT_EQ(error_of(data, [](HeadSettings& s) { s.batch = -1; }), "batch is -1, outside 1 … 4096");
  EXPECT_EQ(error_of(data, [](HeadSettings& s) { s.dropout = 1; }), "dropout is 1, outside 0 … 1");
  EXPECT_EQ(error_of(data, [](HeadSettings& s) { s.adam.learning_rate = std::nan(""); }),
            "the learning rate is nan, outside 0 … 10");
  Dataset one_class = data;
  std::fill(one_class.labels.begin(), one_class.labels.end(), 0);
  EXPECT_EQ(error_of(one_class, [](HeadSettings&) {}), "class \"right\" has no picture to learn from");
  EXPECT_EQ(StartHeadTraining(data, {"", {}, AllIndices(20)}, Small()).status().message(),
            "class \"left\" has no picture to learn from");
  one_class.classes.pop_back();
  EXPECT_EQ(error_of(one_class, [](HeadSettings&) {}), "training needs at least 2 classes, but there is 1");
  Dataset nan = data;
  nan.rows[1] = MakeFeatureRow(std::vector<float>{0, std::nanf(""), 0, 0});
  EXPECT_EQ(error_of(nan, [](HeadSettings&) {}), "feature 1 of sample 1 is not a number");
}

TEST(HeadTraining, IdenticalSamplesTrainWithoutNaN) {
  Dataset data = Clouds(20);
  std::fill(data.rows.begin(), data.rows.end(), MakeFeatureRow(std::vector<float>(data.dim, 1.0F)));
  Result<std::unique_ptr<Session>> session =
      StartHeadTraining(data, RandomSplit(data, AllIndices(20), 0.2, 1), Small());
  ASSERT_TRUE(session.ok());
  for (const EpochMetrics& epoch : RunToTheEnd(**session)) EXPECT_TRUE(std::isfinite(epoch.training.loss));
}

}  // namespace
}  // namespace handful::train
