// Deflate (RFC 1951) by stb_image's decoder: for PNG's pixels, and for zip archives.
#pragma once

#include <cstdint>
#include <span>

namespace handful {

// Fills `out` from a raw deflate stream (no zlib header). False where the stream is damaged or does not give exactly
// out.size() bytes; it never writes past `out`.
bool Inflate(std::span<const uint8_t> deflated, std::span<uint8_t> out);

// Whether the zlib stream that this thread's last PNG was decoded from carried a wrong or missing Adler-32 checksum.
// stb_image does not look at it.
bool LastZlibChecksumWasWrong();

}  // namespace handful
