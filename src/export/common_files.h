// What every bundle holds, whatever its target.
#pragma once

#include "export/export.h"

namespace handful::exporters {

// labels.txt (one class a line, in the order of the outputs), handful.json (everything a program needs, see
// docs/FORMATS.md), golden/*.png and MODEL_CARD.md.
Result<Files> CommonFiles(const Target& target, const Material& material);

// handful.json. `range`: what a program makes of a pixel.
std::string DescriptionJson(const char* target, const image::InputRange& range, const Material& material);

// golden/00.png …
std::string GoldenFile(size_t index);

// In UTC, "2026-11-29T12:00:00".
std::string Now();

// A text file.
InputFile TextFile(std::string name, const std::string& text);

// The numbers with which a picture becomes the input, in words: "RGB, 224 × 224, value = pixel × 0.00784313771 − 1".
std::string PreprocessingInWords(const nn::Model& model, const image::InputRange& range);
inline std::string PreprocessingInWords(const nn::Model& model) {
  return PreprocessingInWords(model, model.input_range);
}

}  // namespace handful::exporters
