#include "ui/toolkit/theme.h"

#include <array>
#include <cmath>

namespace handful::ui {
namespace {

struct Pair {
  Color light, dark;
};

constexpr Color Hex(uint32_t rgb, uint8_t alpha = 255) {
  return {static_cast<uint8_t>(rgb >> 16U), static_cast<uint8_t>(rgb >> 8U & 0xFFU), static_cast<uint8_t>(rgb & 0xFFU),
          alpha};
}

// In the order of Token.
constexpr std::array<Pair, kTokenCount> kTokens = {{
    {Hex(0xF5F6F8), Hex(0x0F1115)},            // kPage
    {Hex(0xFFFFFF), Hex(0x181B21)},            // kSurface
    {Hex(0xF8F9FB), Hex(0x13161B)},            // kSunken
    {Hex(0xEFF1F5), Hex(0x22262E)},            // kHover
    {Hex(0xE2E5EB), Hex(0x2A2F38)},            // kHairline
    {Hex(0x8C94A3), Hex(0x6F7886)},            // kControl
    {Hex(0xE8EBF0), Hex(0x2A2F38)},            // kTrack
    {Hex(0x14171D), Hex(0xF1F3F6)},            // kText
    {Hex(0x555D6B), Hex(0xA3ACBA)},            // kTextMuted
    {Hex(0x2A5BD7), Hex(0x3A68E0)},            // kAccent
    {Hex(0x214CBA), Hex(0x2F5CD3)},            // kAccentHover
    {Hex(0xFFFFFF), Hex(0xFFFFFF)},            // kOnAccent
    {Hex(0x2452C4), Hex(0x8FB0FF)},            // kAccentText
    {Hex(0xEAF0FE), Hex(0x1C2740)},            // kAccentSoft
    {Hex(0x7A4B00), Hex(0xF2C15C)},            // kWarningText
    {Hex(0xFFF4DC), Hex(0x2E2612)},            // kWarningSoft
    {Hex(0xB3261E), Hex(0xFF9C92)},            // kErrorText
    {Hex(0xFDECEA), Hex(0x351B1A)},            // kErrorSoft
    {Hex(0x0B0D11, 140), Hex(0x050608, 165)},  // kScrim
}};

constexpr std::array<Pair, kClassColors> kClasses = {{
    {Hex(0x0072B2), Hex(0x56B4E9)},  // blue
    {Hex(0xC24E00), Hex(0xF08A4B)},  // vermilion
    {Hex(0x007F5F), Hex(0x2CC295)},  // green
    {Hex(0xA8457F), Hex(0xE592C2)},  // purple
    {Hex(0x8A6A00), Hex(0xE6C229)},  // yellow
    {Hex(0x2A83B5), Hex(0xA6DBF7)},  // sky
    {Hex(0x7A3E00), Hex(0xC98B52)},  // brown
    {Hex(0x5A616E), Hex(0xB4BBC7)},  // grey
}};

double Luminance(Color c) {
  const auto linear = [](uint8_t v) {
    const double s = v / 255.0;
    return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

}  // namespace

Color ColorOf(Token token, bool dark) {
  const Pair& pair = kTokens[static_cast<size_t>(token)];
  return dark ? pair.dark : pair.light;
}

double Contrast(Color a, Color b) {
  double high = Luminance(a), low = Luminance(b);
  if (high < low) std::swap(high, low);
  return (high + 0.05) / (low + 0.05);
}

Color ClassColor(int class_index, bool dark) {
  const Pair& pair = kClasses[static_cast<size_t>(class_index) % kClassColors];
  return dark ? pair.dark : pair.light;
}

Color InkOn(Color fill) {
  constexpr Color kBlack = Hex(0x0B0D11), kWhite = Hex(0xFFFFFF);
  return Contrast(fill, kBlack) > Contrast(fill, kWhite) ? kBlack : kWhite;
}

std::string ClassLetters(int class_index) {
  std::string letters;
  for (int i = class_index; i >= 0; i = i / 26 - 1) letters.insert(letters.begin(), static_cast<char>('A' + i % 26));
  return letters;
}

FontSpec SpecOf(Font font) {
  switch (font) {
    case Font::kSmall: return {13, 18, false};
    case Font::kSmallStrong: return {13, 18, true};
    case Font::kBody: return {15, 22, false};
    case Font::kBodyStrong: return {15, 22, true};
    case Font::kTitle: return {22, 30, true};
  }
  return {};
}

}  // namespace handful::ui
