// What keys do that no control wants.
#include <algorithm>

#include "ui/frame/app.h"

namespace handful::ui {

bool App::Key(const std::string& name, bool ctrl, bool shift, bool alt, bool down) {
  ctrl_ = ctrl;
  shift_ = shift;
  if (name == " " && !down && space_class_ != 0) {
    camera_.Hold(space_class_, false, CameraModel::By::kKey);
    space_class_ = 0;
    Redraw();
    return true;
  }
  if (!down || alt || overlay_.kind != Overlay::Kind::kNone) return false;
  const bool used = ctrl ? Chord(name, shift) : Stroke(name, shift);
  if (used) {
    frames_wanted_ = std::max(frames_wanted_, 2);
    host_.RequestFrame();
  }
  return used;
}

bool App::Chord(const std::string& name, bool shift) {
  if (name == "z" || name == "Z") {
    shift ? project_.Redo() : project_.Undo();
    return true;
  }
  if (name == "y" || name == "Y") {
    project_.Redo();
    return true;
  }
  if (project_.gallery() == 0) return false;
  if (name == "a" || name == "A") {
    project_.SelectAll();
    return true;
  }
  if (name == " " && project_.cursor() != 0) {
    project_.Click(project_.cursor(), true, false);
    return true;
  }
  return false;
}

bool App::Stroke(const std::string& name, bool shift) {
  if (name.size() == 1 && name[0] >= '1' && name[0] <= '9') {
    const auto index = static_cast<size_t>(name[0] - '1');
    if (index >= project_.classes().size()) return false;
    project_.Choose(project_.classes()[index].id);
    if (project_.gallery() != 0) project_.OpenGallery(project_.chosen());
    return true;
  }
  if (name == " ") {
    const int64_t chosen = project_.chosen();
    if (chosen == 0) return false;
    space_class_ = chosen;
    camera_.Hold(chosen, true, CameraModel::By::kKey);
    return true;
  }
  if (name == "?") {
    overlay_.Show(Overlay::Kind::kKeys);
    return true;
  }
  if (name == "a" || name == "A") {
    project_.AddClass();
    return true;
  }
  if ((name == "g" || name == "G") && project_.chosen() != 0) {
    project_.OpenGallery(project_.gallery() == 0 ? project_.chosen() : 0);
    return true;
  }
  if (name == "Escape" && camera_.recording() != Recording::kNone) {
    camera_.StopRecording();
    return true;
  }
  return project_.gallery() != 0 && GalleryStroke(name, shift);
}

bool App::GalleryStroke(const std::string& name, bool shift) {
  if (name == "Escape") {
    project_.selected().empty() ? project_.OpenGallery(0) : project_.SelectNone();
    return true;
  }
  if (name == "Delete" || name == "Backspace") {
    project_.DeleteSelected();
    return !project_.selected().empty();
  }
  if (name == "Enter" && project_.cursor() != 0) {
    overlay_.Show(Overlay::Kind::kSample, project_.cursor());
    return true;
  }
  const int step = name == "ArrowRight" ? 1 : name == "ArrowLeft" ? -1 : name == "ArrowDown" ? project_.columns() : name == "ArrowUp" ? -project_.columns() : 0;
  if (step == 0) return false;
  project_.MoveCursor(step, shift);
  return true;
}

}  // namespace handful::ui
