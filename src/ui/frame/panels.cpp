#include "ui/frame/panels.h"

namespace handful::ui {

ProjectsPanel ProjectsOf(FramePanel& c) {
  return {c, c.models.projects, c.models.teach.samples.count(), !c.models.teach.imports.under_way().empty()};
}

TeachPanel TeachOf(FramePanel& c) { return {c, c.models.teach}; }

TryPanel TryOf(FramePanel& c) {
  return {c, c.models.trying, c.models.engine, c.models.teach.classes, c.models.teach.camera};
}

HoodPanel HoodOf(FramePanel& c) { return {c, c.models.hood}; }

std::vector<TrainClass> TrainClassesOf(const Models& models) {
  std::vector<TrainClass> classes;
  for (const schema::ClassInfo& info : models.teach.classes.all()) {
    classes.push_back({info.name, static_cast<int64_t>(models.teach.samples.Of(info.id).size()), info.enabled});
  }
  return classes;
}

}  // namespace handful::ui
