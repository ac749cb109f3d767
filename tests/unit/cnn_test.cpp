// The CNN that learns from scratch, against a reference in double written down here anew.
#include "train/cnn.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "train/conv_stage.h"
#include "train/gemm.h"
#include "train/layers.h"
#include "unit/random_values.h"

namespace handful::train {
namespace {

using testing::RandomValues;
using Doubles = std::vector<double>;

Doubles InDouble(std::span<const float> values) { return {values.begin(), values.end()}; }

// ---- the reference ----

// Where a window of `size` begins, of a padding that is "same" in TensorFlow's sense.
ptrdiff_t Begin(size_t output, size_t outputs, size_t inputs, size_t size, size_t stride) {
  const auto needed = static_cast<ptrdiff_t>((outputs - 1) * stride + size) - static_cast<ptrdiff_t>(inputs);
  return static_cast<ptrdiff_t>(output * stride) - std::max<ptrdiff_t>(needed, 0) / 2;
}

Doubles StageInDouble(const ConvStageShape& s, const Doubles& in, const Doubles& kernel, const Doubles& bias) {
  const auto height = static_cast<ptrdiff_t>(s.height), width = static_cast<ptrdiff_t>(s.width);
  Doubles convolution(s.height * s.width * s.filters);
  for (size_t y = 0; y < s.height; ++y) {
    for (size_t x = 0; x < s.width; ++x) {
      double* sums = &convolution[(y * s.width + x) * s.filters];
      std::copy(bias.begin(), bias.end(), sums);
      for (size_t ky = 0; ky < s.kernel; ++ky) {
        for (size_t kx = 0; kx < s.kernel; ++kx) {
          const ptrdiff_t iy = Begin(y, s.height, s.height, s.kernel, 1) + static_cast<ptrdiff_t>(ky);
          const ptrdiff_t ix = Begin(x, s.width, s.width, s.kernel, 1) + static_cast<ptrdiff_t>(kx);
          if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
          for (size_t i = 0; i < s.channels; ++i) {
            const double value = in[static_cast<size_t>(iy * width + ix) * s.channels + i];
            const double* weights = &kernel[((ky * s.kernel + kx) * s.channels + i) * s.filters];
            for (size_t o = 0; o < s.filters; ++o) sums[o] += value * weights[o];
          }
        }
      }
    }
  }
  Doubles out(s.outputs());  // the greatest of a window, and 0: ReLU and max are the same either way round
  for (size_t y = 0; y < s.out_height(); ++y) {
    for (size_t x = 0; x < s.out_width(); ++x) {
      for (size_t py = 0; py < s.pool; ++py) {
        for (size_t px = 0; px < s.pool; ++px) {
          const ptrdiff_t cy = Begin(y, s.out_height(), s.height, s.pool, s.stride) + static_cast<ptrdiff_t>(py);
          const ptrdiff_t cx = Begin(x, s.out_width(), s.width, s.pool, s.stride) + static_cast<ptrdiff_t>(px);
          if (cy < 0 || cy >= height || cx < 0 || cx >= width) continue;
          for (size_t o = 0; o < s.filters; ++o) {
            double& best = out[(y * s.out_width() + x) * s.filters + o];
            best = std::max(best, convolution[static_cast<size_t>(cy * width + cx) * s.filters + o]);
          }
        }
      }
    }
  }
  return out;
}

Doubles DenseInDouble(const Doubles& in, const Doubles& kernel, const Doubles& bias) {
  Doubles out = bias;
  for (size_t i = 0; i < in.size(); ++i) {
    for (size_t u = 0; u < bias.size(); ++u) out[u] += in[i] * kernel[i * bias.size() + u];
  }
  return out;
}

// Each of up to `most` numbers, spread over all, of `gradient` against (f(x + h) − f(x − h)) / 2h. f is evaluated in
// double. Where the two halves differ there is a kink within h of x, and no derivative to compare with.
template <class F>
void ExpectGradient(Doubles& x, std::span<const float> gradient, size_t most, const char* name, F f) {
  ASSERT_EQ(x.size(), gradient.size());
  constexpr double kStep = 1e-6;
  double largest = 0;
  for (const float g : gradient) largest = std::max(largest, static_cast<double>(std::abs(g)));
  EXPECT_GT(largest, 0) << name;
  const size_t stride = std::max<size_t>(1, x.size() / most) | 1U;
  const double here = f();
  size_t compared = 0, kinks = 0;
  for (size_t i = 0; i < x.size(); i += stride) {
    const double before = x[i];
    x[i] = before + kStep;
    const double up = f();
    x[i] = before - kStep;
    const double down = f();
    x[i] = before;
    const double expected = (up - down) / (2 * kStep);
    if (std::abs((up - here) - (here - down)) > 1e-3 * kStep * largest + 1e-4 * std::abs(up - down)) {
      ++kinks;
      continue;
    }
    ++compared;
    EXPECT_NEAR(gradient[i], expected, 1e-3 * std::abs(expected) + 1e-5 * largest) << name << "[" << i << "]";
  }
  EXPECT_LE(kinks, compared / 20) << name;
}

// ---- matrix products that add ----

TEST(Gemm, AddsToWhatIsThereWhereAsked) {
  for (const auto [m, n, k] : {std::tuple<size_t, size_t, size_t>{1, 1, 1}, {4, 8, 5}, {16, 100, 300}, {5, 3, 129}}) {
    const std::vector<float> a = RandomValues(m * k, 1), b = RandomValues(k * n, 2), g = RandomValues(m * n, 3),
                             before = RandomValues(m * n, 4);
    std::vector<float> forward = before, weights = b;
    Gemm(m, n, k, a.data(), k, b.data(), n, forward.data(), n, /*accumulate=*/true);
    GemmTransposedA(m, n, k, a.data(), k, g.data(), n, weights.data(), n, /*accumulate=*/true);
    for (size_t i = 0; i < m; ++i) {
      for (size_t j = 0; j < n; ++j) {
        double sum = before[i * n + j];
        for (size_t p = 0; p < k; ++p) sum += static_cast<double>(a[i * k + p]) * b[p * n + j];
        ASSERT_NEAR(forward[i * n + j], sum, 3e-5);
      }
    }
    for (size_t p = 0; p < k; ++p) {
      for (size_t j = 0; j < n; ++j) {
        double sum = b[p * n + j];
        for (size_t i = 0; i < m; ++i) sum += static_cast<double>(a[i * k + p]) * g[i * n + j];
        ASSERT_NEAR(weights[p * n + j], sum, 3e-5);
      }
    }
  }
}

TEST(Gemm, OfTransposedBKeepsToItsRowStrides) {
  constexpr size_t kM = 6, kN = 11, kK = 5, kLda = 13, kLdb = 12, kLdc = 7;
  const std::vector<float> a = RandomValues(kM * kLda, 1), b = RandomValues(kK * kLdb, 2);
  std::vector<float> c(kM * kLdc, 42.0F);
  GemmTransposedB(kM, kN, kK, a.data(), kLda, b.data(), kLdb, c.data(), kLdc);
  for (size_t i = 0; i < kM; ++i) {
    for (size_t j = 0; j < kK; ++j) {
      double sum = 0;
      for (size_t p = 0; p < kN; ++p) sum += static_cast<double>(a[i * kLda + p]) * b[j * kLdb + p];
      ASSERT_NEAR(c[i * kLdc + j], sum, 1e-5);
    }
    for (size_t j = kK; j < kLdc; ++j) ASSERT_EQ(c[i * kLdc + j], 42.0F);
  }
}

// ---- stages ----

struct StageCase {
  ConvStageShape shape;
  std::vector<float> in, kernel, bias;
};

StageCase CaseOf(size_t height, size_t width, size_t channels, size_t kernel, size_t filters, size_t pool,
                 size_t stride) {
  StageCase c;
  c.shape = {height, width, channels, kernel, filters, pool, stride};
  c.in = RandomValues(c.shape.inputs(), 1);
  c.kernel = RandomValues(c.shape.weights(), 2);
  c.bias = RandomValues(filters, 3);
  return c;
}

TEST(ConvStage, AgreesWithPlainLoops) {
  for (const auto [pool, stride] : {std::pair<size_t, size_t>{2, 2}, {4, 2}}) {
    for (const size_t kernel : {3, 4, 5}) {
      for (const size_t filters : {1, 5, 6, 16, 20}) {
        for (const auto [height, width, channels] :
             {std::tuple<size_t, size_t, size_t>{7, 9, 3}, {8, 6, 6}, {5, 13, 1}, {1, 2, 4}, {14, 14, 2}}) {
          const StageCase c = CaseOf(height, width, channels, kernel, filters, pool, stride);
          ConvStage stage(c.shape);
          stage.SetWeights(c.kernel, c.bias);
          ConvStageTrace trace;
          std::vector<float> out(c.shape.outputs());
          stage.Forward(c.in, trace, out);
          const Doubles expected = StageInDouble(c.shape, InDouble(c.in), InDouble(c.kernel), InDouble(c.bias));
          for (size_t i = 0; i < out.size(); ++i) {
            ASSERT_NEAR(out[i], expected[i], 2e-5) << height << "x" << width << "x" << channels << " kernel " << kernel
                                                   << " filters " << filters << " pool " << pool << " at " << i;
          }
        }
      }
    }
  }
}

TEST(ConvStage, GradientsAgreeWithFiniteDifferences) {
  for (const StageCase& c : {CaseOf(7, 9, 3, 3, 6, 2, 2), CaseOf(8, 7, 6, 4, 16, 4, 2), CaseOf(5, 6, 16, 5, 16, 2, 2),
                             CaseOf(9, 5, 2, 4, 5, 4, 2), CaseOf(6, 6, 1, 3, 1, 2, 2), CaseOf(4, 5, 3, 5, 20, 4, 2)}) {
    SCOPED_TRACE(Format("%zu x %zu x %zu, kernel %zu, filters %zu, pool %zu", c.shape.height, c.shape.width,
                        c.shape.channels, c.shape.kernel, c.shape.filters, c.shape.pool));
    ConvStage stage(c.shape);
    stage.SetWeights(c.kernel, c.bias);
    ConvStageTrace trace;
    std::vector<float> out(c.shape.outputs()), d_in(c.shape.inputs()), d_kernel(c.kernel.size()), d_bias(c.bias.size());
    stage.Forward(c.in, trace, out);
    const std::vector<float> weights = RandomValues(out.size(), 4);  // the loss: their sum with the outputs
    std::vector<float> d_out = weights;
    stage.Backward(trace, out, d_out, d_in);
    stage.TakeGradients(d_kernel, d_bias);

    Doubles in = InDouble(c.in), kernel = InDouble(c.kernel), bias = InDouble(c.bias);
    const auto loss = [&] {
      const Doubles values = StageInDouble(c.shape, in, kernel, bias);
      double sum = 0;
      for (size_t i = 0; i < values.size(); ++i) sum += values[i] * weights[i];
      return sum;
    };
    ExpectGradient(kernel, d_kernel, 300, "kernel", loss);
    ExpectGradient(bias, d_bias, 300, "bias", loss);
    ExpectGradient(in, d_in, 300, "in", loss);
  }
}

TEST(ConvStage, AddsUpTheGradientsOfPicturesAndBeginsAnewAfterwards) {
  const StageCase c = CaseOf(6, 6, 3, 3, 6, 2, 2);
  ConvStage stage(c.shape);
  stage.SetWeights(c.kernel, c.bias);
  const auto learn = [&](uint64_t seed) {
    ConvStageTrace trace;
    std::vector<float> out(c.shape.outputs()), d_out = RandomValues(out.size(), seed + 1);
    stage.Forward(RandomValues(c.shape.inputs(), seed), trace, out);
    stage.Backward(trace, out, d_out, {});
  };
  const auto take = [&] {
    std::vector<float> gradient(c.kernel.size() + c.bias.size());
    stage.TakeGradients(std::span<float>(gradient).first(c.kernel.size()),
                        std::span<float>(gradient).subspan(c.kernel.size()));
    return gradient;
  };
  learn(10);
  const std::vector<float> first = take();
  learn(20);
  const std::vector<float> second = take();
  learn(10);
  learn(20);
  const std::vector<float> both = take();
  for (size_t i = 0; i < both.size(); ++i) EXPECT_NEAR(both[i], first[i] + second[i], 1e-5);
  EXPECT_EQ(take(), std::vector<float>(both.size()));
}

TEST(Dense, GradientsAgreeWithFiniteDifferencesInDouble) {
  constexpr size_t kBatch = 3, kInputs = 13, kUnits = 6;
  const std::vector<float> in = RandomValues(kBatch * kInputs, 1), kernel = RandomValues(kInputs * kUnits, 2),
                           bias = RandomValues(kUnits, 3);
  const std::vector<float> d_out = RandomValues(kBatch * kUnits, 4);
  std::vector<float> d_kernel(kernel.size(), 1.0F), d_bias(bias.size(), 1.0F), d_in(in.size());
  for (const bool accumulate : {false, true}) {
    DenseBackward(kBatch, in, kernel, d_out, d_kernel, d_bias, d_in, accumulate);
    Doubles x = InDouble(in), w = InDouble(kernel), b = InDouble(bias);
    const double times = accumulate ? 2 : 1;  // the second adds to the first
    const auto loss = [&] {
      double sum = 0;
      for (size_t r = 0; r < kBatch; ++r) {
        const Doubles out = DenseInDouble(Doubles(x.begin() + static_cast<ptrdiff_t>(r * kInputs),
                                                  x.begin() + static_cast<ptrdiff_t>((r + 1) * kInputs)),
                                          w, b);
        for (size_t u = 0; u < kUnits; ++u) sum += out[u] * d_out[r * kUnits + u];
      }
      return sum;
    };
    ExpectGradient(w, d_kernel, 1000, "kernel", [&] { return times * loss(); });
    ExpectGradient(b, d_bias, 1000, "bias", [&] { return times * loss(); });
    ExpectGradient(x, d_in, 1000, "in", loss);
  }
}

// ---- sessions ----

// Pictures in memory, that take their time where asked, and of which one may be bad.
class FakePictures final : public PictureSource {
 public:
  void Expect(std::span<const int> samples) override { expected_ = {samples.begin(), samples.end()}; }
  Result<const image::Image*> Find(int sample) override {
    EXPECT_TRUE(expected_.contains(sample)) << "picture " << sample << " was not announced";
    if (sample == bad) return Errorf("picture %d cannot be read from the store", sample);
    if (late[sample] < delay) {
      ++late[sample];
      return static_cast<const image::Image*>(nullptr);
    }
    return &images.at(static_cast<size_t>(sample));
  }

