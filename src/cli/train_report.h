// What `handful train` says while it learns, and in the end.
#pragma once

#include <optional>
#include <string>

#include "cli/progress.h"
#include "cli/train_options.h"
#include "schema/messages.h"

namespace handful::cli {

// What is known of the training under way.
struct Watched {
  std::optional<Progress> progress;
  std::string fold;
  bool held_out = false;  // anything
};

// Rows and the progress bar while a training runs.
void Watch(const schema::Event& event, const TrainOptions& options, Watched& watched);
void PrintSummary(const schema::TrainDone& done, bool held_out, bool json);

}  // namespace handful::cli
