#include "train/wide_dense.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "train/simd.h"

namespace handful::train {
namespace {

constexpr size_t kAlign = 16;    // inputs: the weights that one pass over a unit's rows brings up to date
constexpr size_t kMostRows = 8;  // sums kept in registers at a time; with more V8 begins to spill

// sums[r] += w · x[r] over `width` inputs.
template <size_t rows>
void Dots(size_t width, const float* w, const float* const* x, float* sums) {
  F4 total[rows] = {};
  for (size_t i = 0; i < width; i += 4) {
    const F4 weight = Load(w + i);
    for (size_t r = 0; r < rows; ++r) total[r] = MultiplyAdd(weight, Load(x[r] + i), total[r]);
  }
  for (size_t r = 0; r < rows; ++r) sums[r] += Sum(total[r]);
}

using DotsFunction = void (*)(size_t, const float*, const float* const*, float*);
template <size_t... rows>
constexpr std::array<DotsFunction, sizeof...(rows)> DotsTable(std::index_sequence<rows...>) {
  return {Dots<rows + 1>...};
}
constexpr auto kDots = DotsTable(std::make_index_sequence<kMostRows>());

// For each unit the rows of a (B, U) matrix that are not 0, and room for a number of each.
struct RowsOfUnits {
  RowsOfUnits(std::span<const float> matrix, size_t rows, size_t units)
      : rows(rows), index(new uint32_t[rows * units]), count(units), numbers(new float[rows * units]) {
    for (size_t b = 0; b < rows; ++b) {
      for (size_t u = 0; u < units; ++u) {
        index[u * rows + count[u]] = static_cast<uint32_t>(b);
        count[u] += matrix.empty() || matrix[b * units + u] != 0 ? 1 : 0;
      }
    }
  }
  std::span<const uint32_t> of(size_t unit) const { return {index.get() + unit * rows, count[unit]}; }
  float* numbers_of(size_t unit) { return numbers.get() + unit * rows; }

  const size_t rows;
  const std::unique_ptr<uint32_t[]> index;  // (U, B), the first count[u] of each row
  std::vector<size_t> count;
  const std::unique_ptr<float[]> numbers;  // likewise
};

// kAlign weights of one unit: their gradient, then Adam. d: the unit's non-zero gradients; x: their rows' inputs.
void UpdateWeights(size_t rows, const float* d, const float* const* x, size_t at, AdamStep step, float* weight,
                   float* moment1, float* moment2) {
  F4 gradient[kAlign / 4] = {};
  for (size_t r = 0; r < rows; ++r) {
    const F4 scale = Splat(d[r]);
    const float* row = x[r] + at;
    for (size_t k = 0; k < kAlign / 4; ++k) gradient[k] = MultiplyAdd(scale, Load(row + 4 * k), gradient[k]);
  }
  for (size_t k = 0; k < kAlign / 4; ++k) step.Update(gradient[k], weight + 4 * k, moment1 + 4 * k, moment2 + 4 * k);
}

}  // namespace

size_t PaddedInputs(size_t inputs) { return (inputs + kAlign - 1) / kAlign * kAlign; }

std::vector<float> ToUnitRows(std::span<const float> kernel, size_t units) {
  const size_t inputs = kernel.size() / units;
  const size_t stride = PaddedInputs(inputs);
  std::vector<float> rows(units * stride);
  for (size_t i = 0; i < inputs; ++i) {
    for (size_t u = 0; u < units; ++u) rows[u * stride + i] = kernel[i * units + u];
  }
  return rows;
}

std::vector<float> FromUnitRows(std::span<const float> unit_rows, size_t inputs, size_t units) {
  const size_t stride = PaddedInputs(inputs);
  std::vector<float> kernel(inputs * units);
  for (size_t i = 0; i < inputs; ++i) {
    for (size_t u = 0; u < units; ++u) kernel[i * units + u] = unit_rows[u * stride + i];
  }
  return kernel;
}

void InputBatch::Assign(std::span<const std::span<const float>> rows) {
  rows_ = rows.size();
  const size_t inputs = rows.front().size();
  stride_ = PaddedInputs(inputs);
  values_.resize(rows_ * stride_);
  for (size_t begin = 0; begin < stride_; begin += kChunk) {
    const size_t width = ChunkWidth(begin);
    const size_t filled = std::min(width, inputs - begin);
    float* to = values_.data() + begin * rows_;
    for (const std::span<const float> row : rows) {
      size_t i = 0;
      for (; i + 4 <= filled; i += 4)
        Store(to + i, Load(row.data() + begin + i));  // in WebAssembly memcpy costs a call
      for (; i < width; ++i) to[i] = i < filled ? row[begin + i] : 0.0F;
      to += width;
    }
  }
}

void WideDenseForward(const InputBatch& x, std::span<const float> kernel, std::span<const float> bias,
                      std::span<const float> mask, std::span<float> out) {
  const size_t rows = x.rows();
  const size_t units = bias.size();
  RowsOfUnits kept(mask, rows, units);  // its numbers: the sums
  for (size_t u = 0; u < units; ++u) std::fill_n(kept.numbers_of(u), kept.count[u], 0.0F);
  std::vector<const float*> part(rows);
  for (size_t begin = 0; begin < x.stride(); begin += InputBatch::kChunk) {
    const size_t width = x.ChunkWidth(begin);
    for (size_t u = 0; u < units; ++u) {
      const std::span<const uint32_t> members = kept.of(u);
      for (size_t r = 0; r < members.size(); ++r) part[r] = x.At(begin, members[r]);
      const float* weights = kernel.data() + u * x.stride() + begin;
      // Blocks of like size, so that none is left with too few sums to keep the processor busy.
      size_t blocks = (members.size() + kMostRows - 1) / kMostRows;
      for (size_t r = 0; blocks > 0; --blocks) {
        const size_t n = (members.size() - r + blocks - 1) / blocks;
        kDots[n - 1](width, weights, part.data() + r, kept.numbers_of(u) + r);
        r += n;
      }
    }
  }
  std::fill(out.begin(), out.end(), 0.0F);
  for (size_t u = 0; u < units; ++u) {
    const std::span<const uint32_t> members = kept.of(u);
    for (size_t r = 0; r < members.size(); ++r) out[members[r] * units + u] = kept.numbers_of(u)[r] + bias[u];
  }
}

void WideDenseUpdate(const InputBatch& x, std::span<const float> d_out, const AdamStep& step, AdamParameter& kernel) {
  const size_t rows = x.rows();
  const size_t units = d_out.size() / rows;
  RowsOfUnits reached(d_out, rows, units);  // its numbers: their gradients
  for (size_t u = 0; u < units; ++u) {
    const std::span<const uint32_t> members = reached.of(u);
    for (size_t r = 0; r < members.size(); ++r) reached.numbers_of(u)[r] = d_out[members[r] * units + u];
  }
  std::vector<const float*> part(rows);
  for (size_t begin = 0; begin < x.stride(); begin += InputBatch::kChunk) {
    const size_t width = x.ChunkWidth(begin);
    for (size_t u = 0; u < units; ++u) {
      const std::span<const uint32_t> members = reached.of(u);
      for (size_t r = 0; r < members.size(); ++r) part[r] = x.At(begin, members[r]);
      const size_t first = u * x.stride() + begin;
      for (size_t i = 0; i < width; i += kAlign) {
        UpdateWeights(members.size(), reached.numbers_of(u), part.data(), i, step, &kernel.value[first + i],
                      &kernel.moment1[first + i], &kernel.moment2[first + i]);
      }
    }
  }
}

}  // namespace handful::train
