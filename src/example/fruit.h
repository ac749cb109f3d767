// Fruit as shapes and skins, no two alike. A pear may have next to no neck and a lemon blunt ends, so that some are
// hard to tell.
#pragma once

#include "base/rng.h"
#include "example/vector.h"

namespace handful::example {

enum class Kind { kApple, kBanana, kLemon, kPear };

// About 2 across, around the origin. The axis of all but the banana is y; a banana lies along x and bends towards y.
struct Fruit {
  Kind kind = Kind::kApple;
  float width = 1, height = 1;  // parts of the usual
  float form = 0;               // 0 … 1: an apple's taper, a banana's bend, how pointed a lemon is, a pear's neck
  float stem = 0;               // length; 0: it fell off
  Vec3 lean;                    // where the stem's end is off the axis
  Vec3 skin, blush;             // linear colours
  float blushed = 0;            // how much of it, 0 … 1
  Vec3 blush_from;              // the side that the sun reddened
  float spots = 0;              // 0 … 1
  float gloss = 0.5F;
  uint32_t seed = 0;  // of its spots
};
Fruit Grow(Kind kind, Rng& rng);

// At most the distance from `p` to the skin or the stem, negative inside.
float Distance(const Fruit& fruit, Vec3 p);
// The colour at a point of the surface; `gloss` is lowered where it is dull.
Vec3 ColorAt(const Fruit& fruit, Vec3 p, float& gloss);
// How a pore or a bump tilts the surface there: to be added to the normal.
Vec3 Roughness(const Fruit& fruit, Vec3 p);

}  // namespace handful::example
