// A training under way: one mini-batch a step, so that whoever drives it can answer other questions in between, and stop.
#pragma once

#include <cstdint>
#include <optional>

#include "base/status.h"
#include "nn/tensor_file.h"

namespace handful::train {

struct Metrics {
  double loss = 0, accuracy = 0;
};

struct EpochMetrics {
  int epoch = 0;                       // from 1
  Metrics training;                    // mean over the epoch's mini-batches, dropout on, as Keras reports it
  std::optional<Metrics> validation;   // after the epoch, where something is held out
};

// In mini-batches of a head, in pictures of a network; early stopping may end it before the last.
struct Progress {
  int64_t done = 0, in_all = 0;
};

class Session {
 public:
  virtual ~Session() = default;
  // Trains on one mini-batch, or a part of it, or evaluates a part of what is held out. Metrics are there once an epoch is over.
  virtual Result<std::optional<EpochMetrics>> Step() = 0;
  virtual bool done() const = 0;
  // The last Step did nothing, because pictures are on their way.
  virtual bool waiting() const { return false; }
  virtual Progress progress() const = 0;
  // Accuracy and loss on the whole training part: of a head the present weights' with dropout off, of a network as they were while it
  // learned, since looking at all pictures once more takes seconds.
  virtual Metrics EvaluateTraining() = 0;
  // The present weights, by the names of nn::Model.
  virtual nn::TensorFile Weights() const = 0;
  // All that it takes to go on from here later and get the very same weights.
  virtual nn::TensorFile SaveState() const = 0;
};

}  // namespace handful::train
