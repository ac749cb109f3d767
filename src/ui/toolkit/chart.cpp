#include "ui/toolkit/chart.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/status.h"

namespace handful::ui {
namespace {

// 1, 2 or 5 × 10ⁿ, the smallest that is not below `least`.
double NiceStep(double least) {
  const double decade = std::pow(10, std::floor(std::log10(least)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * decade >= least * (1 - 1e-9)) return step * decade;
  }
  return 10 * decade;
}

int DecimalsOf(double step) {
  int decimals = 0;
  for (double s = step; decimals < 6 && std::fabs(s - std::round(s)) > 1e-9 * s; s *= 10) ++decimals;
  return decimals;
}

template <class Visit>
void ForEachValue(std::span<const ChartLine> lines, Visit&& visit) {
  for (const ChartLine& line : lines) {
    for (const ChartPoint& point : line.points) {
      if (std::isfinite(point.y)) visit(point.y);
    }
  }
}

std::string LowerFirst(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

}  // namespace

std::string Axis::TickText(double value) const {
  if (percent) return Format("%.*f %%", decimals, value * 100);
  return Format("%.*f", decimals, value);
}

std::string ValueText(const Axis& y, double value) {
  if (!std::isfinite(value)) return "–";
  if (y.percent) return Format("%.1f %%", value * 100);
  const double size = std::fabs(value);
  return Format("%.*f", size < 0.1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0, value);
}

// ---- where things go
// -------------------------------------------------------------------------------------------------

std::vector<double> NiceTicks(double low, double high, int most, double least_step) {
  std::vector<double> ticks;
  if (!std::isfinite(low) || !std::isfinite(high) || !(high > low)) return ticks;
  const int count = std::max(most, 2);
  for (double step = NiceStep(std::max((high - low) / count, least_step));; step = NiceStep(step * 1.5)) {
    const double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
    if (last - first + 1 > count) continue;
    for (double i = first; i <= last; ++i) ticks.push_back(i * step + 0.0);  // never −0
    return ticks;
  }
}

double RobustMaximum(std::span<const ChartLine> lines) {
  constexpr double kPeak = 8;
  double most = 0;
  for (const ChartLine& line : lines) {
    const auto at = [&](size_t i) { return std::isfinite(line.points[i].y) ? line.points[i].y : 0; };
    const size_t n = line.points.size();
    for (size_t i = 0; i < n; ++i) {
      const double beside = std::max(i > 0 ? at(i - 1) : 0, i + 1 < n ? at(i + 1) : 0);
      if (at(i) <= kPeak * beside || n == 1) most = std::max(most, at(i));
    }
    if (const ChartPoint* last = LastPoint(line)) most = std::max(most, last->y);
  }
  return most;
}

Axis LossAxis(std::span<const ChartLine> lines) {
  constexpr int kMostTicks = 5;
  const double most = RobustMaximum(lines);
  Axis axis;
  if (!(most > 0)) {
    axis.ticks = NiceTicks(axis.low, axis.high, kMostTicks);
    axis.decimals = 1;
    return axis;
  }
  const double step = NiceStep(most / (kMostTicks - 1));
  axis.high = step * std::ceil(most / step - 1e-9);
  axis.ticks = NiceTicks(0, axis.high, kMostTicks, step);
  axis.decimals = DecimalsOf(step);
  return axis;
}

Axis AccuracyAxis(std::span<const ChartLine> lines) {
  double least = 1;
  bool any = false;
  ForEachValue(lines, [&](double v) {
    least = std::min(least, v);
    any = true;
  });
  Axis axis;
  axis.percent = true;
  axis.low = !any || least <= 0.8 ? 0 : least <= 0.9 ? 0.8 : 0.9;
  axis.ticks = NiceTicks(axis.low, axis.high, 6);
  return axis;
}

Axis EpochAxis(double last, int most) {
  Axis axis;
  if (!(last > 1)) {
    axis = {.low = 0, .high = 2, .ticks = {1}};
    return axis;
  }
  axis.low = 1;
  axis.high = last;
  axis.ticks = NiceTicks(1, last, most, 1);
  // The first epoch is named too, unless the next number would be too near.
  const double room = (last - 1) / std::max(most, 2);
  if (axis.ticks.empty() || axis.ticks.front() - 1 >= room * 0.75) axis.ticks.insert(axis.ticks.begin(), 1);
  return axis;
}

std::vector<ChartPoint> Decimate(std::span<const ChartPoint> points, const Axis& x, int columns) {
  if (columns < 1 || points.size() <= 2 * static_cast<size_t>(columns)) return {points.begin(), points.end()};
  std::vector<ChartPoint> kept;
  const auto column_of = [&](const ChartPoint& p) { return static_cast<int64_t>(std::floor(x.Part(p.x) * columns)); };
  for (size_t i = 0; i < points.size();) {
    if (!std::isfinite(points[i].y)) {
      if (kept.empty() || std::isfinite(kept.back().y)) kept.push_back(points[i]);
      ++i;
      continue;
    }
    size_t lowest = i, highest = i;
    const int64_t column = column_of(points[i]);
    for (; i < points.size() && std::isfinite(points[i].y) && column_of(points[i]) == column; ++i) {
      if (points[i].y < points[lowest].y) lowest = i;
      if (points[i].y > points[highest].y) highest = i;
    }
    kept.push_back(points[std::min(lowest, highest)]);
    if (lowest != highest) kept.push_back(points[std::max(lowest, highest)]);
  }
  return kept;
}

std::vector<float> PlaceLabels(const std::vector<float>& wanted, float height, float top, float bottom) {
  const size_t n = wanted.size();
  std::vector<float> placed(n);
  if (n == 0) return placed;
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return wanted[a] < wanted[b]; });
  const float step = std::min(height, (bottom - top) / static_cast<float>(n));

