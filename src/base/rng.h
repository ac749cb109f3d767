// Seeded random numbers, the same on every platform (std::shuffle and the std distributions are not).
// PCG32, O'Neill 2014, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms".
#pragma once

#include <cstdint>
#include <span>
#include <utility>

namespace handful {

class Rng {
 public:
  // `stream` separates independent uses of one seed (initialisation, order, dropout, augmentation).
  explicit Rng(uint64_t seed, uint64_t stream = 0) : increment_((stream << 1U) | 1U) {
    Next();
    state_ += seed;
    Next();
  }

  // Uniform over all 32-bit values.
  uint32_t Next() {
    const uint64_t old = state_;
    state_ = old * 6364136223846793005ULL + increment_;
    const auto xorshifted = static_cast<uint32_t>(((old >> 18U) ^ old) >> 27U);
    const auto rotation = static_cast<uint32_t>(old >> 59U);
    return (xorshifted >> rotation) | (xorshifted << ((32U - rotation) & 31U));
  }

  // Uniform in [0, bound), without modulo bias. bound > 0.
  uint32_t Below(uint32_t bound) {
    const uint32_t threshold = (0U - bound) % bound;
    for (;;) {
      const uint32_t r = Next();
      if (r >= threshold) return r % bound;
    }
  }

  // Uniform in [0, 1), 24 bits.
  float Uniform() { return static_cast<float>(Next() >> 8U) * 0x1p-24F; }
  float Uniform(float low, float high) { return low + (high - low) * Uniform(); }

  // Fisher-Yates.
  template <class T>
  void Shuffle(std::span<T> items) {
    for (size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[Below(static_cast<uint32_t>(i))]);
    }
  }

  // Where in its stream it is: to go on from there later, with an Rng of the same stream.
  uint64_t state() const { return state_; }
  void set_state(uint64_t state) { state_ = state; }

 private:
  uint64_t state_ = 0;
  uint64_t increment_;
};

}  // namespace handful
