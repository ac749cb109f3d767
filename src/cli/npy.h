// NumPy's format 1.0, of n × m float32: magic, version, header length, a Python dictionary padded to 64 bytes, then the
// numbers row by row. numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"

namespace handful::cli {

// `float32_rows`: the numbers' bytes, little-endian.
std::vector<uint8_t> NpyFile(const std::vector<uint8_t>& float32_rows, size_t rows, size_t columns);

struct NpyShape {
  size_t rows = 0, columns = 0;
  size_t offset = 0;  // of the first number, in bytes; a multiple of 4
};
// Of a whole file. Errors: no such file, another version, other numbers than float32 row by row, another length than
// the header says.
Result<NpyShape> ReadNpyShape(std::span<const uint8_t> file);

}  // namespace handful::cli
