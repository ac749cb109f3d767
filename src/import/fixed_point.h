// TensorFlow Lite's fixed-point arithmetic (tensorflow/lite/kernels/internal/common.h and gemmlowp's fixedpoint.h):
// what its integer kernels round, and how.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace handful::importers {

// real = multiplier / 2^31 · 2^shift
struct FixedPoint {
  int32_t multiplier = 0;
  int shift = 0;
};

inline FixedPoint ToFixedPoint(double real) {
  if (!(real > 0)) return {};
  FixedPoint fixed;
  const double fraction = std::frexp(real, &fixed.shift);
  auto multiplier = static_cast<int64_t>(std::round(fraction * (int64_t{1} << 31U)));
  if (multiplier == int64_t{1} << 31U) {
    multiplier /= 2;
    ++fixed.shift;
  }
  if (fixed.shift < -31) return {};
  if (fixed.shift > 30) return {std::numeric_limits<int32_t>::max(), 30};
  fixed.multiplier = static_cast<int32_t>(multiplier);
  return fixed;
}

// a·b / 2^31, rounded to nearest, ties upwards.
inline int32_t SaturatingRoundingDoublingHighMul(int32_t a, int32_t b) {
  if (a == b && a == std::numeric_limits<int32_t>::min()) return std::numeric_limits<int32_t>::max();
  const int64_t product = int64_t{a} * b;
  const int64_t nudge = product >= 0 ? int64_t{1} << 30U : 1 - (int64_t{1} << 30U);
  return static_cast<int32_t>((product + nudge) / (int64_t{1} << 31U));
}

// x / 2^exponent, rounded to nearest, ties away from zero.
inline int32_t RoundingDivideByPowerOfTwo(int32_t x, int exponent) {
  const auto mask = static_cast<int32_t>((int64_t{1} << static_cast<unsigned>(exponent)) - 1);
  const int32_t remainder = x & mask;
  const int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + (remainder > threshold ? 1 : 0);
}

inline int32_t Times(int32_t x, FixedPoint factor) {
  const int left = factor.shift > 0 ? factor.shift : 0, right = factor.shift > 0 ? 0 : -factor.shift;
  const auto shifted = static_cast<int32_t>(static_cast<uint32_t>(x) << static_cast<unsigned>(left));
  return RoundingDivideByPowerOfTwo(SaturatingRoundingDoublingHighMul(shifted, factor.multiplier), right);
}

}  // namespace handful::importers
