#include "image/stb_decode.h"

#include <climits>

#include "base/stb_allocation.h"

#define STB_IMAGE_IMPLEMENTATION
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STBI_NO_ZLIB  // PNG calls the checking one in inflate.cpp
#if defined(__wasm_simd128__) && defined(__SSE2__)
#define STBI__X64_TARGET  // its SSE2 code, by Emscripten's emmintrin.h; bit-identical to the scalar code
#endif
#include "stb_image.h"

namespace handful::image {

StbPicture StbDecode(std::span<const uint8_t> bytes, PictureFormat format, int channels) {
  StbPicture picture;
  if (bytes.size() > INT_MAX) {
    picture.failure = "too large";
    return picture;
  }
  const int length = static_cast<int>(bytes.size());
  int channels_in_file = 0;
  if (format == PictureFormat::kJpeg) {
    // Straight to its JPEG decoder: probing other formats sets a failure of its own.
    stbi__context context;
    stbi__start_mem(&context, bytes.data(), length);
    stbi__result_info info{};
    stbi__g_failure_reason = nullptr;
    picture.pixels.reset(static_cast<uint8_t*>(
        stbi__jpeg_load(&context, &picture.width, &picture.height, &channels_in_file, channels, &info)));
    picture.failure = stbi__g_failure_reason;
    return picture;
  }
  // Pictures in Apple's variety of PNG have blue and red swapped and colours multiplied by alpha.
  stbi_convert_iphone_png_to_rgb_thread(1);
  stbi_set_unpremultiply_on_load_thread(1);
  picture.pixels.reset(
      stbi_load_from_memory(bytes.data(), length, &picture.width, &picture.height, &channels_in_file, channels));
  if (picture.pixels == nullptr) picture.failure = stbi_failure_reason();
  return picture;
}

}  // namespace handful::image
