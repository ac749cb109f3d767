// TensorFlow.js layers models, as Teachable Machine hands them out: model.json, weights.bin, metadata.json.
#pragma once

#include "export/export.h"

namespace handful::exporters {

// A model that was taught with other numbers than x / 127.5 − 1 gets a first layer that makes them of it
// (importers::kRescaleLayer), so that sketches may go on computing what Teachable Machine's library does.
Result<Files> WriteTfjs(const Material& material);
image::InputRange TfjsRange(const nn::Model& model);

// What @teachablemachine/image computes.
inline constexpr image::InputRange kTeachableMachineRange = {1.0F / 127.0F, -1.0F};

// The programs beside the model, and what stands in the bundle's README.
extern const char kTfjsSampleMjs[];
extern const char kTfjsSampleHtml[];
std::string TfjsReadme(const nn::Model& model);

}  // namespace handful::exporters
