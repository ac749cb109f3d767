// Where a session that learns from pixels gets them from.
#pragma once

#include <span>

#include "base/status.h"
#include "image/image.h"

namespace handful::train {

class PictureSource {
 public:
  virtual ~PictureSource() = default;
  // These samples will be asked for next, in this order; others may be forgotten.
  virtual void Expect(std::span<const int> samples) = 0;
  // The sample's square, RGB8; null while it is on its way. Valid until the next Expect.
  virtual Result<const image::Image*> Find(int sample) = 0;
};

}  // namespace handful::train
