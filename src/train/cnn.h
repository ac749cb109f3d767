// Trains the write-up's CNN (nn::FingerCnnGraph) from scratch. Categorical cross-entropy, Adam.
//
// A step of the session is one micro-batch of at most kMicroBatch pictures, learned from or evaluated: gradients add up
// until the mini-batch is whole, so memory does not grow with it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/status.h"
#include "image/augment.h"
#include "nn/tensor_file.h"
#include "train/conv_stage.h"
#include "train/dataset.h"
#include "train/loop.h"
#include "train/pictures.h"
#include "train/split.h"

namespace handful::train {

inline constexpr size_t kMicroBatch = 16;

struct CnnSettings : LoopSettings {
  CnnSettings() { batch = 64, patience = 3; }
  int size = 224;  // side of the pictures, in pixels
  std::vector<int> dense = {256, 128};
  double dropout = 0;              // after each dense layer but the last
  double weight_decay = 0;         // decoupled, of kernels (Loshchilov & Hutter 2019, arXiv:1711.05101)
  double label_smoothing = 0;      // in the gradient; losses are told without it
  int copies = 0;                  // altered copies of each picture an epoch, altered anew each time
  image::AugmentSettings augment;  // how
};

// `data` gives labels, groups and classes; its rows are not looked at. `pictures` must outlive the session.
// Metrics of an epoch come after its evaluation. EvaluateTraining gives what was seen while learning in the epoch whose
// weights are used. Errors: settings out of range, fewer than two classes with samples, too little memory.
Result<std::unique_ptr<Session>> StartCnnTraining(const Dataset& data, PictureSource& pictures, const Split& split,
                                                  const CnnSettings& settings);

// Goes on from a state that Session::SaveState gave, to the same bits as a training that was never stopped; see
// ResumeHeadTraining.
Result<std::unique_ptr<Session>> ResumeCnnTraining(const Dataset& data, PictureSource& pictures, const Split& split,
                                                   const CnnSettings& settings, const nn::TensorFile& state);

// Its convolutions, each with its pooling, on pictures of size × size.
std::vector<ConvStageShape> CnnStageShapes(int size);

// What a training with these settings takes at most, in bytes; more than a size_t holds, maybe.
uint64_t CnnTrainingBytes(const CnnSettings& settings, size_t classes);

}  // namespace handful::train
