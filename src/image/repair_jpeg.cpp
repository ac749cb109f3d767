#include <cstring>
#include <numeric>

#include "image/jpeg_segments.h"
#include "image/jpeg_standard_tables.h"
#include "image/repair.h"

namespace handful::image {
namespace {

// Appends to a block that is known to be large enough.
struct Writer {
  uint8_t* to;
  void Bytes(std::span<const uint8_t> bytes) {
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    to += bytes.size();
  }
  void Marker(uint8_t marker) {
    *to++ = 0xFF;
    *to++ = marker;
  }
};

// Metadata says nothing about pixels, but for JFIF's and Adobe's, which tell the colour space.
bool Matters(uint8_t marker) {
  using namespace jpeg;
  if (marker == kComment) return false;
  return marker < kApp0 || marker > kApp15 || marker == kApp0 || marker == kApp14;
}

void CopyWithoutReservedMarkers(std::span<const uint8_t> entropy_coded, Writer& out) {
  for (size_t i = 0; i < entropy_coded.size(); ++i) {
    const bool pair = entropy_coded[i] == 0xFF && i + 1 < entropy_coded.size();
    if (pair && jpeg::IsReserved(entropy_coded[i + 1])) {
      ++i;
      continue;
    }
    if (entropy_coded[i] == 0xFF && !pair) return;  // half a marker at the end of the file
    *out.to++ = entropy_coded[i];
    if (pair && entropy_coded[i + 1] != 0xFF) *out.to++ = entropy_coded[++i];
  }
}

// Whether a DHT segment can be read to its end.
bool IsSoundHuffmanSegment(std::span<const uint8_t> body) {
  constexpr size_t kCounts = 16;
  while (!body.empty()) {
    if (body.size() <= kCounts || (body[0] >> 4U) > 1 || (body[0] & 15U) > 3) return false;
    const std::span<const uint8_t> counts = body.subspan(1, kCounts);
    const size_t symbols = std::accumulate(counts.begin(), counts.end(), size_t{0});
    if (symbols > 256 || body.size() < 1 + kCounts + symbols) return false;
    body = body.subspan(1 + kCounts + symbols);
  }
  return true;
}

}  // namespace

Result<Buffer<uint8_t>> RepairJpeg(std::span<const uint8_t> bytes) {
  constexpr size_t kEndBytes = 2;
  Result<Buffer<uint8_t>> repaired =
      Buffer<uint8_t>::Zeroed(bytes.size() + sizeof(kStandardHuffmanSegment) + kEndBytes);
  if (!repaired.ok()) return repaired;
  Writer out{repaired->data()};
  out.Marker(jpeg::kStart);
  out.Bytes(kStandardHuffmanSegment);
  JpegSegments segments(bytes);
  for (JpegSegment segment; segments.Next(segment) == JpegStep::kSegment;) {
    if (!Matters(segment.marker)) continue;
    if (segment.marker == jpeg::kHuffmanTables && !IsSoundHuffmanSegment(segment.body)) break;
    const size_t length = segment.body.size() + 2;
    out.Marker(segment.marker);
    *out.to++ = static_cast<uint8_t>(length >> 8U);
    *out.to++ = static_cast<uint8_t>(length & 255U);
    out.Bytes(segment.body);
    CopyWithoutReservedMarkers(segment.entropy_coded, out);
  }
  out.Marker(jpeg::kEnd);
  return repaired;  // what follows EOI are zeros, which nobody reads
}

}  // namespace handful::image
