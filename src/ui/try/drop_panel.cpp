// Where pictures come in: the drop area, the buttons that open the machine's file dialogs, and the crop.
#include <algorithm>
#include <array>

#include "ui/toolkit/column.h"
#include "ui/try/try.h"

namespace handful::ui {
namespace {

constexpr std::string_view kPictures = "Choose pictures…", kFolder = "Choose a folder…";

bool PicturesButton(TryPanel& c, const Rect& r) {
  return c.ui.Button("pictures", r, ButtonStyle::kPrimary, Icon::kPicture, kPictures,
                     {.role = Role::kFileButton, .accept = "image/*"});
}

bool FolderButton(TryPanel& c, const Rect& r, bool icon_only) {
  return c.ui.Button("folder", r, ButtonStyle::kSecondary, Icon::kFolder, icon_only ? "" : kFolder,
                     {.role = Role::kFolderButton, .description = icon_only ? kFolder : "", .name = kFolder});
}

// Both buttons, beside each other where there is room. Returns the height.
float DrawButtons(TryPanel& c, Vec2 top_left, float width, bool compact) {
  Ui& ui = c.ui;
  const float first = ui.ButtonWidth(Icon::kPicture, kPictures), second = ui.ButtonWidth(Icon::kFolder, kFolder);
  bool pictures = false, folder = false;
  float height = kControlHeight;
  if (width >= first + kGap + second) {
    const float x = compact ? top_left.x : top_left.x + (width - first - kGap - second) / 2;
    pictures = PicturesButton(c, {x, top_left.y, first, kControlHeight});
    folder = FolderButton(c, {x + first + kGap, top_left.y, second, kControlHeight}, false);
  } else if (compact) {
    const float rest = width - kControlHeight - kGap;
    pictures = PicturesButton(c, {top_left.x, top_left.y, rest, kControlHeight});
    folder = FolderButton(c, {top_left.x + rest + kGap, top_left.y, kControlHeight, kControlHeight}, true);
  } else {
    pictures = PicturesButton(c, {top_left.x, top_left.y, width, kControlHeight});
    folder = FolderButton(c, {top_left.x, top_left.y + kControlHeight + kGap, width, kControlHeight}, false);
    height = 2 * kControlHeight + kGap;
  }
  if (pictures) c.host.PickFiles(Pick::kPictures);
  if (folder) c.host.PickFiles(Pick::kFolder);
  return height;
}

// The dashed well with its words and buttons. Returns the height.
float DrawWell(TryPanel& c, Vec2 top_left, float width, Density density) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  constexpr float kIconBox = 56;
  const bool can_pick = c.host.CanPickFiles(), roomy = density == Density::kRoomy;
  const float inner = width - 2 * kPad, x = top_left.x + kPad;
  const char* title = c.drop_active ? "Let go to open them" : c.wide ? "Drop pictures here" : "Add pictures";
  const std::array<std::string_view, 2> hints = {!can_pick ? "or name them on the command line"
                                                 : c.wide  ? "or a whole folder, or paste from the clipboard"
                                                           : "Choose, drop or paste them",
                                                 can_pick ? "or paste from the clipboard" : ""};
  const std::string_view hint = c.drop_active                             ? "pictures, folders or a model"
                                : p.Width(Font::kBody, hints[0]) <= inner ? hints[0]
                                                                          : hints[1];

  // The ground is drawn under what it holds, at the height of the frame before.
  const AccessId id = ui.Id("well");
  const Rect well{top_left.x, top_left.y, width, ui.HeightOf(id)};
  if (well.h > 0) {
    p.Fill(well, p.Of(c.drop_active ? Token::kAccentSoft : Token::kSunken), kRadiusSmall);
    p.Dashes(well, p.Of(c.drop_active ? Token::kAccentText : Token::kControl), kRadiusSmall, c.drop_active ? 2 : 1);
  }
  const float pad = roomy ? (c.wide ? 56.0F : 32.0F) : 20.0F;
  Column col(ui, {x, top_left.y + pad}, inner);
  if (roomy) {
    const Rect box{well.center_x() - kIconBox / 2, col.y(), kIconBox, kIconBox};
    p.Fill(box, p.Of(Token::kAccentSoft), kIconBox / 2);
    p.DrawIcon(Icon::kUpload, box.Inset(15), p.Of(Token::kAccentText));
    col.Gap(kIconBox + kPad);
  }
  const Font font = roomy ? Font::kTitle : Font::kBodyStrong;
  const auto centered = [&](std::string_view key, Font f, Token color, std::string_view text, Role role) {
    const float w = std::min(p.Width(f, text), inner);
    ui.Label(key, {x + (inner - w) / 2, col.y()}, f, color, text, inner, role, role == Role::kHeading ? 2 : 0);
    col.Gap(SpecOf(f).line_height);
  };
  centered("title", font, Token::kText, title, Role::kHeading);
  col.Gap(2);
  centered("hint", Font::kBody, Token::kTextMuted, hint, Role::kText);
  if (can_pick) {
    col.Gap(roomy ? kPadLarge : kPad);
    col.Add(DrawButtons(c, col.at(), inner, false));
  }
  const float height = col.y() + pad - top_left.y;
  ui.SetHeightOf(id, height);
  return height;
}

}  // namespace

float DrawDrop(TryPanel& c, Vec2 top_left, float width, Density density) {
  Ui& ui = c.ui;
  const bool compact = density == Density::kCompact;
  const float pad = c.wide ? 20 : kPad;
  Card card(ui, "drop", "Pictures", top_left, width, pad, compact ? pad : 12);
  const float x = card.x(), inner = card.width();
  if (compact) card.Add(DrawButtons(c, card.at(), inner, true), 12);
  else card.Add(DrawWell(c, {top_left.x + 12, card.y()}, width - 24, density), 14);

  // The crop: which part of a picture that is not square the network sees.
  constexpr std::array<RadioOption, 2> kCrops = {{{"Centre square", Icon::kCrop}, {"Fit with border", Icon::kFit}}};
  constexpr std::string_view kLabel = "The network sees";
  constexpr float kHeight = 38;
  const int chosen = c.trying.queue.crop_mode() == schema::CropMode::kFit ? 1 : 0;
  const float radios = ui.RadiosWidth(kCrops);
  const bool beside = inner >= radios + ui.paint.Width(Font::kSmall, kLabel) + kPad;
  const float y = card.y();
  Rect crop{x, y, inner, kHeight};
  if (beside) {
    ui.Label("crop-label", {x, y + 10}, Font::kSmall, Token::kTextMuted, kLabel);
    crop = {x + inner - radios, y, radios, kHeight};
  } else if (!compact) {
    ui.Label("crop-label", {x, y}, Font::kSmall, Token::kTextMuted, kLabel);
    crop.y = y + 24;
  }
  const int now = ui.Radios("crop", crop, "Part of the picture that the network sees", kCrops, chosen);
  if (now != chosen) c.trying.queue.SetCropMode(now == 1 ? schema::CropMode::kFit : schema::CropMode::kCenter);
  card.Add(crop.bottom() - y, 14);
  return card.End(0);
}

}  // namespace handful::ui
