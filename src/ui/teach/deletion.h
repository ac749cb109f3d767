// What the visitor has asked to delete, until the engine says that it is gone: then there is a sentence to say, and
// something to undo.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/messages.h"
#include "ui/teach/classes.h"
#include "ui/teach/samples.h"

namespace handful::ui {

class Deletion {
 public:
  void OfSamples(std::vector<int64_t> sample_ids);
  // `samples`: how many it has.
  void OfClass(const schema::ClassInfo& info, int64_t samples);
  // It was refused, or another project is opened.
  void Forget() { *this = {}; }
  // "3 pictures deleted." once all of it is gone, and only once; else "".
  std::string TakeDone(const Samples& samples, const Classes& classes);

 private:
  std::vector<int64_t> sample_ids_;
  int64_t class_id_ = 0;
  std::string sentence_;  // "": nothing was asked for
};

}  // namespace handful::ui
