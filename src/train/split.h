// Which samples are learned from and which are held out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "train/dataset.h"

namespace handful::train {

// How much the held-out part tells about new pictures, from nothing to most:
enum class SplitKind {
  kNone,    // nothing is held out
  kRandom,  // frames of one capture session lie on both sides: optimistic
  kEnds,    // of some classes' sessions the last frames are held out: somewhat optimistic
  kGroups,  // every session is whole on one side
};

struct Split {
  std::string name;           // of the part held out: the group, or "fold 1" …
  std::vector<int> training;  // indices of samples, ascending
  std::vector<int> validation;
  SplitKind kind = SplitKind::kNone;
};

// Holds out `fraction` of `pool` at random, the same part of each class. Frames of one capture may fall on both sides,
// so its accuracy is optimistic. A class with a single sample stays in training.
Split RandomSplit(const Dataset& data, const std::vector<int>& pool, double fraction, uint64_t seed);

// One split a group: that group held out, all others learned from.
Result<std::vector<Split>> LeaveOneGroupOut(const Dataset& data);

// `folds` splits that keep groups together and classes balanced: groups, largest first, each go to the fold where their
// classes are rarest so far. Samples without a group count as groups of one.
Result<std::vector<Split>> StratifiedGroupFolds(const Dataset& data, int folds, uint64_t seed);

// Holds out about `fraction` of each class, with every group whole on one side: the first of StratifiedGroupFolds where
// that leaves each class on both sides. Where it does not, each class for itself: of a class that has one group, the
// last frames of it; of others, whole groups that are nobody's only one. A random split where no sample has a group.
// Samples without a group among others that have one count as groups of one.
Split GroupedSplit(const Dataset& data, double fraction, uint64_t seed);

// Two classes at least, and of each a sample to learn from; else a sentence.
Status CheckClasses(const Dataset& data, const Split& split);

// 0, 1, … n − 1.
std::vector<int> AllIndices(size_t n);

}  // namespace handful::train
