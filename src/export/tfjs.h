// TensorFlow.js layers models, as Teachable Machine hands them out: model.json, weights.bin, metadata.json.
#pragma once

#include "export/export.h"

namespace handful::exporters {

Result<Files> WriteTfjs(const Material& material);

// The programs beside the model, and what stands in the bundle's README.
extern const char kTfjsSampleMjs[];
extern const char kTfjsSampleHtml[];
std::string TfjsReadme(const nn::Model& model);

}  // namespace handful::exporters
