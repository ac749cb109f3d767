// Pictures of samples, asked for only where they are looked at, and one of them large.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "schema/messages.h"
#include "ui/base/engine.h"
#include "ui/base/host.h"
#include "ui/base/requests.h"
#include "ui/teach/samples.h"

namespace handful::ui {

class Thumbnails {
 public:
  static constexpr size_t kMost = 600;
  static constexpr size_t kAtOnce = 32;
  static constexpr size_t kRequests = 2;

  Thumbnails(CommandSink& sink, const EngineState& engine, const Samples& samples)
      : sink_(sink), engine_(engine), samples_(samples) {}

  // ---- from the engine
  void Forget();  // another project is opened
  void Remove(const std::vector<int64_t>& sample_ids);
  void Apply(const schema::Thumbnails& event, std::vector<schema::Bytes>& buffers);
  void Apply(const schema::SamplePixels& event, std::vector<schema::Bytes>& buffers);
  // Whether the failure was of thumbnails asked for: then there are none, and nobody needs to hear of it.
  bool Failed(int64_t request);
  bool Owns(int64_t request) const { return requests_.Owns(request); }
  void EngineStopped();
  // Asks for what the panels looked for and did not find.
  void EndFrame();

  // ---- what there is to show
  // nullptr while it is not here; looking is what makes EndFrame ask for it. Empty: there is none.
  const Pixels* Find(int64_t sample_id);
  // The picture of GetSample; asks for it where it is another's.
  const Pixels* Detail(int64_t sample_id);
  int detail_revision() const { return detail_revision_; }

 private:
  struct Thumb {
    Pixels pixels;
    uint64_t used = 0;  // frame
  };
  CommandSink& sink_;
  const EngineState& engine_;
  const Samples& samples_;
  Requests requests_{Asker::kThumbnails};
  std::unordered_map<int64_t, Thumb> thumbnails_;
  std::vector<int64_t> wanted_;                       // this frame, in the order they were looked for
  std::map<int64_t, std::vector<int64_t>> asked_by_;  // request → samples
  std::set<int64_t> asked_;
  uint64_t frame_ = 0;
  int64_t detail_ = 0, detail_request_ = 0;
  int detail_revision_ = 0;
  Pixels detail_pixels_;
};

}  // namespace handful::ui