  std::vector<image::Image> images;
  int delay = 0, bad = -1;
  std::map<int, int> late;

 private:
  std::set<int> expected_;
};

struct Task {
  Dataset data;
  FakePictures pictures;
};

// Noise, with the half bright whose number (left, right, top) is the class.
Task Halves(size_t n, int side, int classes = 2, uint64_t seed = 5) {
  Task task;
  const char* names[] = {"left", "right", "top"};
  task.data.classes.assign(names, names + classes);
  Rng rng(seed);
  for (size_t i = 0; i < n; ++i) {
    const int label = static_cast<int>(i) % classes;
    image::Image picture{side, side, std::move(*Buffer<uint8_t>::Zeroed(static_cast<size_t>(side * side * 3)))};
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const bool bright = label == 0 ? x < side / 2 : label == 1 ? x >= side / 2 : y < side / 2;
        for (int c = 0; c < 3; ++c) {
          picture.pixels_rgb8[static_cast<size_t>((y * side + x) * 3 + c)] =
              static_cast<uint8_t>(rng.Below(120) + (bright ? 130 : 0));
        }
      }
    }
    task.pictures.images.push_back(std::move(picture));
    task.data.labels.push_back(label);
    task.data.groups.emplace_back();
  }
  return task;
}

CnnSettings Small() {
  CnnSettings settings;
  settings.size = 16;
  settings.dense = {12, 7};
  settings.batch = 8;
  settings.epochs = 12;
  settings.patience = 0;
  settings.adam.learning_rate = 0.005;
  return settings;
}

