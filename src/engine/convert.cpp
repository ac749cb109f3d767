#include "engine/convert.h"

#include <algorithm>
#include <numeric>

namespace handful::engine {

image::CropMode CropModeOf(schema::CropMode mode) {
  return mode == schema::CropMode::kFit ? image::CropMode::kFit : image::CropMode::kCenter;
}
schema::CropMode CropModeOf(image::CropMode mode) {
  return mode == image::CropMode::kFit ? schema::CropMode::kFit : schema::CropMode::kCenter;
}

image::InputRange InputRangeOf(schema::InputRange range) {
  return range == schema::InputRange::kZeroToOne ? image::InputRange::ZeroToOne() : image::InputRange::MinusOneToOne();
}

std::vector<schema::Phrase> PhrasesOf(const Status& status) {
  std::vector<schema::Phrase> phrases;
  for (const Phrase& phrase : status.phrases()) phrases.push_back({phrase.code, phrase.arguments});
  return phrases;
}

Status ExpectBuffers(const std::vector<schema::Bytes>& buffers, size_t count) {
  if (count == 0) return Errorf("no file was given");
  return buffers.size() == count ? Status()
                                 : Errorf("%zu buffers came with the command, expected %zu", buffers.size(), count);
}

schema::Bytes BytesOf(std::span<const float> values) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(values.data());
  return {bytes, bytes + values.size_bytes()};
}

schema::ModelInfo Describe(const nn::Model& model, const std::string& source) {
  schema::ModelInfo info;
  info.title = model.title;
  info.network = model.network();
  info.classes = model.classes;
  info.input_side = model.input_side;
  info.input_scale = static_cast<double>(model.input_range.scale);
  info.input_offset = static_cast<double>(model.input_range.offset);
  info.crop_mode = CropModeOf(model.crop_mode);
  info.source = source;
  info.backbone_sha256 = model.backbone_sha256;
  if (!model.backbone_sha256.empty()) info.backbone = nn::NameOfBackbone(model.backbone_sha256, model.backbone_title);
  for (const nn::NamedTensor& tensor : model.weights.tensors)
    info.parameters += static_cast<int64_t>(tensor.values.size());
  info.notes = model.notes;
  return info;
}

schema::Bytes Rgba8(const image::Image& picture) {
  const size_t pixels = static_cast<size_t>(picture.width) * static_cast<size_t>(picture.height);
  schema::Bytes rgba(pixels * 4);
  for (size_t i = 0; i < pixels; ++i) {
    std::copy_n(picture.pixels_rgb8.data() + i * 3, 3, rgba.data() + i * 4);
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}

std::vector<schema::ClassProbability> Top(const std::vector<std::string>& classes, std::span<const float> probabilities,
                                          int count) {
  std::vector<size_t> order(classes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const size_t wanted = std::min(order.size(), static_cast<size_t>(count));
  std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(wanted), order.end(),
                    [&](size_t a, size_t b) {
                      return probabilities[a] != probabilities[b] ? probabilities[a] > probabilities[b] : a < b;
                    });
  std::vector<schema::ClassProbability> top;
  for (size_t i = 0; i < wanted; ++i) top.push_back({classes[order[i]], static_cast<double>(probabilities[order[i]])});
  return top;
}

}  // namespace handful::engine
