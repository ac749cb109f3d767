// What drawing needs of the machine: textures, and letters that the shipped typeface lacks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ui/toolkit/theme.h"

namespace handful::ui {

// width × height × 4 bytes, not premultiplied, top row first.
struct Pixels {
  int width = 0, height = 0;
  std::vector<uint8_t> rgba8;
  bool empty() const { return rgba8.empty(); }
};

// A picture on the graphics card; 0 is none.
using TextureId = uint64_t;

class Screen {
 public:
  virtual ~Screen() = default;
  // The glyph atlas was rebuilt: show it to the graphics card.
  virtual void UploadFonts() = 0;
  // With mipmaps and linear filtering. 0 where there is no graphics card.
  virtual TextureId CreateTexture(const Pixels& pixels) = 0;
  virtual void DestroyTexture(TextureId texture) = 0;
  // Draws one line of text that the shipped typeface has no letters for; empty where the machine cannot.
  virtual Pixels RasterizeText(const std::string& text, float size_px, bool strong, Color color) = 0;
};

}  // namespace handful::ui
