#include "ui/train/training_charts.h"

#include <cmath>

#include "base/status.h"

namespace handful::ui {
namespace {

using schema::EpochPoint;
using schema::TrainingInfo;

constexpr float kSideBySideFrom = 560, kHeight = 192;
constexpr float kMoreForTwo = 44;  // their lines are named below the title

ChartLine LineOf(const TrainingInfo& training, double EpochPoint::* value, std::string name) {
  ChartLine line{.name = std::move(name)};
  line.points.reserve(training.curve.size());
  for (const EpochPoint& point : training.curve)
    line.points.push_back({static_cast<double>(point.epoch), point.*value});
  return line;
}

// Alone, the pictures held out are what counts. Of two trainings each has an ink of its own; dashes tell learned from
// held out.
void AddLines(std::vector<ChartLine>& lines, const TrainingInfo& training, double EpochPoint::* learned,
              double EpochPoint::* held_out, int number, bool thin) {
  const bool numbered = number > 0;
  const std::string lead = numbered ? Format("%d: ", number) : "";
  lines.push_back(LineOf(training, learned, lead + (numbered ? "training" : "Training")));
  lines.back().ink = thin ? Token::kText : numbered ? Token::kAccentText : Token::kTextMuted;
  lines.back().dashed = true;
  lines.back().thin = thin;
  if (training.validation == 0) return;
  lines.push_back(LineOf(training, held_out, lead + (numbered ? "held out" : "Held out")));
  lines.back().ink = thin ? Token::kText : Token::kAccentText;
  lines.back().thin = thin;
}

}  // namespace

float DrawTrainingCharts(Ui& ui, Vec2 top_left, float width, const Trainings& trainings, const TrainingInfo& first,
                         const TrainingInfo* second, int x_last) {
  std::vector<ChartLine> loss, accuracy;
  const bool two = second != nullptr;
  const int number = two ? trainings.NumberOf(first.id) : 0;
  AddLines(loss, first, &EpochPoint::loss, &EpochPoint::val_loss, number, false);
  AddLines(accuracy, first, &EpochPoint::accuracy, &EpochPoint::val_accuracy, number, false);
  if (two) {
    AddLines(loss, *second, &EpochPoint::loss, &EpochPoint::val_loss, trainings.NumberOf(second->id), true);
    AddLines(accuracy, *second, &EpochPoint::accuracy, &EpochPoint::val_accuracy, trainings.NumberOf(second->id), true);
  }
  const std::string empty =
      first.state == schema::TrainingState::kRunning ? "The first epoch is under way." : "No epoch was done.";
  const auto planned = static_cast<double>(x_last);
  const bool beside = width >= kSideBySideFrom;
  const float chart_width = beside ? std::floor((width - kPadLarge) / 2) : width;
  const float height = kHeight + (two ? kMoreForTwo : 0);
  const Rect left{top_left.x, top_left.y, chart_width, height};
  const Rect right = beside ? Rect{left.right() + kPadLarge, left.y, chart_width, height}
                            : Rect{left.x, left.bottom() + kPadLarge, chart_width, height};
  DrawChart(ui, "loss", left, {.title = "Loss", .empty = empty, .lines = loss, .x_last = planned, .y = LossAxis(loss)});
  DrawChart(ui, "accuracy", right,
            {.title = "Accuracy", .empty = empty, .lines = accuracy, .x_last = planned, .y = AccuracyAxis(accuracy)});
  return right.bottom() - top_left.y;
}

}  // namespace handful::ui
