#include "ui/try/table_order.h"

#include <algorithm>

#include "ui/base/files.h"

namespace handful::ui {

void TableOrder::SortBy(SortColumn column) {
  if (sorting_.column != column) {
    sorting_ = {column, column == SortColumn::kProbability || column == SortColumn::kTime};
  } else {
    const bool first_direction = column == SortColumn::kProbability || column == SortColumn::kTime;
    sorting_ = sorting_.descending == first_direction ? Sorting{column, !first_direction} : Sorting{};
  }
  stale_ = true;
}

const std::vector<int>& TableOrder::Order() {
  const std::vector<Picture>& pictures = queue_.pictures();
  if (!stale_ && revision_ == queue_.revision()) return order_;
  stale_ = false;
  revision_ = queue_.revision();
  order_.resize(pictures.size());
  for (size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<int>(i);
  if (sorting_.column == SortColumn::kOrder) return order_;

  // Pictures without an answer stand last, whatever the direction.
  const auto unanswered = [](const Picture& p) { return p.top.empty(); };
  const auto less = [&](const Picture& a, const Picture& b) {
    switch (sorting_.column) {
      case SortColumn::kName: return NaturalLess(a.name, b.name);
      case SortColumn::kAnswer: return model_.ClassIndex(a.top[0].label) < model_.ClassIndex(b.top[0].label);
      case SortColumn::kProbability: return a.top[0].p < b.top[0].p;
      case SortColumn::kTime: return a.ms < b.ms;
      case SortColumn::kOrder: break;
    }
    return false;
  };
  const bool by_answer = sorting_.column != SortColumn::kName;
  std::sort(order_.begin(), order_.end(), [&](int i, int j) {
    const Picture &a = pictures[static_cast<size_t>(i)], &b = pictures[static_cast<size_t>(j)];
    if (by_answer && unanswered(a) != unanswered(b)) return unanswered(b);
    if (!by_answer || !unanswered(a)) {
      if (less(a, b)) return !sorting_.descending;
      if (less(b, a)) return sorting_.descending;
    }
    return i < j;
  });
  return order_;
}

}  // namespace handful::ui
