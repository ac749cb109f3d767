// Trains a head on frozen features: Dense(hidden, relu) → Dropout → Dense(n, softmax), Adam, categorical cross-entropy.
#pragma once

#include <cstdint>
#include <memory>

#include "base/status.h"
#include "train/adam.h"
#include "train/dataset.h"
#include "train/session.h"
#include "train/split.h"

namespace handful::train {

struct HeadSettings {
  int epochs = 50;
  int batch = 16;
  int hidden = 100;
  double dropout = 0.5;
  AdamSettings adam;
  // Epochs without a better loss on an inner 20 % of the training part before it stops and takes the best weights back; 0: never.
  int patience = 0;
  uint64_t seed = 1;
};

// The session keeps its own copy of `data`. Each epoch goes through the training part and its augmented copies in one shuffled
// order; what is held out, and EvaluateTraining, are the originals only.
// Errors: settings out of range, fewer than two classes with samples, NaN features.
Result<std::unique_ptr<Session>> StartHeadTraining(const Dataset& data, const Split& split, const HeadSettings& settings);

}  // namespace handful::train
