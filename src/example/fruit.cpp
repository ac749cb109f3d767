#include "example/fruit.h"

#include <array>

namespace handful::example {
namespace {

constexpr Vec3 kBark{0.09F, 0.05F, 0.02F};

// Two distances joined with a fillet of about size k.
float Join(float a, float b, float k) {
  const float h = Clamp01(0.5F + 0.5F * (b - a) / k);
  return Mix(b, a, h) - k * h * (1 - h);
}

float Axial(Vec3 p) { return std::sqrt(p.x * p.x + p.z * p.z); }

float Capsule(Vec3 p, Vec3 a, Vec3 b, float radius) {
  const Vec3 along = b - a, from = p - a;
  const float t = Clamp01(Dot(from, along) / Dot(along, along));
  return Length(from - along * t) - radius;
}

// A torus that overlaps itself: its hull has the two dimples.
float Apple(const Fruit& f, Vec3 p) {
  const float y = p.y / (1.2F * f.height);
  const float taper = (1 + 0.28F * f.form * y) * f.width;
  const float rho = Axial(p) / taper - 0.3F;
  return (std::sqrt(rho * rho + y * y) - 0.6F) * 0.8F;
}

float Pear(const Fruit& f, Vec3 p) {
  const float neck_y = Mix(0.22F, 0.62F, f.form) * f.height, neck = Mix(0.48F, 0.25F, f.form);
  const float belly = Length(p - Vec3{0, -0.3F, 0}) - 0.66F * f.width;
  const float top = Length(p - Vec3{0.05F * f.lean.x, neck_y, 0.05F * f.lean.z}) - neck;
  return Join(belly, top, 0.45F) * 0.95F;
}

float Lemon(const Fruit& f, Vec3 p) {
  const float long_half = 0.78F * f.height;
  const float squash = 0.62F * f.width / long_half;
  const Vec3 round{p.x, p.y * squash, p.z};
  const float body = (Length(round) - 0.62F * f.width) * 0.85F;
  const float tip = Mix(0.7F, 1, f.form) * long_half, radius = Mix(0.2F, 0.13F, f.form);
  const float ends = std::min(Length(p - Vec3{0, tip, 0}), Length(p + Vec3{0, tip * 0.97F, 0})) - radius;
  return Join(body, ends, 0.22F);
}

float Banana(const Fruit& f, Vec3 p) {
  const float bend = Mix(0.25F, 0.6F, f.form);
  const float x = p.x / f.height;
  const float y = p.y - bend * (x * x - 0.35F);
  const float across = std::max(std::sqrt(y * y + p.z * p.z), 1e-4F);
  // Five soft edges: cos 5φ of the angle around the axis.
  const float c = y / across, c2 = c * c;
  const float edges = c * (5 + c2 * (16 * c2 - 20));
  const float x2 = x * x;
  const float taper = x > 0 ? Smooth(1.04F, 0.5F, x) : Smooth(1.06F, 0.35F, -x);
  const float radius = Mix(x > 0 ? 0.055F : 0.05F, 0.27F * f.width, taper) * (1 + 0.03F * edges * taper);
  const float side = (across - radius) / std::sqrt(1 + 4 * bend * bend * x2);
  const float end = (x > 0 ? x - 1.17F : -x - 1.02F) * f.height;
  return std::max(side, end) * 0.6F;
}

float Body(const Fruit& f, Vec3 p) {
  switch (f.kind) {
    case Kind::kApple: return Apple(f, p);
    case Kind::kBanana: return Banana(f, p);
    case Kind::kLemon: return Lemon(f, p);
    case Kind::kPear: return Pear(f, p);
  }
  return 0;
}

float StemDistance(const Fruit& f, Vec3 p) {
  if (f.stem <= 0) return 10;
  const float foot = f.kind == Kind::kApple ? 0.58F * f.height
                                            : Mix(0.22F, 0.62F, f.form) * f.height + Mix(0.48F, 0.25F, f.form) - 0.06F;
  return Capsule(p, {0, foot, 0}, Vec3{0, foot + f.stem, 0} + f.lean * f.stem, 0.035F);
}

// A colour of `colors`, or one between two neighbours.
template <size_t n>
Vec3 Pick(const std::array<Vec3, n>& colors, Rng& rng) {
  const float at = rng.Uniform(0, static_cast<float>(n) - 1.001F);
  const auto i = static_cast<size_t>(at);
  return Mix(colors[i], colors[i + 1], at - static_cast<float>(i));
}

// Ripe to unripe; linear light.
constexpr std::array<Vec3, 4> kApples = {
    {{0.42F, 0.025F, 0.03F}, {0.55F, 0.1F, 0.04F}, {0.62F, 0.45F, 0.08F}, {0.3F, 0.46F, 0.06F}}};
constexpr std::array<Vec3, 3> kBananas = {{{0.78F, 0.52F, 0.05F}, {0.8F, 0.58F, 0.08F}, {0.5F, 0.56F, 0.1F}}};
constexpr std::array<Vec3, 3> kLemons = {{{0.85F, 0.62F, 0.04F}, {0.85F, 0.68F, 0.1F}, {0.6F, 0.62F, 0.08F}}};
constexpr std::array<Vec3, 4> kPears = {
    {{0.36F, 0.21F, 0.07F}, {0.66F, 0.5F, 0.1F}, {0.52F, 0.55F, 0.12F}, {0.28F, 0.4F, 0.07F}}};

}  // namespace

Fruit Grow(Kind kind, Rng& rng) {
  Fruit f;
  f.kind = kind;
  f.width = rng.Uniform(0.9F, 1.08F);
  f.height = rng.Uniform(0.9F, 1.1F);
  f.form = rng.Uniform();
  f.lean = {rng.Uniform(-0.6F, 0.6F), 0, rng.Uniform(-0.6F, 0.6F)};
  f.spots = rng.Uniform();
  f.seed = rng.Next();
  f.blush_from = Unit({rng.Uniform(-1, 1), rng.Uniform(-0.4F, 0.8F), rng.Uniform(-1, 1)});
  const bool has_stem = rng.Uniform() < 0.85F;
  const float stem = rng.Uniform(0.2F, 0.38F);
  const float blushed = rng.Uniform();
  switch (kind) {
    case Kind::kApple:
      f.skin = Pick(kApples, rng);
      f.blush = {0.45F, 0.03F, 0.03F};
      f.blushed = blushed;
      f.stem = has_stem ? stem : 0;
      f.gloss = 0.8F;
      break;
    case Kind::kBanana:
      f.skin = Pick(kBananas, rng);
      f.gloss = 0.25F;
      break;
    case Kind::kLemon:
      f.skin = Pick(kLemons, rng);
      f.gloss = 0.5F;
      break;
    case Kind::kPear:
      f.form *= Mix(0.5F, 1, f.form);  // short necks are more common
      f.skin = Pick(kPears, rng);
      f.blush = {0.5F, 0.12F, 0.06F};
      f.blushed = blushed * 0.7F;
      f.stem = has_stem ? stem : 0;
      f.gloss = 0.35F;
      break;
  }
  return f;
}

float Distance(const Fruit& fruit, Vec3 p) { return std::min(Body(fruit, p), StemDistance(fruit, p)); }

Vec3 ColorAt(const Fruit& f, Vec3 p, float& gloss) {
  if (StemDistance(f, p) < Body(f, p)) {
    gloss = 0.05F;
    return kBark * (0.7F + 0.8F * Noise(p * 14, f.seed));
  }
  const Vec3 around = Unit(p);
  Vec3 color = f.skin * (0.88F + 0.24F * Noise(p * 2.2F, f.seed));
  const float sun = Smooth(0.75F - 1.3F * f.blushed, 1.6F - 1.3F * f.blushed,
                           Dot(around, f.blush_from) + 0.7F * Noise(p * 2.6F, f.seed + 1));
  switch (f.kind) {
    case Kind::kApple: {
      const float streaks = Noise({around.x * 9, p.y * 1.2F, around.z * 9}, f.seed + 2);
      color = Mix(color, f.blush, sun * (0.55F + 0.45F * streaks) * Smooth(0, 0.2F, f.blushed));
      color = Mix(color, {0.3F, 0.32F, 0.06F}, 0.7F * Smooth(0.42F, 0.1F, Axial(p)) * Smooth(0.2F, 0.4F, p.y));
      if (p.y < 0 && Axial(p) < 0.1F) color = kBark * 0.8F;
      color = Mix(color, {0.75F, 0.6F, 0.35F}, 0.35F * Smooth(0.87F, 0.96F, Noise(p * 13, f.seed + 3)));
      break;
    }
    case Kind::kBanana: {
      const float x = p.x / f.height;
      color = Mix(color, {0.3F, 0.42F, 0.06F}, 0.6F * Smooth(0.55F, 1.05F, x < 0 ? -x : x));
      color =
          Mix(color, kBark,
              0.85F * Smooth(0.85F - 0.2F * f.spots, 0.9F, Noise({p.x * 5, p.y * 11, p.z * 11}, f.seed + 4)) * f.spots);
      if (x < -0.97F || x > 1.13F) color = kBark * 0.7F;
      break;
    }
    case Kind::kLemon:
      color = Mix(color, {0.32F, 0.42F, 0.05F}, 0.6F * f.spots * Smooth(0.5F, 0.9F, p.y < 0 ? -p.y : p.y));
      if (p.y > Mix(0.82F, 0.98F, f.form) * 0.78F * f.height && Axial(p) < 0.07F) color = kBark;
      break;
    case Kind::kPear:
      color = Mix(color, f.blush, sun * 0.8F * Smooth(0, 0.2F, f.blushed));
      color = Mix(color, {0.25F, 0.13F, 0.04F}, 0.55F * f.spots * Smooth(0.62F, 0.85F, Noise(p * 16, f.seed + 5)));
      color = Mix(color, {0.25F, 0.13F, 0.04F}, 0.5F * Smooth(0.25F, 0.05F, Axial(p)) * Smooth(0.3F, 0.7F, p.y));
      if (p.y < 0 && Axial(p) < 0.1F) color = kBark * 0.8F;
      break;
  }
  gloss = f.gloss;
  return color;
}

Vec3 Roughness(const Fruit& f, Vec3 p) {
  const float size = f.kind == Kind::kLemon ? 24 : 6, amount = f.kind == Kind::kLemon ? 0.14F : 0.05F;
  return Vec3{Noise(p * size, f.seed + 6) - 0.5F, Noise(p * size, f.seed + 7) - 0.5F,
              Noise(p * size, f.seed + 8) - 0.5F} *
         (2 * amount);
}

}  // namespace handful::example
