// Widgets that take words, numbers and choices. On the page a real field lies over each while it is used; without one
// (the native window) they show their value and take none.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/status.h"
#include "ui/toolkit/widgets.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

constexpr float kFieldPad = 10;
constexpr float kBox = 20;  // of a checkbox

std::string WrongNumber(std::string_view name, const std::string& text, const NumberOptions& options) {
  constexpr size_t kShown = 20;
  const std::string shown = text.size() > kShown ? text.substr(0, kShown) + "…" : text;
  return Format("%.*s: %s from %s to %s, not “%s”.", static_cast<int>(name.size()), name.data(),
                options.whole ? "a whole number" : "a number", NumberText(options.least).c_str(),
                NumberText(options.most).c_str(), shown.c_str());
}

// The whole of `text` as a number; a comma may stand for the point.
bool ParseNumber(std::string text, double& value) {
  std::replace(text.begin(), text.end(), ',', '.');
  const size_t first = text.find_first_not_of(' '), last = text.find_last_not_of(' ');
  if (first == std::string::npos) return false;
  text = text.substr(first, last - first + 1);
  char* end = nullptr;
  value = std::strtod(text.c_str(), &end);
  return end == text.c_str() + text.size() && std::isfinite(value);
}

}  // namespace

Typed Ui::TextField(std::string_view key, const Rect& r, std::string_view name, std::string_view value,
                    const FieldOptions& options) {
  const AccessId id = Id(key);
  const bool disabled = (options.state & kDisabled) != 0;
  const Press press = Interact(id, r, disabled);
  const bool focused = focus_ == id;
  if (!options.quiet || press.hovered || focused) {
    paint.Fill(r,
               paint.Of(disabled                    ? Token::kTrack
                        : options.quiet && !focused ? Token::kHover
                                                    : Token::kSurface),
               kRadiusSmall);
    const bool wrong = (options.state & kInvalid) != 0;
    paint.Stroke(r,
                 paint.Of(wrong     ? Token::kErrorText
                          : focused ? Token::kAccentText
                                    : Token::kControl),
                 kRadiusSmall, focused || wrong ? 2 : 1);
  }
  // The real field shows its own letters while it has the focus.
  if (!focused) {
    const bool empty = value.empty();
    const Rect text = r.Inset(kFieldPad, 0);
    paint.TextIn(text, options.font, paint.Of(empty || disabled ? Token::kTextMuted : Token::kText),
                 empty ? options.placeholder : value, Align::kLeft);
  }
  Open(id,
       {.role = Role::kTextBox,
        .name = std::string(name),
        .description = std::string(options.placeholder),
        .value = std::string(value),
        .state = options.state,
        .max_length = options.max_length,
        .input = options.quiet ? "quiet" : "",
        .take_focus = options.take_focus},
       r);
  Close();
  Typed typed;
  for (const FieldInput& input : inputs_) {
    if (input.id == id) typed = {true, input.committed, input.text};
  }
  return typed;
}

Number Ui::NumberField(std::string_view key, const Rect& r, std::string_view name, double value,
                       const NumberOptions& options) {
  const AccessId id = Id(key);
  const bool disabled = (options.state & kDisabled) != 0;
  const auto before = wrong_.find(id);
  const bool wrong = before != wrong_.end();
  const Press press = Interact(id, r, disabled);
  const bool focused = focus_ == id;
  const std::string text = NumberText(value);
  paint.Fill(r,
             paint.Of(disabled                    ? Token::kTrack
                      : press.hovered && !focused ? Token::kHover
                                                  : Token::kSurface),
             kRadiusSmall);
  paint.Stroke(r,
               paint.Of(wrong     ? Token::kErrorText
                        : focused ? Token::kAccentText
                                  : Token::kControl),
               kRadiusSmall, focused || wrong ? 2 : 1);
  if (!focused)
    paint.TextIn(r.Inset(kFieldPad, 0), Font::kBody, paint.Of(disabled ? Token::kTextMuted : Token::kText), text,
                 Align::kLeft);
  Open(id,
       {.role = Role::kTextBox,
        .name = std::string(name),
        .description = wrong ? before->second : "",
        .value = text,
        .state = static_cast<uint16_t>(options.state | (wrong ? kInvalid : 0)),
        .max_length = 20,
        .input = "number"},
       r);
  Close();
  Number number{
      .changed = false, .value = value, .error = wrong ? std::string_view(before->second) : std::string_view()};
  for (const FieldInput& input : inputs_) {
    if (input.id != id) continue;
    double typed = 0;
    const bool valid = ParseNumber(input.text, typed) && typed >= options.least && typed <= options.most &&
                       (!options.whole || typed == std::floor(typed));
    again_ = true;  // a sentence comes or goes, and the field is declared anew
    number.error = {};
    if (valid) {
      wrong_.erase(id);
      if (input.committed && typed != value) number = {.changed = true, .value = typed, .error = {}};
    } else if (input.committed) {
      number.error = wrong_[id] = WrongNumber(name, input.text, options);
    }
  }
  return number;
}

