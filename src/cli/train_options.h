// What `handful train` was asked for.
#pragma once

#include <string>

#include "schema/train_settings.h"

namespace handful::cli {

struct TrainOptions {
  std::string pictures, features, out, backbone, group_pattern;  // pictures or features, a folder
  bool json = false;
  schema::TrainSettings settings;
};

}  // namespace handful::cli
