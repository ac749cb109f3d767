// What joins the features: the header, notices, and what lies over the page.
#pragma once

#include <string>
#include <vector>

#include "ui/base/panel.h"
#include "ui/frame/models.h"

namespace handful::ui {

struct FramePanel : Panel {
  Models& models;
  const std::string& licenses;
};

// A feature's panels see its models.
ProjectsPanel ProjectsOf(FramePanel& c);
TeachPanel TeachOf(FramePanel& c);
TryPanel TryOf(FramePanel& c);
HoodPanel HoodOf(FramePanel& c);
std::vector<TrainClass> TrainClassesOf(const Models& models);

void DrawHeader(FramePanel& c, const Rect& r);
// Returns the height.
float DrawNotices(FramePanel& c, Vec2 top_left, float width);

// What lies over the page, if anything.
void DrawOverlay(FramePanel& c);
void DrawAbout(FramePanel& c);
void DrawKeys(FramePanel& c);

}  // namespace handful::ui
