// The layers on top of MobileNetV2's 1280 features: Dense(hidden, relu) → Dense(n), or the 1000-class model's single layer.
#pragma once

#include "base/status.h"
#include "nn/model.h"
#include "nn/net.h"

namespace handful::nn {

// 1280 features in, logits out.
Result<Net> BuildHeadNet(const Model& model, bool keep_activations = false);

}  // namespace handful::nn
