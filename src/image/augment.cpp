#include "image/augment.h"
namespace handful::image {
Result<Image> Augment(const Image&, const AugmentSettings&, uint64_t) { return Errorf("not there yet"); }
}
