// Where pictures come in: the drop area, the buttons that open the machine's file dialogs, and the crop.
#include <algorithm>
#include <array>

#include "ui/panels/context.h"

namespace handful::ui {

float DrawDrop(Context& c, Vec2 top_left, float width, bool tall) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const AccessId id = ui.Id("drop");
  const float height_before = ui.HeightOf(id);
  const Rect card{top_left.x, top_left.y, width, height_before};
  ui.Card(card);
  ui.Open("drop", Role::kRegion, "Pictures", card);

  const bool can_pick = c.host.CanPickFiles();
  const bool stacked = width < 560;  // buttons and crop below one another
  const float pad = c.wide ? 20 : kPad;
  const Rect well_before = Rect{top_left.x, top_left.y, width, 0}.Inset(12, 0);
  constexpr float kIconBox = 56;

  const float well_x = well_before.x, well_width = well_before.w, inner = well_width - 2 * kPad;
  const char* title = c.drop_active ? "Let go to classify them" : "Drop pictures here";
  const std::string_view hint = can_pick ? "or a whole folder, or paste one with Ctrl + V" : "or name them on the command line";
  constexpr std::string_view kPictures = "Choose pictures…", kFolder = "Choose a folder…";
  const float pictures_width = ui.ButtonWidth(Icon::kPicture, kPictures), folder_width = ui.ButtonWidth(Icon::kFolder, kFolder);
  const bool buttons_in_row = inner >= pictures_width + folder_width + kGap;

  // The well's height follows from what stands in it.
  const float buttons_height = !can_pick ? 0 : buttons_in_row ? kControlHeight : 2 * kControlHeight + kGap;
  const float text_height = 30 + 22;
  const float content = (tall ? kIconBox + kPad : 0) + text_height + (can_pick ? (tall ? kPadLarge : kPad) + buttons_height : 0);
  const float well_pad = tall ? (c.wide ? 56.0F : 32.0F) : 20.0F;
  const Rect well{well_x, top_left.y + 12, well_width, content + 2 * well_pad};

  p.Fill(well, p.Of(c.drop_active ? Token::kAccentSoft : Token::kSunken), kRadiusSmall);
  p.Dashes(well, p.Of(c.drop_active ? Token::kAccentText : Token::kControl), kRadiusSmall, c.drop_active ? 2 : 1);

  float y = well.y + well_pad;
  if (tall) {
    const Rect box{well.center_x() - kIconBox / 2, y, kIconBox, kIconBox};
    p.Fill(box, p.Of(Token::kAccentSoft), kIconBox / 2);
    p.DrawIcon(Icon::kUpload, box.Inset(15), p.Of(Token::kAccentText));
    y += kIconBox + kPad;
  }
  const Font title_font = tall || !stacked ? Font::kTitle : Font::kBodyStrong;
  const float title_width = std::min(p.Width(title_font, title), inner);
  ui.Label("title", {well.center_x() - title_width / 2, y + (title_font == Font::kTitle ? 0.0F : 4.0F)}, title_font, Token::kText, title, inner, Role::kHeading, 2);
  y += 30;
  const float hint_width = std::min(p.Width(Font::kBody, hint), inner);
  ui.Label("hint", {well.center_x() - hint_width / 2, y}, Font::kBody, Token::kTextMuted, hint, inner);
  y += 22 + (tall ? kPadLarge : kPad);
  if (can_pick) {
    const float row = buttons_in_row ? pictures_width + kGap + folder_width : inner;
    float x = well.center_x() - row / 2;
    const float first = buttons_in_row ? pictures_width : inner, second = buttons_in_row ? folder_width : inner;
    if (ui.Button("pictures", {x, y, first, kControlHeight}, ButtonStyle::kPrimary, Icon::kPicture, kPictures, {.role = Role::kFileButton})) {
      c.host.PickFiles(Pick::kPictures);
    }
    if (buttons_in_row) {
      x += pictures_width + kGap;
    } else {
      y += kControlHeight + kGap;
    }
    if (ui.Button("folder", {x, y, second, kControlHeight}, ButtonStyle::kSecondary, Icon::kFolder, kFolder, {.role = Role::kFolderButton})) {
      c.host.PickFiles(Pick::kFolder);
    }
  }

  // The crop: which part of a picture that is not square the network sees.
  y = well.bottom() + 14;
  constexpr std::array<RadioOption, 2> kCrops = {{{"Centre square", Icon::kCrop}, {"Fit with border", Icon::kFit}}};
  const int chosen = c.model.crop_mode() == "fit" ? 1 : 0;
  const float radios = std::min(ui.RadiosWidth(kCrops), width - 2 * pad);
  constexpr std::string_view kLabel = "The network sees";
  const float x = top_left.x + pad;
  if (stacked) {
    ui.Label("crop-label", {x, y}, Font::kSmall, Token::kTextMuted, kLabel);
    y += 18 + 6;
  } else {
    ui.Label("crop-label", {x, y + 10}, Font::kSmall, Token::kTextMuted, kLabel);
  }
  const Rect crop{stacked ? x : top_left.x + width - pad - radios, y, stacked ? width - 2 * pad : radios, 38};
  const int now = ui.Radios("crop", crop, "Part of the picture that the network sees", kCrops, chosen);
  if (now != chosen) c.model.SetCropMode(now == 1 ? "fit" : "center");
  y += 38 + 14;

  ui.Close();
  ui.SetHeightOf(id, y - top_left.y);
  return y - top_left.y;
}

}  // namespace handful::ui
