// MODEL_CARD.md: what the model is, what it learned from, how it did, and whose work is in it.
#pragma once

#include <string>

#include "export/export.h"

namespace handful::exporters {

std::string ModelCard(const Target& target, const Material& material);

// sha256 (hex) of the model as Handful's own file, its backbone inside.
std::string ContentHash(const nn::Model& model);

}  // namespace handful::exporters
