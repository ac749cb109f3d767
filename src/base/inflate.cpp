#include "base/inflate.h"

#include <climits>

#include "base/byte_order.h"
#include "base/stb_allocation.h"

// Only the zlib part of stb_image. Its PNG reader (stb_image.cpp) is compiled without one and calls the function that
// is defined at the end of this file, which also looks at the checksum.
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_NO_STDIO
#define STBI_NO_JPEG
#define STBI_NO_PNG
#define STBI_NO_BMP
#define STBI_NO_GIF
#define STBI_NO_PSD
#define STBI_NO_TGA
#define STBI_NO_HDR
#define STBI_NO_PIC
#define STBI_NO_PNM
#define STBI_NO_LINEAR
#define STBI_SUPPORT_ZLIB
#define stbi_zlib_decode_malloc_guesssize_headerflag stb_unchecked_zlib_decode
#include "stb_image.h"
#undef stbi_zlib_decode_malloc_guesssize_headerflag

namespace handful {
namespace {

thread_local bool last_checksum_was_wrong = false;

// RFC 1950, section 9.
uint32_t Adler32(std::span<const uint8_t> bytes) {
  constexpr uint32_t kModulus = 65521;
  constexpr size_t kLongestRun = 5552;  // before the sums can overflow 32 bits
  uint32_t a = 1;
  uint32_t b = 0;
  while (!bytes.empty()) {
    const auto run = bytes.first(std::min(bytes.size(), kLongestRun));
    for (const uint8_t byte : run) {
      a += byte;
      b += a;
    }
    a %= kModulus;
    b %= kModulus;
    bytes = bytes.subspan(run.size());
  }
  return (b << 16U) | a;
}

}  // namespace

bool LastZlibChecksumWasWrong() { return last_checksum_was_wrong; }

bool Inflate(std::span<const uint8_t> deflated, std::span<uint8_t> out) {
  if (deflated.size() > INT_MAX || out.size() > INT_MAX) return false;
  uint8_t nothing = 0;  // stb copies into no null pointer, not even nothing
  if (out.data() == nullptr) out = std::span(&nothing, 0);
  return stbi_zlib_decode_noheader_buffer(reinterpret_cast<char*>(out.data()), static_cast<int>(out.size()),
                                          reinterpret_cast<const char*>(deflated.data()),
                                          static_cast<int>(deflated.size())) == static_cast<int>(out.size());
}

}  // namespace handful

// As in stb_image, but it compares the Adler-32 checksum behind the stream.
extern "C" char* stbi_zlib_decode_malloc_guesssize_headerflag(const char* buffer, int bytes, int first_guess,
                                                              int* out_bytes, int has_zlib_header) {
  using namespace handful;
  last_checksum_was_wrong = false;
  auto* first_block = static_cast<char*>(STBI_MALLOC(static_cast<size_t>(first_guess)));
  if (first_block == nullptr) return nullptr;
  stbi__zbuf z;
  z.zbuffer = reinterpret_cast<stbi_uc*>(const_cast<char*>(buffer));
  stbi_uc* const end = z.zbuffer + bytes;
  z.zbuffer_end = end;
  if (stbi__do_zlib(&z, first_block, first_guess, 1, has_zlib_header) == 0) {
    STBI_FREE(z.zout_start);
    return nullptr;
  }
  const auto inflated_bytes = static_cast<size_t>(z.zout - z.zout_start);
  *out_bytes = static_cast<int>(inflated_bytes);
  if (has_zlib_header != 0) {
    // stb_image reads ahead into its bit buffer: give whole bytes back to find where the stream ended.
    const std::span<const uint8_t> rest(z.zbuffer - z.num_bits / 8, end);
    last_checksum_was_wrong =
        rest.size() < 4 || Be32(rest, 0) != Adler32({reinterpret_cast<const uint8_t*>(z.zout_start), inflated_bytes});
  }
  return z.zout_start;
}
