// The look, as tokens: one table of colours for light and dark, one accent, an 8-px grid, one type family in three
// sizes. Text tokens keep a contrast of at least 4.5 : 1 on every surface they are meant for; a test checks the table.
#pragma once

#include <cstdint>
#include <string>

namespace handful::ui {

struct Color {
  uint8_t r = 0, g = 0, b = 0, a = 255;
  Color Faded(float opacity) const { return {r, g, b, static_cast<uint8_t>(static_cast<float>(a) * opacity + 0.5F)}; }
  bool operator==(const Color&) const = default;
};

enum class Token {
  kPage,      // behind everything
  kSurface,   // cards
  kSunken,    // wells inside cards: drop area, table head
  kHover,     // a row or quiet button under the pointer
  kHairline,  // borders and separators
  kControl,   // the outline of a control; 3 : 1 against kSurface
  kTrack,     // the empty part of a bar
  kText,
  kTextMuted,
  kAccent,  // fills: the primary button, progress
  kAccentHover,
  kOnAccent,    // text on kAccent
  kAccentText,  // the accent as text, icon or focus ring
  kAccentSoft,  // selected row, active drop area
  kWarningText,
  kWarningSoft,
  kErrorText,
  kErrorSoft,
  kScrim,  // over the page below a dialog, over what the network does not see
};
inline constexpr int kTokenCount = static_cast<int>(Token::kScrim) + 1;

enum class ThemeMode { kSystem, kLight, kDark };

Color ColorOf(Token token, bool dark);

// WCAG 2.1 contrast ratio of two opaque colours, 1 to 21.
double Contrast(Color a, Color b);

// Colours of classes, told apart by people who see red and green alike (after Okabe and Ito), and a letter beside them.
inline constexpr int kClassColors = 8;
Color ClassColor(int class_index, bool dark);
// Black or white, whichever reads better on `fill`.
Color InkOn(Color fill);
// 0 → "A", 25 → "Z", 26 → "AA".
std::string ClassLetters(int class_index);

// The 8-px grid.
inline constexpr float kGap = 8;
inline constexpr float kPad = 16;
inline constexpr float kPadLarge = 24;
inline constexpr float kRadius = 12;
inline constexpr float kRadiusSmall = 8;
inline constexpr float kControlHeight = 40;

// The one type family in three sizes and two weights.
enum class Font { kSmall, kSmallStrong, kBody, kBodyStrong, kTitle };
inline constexpr int kFontCount = 5;
struct FontSpec {
  float size;         // CSS px
  float line_height;  // CSS px
  bool strong;        // semi-bold
};
FontSpec SpecOf(Font font);

}  // namespace handful::ui
