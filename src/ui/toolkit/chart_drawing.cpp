// How a chart is drawn and declared.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "imgui.h"
#include "ui/toolkit/chart.h"

namespace handful::ui {
namespace {

constexpr float kSmallLine = 18;
constexpr float kDash = 5;
constexpr float kSample = 20;  // width of a line's sample in legend and read-out

class Plot {
 public:
  Plot(Ui& ui, const ChartSpec& spec) : ui_(ui), p_(ui.paint), spec_(spec) {
    for (const ChartLine& line : spec.lines) {
      if (LastPoint(line) != nullptr) lines_.push_back(&line);
    }
  }

  void Draw(AccessId id, const Rect& r) {
    const float head = Head({r.x, r.y}, r.w) + kGap;
    Arrange({r.x, r.y + head, r.w, r.h - head});
    Grid();
    if (lines_.empty()) {
      const auto wrapped = p_.Lines(area_.w - 2 * kPad, Font::kSmall, spec_.empty);
      float line_y = area_.center_y() - static_cast<float>(wrapped.size()) * kSmallLine / 2;
      for (const std::string_view line : wrapped) {
        const Rect ground{area_.center_x() - p_.Width(Font::kSmall, line) / 2 - 4, line_y,
                          p_.Width(Font::kSmall, line) + 8, kSmallLine};
        p_.Fill(ground, p_.Of(Token::kSurface));
        p_.TextIn(ground, Font::kSmall, p_.Of(Token::kTextMuted), line, Align::kCenter);
        line_y += kSmallLine;
      }
      return;
    }
    // Compared trainings below, the present one on top.
    for (const bool thin : {true, false}) {
      for (const ChartLine* line : lines_) {
        if (line->thin == thin) Curve(*line);
      }
    }
    EndLabels();
    if (ui_.Interact(id, {r.x, area_.y, r.w, area_.h}).hovered) ReadOut(r);
  }

 private:
  Color InkOf(const ChartLine& line) const { return p_.Of(line.ink); }
  float WidthOf(const ChartLine& line) const { return line.thin ? 1.25F : 2; }
  float X(double x) const { return area_.x + static_cast<float>(x_.Part(x)) * area_.w; }
  float Y(double y) const { return area_.bottom() - static_cast<float>(spec_.y.Part(y)) * area_.h; }

  void Sample(Vec2 left, const ChartLine& line) {
    const Vec2 ends[] = {left, {left.x + kSample, left.y}};
    p_.Curve(ends, InkOf(line), WidthOf(line), line.dashed ? kDash : 0);
  }

  float LegendWidth(const ChartLine& line) { return kSample + 6 + p_.Width(Font::kSmall, line.name); }

  // The title, and what the lines are: beside it where there is room for all, else below. Returns the height.
  float Head(Vec2 at, float width) {
    const float title_height = SpecOf(Font::kBodyStrong).line_height;
    const float title = p_.Text(at, Font::kBodyStrong, p_.Of(Token::kText), spec_.title, width);
    float all = -kPad;
    for (const ChartLine& line : spec_.lines) all += LegendWidth(line) + kPad;
    if (spec_.lines.empty()) return title_height;
    const bool beside = title + kPadLarge + all <= width;
    const size_t a_row = all <= width ? spec_.lines.size() : (spec_.lines.size() + 1) / 2;
    float x = beside ? at.x + width - all : at.x, y = beside ? at.y + 2 : at.y + title_height + 4;
    for (size_t i = 0; i < spec_.lines.size(); ++i) {
      const ChartLine& line = spec_.lines[i];
      const float w = std::min(width, LegendWidth(line));
      if (i > 0 && (i % a_row == 0 || x + w > at.x + width + 0.5F)) {
        x = at.x;
        y += kSmallLine;
      }
      Sample({x, y + kSmallLine / 2}, line);
      p_.Text({x + kSample + 6, y}, Font::kSmall, p_.Of(Token::kTextMuted), line.name, width - kSample - 6);
      x += w + kPad;
    }
    return std::max(y + kSmallLine - at.y, title_height);
  }

