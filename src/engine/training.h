// Carries out one Train command: splits the samples, runs one session, or one a fold, mini-batch by mini-batch.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "nn/model.h"
#include "schema/messages.h"
#include "train/cnn.h"
#include "train/dataset.h"
#include "train/head.h"
#include "train/held_out.h"
#include "train/loop.h"
#include "train/split.h"

namespace handful::engine {

// How altered copies are made.
image::AugmentSettings AugmentOf(const schema::TrainSettings& settings);

class Training {
 public:
  using Send = std::function<void(schema::Event)>;

  // Sends TrainStarted for each session and EpochDone for each epoch through `send`. `state`: of a training that was
  // stopped, to go on with it. `pictures`: for a network that learns from pixels; must outlive this.
  static Result<std::unique_ptr<Training>> Start(const schema::Train& command, train::Dataset data,
                                                 train::PictureSource* pictures, Send send,
                                                 const nn::TensorFile* state = nullptr);

  // One mini-batch.
  Status Step();
  bool done() const { return session_ == nullptr; }
  // The last Step did nothing, because pictures are on their way.
  bool waiting() const { return session_ != nullptr && session_->waiting(); }
  // Ends it with what has been learned so far.
  void Stop();
  // What Start goes on with, in the midst of the one session of a training without folds.
  nn::TensorFile StateNow() const { return session_->SaveState(); }
  // Of all its sessions.
  train::Progress progress() const;

  // What to report, once done.
  const schema::TrainDone& summary() const { return summary_; }
  bool held_out() const { return held_out_; }  // anything: else the summary's val_ mean nothing
  // What it says of each sample that was held out, over all folds, once done. Samples are indices into data(). Of a
  // network that was stopped in its first epoch it is empty.
  const train::HeldOut& held_out_record() const { return held_out_record_; }
  // What was trained, once done; none after a cross-validation that wanted no model.
  const std::optional<nn::TensorFile>& weights() const { return weights_; }
  // Of a training that was stopped before its end: what Start goes on with.
  const std::optional<nn::TensorFile>& state() const { return state_; }
  const train::Dataset& data() const { return data_; }

 private:
  Training(const schema::Train& command, train::Dataset data, train::PictureSource* pictures, Send send);
  Result<std::unique_ptr<train::Session>> NewSession(const train::Split& split, const nn::TensorFile* state) const;
  Status BeginRun(const nn::TensorFile* state);
  void EndRun();

  const schema::Train command_;
  const train::Dataset data_;
  Send send_;
  train::PictureSource* const pictures_;
  // What is still to be run: one split a session. The last of a cross-validation may be the model on everything.
  std::vector<train::Split> runs_;
  size_t run_ = 0;
  std::unique_ptr<train::Session> session_;
  std::optional<train::Metrics> validation_;  // of the present session's last epoch
  std::chrono::steady_clock::time_point started_;
  schema::TrainDone summary_;
  bool held_out_ = false;
  train::HeldOut held_out_record_;
  std::optional<nn::TensorFile> weights_, state_;
};

// What a training gave, once done and with weights: `frame` says how its pictures became features, or nothing where it
// learned from pixels.
nn::Model TrainedModel(nn::Model frame, const schema::TrainSettings& settings, const Training& training);

}  // namespace handful::engine
