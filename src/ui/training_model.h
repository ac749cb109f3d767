// The trainings of the open project as the panels draw them.
#pragma once

#include "schema/messages.h"
#include "ui/host.h"

namespace handful::ui {

class TrainingModel {
 public:
  explicit TrainingModel(CommandSink& sink) : sink_(sink) {}
  void Apply(const schema::Event&) {}

 private:
  [[maybe_unused]] CommandSink& sink_;
};

}  // namespace handful::ui
