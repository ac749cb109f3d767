// The one training loop: shuffled mini-batches, epochs, validation, early stopping, the best weights, progress, and a
// state to go on from. What is trained is behind a Learner (train/learner.h); train/head.h and train/cnn.h begin
// sessions.
//
// A step learns from one mini-batch or a part of it, or evaluates a part of what is held out, so that whoever drives it
// can answer other questions in between, and stop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/status.h"
#include "nn/tensor_file.h"
#include "train/dataset.h"
#include "train/held_out.h"
#include "train/learner.h"
#include "train/session_state.h"
#include "train/split.h"

namespace handful::train {

struct LoopSettings {
  int epochs = 50;
  int batch = 16;
  AdamSettings adam;
  bool cosine = false;  // the learning rate falls along half a cosine to 0 (Loshchilov & Hutter 2017, arXiv:1608.03983)
  // Early stopping: epochs without a better loss on an inner 20 % of the training part, which is not learned from,
  // before it stops. The weights of the best epoch are taken back then, or after the last epoch. 0: never, and all of
  // the training part is learned from. The validation part has no say in it.
  int patience = 0;
  // Weighs each sample's loss by n / (classes · n of its class), as Keras' class_weight, so that rare classes count as
  // much as common ones. Loss and accuracy are reported unweighted.
  bool class_weights = false;
  uint64_t seed = 1;
};

// A sentence for what is out of range.
Status CheckSettings(const LoopSettings& settings);

struct Metrics {
  double loss = 0, accuracy = 0;
};

struct EpochMetrics {
  int epoch = 0;                      // from 1
  Metrics training;                   // mean over the epoch's mini-batches, dropout on, as Keras reports it
  std::optional<Metrics> validation;  // after the epoch, where something is held out
};

// In mini-batches of a quick learner, else in items; early stopping may end it before the last.
struct Progress {
  int64_t done = 0, in_all = 0;
};

class Session {
 public:
  // `data` gives labels and classes, `split` was checked (CheckClasses). `state`, if any, is of a session to go on
  // with: a SaveState of the same samples, split and kind. Other settings may differ: with more epochs a finished
  // training continues; where patience had ended it, patience begins to count anew. Errors: a state that is none, or of
  // other sizes, classes or samples.
  static Result<std::unique_ptr<Session>> Begin(const Dataset& data, const Split& split, const LoopSettings& settings,
                                                std::unique_ptr<Learner> learner, const nn::TensorFile* state);

  // Metrics are there once an epoch is over.
  Result<std::optional<EpochMetrics>> Step();
  bool done() const { return done_; }
  // The last Step did nothing, because pictures are on their way.
  bool waiting() const { return waiting_; }
  Progress progress() const;

  // The epoch, from 1, whose weights are the present ones: the last whole one, or the best one that early stopping took
  // back.
  int kept_epoch() const { return static_cast<int>(best_is_in_use_ ? at_.weights_epoch : at_.epoch); }
  // Patience ended it before its last epoch.
  bool ended_early() const { return done_ && at_.epoch < settings_.epochs; }

  // Accuracy and loss on the whole training part: of a quick learner the present weights' with dropout off, of others
  // as they were while they learned in the epoch whose weights are used, since looking at all pictures once more takes
  // seconds.
  Metrics EvaluateTraining();
  // Of each sample that is held out, the present weights' probabilities; HeldOut says where they are older. Empty where
  // nothing is held out, or was evaluated yet.
  const HeldOut& EvaluateHeldOut();

  // The present weights, by the names of nn::Model.
  nn::TensorFile Weights() const;
  // All that it takes to go on from here later and get the very same weights.
  nn::TensorFile SaveState() const;

 private:
  enum class Phase { kLearn, kWatch, kValidate };
  using MaybeEpoch = std::optional<EpochMetrics>;

  Session(const Dataset& data, const Split& split, const LoopSettings& settings, std::unique_ptr<Learner> learner);
  Status Restore(const nn::TensorFile& file);
  Status RestoreOrder(const nn::TensorFile& file);

  Result<MaybeEpoch> Learn();
  void Update();
  Result<MaybeEpoch> Evaluate();
  Result<std::optional<Metrics>> Pass(const std::vector<int>& samples);
  Metrics PassOverAll(const std::vector<int>& samples);
  void KeepHeldOut();
  Result<bool> Fetch(std::span<const int> codes, size_t count);
  void BeginEvaluation();
  void DecideWhetherDone();
  EpochMetrics EndEpoch(std::optional<Metrics> validation);
  void SwapBest();

  bool PatienceIsOverAfter(int64_t epoch) const {
    return !watched_.empty() && epoch - at_.best_epoch >= settings_.patience;
  }
  Metrics LearningMetrics() const;
  Status Diverged() const;
  bool WeightsAreFinite() const;

  // An item as one number, which is how an order is saved: the sample's index, plus the number of all samples for each
  // copy further.
  int CodeOf(const Item& item) const { return item.sample + item.copy * static_cast<int>(labels_.size()); }
  Item ItemOf(int code) const {
    return {code % static_cast<int>(labels_.size()), code / static_cast<int>(labels_.size())};
  }

  const LoopSettings settings_;
  const std::unique_ptr<Learner> learner_;
  const std::vector<int> labels_;  // own copy: the caller's may change meanwhile
  const size_t classes_;
  std::vector<int> training_, validation_;
  std::vector<int> watched_;          // the inner part early stopping looks at
  std::vector<float> class_weights_;  // empty: all 1
  Rng order_rng_, dropout_rng_;

  std::vector<int> order_;  // codes of an epoch's items
  SessionState at_;
  Phase phase_ = Phase::kLearn;
  bool waiting_ = false, ending_ = false, done_ = false;
  Metrics last_learning_;
  std::optional<Metrics> best_learning_;  // nothing where that was before a resumption
  std::vector<std::vector<float>> best_;  // values of the best epoch, or of the last where best_is_in_use_
  bool best_is_in_use_ = false;

  // of the present mini-batch
  size_t micro_ = 0;  // items that are learned from
  BatchLoss batch_loss_;
  // of the present pass over what is not learned from
  size_t passed_ = 0;
  BatchLoss pass_loss_;
  std::vector<float> pass_probabilities_;

  HeldOut held_out_;
  std::vector<Item> items_;
  std::vector<int> item_labels_;
};

}  // namespace handful::train
