#include "ui/toolkit/widgets.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "imgui.h"

namespace handful::ui {
namespace {

constexpr ImGuiWindowFlags kPlain = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                    ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground |
                                    ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav;
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
  Open(
      id,
      {.role = Role::kScroll, .name = std::string(name), .content_height = region.content_height, .scroll_y = region.y},
      r);
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

Vec2 Ui::Pointer() const {
  const ImVec2 at = ImGui::GetIO().MousePos;
  return {at.x / paint.dpr(), at.y / paint.dpr()};
}

bool Ui::DoubleClicked() const { return ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left); }

}  // namespace handful::ui