  void Arrange(const Rect& r) {
    constexpr float kTickEvery = 56;  // CSS px at least
    float left = p_.Width(Font::kSmall, spec_.x_name), right = 0;
    for (const double tick : spec_.y.ticks) left = std::max(left, p_.Width(Font::kSmall, spec_.y.TickText(tick)));
    double last = spec_.x_last;
    for (const ChartLine* line : lines_) {
      last = std::max(last, LastPoint(*line)->x);
      right = std::max(right, p_.Width(Font::kSmallStrong, ValueText(spec_.y, LastPoint(*line)->y)));
    }
    left = std::ceil(left) + kGap;
    right = std::ceil(right) + kGap + 4;
    area_ = {r.x + left, r.y + kSmallLine / 2, std::max(1.0F, r.w - left - right),
             std::max(1.0F, r.h - kSmallLine * 1.5F - 6)};
    x_ = EpochAxis(last, static_cast<int>(area_.w / kTickEvery));
  }

  void Grid() {
    for (const double tick : spec_.y.ticks) {
      const float y = p_.Snap(Y(tick));
      p_.Line({area_.x, y}, {area_.right(), y}, p_.Of(tick == spec_.y.low ? Token::kControl : Token::kHairline));
      const std::string text = spec_.y.TickText(tick);
      p_.TextIn({area_.x - kGap - 80, y - kSmallLine / 2, 80, kSmallLine}, Font::kSmall, p_.Of(Token::kTextMuted), text,
                Align::kRight);
    }
    p_.TextIn({area_.x - kGap - 80, area_.bottom() + 6, 80, kSmallLine}, Font::kSmall, p_.Of(Token::kTextMuted),
              spec_.x_name, Align::kRight);
    for (const double tick : x_.ticks) {
      const std::string text = x_.TickText(tick);
      const float x = X(tick), half = p_.Width(Font::kSmall, text) / 2;
      p_.Line({p_.Snap(x), area_.bottom()}, {p_.Snap(x), area_.bottom() + 4}, p_.Of(Token::kControl));
      p_.Text({x - half, area_.bottom() + 6}, Font::kSmall, p_.Of(Token::kTextMuted), text);
    }
  }

  void Curve(const ChartLine& line) {
    const std::vector<ChartPoint> points = Decimate(line.points, x_, static_cast<int>(area_.w * p_.dpr()));
    p_.PushClip({area_.x - 4, area_.y - 4, area_.w + 8, area_.h + 8});
    std::vector<Vec2> run;
    const auto flush = [&] {
      if (run.size() == 1) p_.Dot(run[0], WidthOf(line) + 1, InkOf(line));
      if (run.size() > 1) p_.Curve(run, InkOf(line), WidthOf(line), line.dashed ? kDash : 0);
      run.clear();
    };
    for (const ChartPoint& point : points) {
      if (std::isfinite(point.y)) run.push_back({X(point.x), Y(point.y)});
      else flush();
    }
    flush();
    p_.PopClip();
    const ChartPoint& last = *LastPoint(line);
    End({X(last.x), Y(last.y)}, line);
  }

  // Filled for the present training, a ring for one compared with.
  void End(Vec2 at, const ChartLine& line) {
    p_.Dot(at, 4, InkOf(line));
    if (line.thin) p_.Dot(at, 2.5F, p_.Of(Token::kSurface));
  }

  // Beside each line's end, which may be short of the right edge while it grows. Those that end near each other make
  // room, and stand right of the plot where they would reach beyond it.
  void EndLabels() {
    struct Label {
      const ChartLine* line;
      std::string text;
      Rect rect;
    };
    std::vector<Label> labels;
    for (const ChartLine* line : lines_) {
      const ChartPoint& last = *LastPoint(*line);
      std::string text = ValueText(spec_.y, last.y);
      const float width = p_.Width(Font::kSmallStrong, text);
      const float x = X(last.x) + width > area_.right() - kGap ? area_.right() : X(last.x);
      labels.push_back({line, std::move(text), {x + kGap + 2, Y(last.y), width, kSmallLine}});
    }
    std::stable_sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.rect.x < b.rect.x; });
    for (size_t first = 0, end = 0; first < labels.size(); first = end) {
      std::vector<float> wanted;
      float right = labels[first].rect.right();
      for (; end < labels.size() && labels[end].rect.x < right; ++end) {
        wanted.push_back(labels[end].rect.y);
        right = std::max(right, labels[end].rect.right());
      }
      const std::vector<float> placed =
          PlaceLabels(wanted, kSmallLine - 2, area_.y - kSmallLine / 2, area_.bottom() + kSmallLine / 2 - 4);
      for (size_t i = first; i < end; ++i) labels[i].rect.y = placed[i - first] - kSmallLine / 2;
    }
    for (const Label& label : labels) {
      // Other lines may go on behind it.
      if (label.rect.x < area_.right()) p_.Fill(label.rect.Inset(-2, 1), p_.Of(Token::kSurface).Faded(0.8F), 4);
      p_.Text({label.rect.x, label.rect.y}, label.line->thin ? Font::kSmall : Font::kSmallStrong, InkOf(*label.line),
              label.text);
    }
  }

