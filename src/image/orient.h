// Undoing the EXIF orientation while laying pixels over white, in one pass.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "image/image.h"

namespace handful::image {

// `pixels` is width × height × channels as stored (3: RGB, 4: RGBA not premultiplied). Sets `had_alpha` where a pixel
// was not opaque.
Result<Image> UprightOverWhite(const uint8_t* pixels, int width, int height, int channels, int orientation,
                               bool& had_alpha);

}  // namespace handful::image
