#include "ui/toolkit/paint.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "base/status.h"
#include "imgui.h"

namespace handful::ui {
namespace {

ImU32 Pack(Color c) { return IM_COL32(c.r, c.g, c.b, c.a); }

}  // namespace

Painter::~Painter() {
  for (auto& [key, text] : foreign_) host_.DestroyTexture(text.texture);
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
      host_.DestroyTexture(item.second.texture);
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
  std::string key = Format("%d %02x%02x%02x %.3f ", static_cast<int>(font), color.r, color.g, color.b, static_cast<double>(dpr_));
  key += text;
  auto [it, created] = foreign_.try_emplace(std::move(key));
  Foreign& entry = it->second;
  entry.used = frame_;
  if (created) {
    const FontSpec spec = SpecOf(font);
    const Pixels pixels = host_.RasterizeText(std::string(text), spec.size * dpr_, spec.strong, color);
    if (!pixels.empty()) {
      entry.texture = host_.CreateTexture(pixels);
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
      Picture(foreign.texture, {Snap(top_left.x), Snap(top_left.y + (spec.line_height - foreign.height) / 2), foreign.width, foreign.height});
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
  list_->AddText(f, f->FontSize, {std::round(top_left.x * dpr_), std::round(y * dpr_)}, Pack(color), text.data(), text.data() + text.size());
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

// ---- icons ---------------------------------------------------------------------------------------------------------

void Painter::DrawIcon(Icon icon, const Rect& r, Color color) {
  const float scale = r.w / 24 * dpr_;
  const float ox = std::round(r.x * dpr_), oy = std::round(r.y * dpr_);
  const float width = std::max(1.0F, 1.75F * scale);
  const ImU32 ink = Pack(color);
  const auto at = [&](float x, float y) { return ImVec2(ox + x * scale, oy + y * scale); };
  const auto path = [&](std::initializer_list<ImVec2> points, bool closed = false) {
    for (const ImVec2& p : points) list_->PathLineTo(p);
    list_->PathStroke(ink, closed ? ImDrawFlags_Closed : 0, width);
  };
  const auto ring = [&](float x, float y, float radius) { list_->AddCircle(at(x, y), radius * scale, ink, 0, width); };
  const auto dot = [&](float x, float y, float radius) { list_->AddCircleFilled(at(x, y), radius * scale, ink); };
  const auto box = [&](float x0, float y0, float x1, float y1, float radius) {
    list_->AddRect(at(x0, y0), at(x1, y1), ink, radius * scale, 0, width);
  };
  constexpr float kPi = 3.14159265F;
  switch (icon) {
    case Icon::kNone: break;
    case Icon::kLock:
      box(5, 11, 19, 20, 2);
      list_->PathLineTo(at(8, 11));
      list_->PathArcTo(at(12, 8), 4 * scale, kPi, 2 * kPi);
      list_->PathLineTo(at(16, 11));
      list_->PathStroke(ink, 0, width);
      break;
    case Icon::kSun:
      ring(12, 12, 4);
      for (int i = 0; i < 8; ++i) {
        const float c = std::cos(kPi / 4 * static_cast<float>(i)), s = std::sin(kPi / 4 * static_cast<float>(i));
        path({at(12 + 7 * c, 12 + 7 * s), at(12 + 9 * c, 12 + 9 * s)});
      }
      break;
    case Icon::kMoon:
      // A disc of radius 8 without a disc of radius 6.5 to its upper right.
      list_->PathArcTo(at(11, 13), 8 * scale, -0.05F * kPi, 1.45F * kPi);
      list_->PathArcTo(at(14.6F, 9.4F), 6 * scale, 1.13F * kPi, 0.37F * kPi);
      list_->PathStroke(ink, ImDrawFlags_Closed, width);
      break;
    case Icon::kInfo:
      ring(12, 12, 9);
      path({at(12, 11), at(12, 16.5F)});
      dot(12, 7.8F, 1.2F);
      break;
    case Icon::kUpload:
      path({at(12, 16), at(12, 4.5F)});
      path({at(7, 9), at(12, 4), at(17, 9)});
      path({at(4, 15.5F), at(4, 20), at(20, 20), at(20, 15.5F)});
      break;
    case Icon::kDownload:
      path({at(12, 4), at(12, 15.5F)});
      path({at(7, 11), at(12, 16), at(17, 11)});
      path({at(4, 15.5F), at(4, 20), at(20, 20), at(20, 15.5F)});
      break;
    case Icon::kPicture:
      box(3, 4, 21, 20, 2.5F);
      ring(8.5F, 9.5F, 1.7F);
      path({at(3.5F, 18), at(9, 13.5F), at(12, 16), at(16, 11.5F), at(20.5F, 16)});
      break;
    case Icon::kFolder:
      path({at(3, 19.5F), at(3, 5), at(9, 5), at(11.5F, 8), at(21, 8), at(21, 19.5F)}, true);
      break;
    case Icon::kClose:
      path({at(6, 6), at(18, 18)});
      path({at(18, 6), at(6, 18)});
      break;
    case Icon::kWarning:
      path({at(12, 3.5F), at(21.5F, 20), at(2.5F, 20)}, true);
      path({at(12, 9.5F), at(12, 14)});
      dot(12, 16.9F, 1.2F);
      break;
    case Icon::kError:
      ring(12, 12, 9);
      path({at(12, 7), at(12, 13)});
      dot(12, 16.3F, 1.2F);
      break;
    case Icon::kTrash:
      path({at(4, 6.5F), at(20, 6.5F)});
      path({at(9, 6.5F), at(9, 3.5F), at(15, 3.5F), at(15, 6.5F)});
      path({at(6, 6.5F), at(7, 20.5F), at(17, 20.5F), at(18, 6.5F)});
      break;
    case Icon::kChevronDown: path({at(6, 9), at(12, 15), at(18, 9)}); break;
    case Icon::kChevronUp: path({at(6, 15), at(12, 9), at(18, 15)}); break;
    case Icon::kSort:
      path({at(8, 10), at(12, 6), at(16, 10)});
      path({at(8, 14), at(12, 18), at(16, 14)});
      break;
    case Icon::kCrop:
      path({at(6, 2), at(6, 18), at(22, 18)});
      path({at(2, 6), at(18, 6), at(18, 22)});
      break;
    case Icon::kFit:
      box(3, 3, 21, 21, 2.5F);
      box(3, 8, 21, 16, 0);
      break;
    case Icon::kCheck: path({at(5, 12.5F), at(10, 17.5F), at(19.5F, 7)}); break;
    case Icon::kPlus:
      path({at(12, 5), at(12, 19)});
      path({at(5, 12), at(19, 12)});
      break;
    case Icon::kMore:
      dot(5.5F, 12, 1.6F);
      dot(12, 12, 1.6F);
      dot(18.5F, 12, 1.6F);
      break;
    case Icon::kCamera:
      path({at(3, 19.5F), at(3, 8), at(7.5F, 8), at(9.5F, 5), at(14.5F, 5), at(16.5F, 8), at(21, 8), at(21, 19.5F)}, true);
      ring(12, 13.5F, 3.6F);
      break;
    case Icon::kRecord:
      ring(12, 12, 9);
      dot(12, 12, 5);
      break;
    case Icon::kTimer:
      ring(12, 13.5F, 7.5F);
      path({at(12, 9.5F), at(12, 13.5F), at(14.8F, 15.2F)});
      path({at(9.5F, 3), at(14.5F, 3)});
      break;
    case Icon::kUndo:
      path({at(9, 4.5F), at(4.5F, 9), at(9, 13.5F)});
      list_->PathLineTo(at(4.5F, 9));
      list_->PathArcTo(at(14, 14.2F), 5.2F * scale, -kPi / 2, kPi / 2);
      list_->PathLineTo(at(9, 19.4F));
      list_->PathStroke(ink, 0, width);
      break;
    case Icon::kRedo:
      path({at(15, 4.5F), at(19.5F, 9), at(15, 13.5F)});
      list_->PathLineTo(at(19.5F, 9));
      list_->PathArcTo(at(10, 14.2F), 5.2F * scale, -kPi / 2, -kPi * 1.5F);
      list_->PathLineTo(at(15, 19.4F));
      list_->PathStroke(ink, 0, width);
      break;
    case Icon::kKeyboard:
      box(2.5F, 5.5F, 21.5F, 18.5F, 2);
      for (int i = 0; i < 4; ++i) dot(6.3F + 3.8F * static_cast<float>(i), 9.7F, 1);
      path({at(8, 14.6F), at(16, 14.6F)});
      break;
    case Icon::kBack:
      path({at(11, 5), at(4, 12), at(11, 19)});
      path({at(4, 12), at(20, 12)});
      break;
    case Icon::kMove:
      path({at(3.5F, 12), at(15, 12)});
      path({at(10.5F, 7), at(15.5F, 12), at(10.5F, 17)});
      path({at(20, 4.5F), at(20, 19.5F)});
      break;
    case Icon::kMerge:
      path({at(5, 3.5F), at(5, 7), at(12, 13), at(12, 20)});
      path({at(19, 3.5F), at(19, 7), at(12, 13)});
      path({at(8, 16.5F), at(12, 20.5F), at(16, 16.5F)});
      break;
    case Icon::kEye:
    case Icon::kEyeOff:
      path({at(2, 12), at(5.5F, 8), at(9, 6.2F), at(12, 5.8F), at(15, 6.2F), at(18.5F, 8), at(22, 12), at(18.5F, 16), at(15, 17.8F), at(12, 18.2F), at(9, 17.8F), at(5.5F, 16)}, true);
      ring(12, 12, 2.8F);
      if (icon == Icon::kEyeOff) path({at(4, 20), at(20, 4)});
      break;
    case Icon::kCopy:
      box(8, 8, 20.5F, 20.5F, 2);
      path({at(4, 15.5F), at(4, 4), at(15.5F, 4)});
      break;
    case Icon::kVideo:
      box(2.5F, 6, 16, 18, 2);
      path({at(16, 10.8F), at(21.5F, 7.5F), at(21.5F, 16.5F), at(16, 13.2F)});
      break;
    case Icon::kSwap:
      path({at(4, 9), at(19, 9)});
      path({at(15, 5), at(19.5F, 9), at(15, 13)});
      path({at(20, 15), at(5, 15)});
      path({at(9, 11), at(4.5F, 15), at(9, 19)});
      break;
    case Icon::kStop: box(6, 6, 18, 18, 1.5F); break;
    case Icon::kPlay: path({at(8, 5), at(19, 12), at(8, 19)}, true); break;
  }
  list_->PathClear();
}

}  // namespace handful::ui
