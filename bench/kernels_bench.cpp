// The parts of a head training and of a large picture's way, one by one: build/native-release/bin/handful_bench.
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/rng.h"
#include "image/image.h"
#include "train/adam.h"
#include "train/layers.h"
#include "train/wide_dense.h"

namespace handful {
namespace {

constexpr size_t kBatch = 32, kFeatures = 1280, kHidden = 100;

// A head's first layer, its batch, and which of its units dropout keeps.
struct HiddenLayer {
  HiddenLayer()
      : kernel(kHidden * train::PaddedInputs(kFeatures)), bias(kHidden), mask(kBatch * kHidden), out(kBatch * kHidden) {
    Rng rng(1);
    std::vector<float> features(kBatch * kFeatures);
    for (float& f : features) f = rng.Uniform();
    for (float& w : kernel.value) w = rng.Uniform(-0.1F, 0.1F);
    train::DropoutMask(0.5, rng, mask);
    std::vector<std::span<const float>> rows;
    for (size_t b = 0; b < kBatch; ++b)
      rows.push_back(std::span<const float>(features).subspan(b * kFeatures, kFeatures));
    batch.Assign(rows);
  }
  train::InputBatch batch;
  train::AdamParameter kernel;
  std::vector<float> bias, mask, out;
};

void HiddenForward(benchmark::State& state) {
  HiddenLayer layer;
  for (auto _ : state) {
    train::WideDenseForward(layer.batch, layer.kernel.value, layer.bias, {}, layer.out);
    benchmark::DoNotOptimize(layer.out.data());
  }
}
BENCHMARK(HiddenForward);

void HiddenForwardWithDropout(benchmark::State& state) {
  HiddenLayer layer;
  for (auto _ : state) {
    train::WideDenseForward(layer.batch, layer.kernel.value, layer.bias, layer.mask, layer.out);
    benchmark::DoNotOptimize(layer.out.data());
  }
}
BENCHMARK(HiddenForwardWithDropout);

// Weight gradient and Adam.
void HiddenUpdate(benchmark::State& state) {
  HiddenLayer layer;
  int64_t step = 0;
  for (auto _ : state) train::WideDenseUpdate(layer.batch, layer.mask, train::AdamStep({}, ++step), layer.kernel);
}
BENCHMARK(HiddenUpdate);

void CropAndResize12Megapixels(benchmark::State& state) {
  image::Image picture{4000, 3000, std::move(*Buffer<uint8_t>::Zeroed(size_t{4000} * 3000 * 3))};
  for (auto _ : state) {
    benchmark::DoNotOptimize(image::CropAndResize(picture, image::CropMode::kCenter, 224).ok());
  }
}
BENCHMARK(CropAndResize12Megapixels);

}  // namespace
}  // namespace handful
