// The numbers of a training under way that are not tensors, and the text they are kept as in a saved state's metadata.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "base/status.h"

namespace handful::train {

struct SessionState {
  int64_t epoch = 0;     // epochs done
  int64_t position = 0;  // in the present epoch's order
  int64_t step = 0;      // of Adam
  int64_t shuffled = 0;  // 1: the order is the present epoch's already, though none of it is learned yet
  uint64_t order_rng = 0, dropout_rng = 0;
  // of the present epoch so far
  double loss = 0;
  int64_t correct = 0;
  // early stopping
  double best_loss = std::numeric_limits<double>::infinity();
  // from which patience counts: that of best_loss, or where a training that patience had ended went on
  int64_t best_epoch = 0;
  int64_t weights_epoch = 0;  // of best_loss and the best weights; states of before 2026-11-29 lack it
};

// `kind`: what is trained, and the version of its state.
std::map<std::string, std::string> ToMetadata(const SessionState& state, const char* kind);
// Errors: not a saved training, or one of another kind; a field missing or no number.
Result<SessionState> SessionStateFrom(const std::map<std::string, std::string>& metadata, const char* kind);

}  // namespace handful::train
