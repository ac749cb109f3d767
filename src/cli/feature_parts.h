// Features in parts, as tools/scale writes them: a folder with a manifest and n .npy files, each with a .json beside it
// (docs/FORMATS.md). Rows stay in their files (cli/mapped_file.h): some 100 bytes a row are in memory.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "cli/group_pattern.h"
#include "nn/model.h"
#include "schema/enums.h"
#include "train/dataset.h"

namespace handful::cli {

struct FeatureParts {
  train::Dataset data;  // in the order of the parts
  nn::Model frame;      // of a model that stands on them: backbone and crop, without weights
  schema::InputRange input_range = schema::InputRange::kMinusOneToOne;
  size_t refused = 0;                                    // pictures that gave no row
  std::vector<std::pair<std::string, Status>> left_out;  // pictures whose names `pattern` does not know
};

// `pattern`, if any, finds each row's capture session in its picture's name. Errors name the file and the field:
// manifest or a part missing, unfinished, of another kind or version, without labels, lengths that differ.
Result<FeatureParts> OpenFeatureParts(const std::string& directory, const GroupPattern* pattern);

}  // namespace handful::cli
