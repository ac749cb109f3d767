// How far a share of a few may be from that of many.
#pragma once

#include <cmath>

namespace handful {

struct Interval {
  double low = 0, high = 1;
};

// Wilson's score interval at 95 % (Wilson 1927) for `right` of `count`; all of 0 … 1 where nothing was counted.
inline Interval Wilson(int right, int count) {
  if (count <= 0) return {};
  constexpr double kZ = 1.959963984540054;  // 97.5th percentile of the normal distribution
  const double n = count, p = right / n, z2 = kZ * kZ / n;
  const double middle = (p + z2 / 2) / (1 + z2), half = kZ * std::sqrt(p * (1 - p) / n + z2 / (4 * n)) / (1 + z2);
  return {std::fmax(0, middle - half), std::fmin(1, middle + half)};
}

}  // namespace handful
