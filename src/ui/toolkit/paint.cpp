#include "ui/toolkit/paint.h"

#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "imgui.h"

namespace handful::ui {
namespace {

ImU32 Pack(Color c) { return IM_COL32(c.r, c.g, c.b, c.a); }

}  // namespace

Painter::~Painter() {
  for (auto& [key, text] : foreign_) screen_.DestroyTexture(text.texture);
}

void Painter::BeginFrame(float dpr, bool dark, const Fonts* fonts) {
  dpr_ = dpr;
  dark_ = dark;
  fonts_ = fonts;
  ++frame_;
  constexpr size_t kMost = 256;
  constexpr uint64_t kFramesKept = 8;
  if (foreign_.size() > kMost) {
    std::erase_if(foreign_, [this](auto& item) {
      if (item.second.used + kFramesKept > frame_) return false;
      screen_.DestroyTexture(item.second.texture);
      return true;
    });
  }
}

float Painter::Snap(float css) const { return std::round(css * dpr_) / dpr_; }

namespace {

struct Device {
  ImVec2 min, max;
};

Device ToDevice(const Rect& r, float dpr) {
  return {{std::round(r.x * dpr), std::round(r.y * dpr)}, {std::round(r.right() * dpr), std::round(r.bottom() * dpr)}};
}

}  // namespace

void Painter::Fill(const Rect& r, Color color, float radius) {
  const Device d = ToDevice(r, dpr_);
  list_->AddRectFilled(d.min, d.max, Pack(color), radius * dpr_);
}

void Painter::Stroke(const Rect& r, Color color, float radius, float width) {
  const Device d = ToDevice(r, dpr_);
  const float w = std::max(1.0F, std::round(width * dpr_));
  list_->AddRect({d.min.x + w / 2 - 0.5F, d.min.y + w / 2 - 0.5F}, {d.max.x - w / 2 + 0.5F, d.max.y - w / 2 + 0.5F},
                 Pack(color), radius * dpr_, 0, w);
}

void Painter::Corners(const Rect& r, Color color, float radius) {
  constexpr float kPi = 3.14159265F;
  const Device d = ToDevice(r, dpr_);
  const float side = radius * dpr_;
  const auto corner = [&](ImVec2 tip, ImVec2 center, float from) {
    // A fan from the tip over the arc; convex seen from the tip, so each slice is a triangle.
    constexpr int kSlices = 8;
    ImVec2 before{center.x + side * std::cos(from), center.y + side * std::sin(from)};
    for (int i = 1; i <= kSlices; ++i) {
      const float angle = from + kPi / 2 * static_cast<float>(i) / kSlices;
      const ImVec2 now{center.x + side * std::cos(angle), center.y + side * std::sin(angle)};
      list_->AddTriangleFilled(tip, before, now, Pack(color));
      before = now;
    }
  };
  corner({d.max.x, d.max.y}, {d.max.x - side, d.max.y - side}, 0);
  corner({d.min.x, d.max.y}, {d.min.x + side, d.max.y - side}, kPi / 2);
}

namespace {

// Every other stretch of the path; lengths in device pixels.
void StrokeDashes(ImDrawList& list, const std::vector<ImVec2>& path, float dash, float space, ImU32 ink, float width) {
  if (path.empty()) return;
  float left = dash;
  bool on = true;
  list.PathClear();
  list.PathLineTo(path[0]);
  for (size_t i = 1; i < path.size(); ++i) {
    ImVec2 a = path[i - 1];
    const ImVec2 b = path[i];
    float length = std::hypot(b.x - a.x, b.y - a.y);
    while (length > left) {
      const float t = left / length;
      a = {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
      length -= left;
      list.PathLineTo(a);
      if (on) list.PathStroke(ink, 0, width);
      on = !on;
      left = on ? dash : space;
    }
    left -= length;
    if (on) list.PathLineTo(b);
  }
  if (on) list.PathStroke(ink, 0, width);
  list.PathClear();
}

}  // namespace

void Painter::Dashes(const Rect& r, Color color, float radius, float width) {
  constexpr float kDash = 6, kSpace = 5;
  list_->PathClear();
  const Device d = ToDevice(r, dpr_);
  list_->PathRect({d.min.x + 0.5F, d.min.y + 0.5F}, {d.max.x - 0.5F, d.max.y - 0.5F}, radius * dpr_);
  std::vector<ImVec2> path(list_->_Path.begin(), list_->_Path.end());
  list_->PathClear();
  if (!path.empty()) path.push_back(path.front());
  StrokeDashes(*list_, path, kDash * dpr_, kSpace * dpr_, Pack(color), std::max(1.0F, std::round(width * dpr_)));
}

void Painter::Curve(std::span<const Vec2> points, Color color, float width, float dash) {
  std::vector<ImVec2> path;
  path.reserve(points.size());
  for (const Vec2& p : points) path.emplace_back(p.x * dpr_, p.y * dpr_);
  if (dash > 0) {
    StrokeDashes(*list_, path, dash * dpr_, dash * 0.75F * dpr_, Pack(color), width * dpr_);
  } else {
    list_->AddPolyline(path.data(), static_cast<int>(path.size()), Pack(color), 0, width * dpr_);
  }
}

void Painter::Dot(Vec2 center, float radius, Color color) {
  list_->AddCircleFilled({center.x * dpr_, center.y * dpr_}, radius * dpr_, Pack(color));
}

void Painter::Line(Vec2 a, Vec2 b, Color color, float width) {
  const float w = std::max(1.0F, std::round(width * dpr_));
  if (a.y == b.y || a.x == b.x) {  // a sharp bar
    const float x0 = std::round(std::min(a.x, b.x) * dpr_), y0 = std::round(std::min(a.y, b.y) * dpr_);
    const float x1 = std::round(std::max(a.x, b.x) * dpr_), y1 = std::round(std::max(a.y, b.y) * dpr_);
    list_->AddRectFilled({x0, y0}, {a.y == b.y ? x1 : x0 + w, a.y == b.y ? y0 + w : y1}, Pack(color));
    return;
  }
  list_->AddLine({a.x * dpr_, a.y * dpr_}, {b.x * dpr_, b.y * dpr_}, Pack(color), w);
}

void Painter::Shadow(const Rect& r, float radius) {
  constexpr int kLayers = 8;
  for (int i = kLayers; i > 0; --i) {
    const float spread = static_cast<float>(i) * 2;
    Rect layer = r.Inset(-spread);
    layer.y += 4;
    Fill(layer, {0, 0, 0, static_cast<uint8_t>(dark_ ? 14 : 6)}, radius + spread);
  }
}

void Painter::Picture(TextureId texture, const Rect& r, float radius) {
  if (texture == 0) return;
  const Device d = ToDevice(r, dpr_);
  list_->AddImageRounded(texture, d.min, d.max, {0, 0}, {1, 1}, IM_COL32_WHITE, radius * dpr_);
}

void Painter::PicturePart(TextureId texture, const Rect& r, const Rect& part, bool mirrored, float radius) {
  if (texture == 0) return;
  const Device d = ToDevice(r, dpr_);
  const float left = mirrored ? part.right() : part.x, right = mirrored ? part.x : part.right();
  list_->AddImageRounded(texture, d.min, d.max, {left, part.y}, {right, part.bottom()}, IM_COL32_WHITE, radius * dpr_);
}

void Painter::PictureCovering(TextureId texture, const Rect& r, float aspect, float radius) {
  if (texture == 0) return;
  const Device d = ToDevice(r, dpr_);
  const float cut_x = aspect > 1 ? (1 - 1 / aspect) / 2 : 0, cut_y = aspect < 1 ? (1 - aspect) / 2 : 0;
  list_->AddImageRounded(texture, d.min, d.max, {cut_x, cut_y}, {1 - cut_x, 1 - cut_y}, IM_COL32_WHITE, radius * dpr_);
}

void Painter::PushClip(const Rect& r) {
  const Device d = ToDevice(r, dpr_);
  list_->PushClipRect(d.min, d.max, true);
}

void Painter::PopClip() { list_->PopClipRect(); }

// ---- text ----------------------------------------------------------------------------------------------------------

const Painter::Foreign& Painter::ForeignText(Font font, Color color, std::string_view text) {
  std::string key =
      Format("%d %02x%02x%02x %.3f ", static_cast<int>(font), color.r, color.g, color.b, static_cast<double>(dpr_));
  key += text;
  auto [it, created] = foreign_.try_emplace(std::move(key));
  Foreign& entry = it->second;
  entry.used = frame_;
  if (created) {
    const FontSpec spec = SpecOf(font);
    const Pixels pixels = screen_.RasterizeText(std::string(text), spec.size * dpr_, spec.strong, color);
    if (!pixels.empty()) {
      entry.texture = screen_.CreateTexture(pixels);
      entry.width = static_cast<float>(pixels.width) / dpr_;
      entry.height = static_cast<float>(pixels.height) / dpr_;
    }
  }
  return entry;
}

float Painter::Width(Font font, std::string_view text) {
  if (!fonts_->Covers(text)) {
    if (const Foreign& foreign = ForeignText(font, Of(Token::kText), text); foreign.texture != 0) return foreign.width;
  }
  const ImFont* f = fonts_->Get(font);
  return f->CalcTextSizeA(f->FontSize, 1e9F, 0, text.data(), text.data() + text.size()).x / dpr_;
}

std::string Painter::Shortened(Font font, std::string_view text, float max_width) {
  constexpr std::string_view kEllipsis = "…";
  const ImFont* f = fonts_->Get(font);
  const float room = std::max(0.0F, max_width - Width(font, kEllipsis)) * dpr_;
  const char* rest = nullptr;
  f->CalcTextSizeA(f->FontSize, room, 0, text.data(), text.data() + text.size(), &rest);
  std::string shortened(text.data(), rest);
  while (shortened.ends_with(' ')) shortened.pop_back();
  return shortened.append(kEllipsis);
}

float Painter::Text(Vec2 top_left, Font font, Color color, std::string_view text, float max_width) {
  if (text.empty()) return 0;
  const FontSpec spec = SpecOf(font);
  const ImFont* f = fonts_->Get(font);
  if (!fonts_->Covers(text)) {
    const Foreign& foreign = ForeignText(font, color, text);
    if (foreign.texture != 0) {
      const bool clipped = max_width > 0 && foreign.width > max_width;
      if (clipped) PushClip({top_left.x, top_left.y, max_width, spec.line_height});
      Picture(foreign.texture, {Snap(top_left.x), Snap(top_left.y + (spec.line_height - foreign.height) / 2),
                                foreign.width, foreign.height});
      if (clipped) PopClip();
      return clipped ? max_width : foreign.width;
    }
  }
  float width = Width(font, text);
  std::string shortened;
  if (max_width > 0 && width > max_width + 0.5F) {
    shortened = Shortened(font, text, max_width);
    text = shortened;
    width = Width(font, text);
  }
  const float y = top_left.y + (spec.line_height - f->FontSize / dpr_) / 2;
  list_->AddText(f, f->FontSize, {std::round(top_left.x * dpr_), std::round(y * dpr_)}, Pack(color), text.data(),
                 text.data() + text.size());
  return width;
}

void Painter::TextIn(const Rect& r, Font font, Color color, std::string_view text, Align align) {
  const float width = align == Align::kLeft ? 0 : std::min(Width(font, text), r.w);
  const float x = align == Align::kLeft ? r.x : align == Align::kCenter ? r.center_x() - width / 2 : r.right() - width;
  Text({x, r.center_y() - SpecOf(font).line_height / 2}, font, color, text, r.w);
}

std::vector<std::string_view> Painter::Lines(float width, Font font, std::string_view text) const {
  const ImFont* f = fonts_->Get(font);
  std::vector<std::string_view> lines;
  const char* const end = text.data() + text.size();
  for (const char* line = text.data(); line < end;) {
    const char* newline = std::find(line, end, '\n');
    const char* wrap = f->CalcWordWrapPositionA(1, line, newline, width * dpr_);
    if (wrap == line && line < newline) ++wrap;  // not even one letter fits
    lines.emplace_back(line, static_cast<size_t>(wrap - line));
    line = wrap;
    if (line == newline) {
      ++line;
    } else {
      while (line < newline && *line == ' ') ++line;
    }
  }
  return lines;
}

float Painter::Paragraph(Vec2 top_left, float width, Font font, Color color, std::string_view text) {
  const float line_height = SpecOf(font).line_height;
  float y = top_left.y;
  for (const std::string_view line : Lines(width, font, text)) {
    Text({top_left.x, y}, font, color, line, width);
    y += line_height;
  }
  return y - top_left.y;
}

}  // namespace handful::ui
