// Small row-major matrix products for training, summed in a fixed order (train/simd.h says what that promises).
#pragma once

#include <cstddef>

namespace handful::train {

// c (m,n) = a (m,k) · b (k,n), or c += with `accumulate`. Row strides lda, ldb, ldc in floats.
void Gemm(size_t m, size_t n, size_t k, const float* a, size_t lda, const float* b, size_t ldb, float* c, size_t ldc,
          bool accumulate = false);

// c (k,n) = aᵀ · b, or c += with `accumulate`, for a (m,k), b (m,n): the weight gradient of a dense layer.
void GemmTransposedA(size_t m, size_t n, size_t k, const float* a, size_t lda, const float* b, size_t ldb, float* c,
                     size_t ldc, bool accumulate = false);

// c (m,k) = a (m,n) · bᵀ for b (k,n): the data gradient of a dense layer.
void GemmTransposedB(size_t m, size_t n, size_t k, const float* a, size_t lda, const float* b, size_t ldb, float* c,
                     size_t ldc);

}  // namespace handful::train
