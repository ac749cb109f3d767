// A line chart: what is measured per epoch, with few grid lines, the last values at the line ends, and a read-out under
// the pointer. Where things go is computed by plain functions; DrawChart draws and declares one image that says it in
// words.
//
//   const ChartLine lines[] = {{.name = "Training", .points = training, .ink = Token::kTextMuted, .dashed = true},
//                              {.name = "Held out", .points = held_out}};
//   DrawChart(ui, "loss", r, {.title = "Loss", .lines = lines, .y = LossAxis(lines)});
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ui/toolkit/widgets.h"

namespace handful::ui {

struct ChartPoint {
  double x = 0, y = 0;  // y not finite: a gap
};

struct ChartLine {
  std::string name{};
  std::vector<ChartPoint> points{};  // x ascending
  Token ink = Token::kAccentText;
  bool dashed = false;
  bool thin = false;  // of a training compared with
};

struct Axis {
  double low = 0, high = 1;
  std::vector<double> ticks{};
  int decimals = 0;      // of the ticks' numbers
  bool percent = false;  // values are parts of one, shown × 100

  double Part(double value) const { return (value - low) / (high - low); }
  std::string TickText(double value) const;
};

struct ChartSpec {
  std::string title;  // "Loss"
  std::string x_name = "Epoch";
  std::string empty = "Nothing to show yet.";
  std::span<const ChartLine> lines;
  double x_last = 0;  // the axis reaches at least so far
  Axis y{};
};

// ---- where things go

// Multiples of 1, 2 or 5 × 10ⁿ from `low` to `high`, at most `most` ≥ 2 of them, none closer than `least_step`.
std::vector<double> NiceTicks(double low, double high, int most, double least_step = 0);
// From 0 to a round number not below the values' robust maximum: a high beginning does not flatten the rest.
Axis LossAxis(std::span<const ChartLine> lines);
// 0 to 100 %, or its upper end where all is above 80 or 90 %.
Axis AccuracyAxis(std::span<const ChartLine> lines);
// Epochs 1 to `last` and their ticks, at most `most`.
Axis EpochAxis(double last, int most);
// The largest value, except those more than eight times as high as the points beside them; never below a line's last
// value.
double RobustMaximum(std::span<const ChartLine> lines);
// At most the lowest and highest point of each pixel column and the gaps, in order; all where they are few.
std::vector<ChartPoint> Decimate(std::span<const ChartPoint> points, const Axis& x, int columns);
// Centres of labels `height` high between `top` and `bottom`, without overlap and as near to `wanted` as can be; in its
// order.
std::vector<float> PlaceLabels(const std::vector<float>& wanted, float height, float top, float bottom);
// The index of the point nearest to x, or -1 where there is none.
int NearestPoint(std::span<const ChartPoint> points, double x);
// The last point that has a value, or null.
const ChartPoint* LastPoint(const ChartLine& line);
// "Loss. Training fell from 1.39 to 0.05, held out fell from 1.21 to 0.31, in 50 epochs."
std::string ChartSummary(const ChartSpec& spec);
// A value of the chart, finer than its ticks: "0.043", "97.2 %".
std::string ValueText(const Axis& y, double value);

// ---- drawing

void DrawChart(Ui& ui, std::string_view key, const Rect& r, const ChartSpec& spec);

}  // namespace handful::ui
