// The widget layer. A control does three things in one call: it draws itself, it answers to pointer, touch and
// keyboard, and it declares itself in the access tree. Rectangles are CSS pixels of the window.
//
//   ui.Open("model", Role::kRegion, "Model", card);
//   if (ui.Button("load", r, ButtonStyle::kSecondary, Icon::kModel, "Load a model…")) host.PickFiles(Pick::kModel);
//   ui.Close();
//
// Keys are unique among siblings and stable from frame to frame: the same key is the same DOM element, so focus stays.
// A list declares all its rows, also those scrolled out of sight (Keep makes an unchanged row cost one look-up), and
// draws those that Visible says can be seen.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ui/toolkit/access.h"
#include "ui/toolkit/paint.h"

namespace handful::ui {

enum class ButtonStyle { kPrimary, kSecondary, kQuiet };

struct ButtonOptions {
  Role role = Role::kButton;
  uint16_t state = 0;              // AccessState
  std::string_view description{};  // a tooltip, and what a screen reader adds
  std::string_view name{};         // where the label is not the name
  std::string_view accept{};       // of a file button: MIME types
};

struct FieldOptions {
  std::string_view placeholder{};
  int max_length = 200;     // characters
  bool take_focus = false;  // when it appears
  bool quiet = false;       // without an outline until the pointer or the focus is there
  Font font = Font::kBody;
  uint16_t state = 0;
};

struct Typed {
  bool changed = false;    // `text` is what stands there now
  bool committed = false;  // the visitor is done with it: Enter, or the focus went on
  std::string text{};
};

struct NumberOptions {
  double least = 0, most = 1e9;
  bool whole = false;
  uint16_t state = 0;
};

struct Number {
  bool changed = false;  // to `value`, which is valid
  double value = 0;
  std::string_view
      error{};  // a sentence to be shown near the field while it holds no valid number; until the next frame
};

struct RadioOption {
  std::string_view label;
  Icon icon = Icon::kNone;
};

class Ui {
 public:
  Ui(Screen& screen, AccessTree& access) : paint(screen), access_(access) {}

  Painter paint;

  // ---- frame
  void BeginFrame(Vec2 window_css, float dpr, bool dark, const Fonts* fonts);
  // The access operations since the last frame, "" if none.
  std::string EndFrame();
  Vec2 window() const { return window_; }

  // ---- input from outside ImGui
  void Activate(AccessId id) { activated_ = id; }
  // Whether keyboard or screen reader activated this element; for rows that are declared but not drawn.
  bool Activated(AccessId id) const { return activated_ == id; }
  void SetFocus(AccessId id, bool visible);
  bool Focused(AccessId id) const { return focus_ == id; }
  void Input(AccessId id, std::string text, bool committed);
  void Choose(AccessId id, int index);
  void Hold(AccessId id, bool down);
  void ScrollBy(Vec2 at, float dy);
  void ScrollTo(AccessId region, float y);

  // ---- structure
  AccessId Id(std::string_view key) const { return MakeAccessId(path_.back().id, key); }
  AccessId Id(int64_t key) const { return MakeAccessId(path_.back().id, key); }
  void Open(AccessId id, AccessNode node, const Rect& r, uint64_t stamp = 0);
  void Open(std::string_view key, Role role, std::string_view name, const Rect& r, uint16_t state = 0);
  void Close();
  void Leaf(std::string_view key, AccessNode node, const Rect& r);
  // Takes over the element as declared before, if `stamp` and its place are the same; else Open it with StampAt(stamp,
  // r).
  bool Keep(AccessId id, uint64_t stamp, const Rect& r);
  // Whether an element of a long list, not declared before, must wait for the next frame: the page makes only so many
  // new ones at a time, so that no frame of its is long.
  bool Postpone(AccessId id);
  uint64_t StampAt(uint64_t stamp, const Rect& r) const;

  // A region that scrolls vertically. Returns where its content starts on screen.
  Vec2 BeginScroll(std::string_view key, const Rect& r, std::string_view name);
  // Moves the innermost open region, from the next frame on, so that this part of its content can be seen.
  void ScrollIntoView(float top, float bottom);
  void EndScroll(float content_height);
  // The height an element had in the frame before, for what is drawn under its content; a change asks for one more
  // frame.
  float HeightOf(AccessId id) { return heights_[id]; }
  void SetHeightOf(AccessId id, float height);
  bool NeedsAnotherFrame() const { return again_; }
  bool Visible(const Rect& r) const { return r.Overlaps(clip_.back()); }

  // Everything else is out of reach until EndDialog. Returns false when the visitor wants it closed. Without a scrim it
  // is a popover: the page stays as bright as it is.
  bool BeginDialog(std::string_view key, std::string_view name, const Rect& r, bool scrim = true);
  void EndDialog();

