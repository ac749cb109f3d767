// What came of a training, in words for everybody, and two of them compared.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/train/settings.h"

namespace handful::ui {

// A training's result in words for everybody.
struct Outcome {
  std::string figure;       // "13 of 14": how the headline begins, or ""
  std::string headline;     // "13 of 14 held-out pictures right"
  std::string explanation;  // how they were held out, and what that is worth
};
Outcome OutcomeOf(const schema::TrainingInfo& training);

// The settings in which two trainings differ, then their results.
std::vector<Compared> Compare(const schema::TrainingInfo& a, const schema::TrainingInfo& b);

std::string TimeLeft(double seconds);  // "12 s left", "2 min 5 s left", "" below 0

}  // namespace handful::ui
