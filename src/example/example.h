// A project to look at before one has pictures of one's own: drawn, not photographed, and the same on every machine.
//
//   Result<std::vector<uint8_t>> zip = example::ProjectZip();  // docs/FORMATS.md, "A project as one zip"
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "image/image.h"

namespace handful::example {

// Four kinds of fruit, each in two recordings: on a cloth, and more on a wooden table in other light. A training holds
// the smaller one out.
Result<std::vector<uint8_t>> ProjectZip();

// The n-th of as many pictures as one likes, 224 × 224, of which no two are alike: where any picture will do.
Result<image::Image> AnyPicture(int n);

}  // namespace handful::example
