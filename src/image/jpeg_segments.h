// Walks the marker segments of a JPEG (ITU-T T.81, annex B), sound or damaged, without ever leaving its bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace handful::image {

namespace jpeg {
inline constexpr uint8_t kHuffmanTables = 0xC4;
inline constexpr uint8_t kJpgReserved = 0xC8;
inline constexpr uint8_t kArithmeticTables = 0xCC;
inline constexpr uint8_t kStart = 0xD8;
inline constexpr uint8_t kEnd = 0xD9;
inline constexpr uint8_t kScan = 0xDA;
inline constexpr uint8_t kRestartInterval = 0xDD;
inline constexpr uint8_t kApp0 = 0xE0;
inline constexpr uint8_t kApp1 = 0xE1;
inline constexpr uint8_t kApp14 = 0xEE;
inline constexpr uint8_t kApp15 = 0xEF;
inline constexpr uint8_t kComment = 0xFE;

inline bool IsRestart(uint8_t marker) { return marker >= 0xD0 && marker <= 0xD7; }
inline bool IsFrame(uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != kHuffmanTables && marker != kJpgReserved &&
         marker != kArithmeticTables;
}
// Reserved codes: no encoder writes them, so inside entropy-coded data they are damage, not an end.
inline bool IsReserved(uint8_t marker) {
  return (marker >= 0x02 && marker <= 0xBF) || (marker >= 0xF0 && marker <= 0xFD) || marker == kJpgReserved;
}
}  // namespace jpeg

struct JpegSegment {
  uint8_t marker = 0;
  size_t at = 0;                           // of the marker
  std::span<const uint8_t> body;           // without marker and length
  std::span<const uint8_t> entropy_coded;  // what follows an SOS segment, up to the next marker
  int64_t restarts = 0;                    // RST markers in entropy_coded
  int64_t reserved_markers = 0;            // reserved codes in entropy_coded
  size_t stray_before = 0;                 // bytes between the segment before and this one
};

enum class JpegStep {
  kSegment,
  kEnd,        // EOI
  kCutShort,   // the file ends without one
  kBadLength,  // the segment's length is below 2
};

class JpegSegments {
 public:
  // `bytes` begins with SOI.
  explicit JpegSegments(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  JpegStep Next(JpegSegment& segment);

 private:
  void SkipEntropyCoded(JpegSegment& segment);

  std::span<const uint8_t> bytes_;
  size_t at_ = 2;
};

}  // namespace handful::image
