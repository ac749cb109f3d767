// Pictures as stb_image wants them: an unbroken chain of segments or chunks with an end.
#pragma once

#include <cstdint>
#include <span>

#include "base/buffer.h"
#include "base/status.h"

namespace handful::image {

// A copy of the sound segments only: nothing between them, no reserved markers within scans, the standard Huffman
// tables in front, EOI behind; what follows a damaged Huffman table is left out, since it cannot be understood.
// stb_image would stop at the first of these defects and leave a progressive picture blank.
Result<Buffer<uint8_t>> RepairJpeg(std::span<const uint8_t> bytes);

// A copy of the whole chunks, and IEND behind them.
Result<Buffer<uint8_t>> RepairPng(std::span<const uint8_t> bytes);

}  // namespace handful::image
