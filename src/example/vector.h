// Three numbers at a time, and noise. Only operations that every platform rounds alike (+ − × ÷ √), so that a picture
// is the same bit for bit natively and in WebAssembly.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace handful::example {

struct Vec3 {
  float x = 0, y = 0, z = 0;
};
inline Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec3 operator*(Vec3 a, Vec3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
inline Vec3 operator*(Vec3 a, float s) { return {a.x * s, a.y * s, a.z * s}; }
inline float Dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec3 Cross(Vec3 a, Vec3 b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
inline float Length(Vec3 a) { return std::sqrt(Dot(a, a)); }
inline Vec3 Unit(Vec3 a) { return a * (1.0F / std::max(Length(a), 1e-6F)); }

inline float Clamp01(float x) { return std::clamp(x, 0.0F, 1.0F); }
inline float Mix(float a, float b, float t) { return a + (b - a) * t; }
inline Vec3 Mix(Vec3 a, Vec3 b, float t) { return a + (b - a) * t; }
// 0 up to `from`, 1 from `to` on, smooth in between; also where from > to.
inline float Smooth(float from, float to, float x) {
  const float t = Clamp01((x - from) / (to - from));
  return t * t * (3 - 2 * t);
}

// The axes of something turned, as the world has them.
struct Turn {
  Vec3 x, y, z;
  Vec3 ToLocal(Vec3 world) const { return {Dot(world, x), Dot(world, y), Dot(world, z)}; }
  Vec3 ToWorld(Vec3 local) const { return x * local.x + y * local.y + z * local.z; }
};

// Smooth noise between 0 and 1 with features of size 1.
inline float Noise(Vec3 p, uint32_t seed) {
  const float fx = std::floor(p.x), fy = std::floor(p.y), fz = std::floor(p.z);
  const auto ix = static_cast<uint32_t>(static_cast<int32_t>(fx));
  const auto iy = static_cast<uint32_t>(static_cast<int32_t>(fy));
  const auto iz = static_cast<uint32_t>(static_cast<int32_t>(fz));
  const auto at = [&](uint32_t x, uint32_t y, uint32_t z) {
    uint32_t h = (ix + x) * 0x8DA6B343U ^ (iy + y) * 0xD8163841U ^ (iz + z) * 0xCB1AB31FU ^ seed * 0x9E3779B9U;
    h = (h ^ (h >> 15U)) * 0x2C1B3C6DU;
    h = (h ^ (h >> 12U)) * 0x297A2D39U;
    return static_cast<float>((h ^ (h >> 15U)) >> 8U) * 0x1p-24F;
  };
  const float tx = Smooth(0, 1, p.x - fx), ty = Smooth(0, 1, p.y - fy), tz = Smooth(0, 1, p.z - fz);
  const float near = Mix(Mix(at(0, 0, 0), at(1, 0, 0), tx), Mix(at(0, 1, 0), at(1, 1, 0), tx), ty);
  const float far = Mix(Mix(at(0, 0, 1), at(1, 0, 1), tx), Mix(at(0, 1, 1), at(1, 1, 1), tx), ty);
  return Mix(near, far, tz);
}

}  // namespace handful::example
