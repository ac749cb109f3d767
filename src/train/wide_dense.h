// A dense layer from many frozen inputs to few units, trained with dropout: where nearly all of a head's work is.
//
// Two things make it fast. Products whose result dropout or ReLU throws away are left out: a unit's sums go over the
// rows that keep it, its gradient over the rows that reach it, which is about half and a third of the work at a dropout
// of one half. And Adam takes each gradient from the registers it was summed in, so that weights and moments pass the
// caches once a step.
//
// The kernel lies the other way round than in a file: (U, stride), one row a unit, padded with zeros to stride =
// PaddedInputs(I). B rows a batch, I inputs, U units.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "train/adam.h"

namespace handful::train {

size_t PaddedInputs(size_t inputs);
// (I, U) to (U, stride) and back.
std::vector<float> ToUnitRows(std::span<const float> kernel, size_t units);
std::vector<float> FromUnitRows(std::span<const float> unit_rows, size_t inputs, size_t units);

// A batch of inputs, cut into columns of chunks that fit the first-level cache: chunk by chunk, each (B, its width),
// padded.
class InputBatch {
 public:
  static constexpr size_t kChunk = 256;  // inputs

  void Assign(std::span<const std::span<const float>> rows);
  size_t rows() const { return rows_; }
  size_t stride() const { return stride_; }
  // The row's part of the chunk that begins at input `begin`.
  const float* At(size_t begin, size_t row) const { return values_.data() + begin * rows_ + row * ChunkWidth(begin); }
  size_t ChunkWidth(size_t begin) const { return stride_ - begin < kChunk ? stride_ - begin : kChunk; }

 private:
  size_t rows_ = 0, stride_ = 0;
  std::vector<float> values_;
};

// out (B,U) = x · kernel + bias where mask (B,U) is not 0, and 0 elsewhere. An empty mask keeps all.
void WideDenseForward(const InputBatch& x, std::span<const float> kernel, std::span<const float> bias,
                      std::span<const float> mask, std::span<float> out);

// One step of Adam on the kernel along the gradient xᵀ · d_out, d_out (B,U).
void WideDenseUpdate(const InputBatch& x, std::span<const float> d_out, const AdamStep& step, AdamParameter& kernel);

}  // namespace handful::train