  // ---- words
  // One line, declared. Returns the width it takes.
  float Label(std::string_view key, Vec2 top_left, Font font, Token color, std::string_view text, float max_width = 0,
              Role role = Role::kText, int level = 0);
  // Several lines, declared. Returns the height.
  float Paragraph(std::string_view key, Vec2 top_left, float width, Font font, Token color, std::string_view text,
                  Role role = Role::kText, int level = 0);

  // ---- controls
  struct Press {
    bool hovered = false, held = false, clicked = false;
  };
  Press Interact(AccessId id, const Rect& r, bool disabled = false);
  void FocusRing(AccessId id, const Rect& r, float radius = kRadiusSmall);
  Vec2 Pointer() const;        // of the window
  bool DoubleClicked() const;  // in this frame

  bool Button(std::string_view key, const Rect& r, ButtonStyle style, Icon icon, std::string_view label,
              const ButtonOptions& options = {});
  bool IconButton(std::string_view key, const Rect& r, Icon icon, std::string_view name, uint16_t state = 0);
  float ButtonWidth(Icon icon, std::string_view label);
  // Returns the option chosen now.
  int Radios(std::string_view key, const Rect& r, std::string_view name, std::span<const RadioOption> options,
             int chosen);
  // Looks alike, chooses what is shown.
  int Tabs(std::string_view key, const Rect& r, std::string_view name, std::span<const RadioOption> options,
           int chosen);
  float RadiosWidth(std::span<const RadioOption> options);
  // A line of text that can be typed; on the page a real text field lies over it.
  Typed TextField(std::string_view key, const Rect& r, std::string_view name, std::string_view value,
                  const FieldOptions& options = {});
  Number NumberField(std::string_view key, const Rect& r, std::string_view name, double value,
                     const NumberOptions& options);
  // One of several, chosen from the machine's own list. Returns the option chosen now.
  int Choice(std::string_view key, const Rect& r, std::string_view name, std::span<const std::string> options,
             int chosen, uint16_t state = 0);
  // Returns whether it is on now.
  bool Checkbox(std::string_view key, const Rect& r, std::string_view label, bool on, uint16_t state = 0);
  // Returns whether pointer or key holds it down.
  bool HoldButton(std::string_view key, const Rect& r, ButtonStyle style, Icon icon, std::string_view label,
                  const ButtonOptions& options = {});
  // A row of a menu: full width, label to the left. Returns whether it was chosen.
  bool MenuItem(std::string_view key, const Rect& r, Icon icon, std::string_view label, uint16_t state = 0);
  void Meter(std::string_view key, const Rect& bar, Color color, double fraction, std::string_view name,
             std::string_view value);
  void Progress(std::string_view key, const Rect& bar, double fraction, std::string_view name, std::string_view value);
  // A bar on its track, not declared.
  void Bar(const Rect& bar, Color color, double fraction);
  // Said by screen readers as it changes; draws nothing.
  void Status(std::string_view key, std::string_view text, Role role = Role::kStatus);
  void Card(const Rect& r);
  // The outline again, and the page's colour outside its rounded corners: for content that reaches into them.
  void CardEdge(const Rect& r);

 private:
  struct Level {
    AccessId id = 0;
    Vec2 origin;  // children are declared relative to this point of the screen
  };
  struct Region {
    AccessId id = 0;
    Rect rect;
    float y = 0, content_height = 0;
    float Limit() const { return content_height > rect.h ? content_height - rect.h : 0; }
  };
  Rect Relative(const Rect& r) const;
  int Segments(std::string_view key, const Rect& r, std::string_view name, std::span<const RadioOption> options,
               int chosen, Role group, Role item);
  void ButtonFace(const Rect& r, ButtonStyle style, Icon icon, std::string_view label, bool disabled, bool hovered);
  float& ScrollY(AccessId id) { return scroll_y_[id]; }
  void Scrollbar(Region& region);

  AccessTree& access_;
  Vec2 window_;
  std::vector<Level> path_;
  std::vector<Rect> clip_;
  AccessId activated_ = 0;
  AccessId focus_ = 0;
  bool focus_visible_ = false;
  struct FieldInput {
    AccessId id = 0;
    std::string text;
    bool committed = false;
  };
  std::vector<FieldInput> inputs_;  // of text fields, since the last frame
  std::vector<std::pair<AccessId, int>> choices_;
  std::vector<AccessId> held_, tapped_;              // by key: still down, and pressed since the last frame
  std::unordered_map<AccessId, std::string> wrong_;  // number fields that hold none: the sentence
  std::unordered_map<AccessId, float> scroll_y_, heights_;
  bool again_ = false;
  int new_elements_ = 0;              // of lists, this frame
  std::vector<Region> regions_;       // of this frame, outer before inner
  std::vector<Region> last_regions_;  // of the frame on screen
  size_t modal_region_ = 0;           // the first that can be reached
  std::vector<size_t> open_regions_;
};

}  // namespace handful::ui
