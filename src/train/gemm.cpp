#include "train/gemm.h"

#include <algorithm>

#include "train/simd.h"

namespace handful::train {
namespace {

// A rows × (4·vectors) block of c, kept in registers: c = Σ_p a(row, p) · b(p, column).
// a is reached as a[row * row_stride + p * step], which serves a and aᵀ alike.
template <size_t rows, size_t vectors>
void Block(size_t depth, const float* a, size_t row_stride, size_t step, const float* b, size_t ldb, float* c,
           size_t ldc, bool accumulate) {
  F4 sum[rows][vectors];
  for (size_t r = 0; r < rows; ++r) {
    for (size_t v = 0; v < vectors; ++v) sum[r][v] = accumulate ? Load(c + r * ldc + 4 * v) : Splat(0.0F);
  }
  for (size_t p = 0; p < depth; ++p) {
    F4 row_b[vectors];
    for (size_t v = 0; v < vectors; ++v) row_b[v] = Load(b + p * ldb + 4 * v);
    for (size_t r = 0; r < rows; ++r) {
      const F4 x = Splat(a[r * row_stride + p * step]);
      for (size_t v = 0; v < vectors; ++v) sum[r][v] = MultiplyAdd(x, row_b[v], sum[r][v]);
    }
  }
  for (size_t r = 0; r < rows; ++r) {
    for (size_t v = 0; v < vectors; ++v) Store(c + r * ldc + 4 * v, sum[r][v]);
  }
}

template <size_t rows>
void Rows(size_t n, size_t depth, const float* a, size_t row_stride, size_t step, const float* b, size_t ldb, float* c,
          size_t ldc, bool accumulate) {
  size_t j = 0;
  for (; j + 8 <= n; j += 8) Block<rows, 2>(depth, a, row_stride, step, b + j, ldb, c + j, ldc, accumulate);
  for (; j + 4 <= n; j += 4) Block<rows, 1>(depth, a, row_stride, step, b + j, ldb, c + j, ldc, accumulate);
  for (; j < n; ++j) {
    for (size_t r = 0; r < rows; ++r) {
      float sum = accumulate ? c[r * ldc + j] : 0.0F;
      for (size_t p = 0; p < depth; ++p) sum += a[r * row_stride + p * step] * b[p * ldb + j];
      c[r * ldc + j] = sum;
    }
  }
}

// A stretch of the depth at a time, so that its part of b stays in the second-level cache for all rows. The sums go on
// where they were, so the bits are the same.
void Product(size_t m, size_t n, size_t depth, const float* a, size_t row_stride, size_t step, const float* b,
             size_t ldb, float* c, size_t ldc, bool accumulate) {
  constexpr size_t kRows = 4;  // 4 × 8 sums and their operands fit sixteen registers
  constexpr size_t kDepth = 128;
  for (size_t p = 0; p < depth; p += kDepth) {
    const size_t part = std::min(kDepth, depth - p);
    const float* from = a + p * step;
    const float* rows = b + p * ldb;
    const bool go_on = accumulate || p > 0;
    size_t i = 0;
    for (; i + kRows <= m; i += kRows)
      Rows<kRows>(n, part, from + i * row_stride, row_stride, step, rows, ldb, c + i * ldc, ldc, go_on);
    for (; i < m; ++i) Rows<1>(n, part, from + i * row_stride, row_stride, step, rows, ldb, c + i * ldc, ldc, go_on);
  }
}

// c (rows, columns) = a (rows, n) · b (columns, n)ᵀ: all products of a few rows each, kept in registers.
template <size_t rows, size_t columns>
void Products(size_t n, const float* a, size_t lda, const float* b, size_t ldb, float* c, size_t ldc) {
  F4 sums[rows][columns] = {};
  size_t p = 0;
  for (; p + 4 <= n; p += 4) {
    F4 row_b[columns];
    for (size_t j = 0; j < columns; ++j) row_b[j] = Load(b + j * ldb + p);
    for (size_t i = 0; i < rows; ++i) {
      const F4 x = Load(a + i * lda + p);
      for (size_t j = 0; j < columns; ++j) sums[i][j] = MultiplyAdd(x, row_b[j], sums[i][j]);
    }
  }
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < columns; ++j) {
      float sum = Sum(sums[i][j]);
      for (size_t q = p; q < n; ++q) sum += a[i * lda + q] * b[j * ldb + q];
      c[i * ldc + j] = sum;
    }
  }
}

}  // namespace

void Gemm(size_t m, size_t n, size_t k, const float* a, size_t lda, const float* b, size_t ldb, float* c, size_t ldc,
          bool accumulate) {
  Product(m, n, k, a, lda, 1, b, ldb, c, ldc, accumulate);
}

void GemmTransposedA(size_t m, size_t n, size_t k, const float* a, size_t lda, const float* b, size_t ldb, float* c,
                     size_t ldc, bool accumulate) {
  Product(k, n, m, a, 1, lda, b, ldb, c, ldc, accumulate);
}

// b is gone through once, as it is the greater one; a stays in the first-level cache.
void GemmTransposedB(size_t m, size_t n, size_t k, const float* a, size_t lda, const float* b, size_t ldb, float* c,
                     size_t ldc) {
  size_t j = 0;
  for (; j + 2 <= k; j += 2) {
    size_t i = 0;
    for (; i + 4 <= m; i += 4) Products<4, 2>(n, a + i * lda, lda, b + j * ldb, ldb, c + i * ldc + j, ldc);
    for (; i < m; ++i) Products<1, 2>(n, a + i * lda, lda, b + j * ldb, ldb, c + i * ldc + j, ldc);
  }
  for (; j < k; ++j) {
    for (size_t i = 0; i < m; ++i) Products<1, 1>(n, a + i * lda, lda, b + j * ldb, ldb, c + i * ldc + j, ldc);
  }
}

}  // namespace handful::train
