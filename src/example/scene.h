// A fruit on a table, as a camera above sees it: 224 × 224 pixels.
#pragma once

#include "base/rng.h"
#include "base/status.h"
#include "example/fruit.h"
#include "image/image.h"

namespace handful::example {

inline constexpr int kSide = 224;  // pixels

// What two recordings differ in.
struct Place {
  enum class Table { kWood, kCloth } table = Table::kWood;
  Vec3 to_light;                    // of length 1; y is up
  Vec3 light, sky;                  // linear colours
  float nearest = 4, farthest = 5;  // of the camera; a fruit is about 2 across
  uint32_t seed = 0;                // of the table's grain
};
Place OnWood();
Place OnCloth();

// The fruit is put down and the camera held somewhere else each time.
Result<image::Image> TakePicture(const Place& place, const Fruit& fruit, Rng& rng);

}  // namespace handful::example
