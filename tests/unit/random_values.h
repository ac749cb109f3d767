// Seeded numbers for tests.
#pragma once

#include <vector>

#include "base/rng.h"

namespace handful::testing {

// Uniform in [-1, 1).
inline std::vector<float> RandomValues(size_t n, uint64_t seed) {
  Rng rng(seed);
  std::vector<float> values(n);
  for (float& v : values) v = rng.Uniform(-1, 1);
  return values;
}

}  // namespace handful::testing
