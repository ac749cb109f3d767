#include "ui/toolkit/fonts.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "imgui.h"
#include "ui/toolkit/utf8.h"

namespace handful::ui {
namespace {

// Basic Latin, Latin-1, Latin Extended-A, and the punctuation, arrows and signs that sentences use.
constexpr ImWchar kRanges[] = {0x0020, 0x007E, 0x00A0, 0x017F, 0x2010, 0x2015, 0x2018, 0x201E, 0x2022,
                               0x2022, 0x2026, 0x2026, 0x2032, 0x2033, 0x20AC, 0x20AC, 0x2122, 0x2122,
                               0x2190, 0x2193, 0x2212, 0x2212, 0x221E, 0x221E, 0x2264, 0x2265, 0};

bool LooksLikeTrueType(const std::vector<uint8_t>& bytes) {
  constexpr uint8_t kMagic[] = {0, 1, 0, 0};
  return bytes.size() > 64 && std::equal(std::begin(kMagic), std::end(kMagic), bytes.begin());
}

}  // namespace

Status Fonts::SetFiles(std::vector<uint8_t> regular_ttf, std::vector<uint8_t> strong_ttf) {
  if (!LooksLikeTrueType(regular_ttf) || !LooksLikeTrueType(strong_ttf)) {
    return Errorf("the typeface is not a TrueType file (%zu and %zu bytes)", regular_ttf.size(), strong_ttf.size());
  }
  regular_ = std::move(regular_ttf);
  strong_ = std::move(strong_ttf);
  return Status::Ok();
}

Status Fonts::Build(float dpr) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  atlas.Flags = ImFontAtlasFlags_NoMouseCursors;
  for (int i = 0; i < kFontCount; ++i) {
    const FontSpec spec = SpecOf(static_cast<Font>(i));
    std::vector<uint8_t>& file = spec.strong ? strong_ : regular_;
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.OversampleH = dpr < 1.5F ? 3 : 1;
    config.OversampleV = 1;
    config.GlyphRanges = kRanges;
    // Inter's em is smaller than its ascent + descent, which is what stb_truetype scales by: 1.21 makes `size` the em.
    constexpr float kInterHeightPerEm = 1.21F;
    const float size_px = std::round(spec.size * kInterHeightPerEm * dpr);
    fonts_[static_cast<size_t>(i)] =
        atlas.AddFontFromMemoryTTF(file.data(), static_cast<int>(file.size()), size_px, &config);
  }
  if (!atlas.Build())
    return Errorf("the typeface could not be rasterised at %.2f pixels per CSS pixel", static_cast<double>(dpr));
  return Status::Ok();
}

bool Fonts::Covers(std::string_view text) const {
  const ImFont* font = fonts_[0];
  if (font == nullptr) return true;
  for (size_t at = 0; at < text.size();) {
    const uint32_t code = NextCodePoint(text, at);
    if (code >= 0x20 && (code > 0xFFFF || font->FindGlyphNoFallback(static_cast<ImWchar>(code)) == nullptr))
      return false;
  }
  return true;
}

}  // namespace handful::ui
