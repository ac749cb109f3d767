// What keys do that no control wants.
#include <algorithm>

#include "ui/frame/app.h"

namespace handful::ui {

bool App::Key(const std::string& name, bool ctrl, bool shift, bool alt, bool down) {
  ctrl_ = ctrl;
  shift_ = shift;
  if (name == " " && !down && space_class_ != 0) {
    models_.teach.camera.Hold(space_class_, false, CameraModel::By::kKey);
    space_class_ = 0;
    Redraw();
    return true;
  }
  if (!down || alt || overlay_.kind != Overlay::Kind::kNone) return false;
  const bool used = ctrl ? Chord(name, shift) : Stroke(name, shift);
  if (used) {
    Touched(2);
  }
  return used;
}

bool App::Chord(const std::string& name, bool shift) {
  if (name == "z" || name == "Z") {
    shift ? models_.projects.history.Redo() : models_.projects.history.Undo();
    return true;
  }
  if (name == "y" || name == "Y") {
    models_.projects.history.Redo();
    return true;
  }
  if (models_.teach.selection.gallery() == 0) return false;
  if (name == "a" || name == "A") {
    models_.teach.selection.SelectAll();
    return true;
  }
  if (name == " " && models_.teach.selection.cursor() != 0) {
    models_.teach.selection.Click(models_.teach.selection.cursor(), true, false);
    return true;
  }
  return false;
}

bool App::Stroke(const std::string& name, bool shift) {
  if (name.size() == 1 && name[0] >= '1' && name[0] <= '9') {
    const auto index = static_cast<size_t>(name[0] - '1');
    if (index >= models_.teach.classes.all().size()) return false;
    models_.teach.classes.Choose(models_.teach.classes.all()[index].id);
    if (models_.teach.selection.gallery() != 0) models_.teach.selection.OpenGallery(models_.teach.classes.chosen());
    return true;
  }
  if (name == " ") {
    const int64_t chosen = models_.teach.classes.chosen();
    if (chosen == 0) return false;
    space_class_ = chosen;
    models_.teach.camera.Hold(chosen, true, CameraModel::By::kKey);
    return true;
  }
  if (name == "?") {
    overlay_.Show(Overlay::Kind::kKeys);
    return true;
  }
  if (name == "a" || name == "A") {
    models_.teach.classes.Add();
    return true;
  }
  if ((name == "g" || name == "G") && models_.teach.classes.chosen() != 0) {
    models_.teach.selection.OpenGallery(models_.teach.selection.gallery() == 0 ? models_.teach.classes.chosen() : 0);
    return true;
  }
  if (name == "Escape" && models_.teach.camera.recording() != Recording::kNone) {
    models_.teach.camera.StopRecording();
    return true;
  }
  return models_.teach.selection.gallery() != 0 && GalleryStroke(name, shift);
}

bool App::GalleryStroke(const std::string& name, bool shift) {
  if (name == "Escape") {
    models_.teach.selection.selected().empty() ? models_.teach.selection.OpenGallery(0)
                                               : models_.teach.selection.SelectNone();
    return true;
  }
  if (name == "Delete" || name == "Backspace") {
    models_.teach.DeleteSelected();
    return !models_.teach.selection.selected().empty();
  }
  if (name == "Enter" && models_.teach.selection.cursor() != 0) {
    overlay_.Show(Overlay::Kind::kSample, models_.teach.selection.cursor());
    return true;
  }
  const int step = name == "ArrowRight"  ? 1
                   : name == "ArrowLeft" ? -1
                   : name == "ArrowDown" ? models_.teach.selection.columns()
                   : name == "ArrowUp"   ? -models_.teach.selection.columns()
                                         : 0;
  if (step == 0) return false;
  models_.teach.selection.MoveCursor(step, shift);
  return true;
}

}  // namespace handful::ui
