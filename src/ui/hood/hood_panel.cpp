// Under the hood: what the first layer looks for, what every layer makes of the selected picture, and how long each
// takes.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/hood/hood_model.h"
#include "ui/toolkit/column.h"
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
float DrawMaps(HoodPanel& c, int64_t key, const HoodModel::Layer& layer, Vec2 at, float width) {
  const float scale = std::min(width / kSheet, width / static_cast<float>(std::max(layer.maps.width, 1)));
  const Rect r{at.x, at.y, std::round(static_cast<float>(layer.maps.width) * scale),
               std::round(static_cast<float>(layer.maps.height) * scale)};
  if (c.ui.Visible(r)) {
    if (const TextureId texture = c.textures.Get(key, layer.revision, layer.maps); texture != 0)
      c.ui.paint.Picture(texture, r);
  }
  return r.h;
}

// Name and time, shape and how many maps, the maps. Returns the height.
float DrawLayer(HoodPanel& c, int64_t index, const HoodModel::Layer& layer, Vec2 at, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const schema::InspectedLayer& info = layer.info;
  const AccessId id = ui.Id(index);
  const Rect row{at.x, at.y, width, ui.HeightOf(id)};
  const std::string shape = ShapeText(info), time = TimeText(info.ms);
  ui.Open(id, {.role = Role::kListItem}, row);
  Column col(ui, at, width);
  const Rect name = col.Take(kNameLine, -2);
  ui.Leaf("layer", {.role = Role::kText, .name = info.name + ", " + shape + ", " + time}, name);
  const float time_width = p.Width(Font::kSmall, time);
  p.Text({name.x, name.y}, Font::kSmallStrong, p.Of(Token::kText), info.name, width - time_width - kGap);
  p.TextIn({name.x, name.y, width, 18}, Font::kSmall, p.Of(Token::kText), time, Align::kRight);
  ui.Bar(col.Take(kTimeBar, 5), p.Of(Token::kAccent), c.hood.most_ms() > 0 ? info.ms / c.hood.most_ms() : 0);
  const Rect facts = col.Take(kFactsLine, 2);
  p.Text({facts.x, facts.y}, Font::kSmall, p.Of(Token::kTextMuted), shape, width);
  const bool vector = info.height == 1 && info.width == 1;
  if (!vector && !c.hood.live() && (layer.all || info.shown < info.channels)) {
    const std::string words = layer.all ? "Show fewer" : Format("%d of %d, show all", info.shown, info.channels);
    const float button_width = p.Width(Font::kSmallStrong, words);
    const Rect button{facts.right() - button_width, facts.y - 2, button_width, kFactsLine + 2};
    const AccessId toggle = ui.Id("all");
    const Ui::Press press = ui.Interact(toggle, button);
    ui.FocusRing(toggle, button);
    p.Text({button.x, facts.y}, Font::kSmallStrong, p.Of(press.hovered ? Token::kText : Token::kAccentText), words);
    ui.Open(toggle, {.role = Role::kButton, .name = words + ": " + info.name}, button);
    ui.Close();
    if (press.clicked) c.hood.ShowAll(info.name, !layer.all);
  }
  col.Add(DrawMaps(c, kHoodTextures + 1 + index, layer, col.at(), width), kPad);
  ui.Close();
  ui.SetHeightOf(id, col.height());
  return col.height();
}

// Returns the height.
float DrawInside(HoodPanel& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  const HoodModel& hood = c.hood;
  Column col(ui, at, width);
  if (!hood.error().empty())
    return ui.Paragraph("error", at, width, Font::kSmall, Token::kErrorText, hood.error(), Role::kAlert);
  const std::string name = hood.live() ? "What the camera sees" : BaseName(hood.picture());
  const std::string said = hood.picture().empty() ? "Looking …"
                           : hood.busy() && !hood.live()
                               ? "Looking at the next picture …"
                               : name + ": " + Count(static_cast<int64_t>(hood.layers().size()), "layer", "layers") +
                                     ", " + Milliseconds(hood.ms()) + " together";
  col.Paragraph("said", Font::kSmall, Token::kText, said, hood.live() ? Role::kText : Role::kStatus);
  if (hood.picture().empty()) return col.height();

  const schema::InspectedLayer& f = hood.filters().info;
  col.Gap(kPad);
  col.Label("filters-title", Font::kSmallStrong, Token::kText, "What the first layer looks for", 22, Role::kHeading, 3);
  const std::string filters = Format("%d filters of %d × %d pixels", f.channels, f.height, f.width);
  col.Paragraph("filters-help", Font::kSmall, Token::kTextMuted, filters + "; mid-grey is 0.");
  col.Gap(kGap);
  const float maps = DrawMaps(c, kHoodTextures, hood.filters(), col.at(), width);
  ui.Leaf("filters", {.role = Role::kImage, .name = filters}, col.Take(maps, kPadLarge));

  col.Label("layers-title", Font::kSmallStrong, Token::kText, "What each layer makes of it", 22, Role::kHeading, 3);
  col.Paragraph("layers-help", Font::kSmall, Token::kTextMuted,
                "In the order in which they run. Black is 0; the brighter, the stronger the answer; blue is negative. "
                "Of many maps you see the 8 that vary most.");
  col.Gap(kPad);
  List list(ui, "layers", "Layers", col);
  for (size_t i = 0; i < hood.layers().size(); ++i) {
    col.Add(DrawLayer(c, static_cast<int64_t>(i), hood.layers()[i], col.at(), width));
  }
  list.End(col);
  return col.height();
}

}  // namespace

float DrawHood(HoodPanel& c, Vec2 top_left, float width) {
  Ui& ui = c.ui;
  const uint16_t state = c.hood.open() && c.hood.busy() && !c.hood.live() ? static_cast<uint16_t>(kBusy) : 0;
  Card card(ui, "hood", "Under the hood", top_left, width, c.wide ? 20 : kPad, kGap, state);
  const bool open = c.hood.open();
  const Rect fold = card.Take(kControlHeight, kGap);
  if (ui.MenuItem("fold", fold.Inset(-12, 0), open ? Icon::kChevronUp : Icon::kChevronDown, "Under the hood",
                  open ? kUnfolded : kFolded)) {
    c.hood.SetOpen(!open);
  }
  if (open) card.Add(DrawInside(c, card.at(), card.width()), kPad);
  return card.End(0);
}

}  // namespace handful::ui
