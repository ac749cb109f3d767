#include "train/gemm.h"

#include "train/simd.h"

namespace handful::train {
namespace {

// A rows × (4·vectors) block of c, kept in registers: c = Σ_p a(row, p) · b(p, column).
// a is reached as a[row * row_stride + p * step], which serves a and aᵀ alike.
template <size_t rows, size_t vectors>
void Block(size_t depth, const float* a, size_t row_stride, size_t step, const float* b, size_t ldb, float* c, size_t ldc,
           bool accumulate) {
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
void Rows(size_t n, size_t depth, const float* a, size_t row_stride, size_t step, const float* b, size_t ldb, float* c, size_t ldc,
          bool accumulate) {
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

void Product(size_t m, size_t n, size_t depth, const float* a, size_t row_stride, size_t step, const float* b, size_t ldb, float* c,
             size_t ldc, bool accumulate) {
  constexpr size_t kRows = 4;  // 4 × 8 sums and their operands fit sixteen registers
  size_t i = 0;
  for (; i + kRows <= m; i += kRows) {
    Rows<kRows>(n, depth, a + i * row_stride, row_stride, step, b, ldb, c + i * ldc, ldc, accumulate);
  }
  for (; i < m; ++i) Rows<1>(n, depth, a + i * row_stride, row_stride, step, b, ldb, c + i * ldc, ldc, accumulate);
}

}  // namespace

void Gemm(size_t m, size_t n, size_t k, const float* a, size_t lda, const float* b, size_t ldb, float* c, size_t ldc,
          bool accumulate) {
  Product(m, n, k, a, lda, 1, b, ldb, c, ldc, accumulate);
}

void GemmTransposedA(size_t m, size_t n, size_t k, const float* a, size_t lda, const float* b, size_t ldb, float* c, size_t ldc) {
  Product(k, n, m, a, 1, lda, b, ldb, c, ldc, false);
}

void GemmTransposedB(size_t m, size_t n, size_t k, const float* a, size_t lda, const float* b, size_t ldb, float* c, size_t ldc) {
  for (size_t i = 0; i < m; ++i) {
    for (size_t j = 0; j < k; ++j) {
      F4 sums = Splat(0.0F);
      size_t p = 0;
      for (; p + 4 <= n; p += 4) sums = MultiplyAdd(Load(a + i * lda + p), Load(b + j * ldb + p), sums);
      float sum = Sum(sums);
      for (; p < n; ++p) sum += a[i * lda + p] * b[j * ldb + p];
      c[i * ldc + j] = sum;
    }
  }
}

}  // namespace handful::train