  // Labels that would overlap form a stack around the mean of where they want to be.
  struct Stack {
    float sum = 0;  // of wanted places of the first label
    size_t first = 0, count = 0;
    float At() const { return sum / static_cast<float>(count); }
  };
  const float least = top + step / 2, most = bottom - step / 2;
  const auto clamped = [&](const Stack& s) {
    return std::clamp(s.At(), least, std::max(least, most - step * static_cast<float>(s.count - 1)));
  };
  std::vector<Stack> stacks;
  for (size_t i = 0; i < n; ++i) {
    stacks.push_back({wanted[order[i]], i, 1});
    while (stacks.size() > 1) {
      const Stack lower = stacks.back();
      Stack& upper = stacks[stacks.size() - 2];
      if (clamped(upper) + step * static_cast<float>(upper.count) <= clamped(lower) + 1e-3F) break;
      upper.sum += lower.sum - step * static_cast<float>(upper.count * lower.count);
      upper.count += lower.count;
      stacks.pop_back();
    }
  }
  for (const Stack& stack : stacks) {
    for (size_t i = 0; i < stack.count; ++i)
      placed[order[stack.first + i]] = clamped(stack) + step * static_cast<float>(i);
  }
  return placed;
}

int NearestPoint(std::span<const ChartPoint> points, double x) {
  if (points.empty()) return -1;
  const auto after =
      std::lower_bound(points.begin(), points.end(), x, [](const ChartPoint& p, double at) { return p.x < at; });
  if (after == points.begin()) return 0;
  if (after == points.end()) return static_cast<int>(points.size()) - 1;
  const auto before = after - 1;
  return static_cast<int>((x - before->x <= after->x - x ? before : after) - points.begin());
}

const ChartPoint* LastPoint(const ChartLine& line) {
  for (size_t i = line.points.size(); i-- > 0;) {
    if (std::isfinite(line.points[i].y)) return &line.points[i];
  }
  return nullptr;
}

std::string ChartSummary(const ChartSpec& spec) {
  std::string text;
  double epochs = 0;
  for (const ChartLine& line : spec.lines) {
    const ChartPoint* last = LastPoint(line);
    if (last == nullptr) continue;
    const ChartPoint first =
        *std::find_if(line.points.begin(), line.points.end(), [](const ChartPoint& p) { return std::isfinite(p.y); });
    epochs = std::max(epochs, last->x);
    const std::string from = ValueText(spec.y, first.y), to = ValueText(spec.y, last->y);
    text += text.empty() ? line.name : ", " + LowerFirst(line.name);
    if (first.x == last->x) text += " " + to;
    else if (from == to) text += " stayed at " + to;
    else text += (last->y < first.y ? " fell from " : " rose from ") + from + " to " + to;
  }
  if (text.empty()) return spec.title + ". " + spec.empty;
  return Format("%s. %s, in %.0f %s.", spec.title.c_str(), text.c_str(), epochs, epochs == 1 ? "epoch" : "epochs");
}

}  // namespace handful::ui
