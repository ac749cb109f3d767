#include "train/split.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/rng.h"

namespace handful::train {
namespace {

constexpr uint64_t kSplitStream = 1;

// Samples of each capture session, by its name.
std::map<std::string, std::vector<int>> ByGroup(const Dataset& data) {
  std::map<std::string, std::vector<int>> groups;
  for (size_t i = 0; i < data.size(); ++i) {
    const std::string& name = data.groups[i];
    groups[name.empty() ? Format("sample %zu", i) : name].push_back(static_cast<int>(i));
  }
  return groups;
}

Split HoldOut(const Dataset& data, std::string name, std::vector<int> held_out) {
  std::sort(held_out.begin(), held_out.end());
  Split split{std::move(name), {}, std::move(held_out)};
  const std::vector<int> all = AllIndices(data.size());
  std::set_difference(all.begin(), all.end(), split.validation.begin(), split.validation.end(), std::back_inserter(split.training));
  return split;
}

bool HasEveryClass(const Dataset& data, const std::vector<int>& rows) {
  std::vector<bool> seen(data.classes.size(), false);
  for (const int i : rows) seen[static_cast<size_t>(data.labels[static_cast<size_t>(i)])] = true;
  return std::all_of(seen.begin(), seen.end(), [](bool s) { return s; });
}

}  // namespace

std::vector<int> AllIndices(size_t n) {
  std::vector<int> indices(n);
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

Split RandomSplit(const Dataset& data, const std::vector<int>& pool, double fraction, uint64_t seed) {
  Rng rng(seed, kSplitStream);
  Split split;
  for (size_t c = 0; c < data.classes.size(); ++c) {
    std::vector<int> members;
    for (const int i : pool) {
      if (data.labels[static_cast<size_t>(i)] == static_cast<int>(c)) members.push_back(i);
    }
    rng.Shuffle<int>(members);
    size_t held_out = static_cast<size_t>(std::lround(static_cast<double>(members.size()) * fraction));
    if (!members.empty()) held_out = std::min(held_out, members.size() - 1);
    split.validation.insert(split.validation.end(), members.begin(), members.begin() + static_cast<ptrdiff_t>(held_out));
    split.training.insert(split.training.end(), members.begin() + static_cast<ptrdiff_t>(held_out), members.end());
  }
  std::sort(split.training.begin(), split.training.end());
  std::sort(split.validation.begin(), split.validation.end());
  return split;
}

Result<std::vector<Split>> LeaveOneGroupOut(const Dataset& data) {
  std::vector<Split> splits;
  for (auto& [name, members] : ByGroup(data)) splits.push_back(HoldOut(data, name, std::move(members)));
  if (splits.size() < 2) return Errorf("leaving one group out needs at least 2 groups, but there is %zu", splits.size());
  return splits;
}

Result<std::vector<Split>> StratifiedGroupFolds(const Dataset& data, int folds, uint64_t seed) {
  std::vector<std::vector<int>> groups;
  for (auto& [name, members] : ByGroup(data)) groups.push_back(std::move(members));
  if (folds < 2 || groups.size() < static_cast<size_t>(folds)) {
    return Errorf("%d folds need at least 2 folds and as many groups, but there are %zu groups", folds, groups.size());
  }
  Rng rng(seed, kSplitStream);
  rng.Shuffle<std::vector<int>>(groups);
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });

  const size_t classes = data.classes.size();
  std::vector<double> class_total(classes, 0.0);
  for (const int label : data.labels) class_total[static_cast<size_t>(label)] += 1;
  struct Fold {
    std::vector<int> members;
    std::vector<double> per_class;
  };
  std::vector<Fold> parts(static_cast<size_t>(folds), {{}, std::vector<double>(classes, 0.0)});
  for (const std::vector<int>& group : groups) {
    // The fold whose shares of the classes, squared and summed, grow least; ties go to the smaller, then the first.
    auto cost = [&](const Fold& fold) {
      std::vector<double> after = fold.per_class;
      for (const int i : group) after[static_cast<size_t>(data.labels[static_cast<size_t>(i)])] += 1;
      double growth = 0;
      for (size_t c = 0; c < classes; ++c) {
        if (class_total[c] > 0) growth += (after[c] * after[c] - fold.per_class[c] * fold.per_class[c]) / (class_total[c] * class_total[c]);
      }
      return growth;
    };
    Fold& best = *std::min_element(parts.begin(), parts.end(), [&](const Fold& a, const Fold& b) {
      const double ca = cost(a);
      const double cb = cost(b);
      return ca != cb ? ca < cb : a.members.size() < b.members.size();
    });
    for (const int i : group) best.per_class[static_cast<size_t>(data.labels[static_cast<size_t>(i)])] += 1;
    best.members.insert(best.members.end(), group.begin(), group.end());
  }
  std::vector<Split> splits;
  for (size_t f = 0; f < parts.size(); ++f) splits.push_back(HoldOut(data, Format("fold %zu", f + 1), std::move(parts[f].members)));
  return splits;
}

Split GroupedSplit(const Dataset& data, double fraction, uint64_t seed) {
  const bool grouped = std::any_of(data.groups.begin(), data.groups.end(), [](const std::string& g) { return !g.empty(); });
  const int wanted_folds = std::max(2, static_cast<int>(std::lround(1.0 / fraction)));
  const int folds = std::min(wanted_folds, static_cast<int>(ByGroup(data).size()));
  if (grouped && folds >= 2) {
    Result<std::vector<Split>> splits = StratifiedGroupFolds(data, folds, seed);
    if (splits.ok() && HasEveryClass(data, splits->front().training)) {
      splits->front().name.clear();
      return std::move(splits->front());
    }
  }
  return RandomSplit(data, AllIndices(data.size()), fraction, seed);
}

}  // namespace handful::train
