// The typeface, rasterised at size × dpr so that it is sharp at any device pixel ratio.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "ui/toolkit/theme.h"

struct ImFont;

namespace handful::ui {

class Fonts {
 public:
  // TrueType files: regular and semi-bold.
  Status SetFiles(std::vector<uint8_t> regular_ttf, std::vector<uint8_t> strong_ttf);
  bool HasFiles() const { return !regular_.empty() && !strong_.empty(); }

  // Builds the glyph atlas of the current ImGui context. Latin with accents and punctuation; other scripts are drawn by
  // the host (text.h).
  Status Build(float dpr);
  ImFont* Get(Font font) const { return fonts_[static_cast<size_t>(font)]; }
  // Whether every letter of `text` is in the atlas.
  bool Covers(std::string_view text) const;

 private:
  std::vector<uint8_t> regular_, strong_;
  std::array<ImFont*, kFontCount> fonts_ = {};
};

}  // namespace handful::ui
