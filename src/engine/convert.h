// Between the messages' plain fields and the engine's own types.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "image/image.h"
#include "nn/model.h"
#include "schema/messages.h"

namespace handful::engine {

image::CropMode CropModeOf(schema::CropMode mode);
schema::CropMode CropModeOf(image::CropMode mode);
image::InputRange InputRangeOf(schema::InputRange range);

std::vector<schema::Phrase> PhrasesOf(const Status& status);

// Errors: there is none, or another number of them.
Status ExpectBuffers(const std::vector<schema::Bytes>& buffers, size_t count);

// The floats as they lie in memory.
schema::Bytes BytesOf(std::span<const float> values);
// Opaque pixels, 4 bytes each.
schema::Bytes Rgba8(const image::Image& picture);

// The `count` most probable classes, most probable first; equal ones in the order of the outputs.
std::vector<schema::ClassProbability> Top(const std::vector<std::string>& classes, std::span<const float> probabilities,
                                          int count);

schema::ModelInfo Describe(const nn::Model& model, const std::string& source);

}  // namespace handful::engine
