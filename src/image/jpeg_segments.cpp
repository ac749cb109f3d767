#include "image/jpeg_segments.h"

#include <cstring>

#include "base/byte_order.h"

namespace handful::image {

JpegStep JpegSegments::Next(JpegSegment& segment) {
  using namespace jpeg;
  segment = {};
  for (;;) {
    while (at_ + 1 < bytes_.size() && (bytes_[at_] != 0xFF || bytes_[at_ + 1] == 0xFF || bytes_[at_ + 1] == 0)) {
      if (bytes_[at_] != 0xFF || bytes_[at_ + 1] == 0) ++segment.stray_before;
      ++at_;
    }
    if (at_ + 1 >= bytes_.size()) return JpegStep::kCutShort;
    segment.at = at_;
    segment.marker = bytes_[at_ + 1];
    at_ += 2;
    if (segment.marker == jpeg::kEnd) return JpegStep::kEnd;
    if (!IsRestart(segment.marker) && segment.marker != kStart && segment.marker != 1) break;
    segment.stray_before += 2;  // a marker that has no place here
  }
  if (!Holds(bytes_, at_, 2)) return JpegStep::kCutShort;
  const size_t length = Be16(bytes_, at_);
  if (length < 2) return JpegStep::kBadLength;
  if (!Holds(bytes_, at_, length)) return JpegStep::kCutShort;
  segment.body = bytes_.subspan(at_ + 2, length - 2);
  at_ += length;
  if (segment.marker == kScan) SkipEntropyCoded(segment);
  return JpegStep::kSegment;
}

void JpegSegments::SkipEntropyCoded(JpegSegment& segment) {
  const size_t first = at_;
  while (at_ < bytes_.size()) {
    const void* found = std::memchr(bytes_.data() + at_, 0xFF, bytes_.size() - at_);
    if (found == nullptr) break;
    at_ = static_cast<size_t>(static_cast<const uint8_t*>(found) - bytes_.data());
    if (at_ + 1 >= bytes_.size()) break;
    const uint8_t next = bytes_[at_ + 1];
    if (next == 0xFF) {  // fill byte
      ++at_;
      continue;
    }
    if (jpeg::IsRestart(next)) {
      ++segment.restarts;
    } else if (jpeg::IsReserved(next)) {
      ++segment.reserved_markers;
    } else if (next != 0) {
      segment.entropy_coded = bytes_.subspan(first, at_ - first);
      return;
    }
    at_ += 2;
  }
  at_ = bytes_.size();
  segment.entropy_coded = bytes_.subspan(first);
}

}  // namespace handful::image
