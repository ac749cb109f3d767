// The layers of a Keras or TensorFlow.js model → the tensors of ours. The backbone is found by the names Keras gives
// now, by those of the first official weights, or, where all names are foreign, by the order and shapes of the layers.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "nn/model.h"
#include "nn/tensor_file.h"

namespace handful::importers {

struct MappedModel {
  nn::Part part = nn::Part::kBackbone;  // of MobileNetV2
  nn::TensorFile weights;               // under our names (nn/model.h), backbone first
  int64_t outputs = 0;                  // 0 for a backbone
  bool output_has_bias = false;
};

// `file`: tensors whose names end in "<layer>/<weight>", as the readers give them; its metadata field model_config,
// where there is one, must agree with what our networks compute. Errors name the layer, what it should be and what it
// is.
Result<MappedModel> MapKerasModel(const nn::TensorFile& file);

}  // namespace handful::importers
