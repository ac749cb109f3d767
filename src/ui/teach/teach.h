// Teaching: the classes of the open project, their samples, and the ways in which samples come in. Each model has one
// job; this is where an event finds those that care.
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
#include "ui/teach/deletion.h"
#include "ui/teach/imports.h"
#include "ui/teach/intake.h"
#include "ui/teach/samples.h"
#include "ui/teach/selection.h"
#include "ui/teach/thumbnails.h"
#include "ui/teach/videos.h"

namespace handful::ui {

struct Teach {
  Teach(Host& host, const EngineState& engine, const Notify& notify);

  void Apply(schema::EventEnvelope& event);
  void EngineStopped();
  // Whether it asked for what an event with this id answers.
  bool Owns(int64_t request) const;
  // Pictures become samples of `class_id`; 0: of the classes their folders name. Archives and videos likewise.
  void AddFiles(std::span<const FileRef> files, int64_t class_id);
  void AddArchive(const FileRef& file, int64_t class_id) {
    imports.Add(file, class_id, samples.NextSession("archive"));
  }

  // What can be undone is said when it is done: TakeDeleted.
  void DeleteSelected();
  void DeleteClass(int64_t class_id);
  // "3 pictures deleted.", once, when the engine has done it; else "".
  std::string TakeDeleted() { return deletion_.TakeDone(samples, classes); }

  Classes classes;
  Samples samples;
  Selection selection;
  Thumbnails thumbnails;
  Intake intake;
  Imports imports;
  Videos videos;
  CameraModel camera;

 private:
  void Failed(const schema::Failed& event);

  Host& host_;
  Notify notify_;
  Deletion deletion_;
};

struct TeachPanel : Panel {
  Teach& teach;
};
inline ClassMark MarkOf(const TeachPanel& c, int64_t class_id) { return c.teach.classes.MarkOf(c.ui.paint, class_id); }

// The camera: preview, its switch, and every state it can be in. Returns the height.
float DrawCamera(TeachPanel& c, Vec2 top_left, float width);
// The classes as cards. Returns the height.
float DrawClasses(TeachPanel& c, Vec2 top_left, float width);
// The samples of one class. Fills `r`.
void DrawGallery(TeachPanel& c, const Rect& r);

// What may lie over the page.
void DrawVideo(TeachPanel& c);
void DrawSample(TeachPanel& c);
void DrawClassMenu(TeachPanel& c);
void DrawPalette(TeachPanel& c);
void DrawMerge(TeachPanel& c);
void DrawMoveSamples(TeachPanel& c);
void DrawBurst(TeachPanel& c);

}  // namespace handful::ui
