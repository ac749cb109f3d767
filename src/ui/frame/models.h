// All that there is to show, and where an event of the engine goes.
#pragma once

#include <string>

#include "schema/messages.h"
#include "ui/base/engine.h"
#include "ui/base/host.h"
#include "ui/frame/notices.h"
#include "ui/hood/hood_model.h"
#include "ui/projects/projects.h"
#include "ui/teach/teach.h"
#include "ui/train/train.h"
#include "ui/try/try.h"

namespace handful::ui {

struct Models {
  explicit Models(Host& host);

  void Apply(schema::EventEnvelope event);
  void EngineStopped(const std::string& sentence);
  // What the page comes with, the preferred one first.
  void Offer(std::vector<Backbones::Shipped> shipped);

  Notices notices;
  EngineState engine;
  Projects projects;
  Teach teach;
  Train train;
  Try trying;
  HoodModel hood;

 private:
  void Open(const FileRef& shipped_head);
};

}  // namespace handful::ui
