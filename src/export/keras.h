// Keras: .h5 as Keras 2 writes it and every later version reads it, and .keras, the zip of Keras 3.
#pragma once

#include "export/export.h"

namespace handful::exporters {

// keras_model.h5, sample.py.
Result<Files> WriteKerasH5(const Material& material);
// model.keras, sample.py.
Result<Files> WriteKerasZip(const Material& material);

extern const char kKerasSample[];

}  // namespace handful::exporters
