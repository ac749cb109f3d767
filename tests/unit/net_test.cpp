// XNNPACK's operators as Net binds them, against loops that follow TensorFlow's definition of SAME padding.
#include "nn/net.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "unit/random_values.h"

namespace handful::nn {
namespace {

using testing::RandomValues;

// What the network answers to `in`.
std::vector<float> Answer(NetBuilder builder, Value out, const std::vector<float>& in) {
  Result<Net> net = std::move(builder).Finish(out);
  EXPECT_TRUE(net.ok()) << net.status().message();
  if (!net.ok()) return {};
  std::copy(in.begin(), in.end(), net->input().begin());
  EXPECT_TRUE(net->Run().ok());
  return {net->output().begin(), net->output().end()};
}

// TensorFlow: total = max((out − 1)·stride + kernel − in, 0), the smaller half before.
int PadBefore(int in, int kernel, int stride) {
  const int out = (in + stride - 1) / stride;
  return std::max((out - 1) * stride + kernel - in, 0) / 2;
}

struct Case {
  Shape in;
  int kernel, stride, filters;
};

// Visits every tap (y, x inside the picture) of every output pixel.
template <class Visit>
void ForEachTap(const Case& c, int oy, int ox, Visit&& visit) {
  for (int ky = 0; ky < c.kernel; ++ky) {
    for (int kx = 0; kx < c.kernel; ++kx) {
      const int y = oy * c.stride + ky - PadBefore(c.in.height, c.kernel, c.stride);
      const int x = ox * c.stride + kx - PadBefore(c.in.width, c.kernel, c.stride);
      if (y >= 0 && y < c.in.height && x >= 0 && x < c.in.width) visit(ky, kx, static_cast<size_t>(y * c.in.width + x));
    }
  }
}

constexpr Case kCases[] = {{{8, 8, 3}, 3, 2, 5},  {{9, 7, 4}, 3, 2, 8},   {{6, 6, 6}, 4, 1, 16}, {{5, 9, 16}, 5, 1, 16},
                           {{7, 7, 24}, 1, 1, 9}, {{112, 6, 3}, 3, 1, 6}, {{8, 8, 16}, 4, 2, 3}};

void ExpectClose(std::span<const float> actual, const std::vector<float>& expected, const char* what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(actual[i], expected[i], 1e-5) << what << " at " << i;
}

TEST(Net, ConvolutionIsTensorFlowsSame) {
  for (const Case& c : kCases) {
    const auto channels = static_cast<size_t>(c.in.channels);
    const auto filters = static_cast<size_t>(c.filters);
    const std::vector<float> in = RandomValues(c.in.size(), 1);
    const std::vector<float> kernel = RandomValues(filters * static_cast<size_t>(c.kernel * c.kernel) * channels, 2);
    const std::vector<float> bias = RandomValues(filters, 3);
    NetBuilder builder(c.in);
    const Value out =
        builder.Conv("conv", builder.input(), {c.kernel, c.stride, c.filters, Activation::kRelu6}, kernel, bias);
    const Shape shape = builder.ShapeOf(out);
    const std::vector<float> actual = Answer(std::move(builder), out, in);

    std::vector<float> expected(shape.size());
    for (int oy = 0; oy < shape.height; ++oy) {
      for (int ox = 0; ox < shape.width; ++ox) {
        for (size_t f = 0; f < filters; ++f) {
          double sum = bias[f];
          ForEachTap(c, oy, ox, [&](int ky, int kx, size_t pixel) {
            for (size_t i = 0; i < channels; ++i) {
              const size_t tap = (f * c.kernel + ky) * c.kernel + kx;
              sum += static_cast<double>(in[pixel * channels + i]) * kernel[tap * channels + i];
            }
          });
          expected[(static_cast<size_t>(oy * shape.width + ox)) * filters + f] =
              std::clamp(static_cast<float>(sum), 0.0F, 6.0F);
        }
      }
    }
    ExpectClose(actual, expected, "conv");
  }
}

TEST(Net, DepthwiseConvolutionIsTensorFlowsSame) {
  for (const Case& c : kCases) {
    if (c.kernel == 1) continue;
    const auto channels = static_cast<size_t>(c.in.channels);
    const std::vector<float> in = RandomValues(c.in.size(), 1);
    const std::vector<float> kernel = RandomValues(static_cast<size_t>(c.kernel * c.kernel) * channels, 2);
    const std::vector<float> bias = RandomValues(channels, 3);
    NetBuilder builder(c.in);
    const Value out =
        builder.Depthwise("dw", builder.input(), {c.kernel, c.stride, 0, Activation::kNone}, kernel, bias);
    const Shape shape = builder.ShapeOf(out);
    const std::vector<float> actual = Answer(std::move(builder), out, in);

    std::vector<float> expected(shape.size());
    for (int oy = 0; oy < shape.height; ++oy) {
      for (int ox = 0; ox < shape.width; ++ox) {
        for (size_t i = 0; i < channels; ++i) {
          double sum = bias[i];
          ForEachTap(c, oy, ox, [&](int ky, int kx, size_t pixel) {
            sum += static_cast<double>(in[pixel * channels + i]) *
                   kernel[static_cast<size_t>(ky * c.kernel + kx) * channels + i];
          });
          expected[static_cast<size_t>(oy * shape.width + ox) * channels + i] = static_cast<float>(sum);
        }
      }
    }
    ExpectClose(actual, expected, "depthwise");
  }
}

TEST(Net, MaxPoolingIsTensorFlowsSame) {
  constexpr Case kPools[] = {
      {{224 / 8, 28, 6}, 2, 2, 0}, {{28, 28, 16}, 4, 2, 0}, {{7, 9, 3}, 2, 2, 0}, {{7, 9, 3}, 4, 2, 0}};
  for (const Case& c : kPools) {
    const auto channels = static_cast<size_t>(c.in.channels);
    const std::vector<float> in = RandomValues(c.in.size(), 4);
    NetBuilder builder(c.in);
    const Value out = builder.MaxPool("pool", builder.input(), c.kernel, c.stride);
    const Shape shape = builder.ShapeOf(out);
    const std::vector<float> actual = Answer(std::move(builder), out, in);
    std::vector<float> expected(shape.size(), -std::numeric_limits<float>::infinity());
    for (int oy = 0; oy < shape.height; ++oy) {
      for (int ox = 0; ox < shape.width; ++ox) {
        for (size_t i = 0; i < channels; ++i) {
          float& best = expected[static_cast<size_t>(oy * shape.width + ox) * channels + i];
          ForEachTap(c, oy, ox, [&](int, int, size_t pixel) { best = std::max(best, in[pixel * channels + i]); });
        }
      }
    }
    ExpectClose(actual, expected, "pool");
  }
}

TEST(Net, AddGlobalMeanAndDenseCompose) {
  const std::vector<float> identity = {1, 0, 0, 1};
  const std::vector<float> zero = {0, 0};
  NetBuilder builder({2, 2, 2});
  const Value same = builder.Conv("same", builder.input(), {1, 1, 2, Activation::kNone}, identity, zero);
  const Value sum = builder.Add("sum", builder.input(), same);
  const Value mean = builder.GlobalMean("mean", sum);
  const std::vector<float> kernel_io = {1, 10, 100, 1000, 10000, 100000};  // (2 inputs, 3 units)
  const Value out = builder.Dense("dense", mean, 3, Activation::kNone, kernel_io, {});
  Result<Net> net = std::move(builder).Finish(out);
  ASSERT_TRUE(net.ok()) << net.status().message();
  const std::vector<float> in = {1, 5, 2, 6, 3, 7, 4, 8};
  std::copy(in.begin(), in.end(), net->input().begin());
  ASSERT_TRUE(net->Run().ok());
  // mean of 2x: channel 0: 5, channel 1: 13
  const std::vector<float> expected = {5 + 13000, 50 + 130000, 500 + 1300000};
  ExpectClose(net->output(), expected, "dense");
}

TEST(Net, ReusingMemoryChangesNothing) {
  const std::vector<float> in = RandomValues(8 * 8 * 4, 5);
  const std::vector<float> kernel = RandomValues(4 * 9 * 4, 6);
  const std::vector<float> bias = RandomValues(4, 7);
  std::vector<std::vector<float>> outputs;
  for (const bool keep : {false, true}) {
    NetBuilder builder({8, 8, 4});
    if (keep) builder.KeepActivations();
    Value x = builder.input();
    Value first = x;
    for (int i = 0; i < 5; ++i) {
      x = builder.Conv(Format("conv%d", i), x, {3, 1, 4, Activation::kRelu}, kernel, bias);
      if (i == 0) first = x;
    }
    x = builder.Add("add", first, x);  // read long after it was written
    Result<Net> net = std::move(builder).Finish(x);
    ASSERT_TRUE(net.ok());
    std::copy(in.begin(), in.end(), net->input().begin());
    ASSERT_TRUE(net->Run().ok());
    outputs.emplace_back(net->output().begin(), net->output().end());
    EXPECT_EQ(net->Activations("conv2").ok(), keep);
  }
  EXPECT_EQ(outputs[0], outputs[1]);
}

TEST(Net, MisfittingWeightsAreAnErrorThatNamesTheLayer) {
  NetBuilder builder({4, 4, 3});
  const std::vector<float> kernel(10);
  const Value out = builder.Conv("conv1", builder.input(), {3, 1, 2, Activation::kNone}, kernel, {});
  const Result<Net> net = std::move(builder).Finish(out);
  EXPECT_EQ(net.status().message(), "layer \"conv1\": kernel has 10 numbers, expected 54");
}

TEST(Softmax, StaysFiniteForLargeLogits) {
  std::vector<float> values = {1000, 1001, -1000};
  Softmax(values);
  EXPECT_NEAR(values[0], 0.268941, 1e-6);
  EXPECT_NEAR(values[1], 0.731059, 1e-6);
  EXPECT_EQ(values[2], 0);
}

// Which arithmetic really ran: (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 2⁻²⁴ with one rounding, as a fused multiply-add does it, and
// 0 with two.
TEST(Kernels, TheOnesThatRanAreTheVariants) {
  const float x = 1 + 0x1p-12F;
  const std::vector<float> kernel(64, x);
  const std::vector<float> bias(64, -(1 + 0x1p-11F));
  NetBuilder builder({8, 8, 1});
  const Value out = builder.Conv("conv", builder.input(), {1, 1, 64, Activation::kNone}, kernel, bias);
  Result<Net> net = std::move(builder).Finish(out);
  ASSERT_TRUE(net.ok());
  std::fill(net->input().begin(), net->input().end(), x);
  ASSERT_TRUE(net->Run().ok());
  const std::string name = GemmKernelName();
#if defined(__wasm_relaxed_simd__)
  EXPECT_NE(name.find("wasmrelaxedsimd_fma"), std::string::npos) << name;
  const float expected = 0x1p-24F;
#elif defined(__wasm__)
  EXPECT_TRUE(name.starts_with("wasmsimd")) << name;
  const float expected = 0;
#else
  const bool fused = name.starts_with("avx512f") || name.starts_with("fma3");
  EXPECT_TRUE(fused || name.starts_with("avx ") || name.starts_with("sse ")) << name;
  const float expected = fused ? 0x1p-24F : 0;
#endif
  for (const float y : net->output()) ASSERT_EQ(y, expected) << name;
}

}  // namespace
}  // namespace handful::nn
