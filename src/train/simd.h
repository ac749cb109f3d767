// Four floats: one SIMD register on every target. Multiply and add are two roundings, so that the same inputs give the
// same bits on every machine; only the relaxed WebAssembly build, which promises no such thing, may fuse them.
#pragma once

#include <cmath>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

namespace handful::train {

using F4 = float __attribute__((vector_size(16)));

inline F4 Load(const float* p) {
  F4 v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline void Store(float* p, F4 v) { std::memcpy(p, &v, sizeof v); }
inline F4 Splat(float x) { return F4{x, x, x, x}; }

// sum + a·b.
inline F4 MultiplyAdd(F4 a, F4 b, F4 sum) {
#if defined(__wasm_relaxed_simd__)
  return __builtin_wasm_relaxed_madd_f32x4(a, b, sum);
#else
  return sum + a * b;
#endif
}

inline F4 SquareRoot(F4 v) {
#if defined(__wasm_simd128__)
  return wasm_f32x4_sqrt(v);
#else
  return F4{std::sqrt(v[0]), std::sqrt(v[1]), std::sqrt(v[2]), std::sqrt(v[3])};
#endif
}

inline float Sum(F4 v) { return (v[0] + v[2]) + (v[1] + v[3]); }

}  // namespace handful::train
