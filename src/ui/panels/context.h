// What every panel is given. A panel is one file with one Draw function: it reads the view model, draws into the rectangle
// it is given, and returns the height it took (or fills it).
#pragma once

#include "ui/host.h"
#include "ui/textures.h"
#include "ui/view_model.h"
#include "ui/widgets.h"

namespace handful::ui {

struct Context {
  Ui& ui;
  ViewModel& model;
  Host& host;
  Textures& textures;
  bool wide = false;       // two columns
  bool drop_active = false; // files hover over the window
  bool about_open = false;
  const std::string& licenses;
};

// Textures of pictures: the table's thumbnails and the card's sharp one.
inline constexpr int64_t kDetailTexture = 0;

void DrawHeader(Context& c, const Rect& r);
// How much room a card takes: an invitation while nothing else is there, or as little as can be above results on a phone.
enum class Density { kRoomy, kNormal, kCompact };
// The model: what it knows, where it comes from, what is missing. Returns the height.
float DrawModel(Context& c, Vec2 top_left, float width, Density density);
// Where pictures come in. Returns the height.
float DrawDrop(Context& c, Vec2 top_left, float width, Density density);
// The selected picture, the crop that the network saw, and its answer. Returns the height; `most_height` limits the picture's.
float DrawPicture(Context& c, Vec2 top_left, float width, float most_height);
// All pictures: counts, progress, CSV, and the table. Fills `r` where r.h > 0, else takes what it needs. Returns the height.
float DrawTable(Context& c, const Rect& r);
float DrawNotices(Context& c, Vec2 top_left, float width);
void DrawAbout(Context& c);

}  // namespace handful::ui
