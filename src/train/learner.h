// A network as the training loop (train/loop.h) sees it: its parameters, a forward and a backward pass.
//
// The loop fetches items and then, of those that it fetched last, either learns, which adds to the gradients that
// Update uses up, or evaluates them. Nothing here knows of epochs, of what is held out, or of when to stop.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/status.h"
#include "train/adam.h"
#include "train/layers.h"

namespace handful::train {

// Independent streams of one seed.
enum Stream : uint64_t { kInitialisation = 2, kOrder = 3, kDropout = 4, kCopies = 5 };

// What is learned from once an epoch: a sample as it is (copy 0), or one of its altered copies.
struct Item {
  int sample = 0, copy = 0;
};

// A kernel or a bias.
struct Parameter {
  std::string name;            // of nn::Model
  std::vector<int64_t> shape;  // in a file
  bool in_unit_rows = false;   // its numbers lie as train/wide_dense.h has them, not as in a file
  AdamParameter numbers;
};

// How a learner likes its items.
struct Pace {
  size_t learn = 0;  // at a time, at most; gradients of a larger mini-batch add up
  size_t evaluate = 0;
  size_t ahead = 0;  // that Fetch wants to know of, those that it is to fetch among them
  // Passing over all samples is a matter of milliseconds: it is done within one step, and Fetch never waits nor fails.
  bool is_quick = false;
};

// How the items fetched last are learned from.
struct Lesson {
  std::span<const int> labels;           // of the items
  size_t batch = 0;                      // items of the mini-batch that they are a part of, or all of
  std::span<const float> class_weights;  // of each class's loss; empty: all 1
  Rng& dropout;
};

class Learner {
 public:
  virtual ~Learner() = default;

  virtual const char* kind() const = 0;  // of a saved state, with its version: "head 1"
  virtual Pace pace() const = 0;
  // Always the same ones in the same order.
  virtual std::span<Parameter> parameters() = 0;
  // The items of an epoch for these samples, before they are shuffled.
  virtual std::vector<Item> ItemsOf(std::span<const int> samples) const = 0;

  // Gets the first `count` of `items` ready; those after them will be asked for next. False while some are on their
  // way. `epoch`, from 0: copies may differ in each.
  virtual Result<bool> Fetch(std::span<const Item> items, size_t count, int64_t epoch) = 0;
  // Forward, loss, backward.
  virtual BatchLoss Learn(const Lesson& lesson) = 0;
  // Step number `step`, from 1, along the gradients of a whole mini-batch.
  virtual void Update(const AdamSettings& adam, int64_t step) = 0;
  // Forward with dropout off, loss; afterwards probabilities() are (items, classes) until the next call.
  virtual BatchLoss Evaluate(std::span<const int> labels) = 0;
  virtual std::span<const float> probabilities() const = 0;
};

}  // namespace handful::train
