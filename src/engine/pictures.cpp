#include "engine/pictures.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "engine/convert.h"
#include "engine/inspected.h"
#include "nn/mobilenet_v2.h"

namespace handful::engine {
namespace {

using schema::Bytes;
using Clock = std::chrono::steady_clock;

constexpr size_t kMostThumbnails = 500;  // at a time

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

Status NoBackbone() { return Errorf("no MobileNetV2 backbone is loaded: load its file first"); }

schema::SampleAdded Added(int64_t id, const OpenProject& project, const schema::SampleInfo& info,
                          const std::string& warning) {
  return {id,
          info.name,
          project.state().FindClass(info.class_id)->name,
          info,
          static_cast<int>(project.state().samples.size()),
          warning};
}

}  // namespace

template <class Command>
Result<std::optional<image::Decoded>> Pictures::Decode(const Command& command, const Buffers& buffers,
                                                       const Reply& reply) {
  HANDFUL_TRY(ExpectBuffers(buffers, 1));
  const Bytes& bytes = buffers[0];
  const bool has_pixels = command.width != 0 || command.height != 0;
  Result<image::Decoded> decoded =
      has_pixels ? image::FromRgba8(bytes, command.width, command.height) : image::Decode(bytes);
  if (decoded.ok()) return std::optional(std::move(*decoded));
  if (has_pixels || image::SniffSupport(bytes) != image::Support::kBrowserOnly) return decoded.status();
  reply->Say(schema::NeedsDecoding{command.id, command.name, decoded.status().message()});
  return std::optional<image::Decoded>();
}

// ---- that are asked about ------------------------------------------------------------------------------------------

Status Pictures::Handle(const schema::Classify& command, const Buffers& buffers, const Reply& reply) {
  if (command.top < 1) return Errorf("field \"top\" is %d, less than 1", command.top);
  if (command.thumbnail_side < 0 || command.thumbnail_side > 4096) {
    return Errorf("field \"thumbnail_side\" is %d, outside 0 … 4096", command.thumbnail_side);
  }
  Result<int> side = models_.answers().Side();
  if (!side.ok()) return side.status();
  const Clock::time_point start = Clock::now();
  Result<std::optional<image::Decoded>> decoded = Decode(command, buffers, reply);
  if (!decoded.ok()) return decoded.status();
  if (!decoded->has_value()) return {};
  const image::Decoded& picture = **decoded;
  schema::Prediction prediction{.id = command.id, .name = command.name};
  prediction.decode_ms = MillisecondsSince(start);
  HANDFUL_TRY(Predict(picture.image, *side, command.top, prediction));
  prediction.ms = MillisecondsSince(start);
  prediction.warning = picture.warning;
  std::vector<Bytes> pixels;
  if (command.thumbnail_side > 0) {
    Result<image::Image> thumbnail = image::Thumbnail(picture.image, command.thumbnail_side);
    if (!thumbnail.ok()) return thumbnail.status();
    prediction.thumbnail_width = thumbnail->width;
    prediction.thumbnail_height = thumbnail->height;
    pixels.push_back(Rgba8(*thumbnail));
  }
  reply->Say(std::move(prediction), std::move(pixels));
  return {};
}

Status Pictures::Predict(const image::Image& picture, int side, int top, schema::Prediction& prediction) {
  Result<image::Image> square = image::CropAndResize(picture, models_.crop_mode(), side);
  if (!square.ok()) return square.status();
  Result<Answers::Answer> answer = models_.answers().Classify(*square, top);
  if (!answer.ok()) return answer.status();
  prediction.by = answer->by;
  prediction.top = std::move(answer->top);
  prediction.forward_ms = answer->forward_ms;
  prediction.width = picture.width;
  prediction.height = picture.height;
  const image::CropRect crop = image::CropFor(picture.width, picture.height, models_.crop_mode());
  prediction.crop = {crop.x, crop.y, crop.side};
  return {};
}

Status Pictures::Handle(const schema::Inspect& command, const Buffers& buffers, const Reply& reply) {
  Result<int> side = models_.answers().Side();
  if (!side.ok()) return side.status();
  Result<std::optional<image::Decoded>> decoded = Decode(command, buffers, reply);
  if (!decoded.ok()) return decoded.status();
  if (!decoded->has_value()) return {};
  Result<image::Image> square = image::CropAndResize((*decoded)->image, models_.crop_mode(), *side);
  if (!square.ok()) return square.status();
  Result<Answers::Inspection> inspection = models_.answers().Inspect(*square);
  if (!inspection.ok()) return inspection.status();
  Result<schema::EventEnvelope> event = ToEvent(command, *inspection);
  if (!event.ok()) return event.status();
  reply->Say(std::move(event->message), std::move(event->buffers));
  return {};
}

Status Pictures::Handle(const schema::ComputeFeatures& command, const Buffers& buffers, const Reply& reply) {
  const Clock::time_point start = Clock::now();
  if (!models_.HasBackbone()) return NoBackbone();
  Result<std::optional<image::Decoded>> decoded = Decode(command, buffers, reply);
  if (!decoded.ok()) return decoded.status();
  if (!decoded->has_value()) return {};
  schema::Features event{.id = command.id, .name = command.name, .warning = (*decoded)->warning};
  Result<image::Image> square = image::CropAndResize((*decoded)->image, models_.crop_mode(), nn::kMobileNetSide);
  if (!square.ok()) return square.status();
  const Clock::time_point forward = Clock::now();
  Result<std::span<const float>> features =
      models_.answers().backbone()->Features(*square, InputRangeOf(command.input_range));
  if (!features.ok()) return features.status();
  event.forward_ms = MillisecondsSince(forward);
  event.ms = MillisecondsSince(start);
  reply->Say(std::move(event), {BytesOf(*features)});
  return {};
}

// ---- that become samples -------------------------------------------------------------------------------------------

Status Pictures::Handle(const schema::AddSample& command, const Buffers& buffers, const Reply& reply) {
  if (!models_.HasBackbone() && !store_.keeps_pixels()) return NoBackbone();
  Result<OpenProject*> project = workspace_.RequireProject();
  if (!project.ok()) return project.status();
  if (!command.project_id.empty() && command.project_id != (*project)->id())
    return Errorf("the project it was for was closed");
  HANDFUL_TRY((*project)->UseInputRange(command.input_range));
  Result<std::optional<image::Decoded>> decoded = Decode(command, buffers, reply);
  if (!decoded.ok()) return decoded.status();
  if (!decoded->has_value()) return {};
  schema::SampleInfo info{.class_id = command.class_id,
                          .name = command.name,
                          .source = command.source,
                          .session = command.session,
                          .burst = command.burst,
                          .time_ms = command.time_ms};
  HANDFUL_TRY(AddPicture(**project, info, command.label, (*decoded)->image, models_.crop_mode()));
  reply->Say(Added(command.id, **project, info, (*decoded)->warning));
  if (!command.classify) return {};
  models_.SayWhoAnswers();
  Result<int> side = models_.answers().Side();
  schema::Prediction prediction{.id = command.id, .name = command.name};
  const Clock::time_point start = Clock::now();
  if (side.ok() && Predict((*decoded)->image, *side, std::max(1, command.top), prediction).ok()) {
    prediction.ms = MillisecondsSince(start);
    send_(std::move(prediction), {});
  }
  return {};
}

Status Pictures::AddPicture(OpenProject& project, schema::SampleInfo& info, const std::string& label,
                            const image::Image& picture, image::CropMode crop) {
  Result<image::Image> square = image::CropAndResize(picture, crop, kSampleSide);
  if (!square.ok()) return square.status();
  train::FeatureRow features;
  if (models_.HasBackbone()) {
    Result<train::FeatureRow> computed = models_.Features(*square);
    if (!computed.ok()) return computed.status();
    features = std::move(*computed);
  }
  Result<int64_t> class_id = project.ClassFor(info.class_id, label);
  if (!class_id.ok()) return class_id.status();
  info.class_id = *class_id;
  info.crop_mode = CropModeOf(crop);
  return project.AddSample(info, &*square, std::move(features));
}

Result<int64_t> Pictures::AddFile(OpenProject& project, schema::SampleInfo info, const std::string& label,
                                  const Bytes& file) {
  Result<image::Decoded> decoded = image::Decode(file);
  if (!decoded.ok()) return decoded.status();
  image::CropMode crop = models_.crop_mode();
  const bool is_square = decoded->image.width == kSampleSide && decoded->image.height == kSampleSide;
  if (is_square) crop = CropModeOf(info.crop_mode);
  HANDFUL_TRY(AddPicture(project, info, label, decoded->image, crop));
  send_(Added(0, project, info, decoded->warning), {});
  return info.id;
}

Status Pictures::Handle(const schema::AddFeatures& command, const Buffers& buffers, const Reply& reply) {
  HANDFUL_TRY(ExpectBuffers(buffers, 1));
  constexpr size_t kBytes = nn::kMobileNetFeatures * sizeof(float);
  train::FeatureRow features = FeaturesOf(buffers[0]);
  if (features == nullptr)
    return Errorf("the buffer has %zu bytes, not %zu: %d float32", buffers[0].size(), kBytes, nn::kMobileNetFeatures);
  if (store_.keeps_pixels()) return Errorf("features without a picture cannot be kept in a project");
  Result<OpenProject*> project = workspace_.RequireProject();
  if (!project.ok()) return project.status();
  schema::SampleInfo info{.name = command.name, .session = command.session, .burst = command.burst};
  Result<int64_t> class_id = (*project)->ClassFor(0, command.label);
  if (!class_id.ok()) return class_id.status();
  info.class_id = *class_id;
  HANDFUL_TRY((*project)->AddSample(info, nullptr, std::move(features)));
  reply->Say(Added(command.id, **project, info, ""));
  return {};
}

// ---- of samples ----------------------------------------------------------------------------------------------------

Status Pictures::Handle(const schema::GetThumbnails& command, const Reply& reply) {
  if (!store_.keeps_pixels()) return Errorf("pictures are not kept here, so there is none to show");
  if (workspace_.project() == nullptr) return Errorf("no project is open");
  if (command.sample_ids.size() > kMostThumbnails) {
    return Errorf("%zu thumbnails were asked for, at most %zu at a time", command.sample_ids.size(), kMostThumbnails);
  }
  workspace_.project()->Read("thumbnails", command.sample_ids, [reply](const Result<OpenProject::Records>& found) {
    if (!found.ok()) {
      reply->Fail(found.status());
      return;
    }
    schema::Thumbnails event{.id = reply->id(), .side = kThumbnailSide};
    std::vector<Bytes> pixels;
    for (const auto& [id, jpeg] : *found) {
      Result<image::Decoded> decoded = image::Decode(jpeg);
      if (!decoded.ok() || decoded->image.width != kThumbnailSide || decoded->image.height != kThumbnailSide) continue;
      event.sample_ids.push_back(id);
      pixels.push_back(Rgba8(decoded->image));
    }
    reply->Say(std::move(event), std::move(pixels));
  });
  return {};
}

Status Pictures::Handle(const schema::GetSample& command, const Reply& reply) {
  if (!store_.keeps_pixels()) return Errorf("pictures are not kept here, so there is none to show");
  if (workspace_.project() == nullptr) return Errorf("no project is open");
  workspace_.project()->ReadSquares(
      {command.sample_id}, [reply, sample_id = command.sample_id](const OpenProject::Squares& squares) {
        if (squares.empty()) reply->Fail(Errorf("the picture cannot be read from the store"));
        else reply->Say(schema::SamplePixels{reply->id(), sample_id, kSampleSide}, {Rgba8(squares[0].second)});
      });
  return {};
}

}  // namespace handful::engine