Split Everything(const Dataset& data) { return {"", AllIndices(data.size()), {}}; }

std::unique_ptr<Session> Started(Task& task, const Split& split, const CnnSettings& settings) {
  Result<std::unique_ptr<Session>> session = StartCnnTraining(task.data, task.pictures, split, settings);
  EXPECT_TRUE(session.ok()) << session.status().message();
  return session.ok() ? std::move(*session) : nullptr;
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

// Steps that were not spent waiting.
void Take(Session& session, int steps) {
  while (steps > 0 && !session.done()) {
    ASSERT_TRUE(session.Step().ok());
    if (!session.waiting()) --steps;
  }
}

std::vector<std::vector<float>> ValuesOf(const nn::TensorFile& file) {
  std::vector<std::vector<float>> values;
  for (const nn::NamedTensor& tensor : file.tensors) values.push_back(tensor.values);
  return values;
}

nn::TensorFile Reloaded(const nn::TensorFile& state) {
  Result<nn::TensorFile> read = nn::ReadSafetensors(nn::WriteSafetensors(state));
  EXPECT_TRUE(read.ok());
  return *read;
}

// The gradient of the first step, by tensor: Adam's first moment is a tenth of it.
std::map<std::string, std::vector<float>> FirstGradient(Session& session) {
  while (session.SaveState().metadata.at("step") == "0") EXPECT_TRUE(session.Step().ok());
  std::map<std::string, std::vector<float>> gradients;
  const nn::TensorFile state = session.SaveState();
  for (const nn::NamedTensor& tensor : session.Weights().tensors) {
    std::vector<float> gradient = state.Find(tensor.name + "/moment1")->values;
    for (float& g : gradient) g *= 10.0F;
    gradients[tensor.name] = std::move(gradient);
  }
  return gradients;
}

// The network's mean loss over the pictures.
struct CnnInDouble {
  std::vector<Doubles> tensors;  // as Session::Weights orders them
  std::vector<Doubles> pictures;
  std::vector<int> labels;
  int side = 0;
  double smoothing = 0;
  Doubles class_weights;

  double Loss() const {
    double total = 0;
    for (size_t b = 0; b < pictures.size(); ++b) {
      Doubles values = pictures[b];
      size_t height = static_cast<size_t>(side), channels = 3, t = 0;
      for (const auto [kernel, filters, pool, stride] :
           {std::tuple<size_t, size_t, size_t, size_t>{3, 6, 2, 2}, {4, 16, 4, 2}, {5, 16, 2, 2}}) {
        const ConvStageShape shape = {height, height, channels, kernel, filters, pool, stride};
        values = StageInDouble(shape, values, tensors[t], tensors[t + 1]);
        height = shape.out_height();
        channels = shape.filters;
        t += 2;
      }
      for (; t < tensors.size(); t += 2) {
        values = DenseInDouble(values, tensors[t], tensors[t + 1]);
        if (t + 2 == tensors.size()) break;
        for (double& v : values) v = std::max(v, 0.0);
      }
      double sum = 0;
      for (const double z : values) sum += std::exp(z);
      const auto label = static_cast<size_t>(labels[b]);
      const auto classes = static_cast<double>(values.size());
      for (size_t c = 0; c < values.size(); ++c) {
        const double target = smoothing / classes + (c == label ? 1 - smoothing : 0);
        total += class_weights[label] * target * (std::log(sum) - values[c]);
      }
    }
    return total / static_cast<double>(pictures.size());
  }
};

TEST(CnnTraining, TheGradientOfEveryLayerAgreesWithFiniteDifferencesInDouble) {
  for (const bool plain : {true, false}) {
    Task task = Halves(4, 16, 3);  // classes 0, 1, 2, 0
    CnnSettings settings = Small();
    settings.batch = 4;
    settings.label_smoothing = plain ? 0 : 0.1;
    settings.class_weights = !plain;
    const std::unique_ptr<Session> session = Started(task, Everything(task.data), settings);
    CnnInDouble reference;
    reference.side = 16;
    reference.smoothing = settings.label_smoothing;
    reference.class_weights = plain ? Doubles{1, 1, 1} : Doubles{4 / 6.0, 4 / 3.0, 4 / 3.0};
    reference.labels = task.data.labels;
    for (const image::Image& picture : task.pictures.images) {
      std::vector<float> tensor(16 * 16 * 3);
      image::ToTensor(picture, image::InputRange::ZeroToOne(), tensor);
      reference.pictures.push_back(InDouble(tensor));
    }
    const nn::TensorFile weights = session->Weights();
    for (const nn::NamedTensor& tensor : weights.tensors) reference.tensors.push_back(InDouble(tensor.values));
    const std::map<std::string, std::vector<float>> gradients = FirstGradient(*session);
    ASSERT_EQ(gradients.size(), 12U);
    for (size_t t = 0; t < weights.tensors.size(); ++t) {
      const std::string& name = weights.tensors[t].name;
      ExpectGradient(reference.tensors[t], gradients.at(name), 40, name.c_str(), [&] { return reference.Loss(); });
    }
  }
}

TEST(CnnTraining, MicroBatchesAddUpToTheGradientOfTheWholeMiniBatch) {
  Task task = Halves(20, 16);
  CnnSettings settings = Small();
  settings.batch = 20;
  const std::unique_ptr<Session> whole = Started(task, Everything(task.data), settings);
  const std::map<std::string, std::vector<float>> expected = FirstGradient(*whole);
  EXPECT_GT(whole->progress().done, 16);
  std::map<std::string, std::vector<float>> mean;
  for (int pair = 0; pair < 10; ++pair) {
    const std::unique_ptr<Session> session = Started(task, {"", {2 * pair, 2 * pair + 1}, {}}, settings);
    for (const auto& [name, gradient] : FirstGradient(*session)) {
      mean[name].resize(gradient.size());
      for (size_t i = 0; i < gradient.size(); ++i) mean[name][i] += gradient[i] / 10;
    }
  }
  for (const auto& [name, gradient] : expected) {
    float largest = 0;
    for (const float g : gradient) largest = std::max(largest, std::abs(g));
    for (size_t i = 0; i < gradient.size(); ++i)
      EXPECT_NEAR(gradient[i], mean[name][i], 1e-5F * largest + 1e-8F) << name << "[" << i << "]";
  }
}

TEST(CnnTraining, LearnsWhichHalfIsBrightAtAnySize) {
  for (const auto [side, size] : {std::pair{16, 16}, {32, 32}, {40, 21}}) {  // the last is made smaller, and odd
    Task task = Halves(60, side, 3);
    CnnSettings settings = Small();
    settings.size = size;
    settings.epochs = 20;
    settings.dense = {32};
    settings.adam.learning_rate = 0.002;
    const std::unique_ptr<Session> session = Started(task, RandomSplit(task.data, AllIndices(60), 0.2, 1), settings);
    const std::vector<EpochMetrics> epochs = RunToTheEnd(*session);
    ASSERT_EQ(epochs.size(), 20U);
    EXPECT_LT(epochs.back().training.loss, epochs.front().training.loss);
    EXPECT_EQ(epochs.back().validation->accuracy, 1) << side;
    EXPECT_EQ(session->EvaluateTraining().accuracy, 1) << side;
  }
}

TEST(CnnTraining, NeedsNoDenseLayersBetween) {
  Task task = Halves(40, 16);
  CnnSettings settings = Small();
  settings.dense = {};
  const std::unique_ptr<Session> session = Started(task, RandomSplit(task.data, AllIndices(40), 0.2, 1), settings);
  EXPECT_EQ(RunToTheEnd(*session).back().validation->accuracy, 1);
  EXPECT_EQ(session->Weights().tensors.size(), 8U);
}

TEST(CnnTraining, CopiesWeightDecayScheduleAndSmoothingEachChangeWhatIsLearned) {
  const auto weights_with = [](auto change) {
    Task task = Halves(12, 16);
    CnnSettings settings = Small();
    settings.epochs = 2;
    change(settings);
    const std::unique_ptr<Session> session = Started(task, Everything(task.data), settings);
    RunToTheEnd(*session);
    return ValuesOf(session->Weights());
  };
  const std::vector<std::vector<float>> plain = weights_with([](CnnSettings&) {});
  EXPECT_EQ(weights_with([](CnnSettings&) {}), plain);
  EXPECT_NE(weights_with([](CnnSettings& s) { s.seed = 2; }), plain);
  EXPECT_NE(weights_with([](CnnSettings& s) { s.copies = 1, s.augment.flip = true; }), plain);
  EXPECT_NE(weights_with([](CnnSettings& s) { s.weight_decay = 0.1; }), plain);
  EXPECT_NE(weights_with([](CnnSettings& s) { s.cosine = true; }), plain);
  EXPECT_NE(weights_with([](CnnSettings& s) { s.label_smoothing = 0.1; }), plain);
  EXPECT_NE(weights_with([](CnnSettings& s) { s.dropout = 0.5; }), plain);
}

// All that takes randomness or has a state.
CnnSettings WithEverything() {
  CnnSettings settings = Small();
  settings.batch = 20;
  settings.epochs = 3;
  settings.dropout = 0.3;
  settings.cosine = true;
  settings.weight_decay = 0.01;
  settings.label_smoothing = 0.1;
  settings.class_weights = true;
  settings.copies = 1;
  settings.augment = {.flip = true, .rotate_degrees = 15, .zoom = 0.1, .light = 0.1, .color = 0.1};
  return settings;
}

TEST(CnnTraining, StoppedAnywhereSavedAndResumedGivesTheWeightsOfOneThatWasNeverStopped) {
  Task task = Halves(100, 16);
  const Split split = RandomSplit(task.data, AllIndices(100), 0.2, 1);
  for (const int patience : {0, 1, 3}) {
    CnnSettings settings = WithEverything();
    settings.patience = patience;
    const std::unique_ptr<Session> whole = Started(task, split, settings);
    const std::vector<EpochMetrics> epochs = RunToTheEnd(*whole);
    // With patience an epoch learns from 128 items in 13 micro-batches, then watches 16 pictures in one and validates
    // 20 in two: 1 and 9 are within a mini-batch, 2 between two, 13 … 15 in the evaluation, 16 at the epoch's end.
    // Without: 160 in 16, and 16 … 17.
    for (const int steps : {0, 1, 2, 9, 13, 14, 15, 16, 17, 18, 19, 30, 31, 45, 46, 47}) {
      SCOPED_TRACE(Format("patience %d, stopped after %d steps", patience, steps));
      const std::unique_ptr<Session> first = Started(task, split, settings);
      Take(*first, steps);
      Result<std::unique_ptr<Session>> second =
          ResumeCnnTraining(task.data, task.pictures, split, settings, Reloaded(first->SaveState()));
      ASSERT_TRUE(second.ok()) << second.status().message();
      if (first->done()) continue;
      const std::vector<EpochMetrics> rest = RunToTheEnd(**second);
      EXPECT_EQ(ValuesOf((*second)->Weights()), ValuesOf(whole->Weights()));
      ASSERT_FALSE(rest.empty());
      EXPECT_EQ(rest.back().epoch, epochs.back().epoch);
      EXPECT_EQ(rest.back().training.loss, epochs.back().training.loss);
      EXPECT_EQ(rest.back().validation->loss, epochs.back().validation->loss);
    }
  }
}

TEST(CnnTraining, PicturesThatAreLongOnTheirWayGiveTheSameBits) {
  Task task = Halves(40, 16);
  const Split split = RandomSplit(task.data, AllIndices(40), 0.25, 1);
  CnnSettings settings = WithEverything();
  settings.patience = 2;
  const std::unique_ptr<Session> prompt = Started(task, split, settings);
  const std::vector<EpochMetrics> expected = RunToTheEnd(*prompt);
  task.pictures.delay = 3;
  const std::unique_ptr<Session> slow = Started(task, split, settings);
  int waited = 0;
  std::vector<EpochMetrics> epochs;
  while (!slow->done()) {
    const Result<std::optional<EpochMetrics>> step = slow->Step();
    ASSERT_TRUE(step.ok());
    if (slow->waiting()) {
      EXPECT_FALSE(step->has_value());
      if (++waited == 50) task.pictures.late.clear();  // forgotten, and asked for again
      ASSERT_LT(waited, 10'000);
    }
    if (step->has_value()) epochs.push_back(**step);
  }
  EXPECT_GT(waited, 3);
  EXPECT_EQ(ValuesOf(slow->Weights()), ValuesOf(prompt->Weights()));
  ASSERT_EQ(epochs.size(), expected.size());
  EXPECT_EQ(epochs.back().validation->loss, expected.back().validation->loss);
}

TEST(CnnTraining, AFinishedOneContinuesWithMoreEpochs) {
  Task task = Halves(40, 16);
  const Split split = RandomSplit(task.data, AllIndices(40), 0.2, 1);
  for (const int patience : {0, 50}) {
    CnnSettings settings = Small();
    settings.patience = patience;
    settings.epochs = 4;
    const std::unique_ptr<Session> whole = Started(task, split, settings);
    RunToTheEnd(*whole);
    settings.epochs = 2;
    const std::unique_ptr<Session> part = Started(task, split, settings);
    RunToTheEnd(*part);
    Result<std::unique_ptr<Session>> same =
        ResumeCnnTraining(task.data, task.pictures, split, settings, Reloaded(part->SaveState()));
    ASSERT_TRUE(same.ok());
    EXPECT_TRUE((*same)->done());
    EXPECT_EQ(ValuesOf((*same)->Weights()), ValuesOf(part->Weights()));
    settings.epochs = 4;
    Result<std::unique_ptr<Session>> rest =
        ResumeCnnTraining(task.data, task.pictures, split, settings, Reloaded(part->SaveState()));
    ASSERT_TRUE(rest.ok());
    EXPECT_EQ(RunToTheEnd(**rest).size(), 2U);
    EXPECT_EQ(ValuesOf((*rest)->Weights()), ValuesOf(whole->Weights()));
  }
}

TEST(CnnTraining, EarlyStoppingGivesTheBestEpochAndCountsAnewWhenResumed) {
  Task task = Halves(40, 16);
  for (size_t i = 0; i < 40; i += 5)
    task.data.labels[i] = 1 - task.data.labels[i];  // so that it learns them by heart, and no others
  CnnSettings settings = Small();
  settings.epochs = 500;
  settings.patience = 2;
  settings.adam.learning_rate = 0.02;
  const Split split = RandomSplit(task.data, AllIndices(40), 0.2, 1);
  const std::unique_ptr<Session> first = Started(task, split, settings);
  const std::vector<EpochMetrics> epochs = RunToTheEnd(*first);
  ASSERT_LT(epochs.size(), 500U);
  ASSERT_GT(epochs.size(), 2U);
  // What is told last is of the weights that are used: those of two epochs ago.
  EXPECT_EQ(epochs.back().validation->loss, epochs[epochs.size() - 3].validation->loss);
  EXPECT_EQ(first->EvaluateTraining().loss, epochs[epochs.size() - 3].training.loss);
  EXPECT_EQ(first->kept_epoch(), static_cast<int>(epochs.size()) - 2);
  EXPECT_TRUE(first->ended_early());
  const HeldOut& record = first->EvaluateHeldOut();
  EXPECT_TRUE(record.of_kept_weights);
  ASSERT_EQ(record.samples, std::vector<int64_t>(split.validation.begin(), split.validation.end()));
  int correct = 0;
  for (size_t i = 0; i < record.samples.size(); ++i) {
    EXPECT_NEAR(record.row(i)[0] + record.row(i)[1], 1, 1e-6);
    correct += record.row(i)[static_cast<size_t>(record.labels[i])] > 0.5F ? 1 : 0;
  }
  EXPECT_DOUBLE_EQ(epochs.back().validation->accuracy, correct / static_cast<double>(record.samples.size()));
  Result<std::unique_ptr<Session>> second =
      ResumeCnnTraining(task.data, task.pictures, split, settings, first->SaveState());
  ASSERT_TRUE(second.ok());
  EXPECT_GE(RunToTheEnd(**second).size(), 2U);
}

TEST(CnnTraining, SaysHowManyPicturesItHasSeen) {
  Task task = Halves(40, 16);
  CnnSettings settings = Small();
  settings.batch = 20;
  settings.epochs = 2;
  const std::unique_ptr<Session> session = Started(task, RandomSplit(task.data, AllIndices(40), 0.2, 1), settings);
  EXPECT_EQ(session->progress().in_all, 64);
  Take(*session, 1);
  EXPECT_EQ(session->progress().done, 16);
  Take(*session, 2);
  EXPECT_EQ(session->progress().done, 32);
  RunToTheEnd(*session);
  EXPECT_EQ(session->progress().done, 64);
}

TEST(CnnTraining, BadSettingsAndPicturesAreSentences) {
  Task task = Halves(20, 16);
  const auto error_of = [&](auto change) {
    CnnSettings settings = Small();
    change(settings);
    return StartCnnTraining(task.data, task.pictures, Everything(task.data), settings).status().message();
  };
  EXPECT_EQ(error_of([](CnnSettings& s) { s.epochs = 0; }), "epochs is 0, outside 1 … 100000");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.batch = 5000; }), "batch is 5000, outside 1 … 4096");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.size = 8; }), "size is 8, outside 16 … 512");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.size = 1 << 30; }), "size is 1073741824, outside 16 … 512");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.dense = {16, 5000}; }),
            "dense has a layer of 5000 units, outside 1 … 4096");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.dense = {-1}; }), "dense has a layer of -1 units, outside 1 … 4096");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.dense.assign(9, 1); }), "dense names 9 layers, more than 8");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.dropout = 1; }), "dropout is 1, outside 0 … 1");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.label_smoothing = 1; }), "the label smoothing is 1, outside 0 … 1");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.label_smoothing = std::nan(""); }),
            "the label smoothing is nan, outside 0 … 1");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.weight_decay = -1; }), "the weight decay is -1, outside 0 … 200");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.adam.learning_rate = 0; }), "the learning rate is 0, outside 0 … 10");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.patience = -1; }), "patience is -1, less than 0");
  EXPECT_EQ(error_of([](CnnSettings& s) { s.copies = -1; }), "copies is -1, outside 0 … 100");

  task.pictures.bad = 7;
  const std::unique_ptr<Session> session = Started(task, Everything(task.data), Small());
  Status status;
  while (status.ok() && !session->done()) status = session->Step().status();
  EXPECT_EQ(status.message(), "picture 7 cannot be read from the store");

  std::fill(task.data.labels.begin(), task.data.labels.end(), 0);
  EXPECT_EQ(error_of([](CnnSettings&) {}), "class \"right\" has no picture to learn from");
  task.data.classes.pop_back();
  EXPECT_EQ(error_of([](CnnSettings&) {}), "training needs at least 2 classes, but there is 1");
}

