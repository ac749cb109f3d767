// Trying: a model answers pictures and what the camera sees. Each model has one job; this is where an event finds those
// that care.
#pragma once

#include <span>
#include <string>

#include "schema/messages.h"
#include "ui/base/engine.h"
#include "ui/base/host.h"
#include "ui/base/notice.h"
#include "ui/base/panel.h"
#include "ui/teach/camera.h"
#include "ui/teach/classes.h"
#include "ui/toolkit/mark.h"
#include "ui/try/arrivals.h"
#include "ui/try/loaded_model.h"
#include "ui/try/queue.h"
#include "ui/try/table_order.h"

namespace handful::ui {

struct Try {
  Try(CommandSink& sink, const EngineState& engine, Notify notify);

  void Apply(schema::EventEnvelope& event);
  void EngineStopped(const std::string& sentence);
  // Models and pictures, dropped, pasted or picked.
  void AddFiles(std::span<const FileRef> files);
  // Removes all pictures, and their order.
  void Clear();
  // Whether everything that was asked for is answered.
  bool Settled() const;

  Arrivals arrivals;
  LoadedModel model;
  Queue queue;
  TableOrder order;

 private:
  CommandSink& sink_;
  Notify notify_;
};

// Live answers are the camera's, and the classes that are being taught lend their colours: both are teach's.
struct TryPanel : Panel {
  Try& trying;
  const EngineState& engine;
  const Classes& classes;
  CameraModel& camera;
};

// How a class is shown: by the project's colour and place, else by its place in the model.
ClassMark MarkOf(const TryPanel& c, const std::string& label);

// How much room a card takes: an invitation while nothing else is there, or as little as can be above results on a
// phone.
enum class Density { kRoomy, kNormal, kCompact };
// The model: what it knows, where it comes from, what is missing. Returns the height.
float DrawModel(TryPanel& c, Vec2 top_left, float width, Density density);
// Where pictures come in. Returns the height.
float DrawDrop(TryPanel& c, Vec2 top_left, float width, Density density);
// The selected picture, the crop that the network saw, and its answer. Returns the height; `most_height` limits the
// picture's.
float DrawPicture(TryPanel& c, Vec2 top_left, float width, float most_height);
// All pictures: counts, progress, CSV, and the table. Fills `r` where r.h > 0, else takes what it needs. Returns the
// height.
float DrawTable(TryPanel& c, const Rect& r);
// The live answer: the camera's square with bars, latency and rate. Returns the height.
float DrawLive(TryPanel& c, Vec2 top_left, float width);

}  // namespace handful::ui
