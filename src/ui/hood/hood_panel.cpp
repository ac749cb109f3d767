// Under the hood: what the first layer looks for, what every layer makes of the selected picture, and how long each takes.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/frame/context.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

constexpr float kSheet = 455;  // px of eight large tiles in a row: they are drawn as wide as the card
constexpr float kNameLine = 22, kFactsLine = 20, kTimeBar = 3;

std::string ShapeText(const schema::InspectedLayer& layer) {
  if (layer.height == 1 && layer.width == 1) return Count(layer.channels, "value", "values");
  return Format("%d × %d × %d", layer.height, layer.width, layer.channels);
}

std::string TimeText(double ms) { return ms < 1 ? Format("%.2f ms", ms) : Milliseconds(ms); }

// Returns the height.
float DrawMaps(Context& c, int64_t key, const HoodModel::Layer& layer, Vec2 at, float width) {
  const float scale = std::min(width / kSheet, width / static_cast<float>(std::max(layer.maps.width, 1)));
  const Rect r{at.x, at.y, std::round(static_cast<float>(layer.maps.width) * scale), std::round(static_cast<float>(layer.maps.height) * scale)};
  if (c.ui.Visible(r)) {
    if (const TextureId texture = c.textures.Get(key, layer.revision, layer.maps); texture != 0) c.ui.paint.Picture(texture, r);
  }
  return r.h;
}

// Name and time, shape and how many maps, the maps. Returns the height.
float DrawLayer(Context& c, int64_t index, const HoodModel::Layer& layer, Vec2 at, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const schema::InspectedLayer& info = layer.info;
  const AccessId id = ui.Id(index);
  const Rect row{at.x, at.y, width, ui.HeightOf(id)};
  const std::string shape = ShapeText(info), time = TimeText(info.ms);
  ui.Open(id, {.role = Role::kListItem}, row);
  float y = at.y;
  ui.Leaf("layer", {.role = Role::kText, .name = info.name + ", " + shape + ", " + time}, {at.x, y, width, kNameLine});
  const float time_width = p.Width(Font::kSmall, time);
  p.Text({at.x, y}, Font::kSmallStrong, p.Of(Token::kText), info.name, width - time_width - kGap);
  p.TextIn({at.x, y, width, 18}, Font::kSmall, p.Of(Token::kText), time, Align::kRight);
  y += kNameLine;
  ui.Bar({at.x, y - 2, width, kTimeBar}, p.Of(Token::kAccent), c.hood.most_ms() > 0 ? info.ms / c.hood.most_ms() : 0);
  y += kTimeBar + 3;
  p.Text({at.x, y}, Font::kSmall, p.Of(Token::kTextMuted), shape, width);
  const bool vector = info.height == 1 && info.width == 1;
  if (!vector && !c.hood.live() && (layer.all || info.shown < info.channels)) {
    const std::string words = layer.all ? "Show fewer" : Format("%d of %d, show all", info.shown, info.channels);
    const float button_width = p.Width(Font::kSmallStrong, words);
    const Rect button{at.x + width - button_width, y - 2, button_width, kFactsLine + 2};
    const AccessId toggle = ui.Id("all");
    const Ui::Press press = ui.Interact(toggle, button);
    ui.FocusRing(toggle, button);
    p.Text({button.x, y}, Font::kSmallStrong, p.Of(press.hovered ? Token::kText : Token::kAccentText), words);
    ui.Open(toggle, {.role = Role::kButton, .name = words + ": " + info.name}, button);
    ui.Close();
    if (press.clicked) c.hood.ShowAll(info.name, !layer.all);
  }
  y += kFactsLine + 2;
  y += DrawMaps(c, kHoodTextures + 1 + index, layer, {at.x, y}, width) + kPad;
  ui.Close();
  ui.SetHeightOf(id, y - at.y);
  return y - at.y;
}

// Returns the height.
float DrawInside(Context& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  const HoodModel& hood = c.hood;
  float y = at.y;
  if (!hood.error().empty()) return ui.Paragraph("error", at, width, Font::kSmall, Token::kErrorText, hood.error(), Role::kAlert);
  const std::string name = hood.live() ? "What the camera sees" : BaseName(hood.picture());
  const std::string said = hood.picture().empty()         ? "Looking …"
                           : hood.busy() && !hood.live() ? "Looking at the next picture …"
                                                          : name + ": " + Count(static_cast<int64_t>(hood.layers().size()), "layer", "layers") + ", " +
                                                        Milliseconds(hood.ms()) + " together";
  y += ui.Paragraph("said", {at.x, y}, width, Font::kSmall, Token::kText, said, hood.live() ? Role::kText : Role::kStatus);
  if (hood.picture().empty()) return y - at.y;

  const schema::InspectedLayer& f = hood.filters().info;
  y += kPad;
  ui.Label("filters-title", {at.x, y}, Font::kSmallStrong, Token::kText, "What the first layer looks for", width, Role::kHeading, 3);
  y += 22;
  const std::string filters = Format("%d filters of %d × %d pixels", f.channels, f.height, f.width);
  y += ui.Paragraph("filters-help", {at.x, y}, width, Font::kSmall, Token::kTextMuted, filters + "; mid-grey is 0.") + kGap;
  const float top = y;
  y += DrawMaps(c, kHoodTextures, hood.filters(), {at.x, y}, width);
  ui.Leaf("filters", {.role = Role::kImage, .name = filters}, {at.x, top, width, y - top});
  y += kPadLarge;

  ui.Label("layers-title", {at.x, y}, Font::kSmallStrong, Token::kText, "What each layer makes of it", width, Role::kHeading, 3);
  y += 22;
  y += ui.Paragraph("layers-help", {at.x, y}, width, Font::kSmall, Token::kTextMuted,
                    "In the order in which they run. Black is 0; the brighter, the stronger the answer; blue is negative. Of many maps you see the 8 that vary most.") + kPad;
  const AccessId list = ui.Id("layers");
  const float first = y;
  ui.Open(list, {.role = Role::kList, .name = "Layers"}, {at.x, y, width, ui.HeightOf(list)});
  for (size_t i = 0; i < hood.layers().size(); ++i) {
    y += DrawLayer(c, static_cast<int64_t>(i), hood.layers()[i], {at.x, y}, width);
  }
  ui.Close();
  ui.SetHeightOf(list, y - first);
  return y - at.y;
}

}  // namespace

float DrawHood(Context& c, Vec2 top_left, float width) {
  Ui& ui = c.ui;
  c.hood.Look(c.model.selected(), c.model.generation(), c.camera.on());
  const AccessId id = ui.Id("hood");
  const Rect card{top_left.x, top_left.y, width, ui.HeightOf(id)};
  ui.Card(card);
  ui.Open(id, {.role = Role::kRegion, .name = "Under the hood", .state = static_cast<uint16_t>(c.hood.open() && c.hood.busy() && !c.hood.live() ? kBusy : 0)}, card);
  const float pad = c.wide ? 20 : kPad;
  const float x = top_left.x + pad, inner = width - 2 * pad;
  float y = top_left.y + kGap;
  const bool open = c.hood.open();
  if (ui.MenuItem("fold", {x - 12, y, inner + 24, kControlHeight}, open ? Icon::kChevronUp : Icon::kChevronDown, "Under the hood",
                  open ? kUnfolded : kFolded)) {
    c.hood.SetOpen(!open);
  }
  y += kControlHeight + kGap;
  if (open) y += DrawInside(c, {x, y}, inner) + kPad;
  ui.Close();
  const float height = y - top_left.y;
  ui.SetHeightOf(id, height);
  return height;
}

}  // namespace handful::ui