  void ReadOut(const Rect& r) {
    const double pointer =
        x_.low + static_cast<double>((ImGui::GetIO().MousePos.x / p_.dpr() - area_.x) / area_.w) * (x_.high - x_.low);
    // The epoch nearest to the pointer on any line.
    double epoch = 0;
    bool any = false;
    for (const ChartLine* line : lines_) {
      const double x = line->points[static_cast<size_t>(NearestPoint(line->points, pointer))].x;
      if (!any || std::fabs(x - pointer) < std::fabs(epoch - pointer)) epoch = x;
      any = true;
    }
    const float at = p_.Snap(X(epoch));
    p_.Line({at, area_.y}, {at, area_.bottom()}, p_.Of(Token::kControl));

    struct Row {
      const ChartLine* line;
      std::string value;
    };
    std::vector<Row> rows;
    const std::string title = Format("%s %.0f", spec_.x_name.c_str(), epoch);
    float names = 0, values = 0;
    for (const ChartLine* line : lines_) {
      const ChartPoint& point = line->points[static_cast<size_t>(NearestPoint(line->points, epoch))];
      if (point.x != epoch || !std::isfinite(point.y)) continue;
      if (point.y <= spec_.y.high) End({at, Y(point.y)}, *line);
      rows.push_back({line, ValueText(spec_.y, point.y)});
      names = std::max(names, p_.Width(Font::kSmall, line->name));
      values = std::max(values, p_.Width(Font::kSmallStrong, rows.back().value));
    }
    const float width =
        std::max(12 + kSample + 6 + names + kPad + values + 12, p_.Width(Font::kSmallStrong, title) + 24);
    const float height = 8 + kSmallLine * static_cast<float>(rows.size() + 1) + 10;
    const bool left = at + 12 + width > r.right();
    const Rect card{std::clamp(left ? at - 12 - width : at + 12, r.x, std::max(r.x, r.right() - width)), area_.y + 4,
                    width, height};
    p_.Shadow(card, kRadiusSmall);
    p_.Fill(card, p_.Of(Token::kSurface), kRadiusSmall);
    p_.Stroke(card, p_.Of(Token::kHairline), kRadiusSmall);
    float y = card.y + 8;
    p_.Text({card.x + 12, y}, Font::kSmallStrong, p_.Of(Token::kText), title);
    for (const Row& row : rows) {
      y += kSmallLine;
      Sample({card.x + 12, y + kSmallLine / 2}, *row.line);
      p_.Text({card.x + 12 + kSample + 6, y}, Font::kSmall, p_.Of(Token::kTextMuted), row.line->name, names + 1);
      p_.TextIn({card.x, y, card.w - 12, kSmallLine}, Font::kSmallStrong, p_.Of(Token::kText), row.value,
                Align::kRight);
    }
  }

  Ui& ui_;
  Painter& p_;
  const ChartSpec& spec_;
  std::vector<const ChartLine*> lines_;  // with at least one value
  Rect area_;                            // between the axes
  Axis x_;
};

}  // namespace

void DrawChart(Ui& ui, std::string_view key, const Rect& r, const ChartSpec& spec) {
  const AccessId id = ui.Id(key);
  Plot(ui, spec).Draw(id, r);
  ui.Leaf(key, {.role = Role::kImage, .name = ChartSummary(spec)}, r);
}

}  // namespace handful::ui
