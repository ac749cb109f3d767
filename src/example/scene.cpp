#include "example/scene.h"

namespace handful::example {
namespace {

constexpr float kReach = 1.45F;     // nothing of a fruit is farther from its middle
constexpr float kViewHalf = 0.36F;  // tangent of half the camera's angle
constexpr int kMostSteps = 48, kShadowSteps = 14;

Vec3 Across(Vec3 axis, Rng& rng) {
  for (;;) {
    const Vec3 any{rng.Uniform(-1, 1), rng.Uniform(-1, 1), rng.Uniform(-1, 1)};
    const Vec3 across = Cross(axis, any);
    if (Dot(across, across) > 0.05F) return Unit(across);
  }
}

// Standing, leaning or lying, each kind in its ways.
Turn PutDown(Kind kind, Rng& rng) {
  const float lying = rng.Uniform();
  const Vec3 about{rng.Uniform(-1, 1), 0, rng.Uniform(-1, 1)};
  const Vec3 flat = Unit({about.x + 0.01F, rng.Uniform(-0.15F, 0.15F), about.z});
  if (kind == Kind::kBanana) {
    // On its side, or on its back with both ends up.
    const Vec3 x = Unit({flat.x, 0, flat.z});
    const Vec3 up = Unit(lying < 0.75F ? Vec3{0, 1, 0} : Cross(x, Vec3{0, 1, 0}) + Vec3{0, 0.15F, 0});
    const Vec3 z = Unit(up - x * Dot(up, x));
    return {x, Cross(z, x), z};
  }
  const float least = kind == Kind::kLemon ? 0.12F : kind == Kind::kPear ? 0.55F : 0.65F;
  const Vec3 axis = lying < least ? (kind == Kind::kLemon ? flat : Unit(about * 0.5F + Vec3{0, 1, 0})) : flat;
  const Vec3 x = Across(axis, rng);
  return {x, axis, Cross(x, axis)};
}

struct Scene {
  const Place& place;
  const Fruit& fruit;
  Turn turn;
  Vec3 middle;  // of the fruit; the table is y = 0

