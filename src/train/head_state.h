// The numbers of a head training under way that are not tensors, and the text they are kept as in a saved state's metadata.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "base/status.h"

namespace handful::train {

struct HeadProgress {
  int64_t epoch = 0;     // epochs done
  int64_t position = 0;  // in the present epoch's order
  int64_t step = 0;      // of Adam
  uint64_t order_rng = 0, dropout_rng = 0;
  // of the present epoch so far
  double loss = 0;
  int64_t correct = 0;
  // early stopping
  double best_loss = std::numeric_limits<double>::infinity();
  int64_t best_epoch = 0;
};

std::map<std::string, std::string> ToMetadata(const HeadProgress& progress);
// Errors: not a saved head training, or one of another version; a field missing or no number.
Result<HeadProgress> HeadProgressFrom(const std::map<std::string, std::string>& metadata);

}  // namespace handful::train
