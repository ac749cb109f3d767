// The parts of a head training and of a large picture's way, one by one: build/native-release/bin/handful_bench.
#include <benchmark/benchmark.h>

#include <vector>

#include "image/image.h"
#include "train/adam.h"
#include "train/gemm.h"

namespace handful {
namespace {

constexpr size_t kBatch = 16, kFeatures = 1280, kHidden = 100;

void HeadForward(benchmark::State& state) {
  const std::vector<float> x(kBatch * kFeatures, 0.5F), w(kFeatures * kHidden, 0.1F);
  std::vector<float> y(kBatch * kHidden);
  for (auto _ : state) {
    train::Gemm(kBatch, kHidden, kFeatures, x.data(), kFeatures, w.data(), kHidden, y.data(), kHidden);
    benchmark::DoNotOptimize(y.data());
  }
}
BENCHMARK(HeadForward);

void HeadWeightGradient(benchmark::State& state) {
  const std::vector<float> x(kBatch * kFeatures, 0.5F), dy(kBatch * kHidden, 0.1F);
  std::vector<float> dw(kFeatures * kHidden);
  for (auto _ : state) {
    train::GemmTransposedA(kBatch, kHidden, kFeatures, x.data(), kFeatures, dy.data(), kHidden, dw.data(), kHidden);
    benchmark::DoNotOptimize(dw.data());
  }
}
BENCHMARK(HeadWeightGradient);

void AdamStep(benchmark::State& state) {
  const std::vector<float> gradient(kFeatures * kHidden, 0.1F);
  std::vector<float> parameters(gradient.size());
  train::AdamMoments moments(gradient.size());
  int64_t step = 0;
  for (auto _ : state) moments.Update({}, ++step, gradient, parameters);
}
BENCHMARK(AdamStep);

void CropAndResize12Megapixels(benchmark::State& state) {
  image::Image picture{4000, 3000, std::move(*Buffer<uint8_t>::Zeroed(size_t{4000} * 3000 * 3))};
  for (auto _ : state) {
    benchmark::DoNotOptimize(image::CropAndResize(picture, image::CropMode::kCenter, 224).ok());
  }
}
BENCHMARK(CropAndResize12Megapixels);

}  // namespace
}  // namespace handful
