// Trains a head on frozen features: Dense(hidden, relu) → Dropout → Dense(n, softmax), Adam, categorical cross-entropy.
#pragma once

#include <cstdint>
#include <memory>

#include "base/status.h"
#include "nn/tensor_file.h"
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
  // Early stopping: epochs without a better loss on an inner 20 % of the training part, which is not learned from, before it stops.
  // The weights of the best epoch are taken back then, or after the last epoch. 0: never, and all of the training part is learned
  // from. The validation part has no say in it.
  int patience = 0;
  // Weighs each sample's loss by n / (classes · n of its class), as Keras' class_weight, so that rare classes count as much as
  // common ones. Loss and accuracy are reported unweighted.
  bool class_weights = false;
  uint64_t seed = 1;
};

// The session keeps its own copy of `data`. Each epoch goes through the training part and its augmented copies in one shuffled
// order; what is held out, and EvaluateTraining, are the originals only.
// Errors: settings out of range, fewer than two classes with samples, NaN features.
Result<std::unique_ptr<Session>> StartHeadTraining(const Dataset& data, const Split& split, const HeadSettings& settings);

// Goes on from a state that Session::SaveState gave. With the same data, split and settings the weights become those of a
// training that was never stopped, bit for bit. Other settings than `hidden` may differ: with more epochs a finished training
// continues; where patience had ended it, patience begins to count anew.
// Errors as above, and a state that is none, or of other sizes, classes or samples.
Result<std::unique_ptr<Session>> ResumeHeadTraining(const Dataset& data, const Split& split, const HeadSettings& settings,
                                                    const nn::TensorFile& state);

}  // namespace handful::train