TEST(CnnTraining, TooLittleMemoryIsASentenceWithASmallerSize) {
  CnnSettings settings = Small();
  settings.size = 512;
  settings.dense.assign(8, 4096);
  // 65,536 inputs · 4,096 units and seven times 4,096²; weight, two moments and gradient each.
  EXPECT_GT(CnnTrainingBytes(settings, 2), 6'000'000'000U);
  if (sizeof(size_t) > 4) return;  // a large machine may well have that
  Task task = Halves(4, 16);
  EXPECT_EQ(StartCnnTraining(task.data, task.pictures, Everything(task.data), settings)
                .status()
                .message()
                .find("training needs 6"),
            0U);
}

TEST(CnnTraining, ALossThatIsNoNumberIsASentence) {
  Task task = Halves(20, 16);
  CnnSettings settings = Small();
  settings.adam.learning_rate = 10;
  settings.epochs = 200;
  const std::unique_ptr<Session> session = Started(task, Everything(task.data), settings);
  nn::TensorFile state = session->SaveState();
  for (nn::NamedTensor& tensor : state.tensors) {
    if (tensor.name.ends_with("/kernel")) std::fill(tensor.values.begin(), tensor.values.end(), 1e30F);
  }
  Result<std::unique_ptr<Session>> resumed =
      ResumeCnnTraining(task.data, task.pictures, Everything(task.data), settings, state);
  ASSERT_TRUE(resumed.ok());
  EXPECT_EQ((*resumed)->Step().status().message(),
            "the loss is no longer a number in epoch 1: try a smaller learning rate than 10");
}

TEST(CnnTraining, StatesThatDoNotFitAreSentences) {
  Task task = Halves(40, 16);
  const Split split = RandomSplit(task.data, AllIndices(40), 0.2, 1);
  const nn::TensorFile state = Started(task, split, Small())->SaveState();
  const auto error_of = [&](const Split& s, const CnnSettings& settings, const nn::TensorFile& from) {
    return ResumeCnnTraining(task.data, task.pictures, s, settings, from).status().message();
  };
  EXPECT_EQ(error_of(split, Small(), Started(task, split, Small())->Weights()), "this is not a saved training");
  CnnSettings wider = Small();
  wider.dense = {13, 7};
  EXPECT_EQ(error_of(split, wider, state).find("the saved training does not fit: tensor \"dense1/kernel\""), 0U)
      << error_of(split, wider, state);
  EXPECT_EQ(error_of(RandomSplit(task.data, AllIndices(40), 0.5, 1), Small(), state),
            "the saved training learned from 32 samples, but there are 20 now");
  nn::TensorFile changed = state;
  changed.metadata["position"] = "33";
  EXPECT_EQ(error_of(split, Small(), changed), "the saved training stands at sample 33 of 32");
  changed.metadata["position"] = "32";
  EXPECT_EQ(error_of(Split{"", split.training, {}}, Small(), changed), "the saved training stands at sample 32 of 32");
  changed = state;
  changed.metadata["handful_training"] = "head 2";
  EXPECT_EQ(error_of(split, Small(), changed), "this saved training is of the kind \"head 2\", not \"cnn 1\"");
  changed = state;
  changed.tensors[0].values[0] = std::nanf("");
  EXPECT_NE(error_of(split, Small(), changed), "");
}

}  // namespace
}  // namespace handful::train
