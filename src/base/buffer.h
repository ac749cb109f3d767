// A heap block that says no instead of aborting: big pictures and weights are allocated through it.
// Move-only, 64-byte aligned, and readable kSlackBytes past the end (XNNPACK's kernels read ahead, XNN_EXTRA_BYTES).
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <span>
#include <utility>

#include "base/status.h"

namespace handful {

template <class T>
class Buffer {
 public:
  static constexpr size_t kSlackBytes = 64;

  Buffer() = default;
  Buffer(Buffer&& other) noexcept { *this = std::move(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { ::operator delete[](data_, std::align_val_t{64}); }

  // `count` zeroed elements, or an error that names the megabytes that were not to be had.
  static Result<Buffer> Zeroed(size_t count) {
    const size_t bytes = count * sizeof(T) + kSlackBytes;
    Buffer b;
    if (count <= (SIZE_MAX - kSlackBytes) / sizeof(T)) {
      b.data_ = static_cast<T*>(::operator new[](bytes, std::align_val_t{64}, std::nothrow));
    }
    if (b.data_ == nullptr) {
      return Errorf("not enough memory: %.1f MB were needed", static_cast<double>(count) * sizeof(T) / 1e6);
    }
    std::memset(static_cast<void*>(b.data_), 0, bytes);
    b.size_ = count;
    return b;
  }

  static Result<Buffer> CopyOf(std::span<const T> values) {
    Result<Buffer> b = Zeroed(values.size());
    if (b.ok() && !values.empty()) std::memcpy(b->data(), values.data(), values.size_bytes());
    return b;
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  std::span<T> span() { return {data_, size_}; }
  std::span<const T> span() const { return {data_, size_}; }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace handful
