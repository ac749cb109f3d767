// Which dialog or popover lies over the page.
#include "ui/frame/panels.h"

namespace handful::ui {

void DrawOverlay(FramePanel& c) {
  ProjectsPanel projects = ProjectsOf(c);
  TeachPanel teach = TeachOf(c);
  switch (c.overlay.kind) {
    case Overlay::Kind::kNone: return;
    case Overlay::Kind::kAbout: return DrawAbout(c);
    case Overlay::Kind::kKeys: return DrawKeys(c);
    case Overlay::Kind::kProjects: return DrawProjects(projects);
    case Overlay::Kind::kDeleteProject: return DrawDeleteProject(projects);
    case Overlay::Kind::kVideo: return DrawVideo(teach);
    case Overlay::Kind::kSample: return DrawSample(teach);
    case Overlay::Kind::kClassMenu: return DrawClassMenu(teach);
    case Overlay::Kind::kPalette: return DrawPalette(teach);
    case Overlay::Kind::kMerge: return DrawMerge(teach);
    case Overlay::Kind::kMoveSamples: return DrawMoveSamples(teach);
    case Overlay::Kind::kBurst: return DrawBurst(teach);
  }
}

}  // namespace handful::ui
