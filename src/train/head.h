// Trains a head on frozen features: Dense(hidden, relu) → Dropout → Dense(n, softmax), Adam, categorical cross-entropy.
#pragma once

#include <memory>

#include "base/status.h"
#include "nn/tensor_file.h"
#include "train/dataset.h"
#include "train/loop.h"
#include "train/split.h"

namespace handful::train {

struct HeadSettings : LoopSettings {
  int hidden = 100;
  double dropout = 0.5;
};

// The session keeps its own copy of `data`. Each epoch goes through the training part and its augmented copies in one
// shuffled order; what is held out, and EvaluateTraining, are the originals only. Errors: settings out of range, fewer
// than two classes with samples, NaN features.
Result<std::unique_ptr<Session>> StartHeadTraining(const Dataset& data, const Split& split,
                                                   const HeadSettings& settings);

// Goes on from a state that Session::SaveState gave. With the same data, split and settings the weights become those of
// a training that was never stopped, bit for bit. Other settings than `hidden` may differ (Session::Begin). Errors as
// above, and a state that is none, or of other sizes, classes or samples.
Result<std::unique_ptr<Session>> ResumeHeadTraining(const Dataset& data, const Split& split,
                                                    const HeadSettings& settings, const nn::TensorFile& state);

}  // namespace handful::train
