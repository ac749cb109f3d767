// Under the hood of the model in use: its first filters and every layer's maps for the selected picture, else for what
// the camera sees. They are asked for while the panel is open, and again when the picture, the model or the crop
// changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/base/host.h"
#include "ui/base/panel.h"
#include "ui/base/requests.h"

namespace handful::ui {

class HoodModel {
 public:
  explicit HoodModel(CommandSink& sink) : sink_(sink) {}

  // A picture that may be looked into.
  struct Subject {
    int64_t id = 0;
    FileId file = 0;
    std::string name;
    bool answered = false;  // before that it waits
  };

  // A layer and its maps; `revision` changes whenever the pixels do.
  struct Layer {
    schema::InspectedLayer info;
    Pixels maps;
    int revision = 0;
    bool all = false;  // rather than those that vary most
  };

  // ---- from the engine and the page
  void Apply(schema::EventEnvelope& event);
  // Whether it asked for what an event with this id answers.
  bool Owns(int64_t request) const { return requests_.Owns(request); }
  void EngineStopped();
  // The picture that is selected now, as the model and crop of this generation see it; none: then frames are looked at,
  // if there is a camera.
  void Look(const std::optional<Subject>& picture, int generation, bool camera = false);
  // Whether it is time for another frame of the camera.
  bool WantsFrame(double seconds);
  // A shot of the camera, which this model releases.
  void LookAtFrame(FileId frame);

  // ---- from the panel
  void SetOpen(bool open) { open_ = open; }
  // All maps of a layer, or a few again.
  void ShowAll(const std::string& layer, bool all);

  // ---- what there is to show
  bool open() const { return open_; }
  bool live() const { return live_; }  // it follows the camera
  bool busy() const { return asked_ != 0; }
  const std::string& error() const { return error_; }
  const std::string& picture() const { return name_; }  // whose maps these are; "": none yet
  const Layer& filters() const { return filters_; }
  const std::vector<Layer>& layers() const { return layers_; }
  double ms() const { return ms_; }  // of all layers together
  double most_ms() const { return most_ms_; }

 private:
  void Ask(const std::string& layer);
  void ReleaseFrame();
  void Take(schema::LayersInspected event, std::vector<schema::Bytes> buffers);

  CommandSink& sink_;
  Requests requests_{Asker::kHood};
  bool open_ = false;
  int64_t picture_ = 0;  // looked at …
  int generation_ = -1;  // … as the model and crop of this generation see it
  FileId file_ = 0;
  std::string file_name_;
  bool live_ = false;
  FileId frame_ = 0;    // being looked at; 0: none
  double looked_ = -1;  // seconds
  int64_t asked_ = 0;   // the request for all layers that is under way
  std::string error_, name_;
  Layer filters_;
  std::vector<Layer> layers_;
  double ms_ = 0, most_ms_ = 0;
  int revision_ = 0;
};

struct HoodPanel : Panel {
  HoodModel& hood;
};
// Under the hood of the model, for the selected picture. Returns the height.
float DrawHood(HoodPanel& c, Vec2 top_left, float width);

}  // namespace handful::ui
