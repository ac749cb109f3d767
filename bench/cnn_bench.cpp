// Training the network from scratch, layer by layer and whole, one thread: handful_bench
// --benchmark_filter='Stage|Dense1|AdamOfAll|Step'
#include <benchmark/benchmark.h>

#include "base/rng.h"
#include "train/cnn.h"
#include "train/layers.h"

namespace handful {
namespace {

std::vector<float> Random(size_t n, float low, float high) {
  Rng rng(n);
  std::vector<float> values(n);
  for (float& v : values) v = rng.Uniform(low, high);
  return values;
}

// Stage 0, 1 or 2 at 224 × 224, on one picture of noise.
struct Stage {
  explicit Stage(int number)
      : stage(train::CnnStageShapes(224)[static_cast<size_t>(number)]),
        in(Random(stage.shape().inputs(), 0, 1)),
        out(stage.shape().outputs()) {
    const train::ConvStageShape& shape = stage.shape();
    stage.SetWeights(Random(shape.weights(), -0.1F, 0.1F), Random(shape.filters, -0.1F, 0.1F));
    stage.Forward(in, trace, out);
  }
  train::ConvStage stage;
  std::vector<float> in, out;
  train::ConvStageTrace trace;
};

void StageForward(benchmark::State& state) {
  Stage s(static_cast<int>(state.range(0)));
  for (auto _ : state) s.stage.Forward(s.in, s.trace, s.out);
}
BENCHMARK(StageForward)->DenseRange(0, 2)->Unit(benchmark::kMillisecond);

// The first stage's input needs no gradient.
void StageBackward(benchmark::State& state) {
  Stage s(static_cast<int>(state.range(0)));
  const std::vector<float> gradient = Random(s.out.size(), -0.01F, 0.01F);
  std::vector<float> d_out, d_in(state.range(0) == 0 ? 0 : s.in.size());
  for (auto _ : state) {
    d_out = gradient;
    s.stage.Backward(s.trace, s.out, d_out, d_in);
  }
}
BENCHMARK(StageBackward)->DenseRange(0, 2)->Unit(benchmark::kMillisecond);

// The first dense layer, whose 12,544 × 256 weights are nearly all there are: a micro-batch.
constexpr size_t kInputs = 12544, kUnits = 256;
struct Dense1 {
  std::vector<float> in = Random(train::kMicroBatch * kInputs, 0, 1), kernel = Random(kInputs * kUnits, -0.02F, 0.02F),
                     bias = Random(kUnits, 0, 1);
  std::vector<float> out = Random(train::kMicroBatch * kUnits, -0.01F, 0.01F),
                     d_kernel = std::vector<float>(kernel.size());
  std::vector<float> d_bias = bias, d_in = in;
};

void Dense1Forward(benchmark::State& state) {
  Dense1 d;
  for (auto _ : state) train::DenseForward(train::kMicroBatch, d.in, d.kernel, d.bias, d.out);
}
BENCHMARK(Dense1Forward)->Unit(benchmark::kMillisecond);

void Dense1Backward(benchmark::State& state) {
  Dense1 d;
  for (auto _ : state)
    train::DenseBackward(train::kMicroBatch, d.in, d.kernel, d.out, d.d_kernel, d.d_bias, d.d_in, /*accumulate=*/true);
}
BENCHMARK(Dense1Backward)->Unit(benchmark::kMillisecond);

void AdamOfAllWeights(benchmark::State& state) {
  constexpr size_t kAll = 3253068;
  train::AdamParameter parameter(kAll);
  const std::vector<float> gradient = Random(kAll, -0.01F, 0.01F);
  int64_t step = 0;
  for (auto _ : state) parameter.Update(train::AdamStep({}, ++step), gradient);
}
BENCHMARK(AdamOfAllWeights)->Unit(benchmark::kMillisecond);

// Noise, all of it in memory.
class Noise : public train::PictureSource {
 public:
  Noise(int side, int count) {
    const size_t bytes = static_cast<size_t>(side) * static_cast<size_t>(side) * 3;
    Rng rng(1);
    for (int i = 0; i < count; ++i) {
      pictures_.push_back({side, side, std::move(*Buffer<uint8_t>::Zeroed(bytes))});
      for (size_t k = 0; k < bytes; ++k) pictures_.back().pixels_rgb8[k] = static_cast<uint8_t>(rng.Below(256));
    }
  }
  void Expect(std::span<const int>) override {}
  Result<const image::Image*> Find(int sample) override {
    return static_cast<const image::Image*>(&pictures_[static_cast<size_t>(sample)]);
  }

 private:
  std::vector<image::Image> pictures_;
};

// A mini-batch: forward, backward, Adam. Arguments: picture side, batch.
void CnnStep(benchmark::State& state) {
  const auto side = static_cast<int>(state.range(0)), batch = static_cast<int>(state.range(1));
  train::Dataset data{.classes = {"a", "b", "c", "d"}};
  train::Split split;
  for (int i = 0; i < batch; ++i) {
    data.rows.emplace_back();
    data.labels.push_back(i % 4);
    data.groups.emplace_back();
    split.training.push_back(i);
  }
  Noise pictures(side, batch);
  train::CnnSettings settings;
  settings.epochs = 100000;
  settings.batch = batch;
  settings.size = side;
  settings.patience = 0;
  Result<std::unique_ptr<train::Session>> session = train::StartCnnTraining(data, pictures, split, settings);
  if (!session.ok()) return state.SkipWithError(session.status().message().c_str());
  for (auto _ : state) {
    for (int done = 0; done < batch; done += static_cast<int>(train::kMicroBatch)) {
      if (const auto stepped = (*session)->Step(); !stepped.ok())
        return state.SkipWithError(stepped.status().message().c_str());
    }
  }
  state.counters["pictures/s"] =
      benchmark::Counter(static_cast<double>(batch), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["MB"] = static_cast<double>(train::CnnTrainingBytes(settings, 4)) / 1e6;
}
BENCHMARK(CnnStep)
    ->ArgsProduct({{56, 112, 168, 224}, {32}})
    ->Args({224, 16})
    ->Args({224, 64})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace handful
