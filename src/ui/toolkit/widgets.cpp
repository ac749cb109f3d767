#include "ui/toolkit/widgets.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "imgui.h"

namespace handful::ui {
namespace {

constexpr ImGuiWindowFlags kPlain = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                    ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav;
constexpr float kIconSide = 18;
constexpr float kRowSlack = 24;  // a row this far out of sight still counts as visible: its first frame is then ready

ImVec2 Device(float x, float y, float dpr) { return {std::round(x * dpr), std::round(y * dpr)}; }

std::string ImGuiKey(AccessId id) { return "##" + std::to_string(id); }

}  // namespace

// ---- frame ---------------------------------------------------------------------------------------------------------

void Ui::BeginFrame(Vec2 window_css, float dpr, bool dark, const Fonts* fonts) {
  window_ = window_css;
  last_regions_.swap(regions_);
  regions_.clear();
  modal_region_ = 0;
  again_ = false;
  new_elements_ = 0;
  path_ = {{}};
  clip_ = {{0, 0, window_css.x, window_css.y}};

  ImGui::NewFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  ImGui::Begin("root", nullptr, kPlain | ImGuiWindowFlags_NoBringToFrontOnFocus);
  paint.BeginFrame(dpr, dark, fonts);
  paint.SetList(ImGui::GetWindowDrawList());
  paint.Fill(clip_[0], paint.Of(Token::kPage));
  access_.BeginFrame();
}

std::string Ui::EndFrame() {
  ImGui::End();
  ImGui::Render();
  activated_ = 0;
  inputs_.clear();
  choices_.clear();
  tapped_.clear();
  return access_.EndFrame();
}

// ---- input ---------------------------------------------------------------------------------------------------------

void Ui::SetFocus(AccessId id, bool visible) {
  focus_ = id;
  focus_visible_ = visible;
}

void Ui::Input(AccessId id, std::string text, bool committed) {
  for (FieldInput& input : inputs_) {
    if (input.id != id) continue;
    input.text = std::move(text);
    input.committed |= committed;
    return;
  }
  inputs_.push_back({id, std::move(text), committed});
}

void Ui::Choose(AccessId id, int index) { choices_.emplace_back(id, index); }

void Ui::Hold(AccessId id, bool down) {
  std::erase(held_, id);
  if (!down) return;
  held_.push_back(id);
  tapped_.push_back(id);
}

void Ui::ScrollBy(Vec2 at, float dy) {
  for (size_t i = regions_.size(); i-- > modal_region_;) {
    const Region& region = regions_[i];
    if (!region.rect.Contains(at)) continue;
    float& y = ScrollY(region.id);
    const float wanted = std::clamp(y + dy, 0.0F, region.Limit());
    if (wanted == y) continue;  // at its end: the one around it may scroll
    y = wanted;
    return;
  }
}

void Ui::ScrollTo(AccessId id, float y) {
  for (const Region& region : regions_) {
    if (region.id == id) ScrollY(id) = std::clamp(y, 0.0F, region.Limit());
  }
}

// ---- structure -----------------------------------------------------------------------------------------------------

Rect Ui::Relative(const Rect& r) const {
  const Vec2 origin = path_.back().origin;
  return {r.x - origin.x, r.y - origin.y, r.w, r.h};
}

void Ui::Open(AccessId id, AccessNode node, const Rect& r, uint64_t stamp) {
  node.rect = Relative(r);
  access_.Open(id, node, stamp);
  path_.push_back({id, {r.x, r.y}});
}

void Ui::Open(std::string_view key, Role role, std::string_view name, const Rect& r, uint16_t state) {
  Open(Id(key), {.role = role, .name = std::string(name), .state = state}, r);
}

void Ui::Close() {
  access_.Close();
  path_.pop_back();
}

void Ui::Leaf(std::string_view key, AccessNode node, const Rect& r) {
  Open(Id(key), std::move(node), r);
  Close();
}

uint64_t Ui::StampAt(uint64_t stamp, const Rect& r) const {
  const Rect relative = Relative(r);
  uint64_t hash = stamp * 0x9E3779B97F4A7C15ULL + 1;
  for (const float v : {relative.x, relative.y, relative.w, relative.h}) {
    uint32_t bits = 0;
    std::memcpy(&bits, &v, sizeof bits);
    hash = (hash ^ bits) * 1099511628211ULL;
  }
  return hash == 0 ? 1 : hash;
}

bool Ui::Postpone(AccessId id) {
  constexpr int kNewInAFrame = 40;
  if (access_.Find(id) != nullptr || ++new_elements_ <= kNewInAFrame) return false;
  again_ = true;
  return true;
}

bool Ui::Keep(AccessId id, uint64_t stamp, const Rect& r) { return access_.Keep(id, StampAt(stamp, r)); }

Vec2 Ui::BeginScroll(std::string_view key, const Rect& r, std::string_view name) {
  const AccessId id = Id(key);
  Region region{id, r, ScrollY(id), 0};
  for (const Region& last : last_regions_) {
    if (last.id == id) region.content_height = last.content_height;
  }
  region.y = ScrollY(id) = paint.Snap(std::clamp(region.y, 0.0F, region.Limit()));
  Open(id,
       {.role = Role::kScroll, .name = std::string(name), .content_height = region.content_height, .scroll_y = region.y}, r);
  path_.back().origin.y -= region.y;
  open_regions_.push_back(regions_.size());
  regions_.push_back(region);

  const float dpr = paint.dpr();
  const ImVec2 min = Device(r.x, r.y, dpr), max = Device(r.right(), r.bottom(), dpr);
  ImGui::SetCursorScreenPos(min);
  ImGui::BeginChild(ImGuiKey(id).c_str(), {std::max(1.0F, max.x - min.x), std::max(1.0F, max.y - min.y)}, 0, kPlain);
  paint.SetList(ImGui::GetWindowDrawList());
  const Rect outer = clip_.back();
  const float top = std::max(outer.y, r.y), bottom = std::min(outer.bottom(), r.bottom());
  clip_.push_back({r.x, top - kRowSlack, r.w, std::max(0.0F, bottom - top) + 2 * kRowSlack});
  return {r.x, r.y - region.y};
}

void Ui::ScrollIntoView(float top, float bottom) {
  const Region& region = regions_[open_regions_.back()];
  const float y = std::min(std::max(region.y, bottom - region.rect.h), top);
  if (y == region.y) return;
  ScrollY(region.id) = std::max(0.0F, y);
  again_ = true;
}

void Ui::EndScroll(float content_height) {
  Region& region = regions_[open_regions_.back()];
  open_regions_.pop_back();
  again_ |= region.content_height != content_height;  // it was declared with the height of the frame before
  region.content_height = content_height;
  ScrollY(region.id) = std::min(ScrollY(region.id), region.Limit());
  Scrollbar(region);
  clip_.pop_back();
  ImGui::EndChild();
  paint.SetList(ImGui::GetWindowDrawList());
  Close();
}

void Ui::SetHeightOf(AccessId id, float height) {
  float& before = heights_[id];
  again_ |= before != height;
  before = height;
}

void Ui::Scrollbar(Region& region) {
  if (region.Limit() <= 0) return;
  constexpr float kWidth = 12, kThumb = 6, kShortest = 32;
  const Rect track{region.rect.right() - kWidth, region.rect.y, kWidth, region.rect.h};
  const float length = std::max(kShortest, track.h * region.rect.h / region.content_height);
  const float travel = track.h - length;
  const float at = travel * region.y / region.Limit();
  const Press press = Interact(MakeAccessId(region.id, "scrollbar"), track);
  if (press.held && travel > 0) {
    const ImGuiIO& io = ImGui::GetIO();
    float& y = ScrollY(region.id);
    const float pointer = io.MousePos.y / paint.dpr() - track.y;
    const bool on_thumb = pointer >= at && pointer < at + length;
    const float wanted = ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !on_thumb
                             ? (pointer - length / 2) * region.Limit() / travel
                             : y + io.MouseDelta.y / paint.dpr() * region.Limit() / travel;
    y = std::clamp(wanted, 0.0F, region.Limit());
  }
  const float side = press.hovered || press.held ? kThumb + 2 : kThumb;
  paint.Fill({track.right() - 3 - side, track.y + at + 2, side, length - 4},
             paint.Of(Token::kControl).Faded(press.hovered || press.held ? 0.9F : 0.5F), side / 2);
}

bool Ui::BeginDialog(std::string_view key, std::string_view name, const Rect& r, bool scrim) {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  ImGui::Begin("dialog", nullptr, kPlain);
  paint.SetList(ImGui::GetWindowDrawList());
  modal_region_ = regions_.size();
  const Rect all{0, 0, window_.x, window_.y};
  if (scrim) paint.Fill(all, paint.Of(Token::kScrim));
  const AccessId id = Id(key);
  const bool outside = Interact(MakeAccessId(id, "scrim"), all).clicked &&
                       !r.Contains({ImGui::GetIO().MousePos.x / paint.dpr(), ImGui::GetIO().MousePos.y / paint.dpr()});
  paint.Shadow(r, kRadius);
  paint.Fill(r, paint.Of(Token::kSurface), kRadius);
  if (!scrim) paint.Stroke(r, paint.Of(Token::kHairline), kRadius);
  Open(id, {.role = Role::kDialog, .name = std::string(name)}, r);
  const bool escaped = activated_ == id;
  return !outside && !escaped;
}

void Ui::EndDialog() {
  Close();
  ImGui::End();
  paint.SetList(ImGui::GetWindowDrawList());
}

// ---- words ---------------------------------------------------------------------------------------------------------

float Ui::Label(std::string_view key, Vec2 top_left, Font font, Token color, std::string_view text, float max_width,
                Role role, int level) {
  const float width = paint.Text(top_left, font, paint.Of(color), text, max_width);
  Leaf(key, {.role = role, .name = std::string(text), .level = level},
       {top_left.x, top_left.y, width, SpecOf(font).line_height});
  return width;
}

float Ui::Paragraph(std::string_view key, Vec2 top_left, float width, Font font, Token color, std::string_view text,
                    Role role, int level) {
  const float height = paint.Paragraph(top_left, width, font, paint.Of(color), text);
  Leaf(key, {.role = role, .name = std::string(text), .level = level}, {top_left.x, top_left.y, width, height});
  return height;
}

void Ui::Status(std::string_view key, std::string_view text, Role role) {
  Leaf(key, {.role = role, .name = std::string(text)}, {0, 0, 1, 1});
}

// ---- controls ------------------------------------------------------------------------------------------------------

Ui::Press Ui::Interact(AccessId id, const Rect& r, bool disabled) {
  Press press;
  if (disabled) return press;
  press.clicked = activated_ == id;
  const float dpr = paint.dpr();
  const ImVec2 min = Device(r.x, r.y, dpr), max = Device(r.right(), r.bottom(), dpr);
  if (max.x <= min.x || max.y <= min.y) return press;
  ImGui::SetCursorScreenPos(min);
  ImGui::SetNextItemAllowOverlap();
  press.clicked |= ImGui::InvisibleButton(ImGuiKey(id).c_str(), {max.x - min.x, max.y - min.y});
  press.hovered = ImGui::IsItemHovered();
  press.held = ImGui::IsItemActive();
  return press;
}

void Ui::FocusRing(AccessId id, const Rect& r, float radius) {
  if (focus_visible_ && focus_ == id) paint.Stroke(r.Inset(-3), paint.Of(Token::kAccentText), radius + 3, 2);
}

float Ui::ButtonWidth(Icon icon, std::string_view label) {
  return std::ceil(paint.Width(Font::kBodyStrong, label) + (icon == Icon::kNone ? 0 : kIconSide + kGap) + 2 * kPad);
}

void Ui::ButtonFace(const Rect& r, ButtonStyle style, Icon icon, std::string_view label, bool disabled, bool hovered) {
  Token ink = style == ButtonStyle::kPrimary ? Token::kOnAccent : Token::kText;
  if (disabled) {
    ink = Token::kTextMuted;
    if (style != ButtonStyle::kQuiet) paint.Fill(r, paint.Of(Token::kTrack), kRadiusSmall);
  } else if (style == ButtonStyle::kPrimary) {
    paint.Fill(r, paint.Of(hovered ? Token::kAccentHover : Token::kAccent), kRadiusSmall);
  } else {
    if (hovered || style == ButtonStyle::kSecondary) {
      paint.Fill(r, paint.Of(hovered ? Token::kHover : Token::kSurface), kRadiusSmall);
    }
    if (style == ButtonStyle::kSecondary) paint.Stroke(r, paint.Of(Token::kControl), kRadiusSmall);
  }
  const float label_width = paint.Width(Font::kBodyStrong, label);
  const float icon_width = icon == Icon::kNone ? 0 : kIconSide + (label.empty() ? 0 : kGap);
  const float room = std::max(0.0F, r.w - icon_width - 2 * kGap);
  const float shown = std::min(label_width, room);
  float x = r.x + (r.w - icon_width - shown) / 2;
  if (icon != Icon::kNone) {
    paint.DrawIcon(icon, {x, r.center_y() - kIconSide / 2, kIconSide, kIconSide}, paint.Of(ink));
    x += icon_width;
  }
  paint.Text({x, r.center_y() - SpecOf(Font::kBodyStrong).line_height / 2}, Font::kBodyStrong, paint.Of(ink), label, room);
}

bool Ui::Button(std::string_view key, const Rect& r, ButtonStyle style, Icon icon, std::string_view label,
                const ButtonOptions& options) {
  const AccessId id = Id(key);
  const bool disabled = (options.state & kDisabled) != 0;
  const Press press = Interact(id, r, disabled);
  ButtonFace(r, style, icon, label, disabled, press.hovered);
  FocusRing(id, r);
  Open(id,
       {.role = options.role,
        .name = std::string(options.name.empty() ? label : options.name),
        .description = std::string(options.description),
        .value = std::string(options.accept),
        .state = options.state},
       r);
  Close();
  return press.clicked;
}

bool Ui::IconButton(std::string_view key, const Rect& r, Icon icon, std::string_view name, uint16_t state) {
  const AccessId id = Id(key);
  const Press press = Interact(id, r, (state & kDisabled) != 0);
  if (press.hovered) paint.Fill(r, paint.Of(Token::kHover), kRadiusSmall);
  const float side = std::min(20.0F, r.w - 8);
  const Color ink = paint.Of(press.hovered ? Token::kText : Token::kTextMuted);
  paint.DrawIcon(icon, {r.center_x() - side / 2, r.center_y() - side / 2, side, side}, (state & kDisabled) != 0 ? ink.Faded(0.4F) : ink);
  FocusRing(id, r);
  Open(id, {.role = Role::kButton, .name = std::string(name), .description = std::string(name), .state = state}, r);
  Close();
  return press.clicked;
}

float Ui::RadiosWidth(std::span<const RadioOption> options) {
  float width = 0;
  for (const RadioOption& option : options) {
    width = std::max(width, paint.Width(Font::kSmallStrong, option.label) + (option.icon == Icon::kNone ? 0 : kIconSide + 6) + 24);
  }
  return std::ceil(width) * static_cast<float>(options.size()) + 8;
}

int Ui::Radios(std::string_view key, const Rect& r, std::string_view name, std::span<const RadioOption> options, int chosen) {
  return Segments(key, r, name, options, chosen, Role::kRadioGroup, Role::kRadio);
}

int Ui::Tabs(std::string_view key, const Rect& r, std::string_view name, std::span<const RadioOption> options, int chosen) {
  return Segments(key, r, name, options, chosen, Role::kTabList, Role::kTab);
}

int Ui::Segments(std::string_view key, const Rect& r, std::string_view name, std::span<const RadioOption> options, int chosen, Role group,
                 Role item) {
  Open(key, group, name, r);
  paint.Fill(r, paint.Of(Token::kTrack), kRadiusSmall + 2);
  const Rect inner = r.Inset(4);
  const float width = inner.w / static_cast<float>(options.size());
  int result = chosen;
  for (size_t i = 0; i < options.size(); ++i) {
    const Rect cell{inner.x + width * static_cast<float>(i), inner.y, width, inner.h};
    const AccessId id = Id(options[i].label);
    const Press press = Interact(id, cell);
    const bool on = static_cast<int>(i) == chosen;
    if (press.clicked) result = static_cast<int>(i);
    if (on) {
      paint.Fill(cell, paint.Of(Token::kSurface), kRadiusSmall - 1);
      paint.Stroke(cell, paint.Of(Token::kControl).Faded(0.6F), kRadiusSmall - 1);
    }
    const Color ink = paint.Of(on || press.hovered ? Token::kText : Token::kTextMuted);
    const float icon_width = options[i].icon == Icon::kNone ? 0 : kIconSide + 6;
    const float text_width = paint.Width(Font::kSmallStrong, options[i].label);
    float x = cell.center_x() - (icon_width + text_width) / 2;
    if (icon_width > 0) paint.DrawIcon(options[i].icon, {x, cell.center_y() - kIconSide / 2, kIconSide, kIconSide}, ink);
    x += icon_width;
    paint.Text({x, cell.center_y() - SpecOf(Font::kSmallStrong).line_height / 2}, Font::kSmallStrong, ink, options[i].label);
    FocusRing(id, cell, kRadiusSmall - 1);
    Open(id, {.role = item, .name = std::string(options[i].label), .state = static_cast<uint16_t>(!on ? 0 : item == Role::kTab ? kSelected : kChecked)}, cell);
    Close();
  }
  Close();
  return result;
}

void Ui::Bar(const Rect& bar, Color color, double fraction) {
  constexpr double kVisible = 0.004;  // less than that is an empty bar, not a dot
  const auto part = static_cast<float>(std::clamp(fraction, 0.0, 1.0));
  paint.Fill(bar, paint.Of(Token::kTrack), bar.h / 2);
  if (fraction >= kVisible) paint.Fill({bar.x, bar.y, std::max(bar.h, bar.w * part), bar.h}, color, bar.h / 2);
}

void Ui::Meter(std::string_view key, const Rect& bar, Color color, double fraction, std::string_view name,
               std::string_view value) {
  Bar(bar, color, fraction);
  Leaf(key, {.role = Role::kMeter, .name = std::string(name), .value = std::string(value), .now = fraction * 100}, bar);
}

void Ui::Progress(std::string_view key, const Rect& bar, double fraction, std::string_view name, std::string_view value) {
  Bar(bar, paint.Of(Token::kAccent), fraction);
  Leaf(key, {.role = Role::kProgress, .name = std::string(name), .value = std::string(value), .now = fraction < 0 ? -1 : fraction * 100}, bar);
}

void Ui::Card(const Rect& r) {
  if (r.h <= 0) return;
  paint.Fill(r, paint.Of(Token::kSurface), kRadius);
  paint.Stroke(r, paint.Of(Token::kHairline), kRadius);
}

void Ui::CardEdge(const Rect& r) {
  paint.Corners(r, paint.Of(Token::kPage), kRadius);
  paint.Stroke(r, paint.Of(Token::kHairline), kRadius);
}

}  // namespace handful::ui
