// The only place that turns pictures into numbers: bytes → upright RGB8 → crop and resize → tensor.
// One exact preprocessing for camera, files, CLI, training and every export: the same bytes give the same
// tensor, bit for bit, natively and in WebAssembly.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/buffer.h"
#include "base/status.h"

namespace handful::image {

// Upright pixels, row-major, 3 bytes each (R, G, B), no padding.
struct Image {
  int width = 0;
  int height = 0;
  Buffer<uint8_t> pixels_rgb8;
};

struct Decoded {
  Image image;
  std::string format;      // "JPEG", "PNG", "BMP", "GIF", "RGBA"
  int orientation = 1;     // the EXIF value that was undone, 1 to 8
  bool had_alpha = false;  // transparent pixels were laid over white
  std::string warning;     // empty, or a sentence: read despite a wrong checksum or missing data
};

struct Limits {
  int64_t max_pixels = 100'000'000;
};

// Whether Decode can read this format; if not, a browser may (WebP, AVIF, HEIC, …).
enum class Support { kBuiltIn, kBrowserOnly, kNotAPicture };
Support SniffSupport(std::span<const uint8_t> bytes);

// JPEG, PNG, BMP and GIF (first frame), upright by EXIF, over white. Refuses before allocating what exceeds `limits`.
Result<Decoded> Decode(std::span<const uint8_t> bytes, const Limits& limits = {});

// Pixels that somebody else decoded (a browser, a camera): width × height × 4, not premultiplied, already upright.
Result<Decoded> FromRgba8(std::span<const uint8_t> pixels_rgba8, int width, int height, const Limits& limits = {});

enum class CropMode {
  kCenter,  // the centred square
  kFit,     // all of it, with a border of grey 128 around
};

// What part of a picture a network sees, in the picture's pixels. With kFit it reaches beyond the picture.
struct CropRect {
  int x = 0, y = 0, side = 0;
};
CropRect CropFor(int width, int height, CropMode mode);

// Crops and resizes to side × side. A picture that has that size already is copied untouched.
Result<Image> CropAndResize(const Image& picture, CropMode mode, int side);

// The whole picture, its longer side at most `max_side`; for showing.
Result<Image> Thumbnail(const Image& picture, int max_side);

// value = pixel * scale + offset. The constants travel inside the model file.
struct InputRange {
  float scale = 1.0F / 127.5F;
  float offset = -1.0F;
  static InputRange MinusOneToOne() { return {}; }
  static InputRange ZeroToOne() { return {1.0F / 255.0F, 0.0F}; }
  bool operator==(const InputRange&) const = default;
};

// out_hwc: width × height × 3 floats.
void ToTensor(const Image& picture, const InputRange& range, std::span<float> out_hwc);

}  // namespace handful::image
