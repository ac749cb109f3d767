// Drawing in CSS pixels. The only place that knows how many device pixels one has; edges land on whole device pixels,
// so lines are sharp at any ratio.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ui/toolkit/fonts.h"
#include "ui/toolkit/geometry.h"
#include "ui/toolkit/screen.h"
#include "ui/toolkit/theme.h"

struct ImDrawList;

namespace handful::ui {

// Line drawings on a 24 × 24 grid.
enum class Icon {
  kNone,
  kLock,
  kSun,
  kMoon,
  kInfo,
  kUpload,
  kPicture,
  kFolder,
  kClose,
  kWarning,
  kError,
  kDownload,
  kTrash,
  kChevronDown,
  kChevronUp,
  kSort,
  kCrop,
  kFit,
  kStop,
  kPlay,
  kCheck,
  kPlus,
  kMore,
  kCamera,
  kRecord,
  kTimer,
  kUndo,
  kRedo,
  kKeyboard,
  kBack,
  kMove,
  kMerge,
  kEye,
  kEyeOff,
  kCopy,
  kVideo,
  kSwap,
};

enum class Align { kLeft, kCenter, kRight };

class Painter {
 public:
  explicit Painter(Screen& screen) : screen_(screen) {}
  ~Painter();

  void BeginFrame(float dpr, bool dark, const Fonts* fonts);
  void SetList(ImDrawList* list) { list_ = list; }

  float dpr() const { return dpr_; }
  bool dark() const { return dark_; }
  Color Of(Token token) const { return ColorOf(token, dark_); }
  // Of a class of the model; grey for index -1, an answer of a model that is not loaded any more.
  Color OfClass(int index) const { return index < 0 ? Of(Token::kControl) : ClassColor(index, dark_); }
  float Snap(float css) const;  // to a whole device pixel

  void Fill(const Rect& r, Color color, float radius = 0);
  void Stroke(const Rect& r, Color color, float radius = 0, float width = 1);
  // Fills what a rounded rectangle leaves of its two lower corners.
  void Corners(const Rect& r, Color color, float radius);
  void Dashes(const Rect& r, Color color, float radius, float width = 1);
  void Line(Vec2 a, Vec2 b, Color color, float width = 1);
  // A smooth-edged line through the points; dashes of that length where `dash` > 0.
  void Curve(std::span<const Vec2> points, Color color, float width, float dash = 0);
  void Dot(Vec2 center, float radius, Color color);
  void Shadow(const Rect& r, float radius);
  void Picture(TextureId texture, const Rect& r, float radius = 0);
  // Fills `r` with `part` of a picture, in parts of its width and height; left and right change places where
  // `mirrored`.
  void PicturePart(TextureId texture, const Rect& r, const Rect& part, bool mirrored, float radius = 0);
  // Fills the square `r` with the middle of a picture of that width ÷ height.
  void PictureCovering(TextureId texture, const Rect& r, float aspect, float radius);
  void DrawIcon(Icon icon, const Rect& r, Color color);
  void PushClip(const Rect& r);
  void PopClip();

  // One line, its letters centred on the line height; shortened with … where `max_width` > 0 is too narrow. Returns the
  // width it takes.
  float Text(Vec2 top_left, Font font, Color color, std::string_view text, float max_width = 0);
  void TextIn(const Rect& r, Font font, Color color, std::string_view text, Align align);  // centred vertically
  float Width(Font font, std::string_view text);
  // The lines of `text`, broken between words; they point into it.
  std::vector<std::string_view> Lines(float width, Font font, std::string_view text) const;
  // Draws them; returns the height.
  float Paragraph(Vec2 top_left, float width, Font font, Color color, std::string_view text);

 private:
  struct Foreign {
    TextureId texture = 0;
    float width = 0, height = 0;  // CSS px
    uint64_t used = 0;            // frame
  };
  // Text in letters the typeface lacks, drawn by the host into a texture and kept while it is in use.
  const Foreign& ForeignText(Font font, Color color, std::string_view text);
  std::string Shortened(Font font, std::string_view text, float max_width);

  Screen& screen_;
  ImDrawList* list_ = nullptr;
  const Fonts* fonts_ = nullptr;
  float dpr_ = 1;
  bool dark_ = false;
  uint64_t frame_ = 0;
  std::unordered_map<std::string, Foreign> foreign_;
};

}  // namespace handful::ui