  Vec3 Local(Vec3 p) const { return turn.ToLocal(p - middle); }
  float At(Vec3 p) const { return Distance(fruit, Local(p)); }
};

// How far below its middle the fruit reaches.
float LowestPoint(const Scene& scene) {
  constexpr int kColumns = 25;
  float lowest = kReach;
  for (int i = 0; i < kColumns * kColumns; ++i) {
    const float x = (static_cast<float>(i % kColumns) / (kColumns - 1) * 2 - 1) * kReach;
    const float z = (static_cast<float>(i / kColumns) / (kColumns - 1) * 2 - 1) * kReach;
    for (float y = -kReach; y < lowest;) {
      const float d = scene.At({x, y, z});
      if (d < 0.003F) {
        lowest = y;
        break;
      }
      y += d;
    }
  }
  return -lowest;
}

// Where a ray enters and leaves the ball around the fruit; false where it misses.
bool Ball(Vec3 from, Vec3 direction, float& enter, float& leave) {
  const float b = Dot(from, direction), c = Dot(from, from) - kReach * kReach;
  const float inside = b * b - c;
  if (inside <= 0) return false;
  const float half = std::sqrt(inside);
  enter = std::max(-b - half, 0.0F);
  leave = -b + half;
  return leave > 0;
}

// 0 in full shadow, 1 in full light, soft at the edges.
float LightAt(const Scene& scene, Vec3 p) {
  float t = 0, leave = 0;
  if (!Ball(p - scene.middle, scene.place.to_light, t, leave)) return 1;
  float light = 1;
  t = std::max(t, 0.02F);
  for (int i = 0; i < kShadowSteps && t < leave; ++i) {
    const float d = scene.At(p + scene.place.to_light * t);
    light = std::min(light, 0.5F + 0.5F * d * 9 / t);
    if (light < 0.02F) return 0;
    t += std::max(d, 0.05F);
  }
  return Smooth(0, 1, light);
}

// The boards or the cloth, linear colour; x and z on the table.
Vec3 TableColor(const Place& place, float x, float z) {
  if (place.table == Place::Table::kWood) {
    const float along = x * 0.94F + z * 0.34F, across = z * 0.94F - x * 0.34F;
    const float board = std::floor(across / 1.7F);
    const float tone = Noise({board * 7.3F, 0.5F, 0.5F}, place.seed);
    const float grain = Noise({along * 0.9F + board * 5, across * 8, 0}, place.seed) * 0.6F +
                        Noise({along * 2, across * 20, 3}, place.seed) * 0.4F;
    const float gap = across / 1.7F - board;
    const float edge = Smooth(0, 0.02F, gap) * Smooth(1, 0.98F, gap);
    return Mix(Vec3{0.3F, 0.16F, 0.075F}, Vec3{0.62F, 0.42F, 0.25F}, 0.25F + 0.5F * grain + 0.5F * (tone - 0.5F)) *
           (0.45F + 0.55F * edge);
  }
  // Wide blue stripes both ways, darker where they cross.
  const auto stripe = [](float v) {
    const float part = v / 1.5F - std::floor(v / 1.5F);
    return Smooth(0.3F, 0.34F, part) * Smooth(0.7F, 0.66F, part);
  };
  const float a = x * 0.8F - z * 0.6F, b = x * 0.6F + z * 0.8F;
  const float folds = Noise({x * 0.7F, 0, z * 0.7F}, place.seed);
  const Vec3 linen = Vec3{0.68F, 0.68F, 0.66F} * (0.8F + 0.3F * folds);
  return Mix(linen, Vec3{0.16F, 0.27F, 0.42F}, 0.36F * (stripe(a) + stripe(b)));
}

Vec3 ShadeTable(const Scene& scene, Vec3 p) {
  const Vec3 color = TableColor(scene.place, p.x, p.z);
  const float near = Length({p.x - scene.middle.x, 0, p.z - scene.middle.z});
  const float open = near < 2 * kReach ? Mix(0.35F, 1, Clamp01(scene.At(p) / 0.6F)) : 1;
  const float falloff = 1 / (1 + 0.03F * near * near);
  return color * (scene.place.light * (scene.place.to_light.y * LightAt(scene, p)) + scene.place.sky * open) * falloff;
}

Vec3 ShadeFruit(const Scene& scene, Vec3 p, Vec3 view) {
  const Vec3 local = scene.Local(p);
  constexpr float kSmall = 0.004F;
  // Four corners of a tetrahedron give the gradient.
  Vec3 gradient;
  for (const Vec3 corner : {Vec3{1, -1, -1}, Vec3{-1, -1, 1}, Vec3{-1, 1, -1}, Vec3{1, 1, 1}}) {
    gradient = gradient + corner * Distance(scene.fruit, local + corner * kSmall);
  }
  const Vec3 normal = Unit(scene.turn.ToWorld(Unit(gradient) + Roughness(scene.fruit, local)));
  float gloss = 0;
  const Vec3 color = ColorAt(scene.fruit, local, gloss);
  const Place& place = scene.place;
  const float facing = Dot(normal, place.to_light);
  const float light = facing > -0.25F ? LightAt(scene, p + normal * 0.03F) : 0;
  const float diffuse = Clamp01((facing + 0.2F) / 1.2F) * light;  // light goes a little way under the skin
  const float up = 0.5F + 0.5F * normal.y;
  const float open = Mix(0.45F, 1, Clamp01(p.y / 0.7F));
  const Vec3 bounce = TableColor(place, 0, 0) * place.light * (0.35F * (1 - up));
  const Vec3 half = Unit(place.to_light - view);
  float shine = Clamp01(Dot(normal, half));
  for (int i = 0; i < 5; ++i) shine *= shine;  // to the 32nd power
  const float rim = 1 + Dot(normal, view);
  const float mirror = 0.04F + 0.5F * Clamp01(rim) * Clamp01(rim) * Clamp01(rim);
  return color * (place.light * diffuse + place.sky * (up * open) + bounce) +
         place.light * (shine * light * gloss * 0.55F) + place.sky * (mirror * gloss * up * open * 0.5F);
}

uint8_t ToByte(float linear) {
  const float soft = linear / (1 + 0.12F * linear);  // highlights keep some colour
  return static_cast<uint8_t>(Clamp01(std::sqrt(std::max(soft, 0.0F))) * 255 + 0.5F);
}

}  // namespace

Place OnWood() {
  return {.table = Place::Table::kWood,
          .to_light = Unit({-0.6F, 0.8F, 0.25F}),
          .light = {1.15F, 1.0F, 0.8F},
          .sky = {0.3F, 0.32F, 0.36F},
          .nearest = 3.7F,
          .farthest = 5.4F,
          .seed = 11};
}

Place OnCloth() {
  return {.table = Place::Table::kCloth,
          .to_light = Unit({0.75F, 0.6F, -0.1F}),
          .light = {0.88F, 0.96F, 1.06F},
          .sky = {0.32F, 0.36F, 0.42F},
          .nearest = 3.9F,
          .farthest = 5.8F,
          .seed = 23};
}

Result<image::Image> TakePicture(const Place& place, const Fruit& fruit, Rng& rng) {
  Scene scene{place, fruit, PutDown(fruit.kind, rng), {}};
  scene.middle.y = LowestPoint(scene) - 0.02F;
  // Where it lies on the table, for another piece of the grain.
  scene.middle.x = rng.Uniform(-2, 2);
  scene.middle.z = rng.Uniform(-2, 2);

  const Vec3 back = Unit({rng.Uniform(-0.45F, 0.45F), rng.Uniform(0.55F, 1.6F), 1});
  const float distance = rng.Uniform(place.nearest, place.farthest);
  const float off_x = rng.Uniform(-0.22F, 0.22F), off_y = rng.Uniform(-0.2F, 0.2F), roll = rng.Uniform(-0.12F, 0.12F);
  const float exposure = rng.Uniform(0.88F, 1.15F);
  const Vec3 level = Unit(Cross({0, 1, 0}, back)), straight = Cross(back, level);
  const Vec3 right = Unit(level + straight * roll), up = Cross(back, right);
  const Vec3 camera = scene.middle + back * distance + right * off_x + up * off_y;
  const float pixel = 2 * kViewHalf / kSide;

  Result<Buffer<uint8_t>> pixels_rgb8 = Buffer<uint8_t>::Zeroed(static_cast<size_t>(kSide) * kSide * 3);
  if (!pixels_rgb8.ok()) return pixels_rgb8.status();
  uint8_t* out = pixels_rgb8->data();
  for (int row = 0; row < kSide; ++row) {
    for (int column = 0; column < kSide; ++column) {
      const float u = (static_cast<float>(column) + 0.5F) * pixel - kViewHalf,
                  v = kViewHalf - (static_cast<float>(row) + 0.5F) * pixel;
      const Vec3 ray = Unit(right * u + up * v - back);
      // Of rays that pass the fruit by less than a pixel a part counts as hits: edges are smooth.
      float t = 0, leave = 0, cover = 0, best_t = 0;
      if (Ball(camera - scene.middle, ray, t, leave)) {
        for (int i = 0; i < kMostSteps && t < leave; ++i) {
          const float d = scene.At(camera + ray * t);
          const float part = 1 - d / (t * pixel);
          if (part > cover) {
            cover = part;
            best_t = t;
          }
          if (d < 0.1F * t * pixel) {
            cover = 1;
            break;
          }
          t += d;
        }
      }
      const float to_table = camera.y / std::max(-ray.y, 0.02F);
      if (best_t > to_table) cover = 0;
      Vec3 color = cover < 1 ? ShadeTable(scene, camera + ray * to_table) : Vec3{};
      if (cover > 0) color = Mix(color, ShadeFruit(scene, camera + ray * best_t, ray), cover);
      const float corner = 1 - 0.35F * (u * u + v * v) / (2 * kViewHalf * kViewHalf);  // lenses are darker there
      color = color * (exposure * corner);
      for (const float channel : {color.x, color.y, color.z}) *out++ = ToByte(channel);
    }
  }
  return image::Image{.width = kSide, .height = kSide, .pixels_rgb8 = std::move(*pixels_rgb8)};
}

}  // namespace handful::example
