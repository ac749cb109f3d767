#include "train/split.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
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
  Split split{std::move(name), {}, std::move(held_out), SplitKind::kGroups};
  const std::vector<int> all = AllIndices(data.size());
  std::set_difference(all.begin(), all.end(), split.validation.begin(), split.validation.end(),
                      std::back_inserter(split.training));
  return split;
}

bool HasEveryClass(const Dataset& data, const std::vector<int>& rows) {
  std::vector<bool> seen(data.classes.size(), false);
  for (const int i : rows) seen[static_cast<size_t>(data.labels[static_cast<size_t>(i)])] = true;
  return std::all_of(seen.begin(), seen.end(), [](bool s) { return s; });
}

// GroupedSplit's way for data of which no set of whole groups can be held out.
class ClassByClass {
 public:
  ClassByClass(const Dataset& data, double fraction, uint64_t seed)
      : data_(data), fraction_(fraction), total_(data.classes.size()), held_(data.classes.size()) {
    for (auto& [name, members] : ByGroup(data))
      groups_.push_back({std::move(members), std::vector<size_t>(total_.size())});
    Rng(seed, kSplitStream).Shuffle<Group>(groups_);
    std::vector<size_t> groups_of_class(total_.size());
    for (Group& group : groups_) {
      for (const int i : group.members) ++group.per_class[LabelOf(i)];
      for (size_t c = 0; c < total_.size(); ++c) {
        total_[c] += group.per_class[c];
        groups_of_class[c] += group.per_class[c] > 0 ? 1 : 0;
      }
    }
    for (Group& group : groups_) {
      for (size_t c = 0; c < total_.size(); ++c)
        group.is_an_only_one |= group.per_class[c] > 0 && groups_of_class[c] == 1;
    }
  }

  Split Run() {
    for (size_t c = 0; c < total_.size(); ++c) HoldOutGroups(c);
    bool any_ends = false;
    for (size_t c = 0; c < total_.size(); ++c) any_ends = HoldOutEnds(c) || any_ends;
    Split split = HoldOut(data_, "", std::move(held_out_));
    if (any_ends) split.kind = SplitKind::kEnds;
    if (split.validation.empty()) split.kind = SplitKind::kNone;
    return split;
  }

 private:
  struct Group {
    std::vector<int> members;
    std::vector<size_t> per_class;
    bool is_an_only_one = false;  // of some class
    bool is_held_out = false;
  };

  size_t LabelOf(int i) const { return static_cast<size_t>(data_.labels[static_cast<size_t>(i)]); }
  size_t Wanted(size_t samples) const {
    const auto wanted = static_cast<size_t>(std::lround(static_cast<double>(samples) * fraction_));
    return samples == 0 ? 0 : std::min(wanted, samples - 1);
  }

  bool MayBeHeldOut(const Group& group) const {
    if (group.is_held_out || group.is_an_only_one) return false;
    for (size_t c = 0; c < total_.size(); ++c) {
      if (group.per_class[c] > 0 && held_[c] + group.per_class[c] >= total_[c]) return false;
    }
    return true;
  }

  // One whole group after the other, each time the one that comes nearest to what is wanted; at least one, if there is
  // one.
  void HoldOutGroups(size_t c) {
    const auto wanted = static_cast<ptrdiff_t>(Wanted(total_[c]));
    const auto miss = [&](size_t held) { return std::abs(static_cast<ptrdiff_t>(held) - wanted); };
    while (wanted > 0) {
      Group* best = nullptr;
      for (Group& group : groups_) {
        if (group.per_class[c] == 0 || !MayBeHeldOut(group)) continue;
        if (best == nullptr || miss(held_[c] + group.per_class[c]) < miss(held_[c] + best->per_class[c])) best = &group;
      }
      if (best == nullptr || (held_[c] > 0 && miss(held_[c] + best->per_class[c]) >= miss(held_[c]))) return;
      best->is_held_out = true;
      held_out_.insert(held_out_.end(), best->members.begin(), best->members.end());
      for (size_t other = 0; other < total_.size(); ++other) held_[other] += best->per_class[other];
    }
  }

  // The last frames of each of its groups, for a class that no whole group was held out of.
  bool HoldOutEnds(size_t c) {
    if (held_[c] > 0) return false;
    bool any = false;
    for (const Group& group : groups_) {
      size_t wanted = Wanted(group.per_class[c]);
      any = any || wanted > 0;
      for (size_t at = group.members.size(); wanted > 0; --at) {
        const int sample = group.members[at - 1];
        if (LabelOf(sample) != c) continue;
        held_out_.push_back(sample);
        --wanted;
      }
    }
    return any;
  }

  const Dataset& data_;
  const double fraction_;
  std::vector<Group> groups_;         // shuffled
  std::vector<size_t> total_, held_;  // samples of each class
  std::vector<int> held_out_;
};

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
    split.validation.insert(split.validation.end(), members.begin(),
                            members.begin() + static_cast<ptrdiff_t>(held_out));
    split.training.insert(split.training.end(), members.begin() + static_cast<ptrdiff_t>(held_out), members.end());
  }
  std::sort(split.training.begin(), split.training.end());
  std::sort(split.validation.begin(), split.validation.end());
  split.kind = split.validation.empty() ? SplitKind::kNone : SplitKind::kRandom;
  return split;
}

Result<std::vector<Split>> LeaveOneGroupOut(const Dataset& data) {
  std::vector<Split> splits;
  for (auto& [name, members] : ByGroup(data)) splits.push_back(HoldOut(data, name, std::move(members)));
  if (splits.size() < 2)
    return Errorf("leaving one group out needs at least 2 groups, but there is %zu", splits.size());
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
        if (class_total[c] > 0)
          growth += (after[c] * after[c] - fold.per_class[c] * fold.per_class[c]) / (class_total[c] * class_total[c]);
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
  for (size_t f = 0; f < parts.size(); ++f)
    splits.push_back(HoldOut(data, Format("fold %zu", f + 1), std::move(parts[f].members)));
  return splits;
}

Split GroupedSplit(const Dataset& data, double fraction, uint64_t seed) {
  const bool grouped =
      std::any_of(data.groups.begin(), data.groups.end(), [](const std::string& g) { return !g.empty(); });
  if (!grouped) return RandomSplit(data, AllIndices(data.size()), fraction, seed);
  const int wanted_folds = std::max(2, static_cast<int>(std::lround(1.0 / fraction)));
  const int folds = std::min(wanted_folds, static_cast<int>(ByGroup(data).size()));
  if (folds >= 2) {
    Result<std::vector<Split>> splits = StratifiedGroupFolds(data, folds, seed);
    if (splits.ok() && HasEveryClass(data, splits->front().training) &&
        HasEveryClass(data, splits->front().validation)) {
      splits->front().name.clear();
      return std::move(splits->front());
    }
  }
  return ClassByClass(data, fraction, seed).Run();
}

Status CheckClasses(const Dataset& data, const Split& split) {
  std::vector<int> per_class(data.classes.size(), 0);
  for (const int i : split.training) ++per_class[static_cast<size_t>(data.labels[static_cast<size_t>(i)])];
  if (per_class.size() < 2) return Errorf("training needs at least 2 classes, but there is %zu", per_class.size());
  for (size_t c = 0; c < per_class.size(); ++c) {
    if (per_class[c] == 0) return Errorf("class \"%s\" has no picture to learn from", data.classes[c].c_str());
  }
  return {};
}

}  // namespace handful::train
