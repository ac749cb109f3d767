// What every panel is given. A panel is one file with one Draw function: it reads the view model, draws into the rectangle
// it is given, and returns the height it took (or fills it).
#pragma once

#include "ui/train/backbones.h"
#include "ui/teach/camera_model.h"
#include "ui/hood/hood_model.h"
#include "ui/base/host.h"
#include "ui/base/overlay.h"
#include "ui/teach/project_model.h"
#include "ui/toolkit/textures.h"
#include "ui/train/training_model.h"
#include "ui/try/view_model.h"
#include "ui/toolkit/widgets.h"

namespace handful::ui {

// Where files may be let go, or which control picked them, and what then becomes of them.
struct FileTarget {
  enum class What { kSamples, kArchive } what = What::kSamples;
  Rect rect{};             // on screen; of no size where only the control counts
  AccessId control = 0;
  int64_t class_id = 0;    // 0: the classes their folders name
};

struct Context {
  Ui& ui;
  ViewModel& model;
  ProjectModel& project;
  TrainingModel& training;
  CameraModel& camera;
  HoodModel& hood;
  Backbones& backbones;
  Host& host;
  Textures& textures;
  Overlay& overlay;
  std::vector<FileTarget>& targets;  // of this frame; the innermost last
  bool wide = false;        // more than one column
  bool drop_active = false; // files hover over the window …
  Vec2 drop_at;             // … here
  bool ctrl = false, shift = false;  // held down
  int64_t now_ms = 0;       // since 1970
  const std::string& licenses;
};

// Keys of textures: pictures count from 1, samples from kSampleTextures.
inline constexpr int64_t kDetailTexture = 0, kSampleTextures = int64_t{1} << 40, kSampleDetailTexture = kSampleTextures - 1;
// The first layer's filters, then a layer each.
inline constexpr int64_t kHoodTextures = int64_t{1} << 50;

// How a class is shown wherever it is named: by the project's colour and place, else by its place in the model.
struct ClassMark {
  std::string letters;  // "" for a class that neither knows
  Color color;
};
ClassMark MarkOf(const Context& c, const std::string& label);
ClassMark MarkOf(const Context& c, int64_t class_id);
// The letters on their colour. Returns the width taken.
float DrawMark(Context& c, Vec2 top_left, float side, const ClassMark& mark);

void DrawHeader(Context& c, const Rect& r);
// How much room a card takes: an invitation while nothing else is there, or as little as can be above results on a phone.
enum class Density { kRoomy, kNormal, kCompact };
// The model: what it knows, where it comes from, what is missing. Returns the height.
float DrawModel(Context& c, Vec2 top_left, float width, Density density);
// Where pictures come in. Returns the height.
float DrawDrop(Context& c, Vec2 top_left, float width, Density density);
// The selected picture, the crop that the network saw, and its answer. Returns the height; `most_height` limits the picture's.
float DrawPicture(Context& c, Vec2 top_left, float width, float most_height);
// Under the hood of the model, for the selected picture. Returns the height.
float DrawHood(Context& c, Vec2 top_left, float width);
// All pictures: counts, progress, CSV, and the table. Fills `r` where r.h > 0, else takes what it needs. Returns the height.
float DrawTable(Context& c, const Rect& r);
float DrawNotices(Context& c, Vec2 top_left, float width);

// The camera: preview, its switch, and every state it can be in. Returns the height.
float DrawCamera(Context& c, Vec2 top_left, float width);
inline constexpr std::string_view kOpenExample = "Open an example";
// The button of that name, where the host has one. Whether it was pressed.
bool ExampleButton(Context& c, const Rect& r, ButtonStyle style);
// The classes as cards. Returns the height.
float DrawClasses(Context& c, Vec2 top_left, float width);
// The samples of one class, over columns 2 and 3. Fills `r`.
void DrawGallery(Context& c, const Rect& r);
// The Train card: button, progress, charts, advanced settings. Returns the height.
float DrawTrain(Context& c, Vec2 top_left, float width);
// Earlier trainings, two of them compared. Returns the height.
float DrawTrainings(Context& c, Vec2 top_left, float width);
// The live answer: the camera's square with bars, latency and rate. Returns the height.
float DrawLive(Context& c, Vec2 top_left, float width);

// What lies over the page, if anything.
void DrawOverlay(Context& c);
void DrawAbout(Context& c);
void DrawKeys(Context& c);
void DrawProjects(Context& c);
void DrawDeleteProject(Context& c);
void DrawVideo(Context& c);
void DrawSample(Context& c);
void DrawClassMenu(Context& c);
void DrawPalette(Context& c);
void DrawMerge(Context& c);
void DrawMoveSamples(Context& c);
void DrawBurst(Context& c);
// A popover of `height` at the overlay's anchor; returns its inside. Then EndPopover.
Rect BeginPopover(Context& c, std::string_view key, std::string_view name, float width, float height);
void EndPopover(Context& c);

}  // namespace handful::ui
