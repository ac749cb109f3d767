// Loss and accuracy of one training, or of two laid over each other.
#pragma once

#include "ui/toolkit/chart.h"
#include "ui/train/trainings.h"

namespace handful::ui {

// The first is drawn strong, the second thin; named by their numbers where there are two. Side by side where there is
// room. `x_last`: the axis reaches at least so far. Returns the height.
float DrawTrainingCharts(Ui& ui, Vec2 top_left, float width, const Trainings& trainings,
                         const schema::TrainingInfo& first, const schema::TrainingInfo* second, int x_last);

}  // namespace handful::ui
