// A project as it is: its classes, its samples with their features. Data and questions; who may change it is
// OpenProject.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "schema/records.h"
#include "train/dataset.h"

namespace handful::engine {

struct Sample {
  schema::SampleInfo info;
  train::FeatureRow features;  // null: not computed yet
  train::FeatureRow copies;    // features of altered copies, made as copies_key says
  std::string copies_key;
};

struct State {
  schema::ProjectInfo info;                                             // but for the number of samples: see Info
  std::map<int64_t, Sample> samples;                                    // ascending ids: in the order they were added
  std::map<int64_t, Sample> removed;                                    // Undo or Redo may bring them back
  schema::InputRange input_range = schema::InputRange::kMinusOneToOne;  // with which all features are made

  // With the present number of samples.
  schema::ProjectInfo Info() const;
  const schema::ClassInfo* FindClass(int64_t id) const;
  const schema::ClassInfo* FindClassCalled(const std::string& name) const;
  Sample* Find(int64_t sample_id);
  const Sample* Find(int64_t sample_id) const;

  // Of enabled classes; of samples that have features, or of all, whose rows may be null then.
  train::Dataset ToDataset(bool with_features = true) const;
  // The samples of ToDataset, in the same order.
  std::vector<int64_t> DatasetIds(bool with_features = true) const;
  // Of enabled classes, in their order.
  std::vector<int64_t> EnabledClassIds() const;
};

// A class's name as it is kept: control characters become spaces, and none stand at the ends.
std::string Trimmed(std::string text);

}  // namespace handful::engine
