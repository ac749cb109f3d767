// What a picture file says about itself, read without decoding and without allocating: kind, size, orientation,
// and every defect that its structure gives away. stb_image decodes many damaged files without a word; the warnings
// come from here.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/status.h"
#include "image/image.h"
#include "image/kinds.h"

namespace handful::image {

// By content; the file's name plays no part.
PictureFormat SniffFormat(std::span<const uint8_t> bytes);
const char* FormatName(PictureFormat format);
bool IsBuiltIn(PictureFormat format);

struct Inspection {
  int width = 0;  // as stored, before the orientation is undone
  int height = 0;
  int orientation = 1;
  bool may_have_alpha = false;
  bool progressive = false;   // a JPEG that is blank until its last scan is read
  bool needs_repair = false;  // to be sent through RepairJpeg or RepairPng before it is decoded
  std::string warning;        // empty, or why the picture may be damaged
};

// One per built-in format. An error says why the picture cannot be read at all.
Result<Inspection> InspectJpeg(std::span<const uint8_t> bytes, const Limits& limits);
Result<Inspection> InspectPng(std::span<const uint8_t> bytes, const Limits& limits);
Result<Inspection> InspectBmp(std::span<const uint8_t> bytes, const Limits& limits);
Result<Inspection> InspectGif(std::span<const uint8_t> bytes, const Limits& limits);

// An error with the numbers where a picture has more pixels than allowed.
Status CheckSize(int64_t width, int64_t height, const Limits& limits);

// The sentence for a file that ends inside `what`.
Status CutShort(const char* what);

}  // namespace handful::image
