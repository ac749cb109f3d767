// The files that name a model's classes: labels.txt ("0 Class A" a line, as Teachable Machine writes it, or just
// names), Teachable Machine's metadata.json, a JSON list of names, and Keras' imagenet_class_index.json.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "import/import.h"
#include "import/keras_own.h"

namespace handful::importers {

struct Labels {
  std::vector<std::string> classes;
  std::string title;   // where the file tells one
  int input_side = 0;  // where the file tells one
  bool grayscale = false;
  bool from_teachable_machine = false;
  Facts facts;  // where Handful wrote the file
};

// By name and content.
bool LooksLikeLabels(const InputFile& file);
Result<Labels> ReadLabels(const InputFile& file);

// Of the model: the labels where there are as many as outputs, else numbers and a warning.
void NameClasses(const Labels& labels, int64_t outputs, ImportedModel& imported);

}  // namespace handful::importers
