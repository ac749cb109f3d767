// Files for tests: those of the test data (environment variable HANDFUL_DATA), and pictures made on the spot.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace handful::testing {

using Bytes = std::vector<uint8_t>;

// The folder of the test data, or "" where there is none (the test then skips).
std::string DataFolder();
// The whole file; fails the test and gives nothing where it cannot be read.
// The path of a file of this checkout.
std::string SourceFile(const std::string& path);
Bytes ReadBytes(const std::string& path);
// Names in a folder, sorted, without "." and "..".
std::vector<std::string> ListFolder(const std::string& folder);

// A smooth RGB pattern in which every pixel differs from its mirror images.
Bytes PatternRgb8(int width, int height);

// PNG without compression. `extra_chunks` go between IHDR and IDAT.
struct PngChunk {
  std::string type;
  Bytes data;
};
Bytes EncodePng(int width, int height, int bit_depth, int colour_type, const Bytes& rows_without_filter_bytes,
                const std::vector<PngChunk>& extra_chunks = {});
Bytes EncodePngRgb8(int width, int height, const Bytes& pixels_rgb8, const std::vector<PngChunk>& extra_chunks = {});
// Only signature and IHDR.
Bytes PngHeaderOnly(uint32_t width, uint32_t height);
// 24 bits a pixel, rows from the bottom up.
Bytes EncodeBmp(int width, int height, const Bytes& pixels_rgb8);
// One frame of palette indices; `transparent` is an index, or -1.
Bytes EncodeGif(int screen_width, int screen_height, int frame_width, int frame_height, const Bytes& indices,
                const Bytes& palette_rgb8, int transparent, int background);
// An EXIF block (TIFF) with one directory that holds only the orientation.
Bytes ExifBlock(int orientation, bool little_endian);

}  // namespace handful::testing