int Ui::Choice(std::string_view key, const Rect& r, std::string_view name, std::span<const std::string> options,
               int chosen, uint16_t state) {
  const AccessId id = Id(key);
  const bool disabled = (state & kDisabled) != 0;
  const Press press = Interact(id, r, disabled);
  paint.Fill(r, paint.Of(disabled ? Token::kTrack : press.hovered ? Token::kHover : Token::kSurface), kRadiusSmall);
  paint.Stroke(r, paint.Of(Token::kControl), kRadiusSmall);
  constexpr float kChevron = 16;
  const Color ink = paint.Of(disabled ? Token::kTextMuted : Token::kText);
  const bool valid = chosen >= 0 && static_cast<size_t>(chosen) < options.size();
  const std::string_view text = valid ? std::string_view(options[static_cast<size_t>(chosen)]) : std::string_view();
  paint.TextIn({r.x + kFieldPad, r.y, r.w - 2 * kFieldPad - kChevron - 4, r.h}, Font::kBody, ink, text, Align::kLeft);
  paint.DrawIcon(Icon::kChevronDown,
                 {r.right() - kFieldPad - kChevron, r.center_y() - kChevron / 2, kChevron, kChevron}, ink);
  FocusRing(id, r);
  Open(id,
       {.role = Role::kComboBox,
        .name = std::string(name),
        .value = std::string(text),
        .now = static_cast<double>(chosen),
        .state = state,
        .options = {options.begin(), options.end()}},
       r);
  Close();
  for (const auto& [chooser, index] : choices_) {
    if (chooser == id && index >= 0 && static_cast<size_t>(index) < options.size()) chosen = index;
  }
  return chosen;
}

bool Ui::Checkbox(std::string_view key, const Rect& r, std::string_view label, bool on, uint16_t state) {
  const AccessId id = Id(key);
  const bool disabled = (state & kDisabled) != 0;
  const Press press = Interact(id, r, disabled);
  const Rect box{r.x, r.center_y() - kBox / 2, kBox, kBox};
  if (on) {
    paint.Fill(box, paint.Of(disabled ? Token::kControl : press.hovered ? Token::kAccentHover : Token::kAccent), 5);
    paint.DrawIcon(Icon::kCheck, box.Inset(2), paint.Of(Token::kOnAccent));
  } else {
    paint.Fill(box, paint.Of(press.hovered ? Token::kHover : Token::kSurface), 5);
    paint.Stroke(box, paint.Of(Token::kControl), 5);
  }
  paint.TextIn({box.right() + kGap, r.y, r.w - kBox - kGap, r.h}, Font::kBody,
               paint.Of(disabled ? Token::kTextMuted : Token::kText), label, Align::kLeft);
  FocusRing(id, box, 5);
  Open(id,
       {.role = Role::kCheckbox,
        .name = std::string(label),
        .state = static_cast<uint16_t>(state | (on ? kChecked : 0))},
       r);
  Close();
  return press.clicked ? !on : on;
}

bool Ui::HoldButton(std::string_view key, const Rect& r, ButtonStyle style, Icon icon, std::string_view label,
                    const ButtonOptions& options) {
  const AccessId id = Id(key);
  const bool disabled = (options.state & kDisabled) != 0;
  const Press press = Interact(id, r, disabled);
  const auto has = [id](const std::vector<AccessId>& ids) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  const bool down = !disabled && (press.held || has(held_) || has(tapped_));
  ButtonFace(down ? r.Inset(1) : r, style, icon, label, disabled, press.hovered || down);
  FocusRing(id, r);
  Open(id,
       {.role = Role::kHold,
        .name = std::string(options.name.empty() ? label : options.name),
        .description = std::string(options.description),
        .state = static_cast<uint16_t>(options.state | (down ? kSelected : 0))},
       r);
  Close();
  return down;
}

bool Ui::MenuItem(std::string_view key, const Rect& r, Icon icon, std::string_view label, uint16_t state) {
  const AccessId id = Id(key);
  const bool disabled = (state & kDisabled) != 0;
  const Press press = Interact(id, r, disabled);
  if (press.hovered) paint.Fill(r, paint.Of(Token::kHover), kRadiusSmall);
  constexpr float kSide = 18;
  const Color ink = paint.Of(disabled ? Token::kTextMuted : Token::kText);
  paint.DrawIcon(icon, {r.x + 12, r.center_y() - kSide / 2, kSide, kSide},
                 disabled ? ink : paint.Of(Token::kTextMuted));
  paint.TextIn({r.x + 42, r.y, r.w - 54, r.h}, Font::kBody, ink, label, Align::kLeft);
  FocusRing(id, r.Inset(2));
  Open(id, {.role = Role::kButton, .name = std::string(label), .state = state}, r);
  Close();
  return press.clicked && !disabled;
}

}  // namespace handful::ui
