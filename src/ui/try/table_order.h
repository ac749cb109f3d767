// In which order the table shows the pictures.
#pragma once

#include <cstdint>
#include <vector>

#include "ui/try/loaded_model.h"
#include "ui/try/queue.h"

namespace handful::ui {

enum class SortColumn { kOrder, kName, kAnswer, kProbability, kTime };
struct Sorting {
  SortColumn column = SortColumn::kOrder;
  bool descending = false;
  bool operator==(const Sorting&) const = default;
};

class TableOrder {
 public:
  TableOrder(const Queue& queue, const LoadedModel& model) : queue_(queue), model_(model) {}

  void SortBy(SortColumn column);  // ascending, then descending, then as added
  void Reset() { sorting_ = {}, stale_ = true; }
  const Sorting& sorting() const { return sorting_; }
  const std::vector<int>& Order();  // indices into the queue's pictures(), sorted

 private:
  const Queue& queue_;
  const LoadedModel& model_;
  std::vector<int> order_;
  Sorting sorting_;
  bool stale_ = true;
  int64_t revision_ = 0;  // of the queue, when it was sorted
};

}  // namespace handful::ui
