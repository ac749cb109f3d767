// Models with seeded random weights, for tests.
#pragma once

#include <string>
#include <vector>

#include "nn/model.h"

namespace handful::testing {

// The write-up's CNN at a small picture size, dense layers 8 and 4 units.
nn::Model RandomCnn(int input_side, const std::vector<std::string>& classes, uint64_t seed);

// A MobileNetV2 backbone: kernels of He's size before ReLU6 and of half the variance before none, BatchNorm near
// identity, so that activations stay of order one and still depend on the picture.
nn::Model RandomBackbone(uint64_t seed);

// A head (hidden units 5) on that backbone; it does not carry it.
nn::Model RandomHead(const std::string& backbone_sha256, const std::vector<std::string>& classes, uint64_t seed);

}  // namespace handful::testing
