// Pictures that are asked about, and pictures that become samples.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/answer.h"
#include "engine/models.h"
#include "engine/open_project.h"
#include "image/image.h"
#include "schema/messages.h"

namespace handful::engine {

class Pictures {
 public:
  using Buffers = std::vector<schema::Bytes>;
  Pictures(Send send, StoreClient& store, Workspace& workspace, Models& models)
      : send_(std::move(send)), store_(store), workspace_(workspace), models_(models) {}

  Status Handle(const schema::Classify& command, const Buffers& buffers, const Reply& reply);
  Status Handle(const schema::Inspect& command, const Buffers& buffers, const Reply& reply);
  Status Handle(const schema::ComputeFeatures& command, const Buffers& buffers, const Reply& reply);
  Status Handle(const schema::AddSample& command, const Buffers& buffers, const Reply& reply);
  Status Handle(const schema::AddFeatures& command, const Buffers& buffers, const Reply& reply);
  Status Handle(const schema::GetThumbnails& command, const Reply& reply);
  Status Handle(const schema::GetSample& command, const Reply& reply);
  // A picture file for that project: of an archive. Returns the sample's number.
  Result<int64_t> AddFile(OpenProject& project, schema::SampleInfo info, const std::string& label,
                          const schema::Bytes& file);

 private:
  // Upright pixels from a command's buffer. A format that only a browser reads is handed back with NeedsDecoding rather
  // than refused: then there is nothing more to do.
  template <class Command>
  Result<std::optional<image::Decoded>> Decode(const Command& command, const Buffers& buffers, const Reply& reply);
  Status Predict(const image::Image& picture, int side, int top, schema::Prediction& prediction);
  Status AddPicture(OpenProject& project, schema::SampleInfo& info, const std::string& label,
                    const image::Image& picture, image::CropMode crop);

  Send send_;
  StoreClient& store_;
  Workspace& workspace_;
  Models& models_;
};

}  // namespace handful::engine
