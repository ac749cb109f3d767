// BMP (BITMAPCOREHEADER, BITMAPINFOHEADER and later): size and whether all rows are there.
#include <algorithm>
#include <cstdlib>

#include "base/byte_order.h"
#include "image/inspect.h"

namespace handful::image {

Result<Inspection> InspectBmp(std::span<const uint8_t> bytes, const Limits& limits) {
  constexpr size_t kFileHeaderBytes = 14;
  const uint32_t header_bytes = Le32(bytes, kFileHeaderBytes);
  if (!Holds(bytes, kFileHeaderBytes, header_bytes)) return CutShort("header");
  const bool core = header_bytes == 12;
  const int64_t width = core ? Le16(bytes, 18) : static_cast<int32_t>(Le32(bytes, 18));
  const int64_t signed_height = core ? Le16(bytes, 20) : static_cast<int32_t>(Le32(bytes, 22));
  const int64_t height = std::abs(signed_height);  // negative: rows from the top down
  const int bits = core ? Le16(bytes, 24) : Le16(bytes, 28);
  const uint32_t compression = core ? 0 : Le32(bytes, 30);
  if (width <= 0 || height <= 0 || height > INT32_MAX) {
    return Errorf("this BMP is damaged: its header says %lld × %lld pixels", static_cast<long long>(width),
                  static_cast<long long>(signed_height));
  }
  HANDFUL_TRY(CheckSize(width, height, limits));
  constexpr int kDepths[] = {1, 4, 8, 16, 24, 32};
  if (std::find(std::begin(kDepths), std::end(kDepths), bits) == std::end(kDepths)) {
    return Errorf("this BMP has %d bits a pixel, which is not supported; save it as PNG", bits);
  }
  constexpr uint32_t kBitFields = 3;
  if (compression != 0 && compression != kBitFields) {
    return Errorf("this BMP is compressed (method %u), which is not supported; save it as PNG", compression);
  }
  const uint64_t row_bytes = (static_cast<uint64_t>(width) * static_cast<uint64_t>(bits) + 31) / 32 * 4;
  const uint64_t pixels_at = Le32(bytes, 10);
  const uint64_t needed = pixels_at + row_bytes * static_cast<uint64_t>(height);
  if (pixels_at >= bytes.size()) return CutShort("header");

  Inspection found;
  found.width = static_cast<int>(width);
  found.height = static_cast<int>(height);
  found.may_have_alpha = bits == 32 || bits == 16;
  if (needed > bytes.size()) {
    found.warning =
        Format("read despite missing data: the file has %zu of %llu bytes, a part of the picture is missing",
               bytes.size(), static_cast<unsigned long long>(needed));
  }
  return found;
}

}  // namespace handful::image
