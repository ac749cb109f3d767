#include "unit/test_files.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <dirent.h>
#include <gtest/gtest.h>

#include "base/crc32.h"

namespace handful::testing {
namespace {

void PutLe(Bytes& out, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}
void PutBe32(Bytes& out, uint32_t value) {
  for (int i = 3; i >= 0; --i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}
void PutText(Bytes& out, const std::string& text) { out.insert(out.end(), text.begin(), text.end()); }
void PutAll(Bytes& out, const Bytes& more) { out.insert(out.end(), more.begin(), more.end()); }

void PutChunk(Bytes& out, const std::string& type, const Bytes& data) {
  PutBe32(out, static_cast<uint32_t>(data.size()));
  const size_t from = out.size();
  PutText(out, type);
  PutAll(out, data);
  PutBe32(out, Crc32(std::span(out).subspan(from)));
}

// A zlib stream of stored blocks.
Bytes StoredZlib(const Bytes& raw) {
  Bytes out = {0x78, 0x01};
  for (size_t at = 0; at < raw.size() || at == 0;) {
    const size_t run = std::min<size_t>(raw.size() - at, 65535);
    out.push_back(at + run == raw.size() ? 1 : 0);
    PutLe(out, static_cast<uint32_t>(run), 2);
    PutLe(out, ~static_cast<uint32_t>(run), 2);
    out.insert(out.end(), raw.begin() + static_cast<std::ptrdiff_t>(at),
               raw.begin() + static_cast<std::ptrdiff_t>(at + run));
    at += run;
    if (run == 0) break;
  }
  uint32_t a = 1;
  uint32_t b = 0;
  for (const uint8_t byte : raw) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  PutBe32(out, (b << 16U) | a);
  return out;
}

Bytes PngStart(uint32_t width, uint32_t height, int bit_depth, int colour_type) {
  Bytes out = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  Bytes header;
  PutBe32(header, width);
  PutBe32(header, height);
  header.insert(header.end(), {static_cast<uint8_t>(bit_depth), static_cast<uint8_t>(colour_type), 0, 0, 0});
  PutChunk(out, "IHDR", header);
  return out;
}

}  // namespace

std::string DataFolder() {
  const char* folder = std::getenv("HANDFUL_DATA");
  return folder == nullptr ? "" : folder;
}

std::string SourceFile(const std::string& path) { return std::string(HANDFUL_SOURCE_DIR) + "/" + path; }

Bytes ReadBytes(const std::string& path) {
  Bytes bytes;
  std::FILE* file = std::fopen(path.c_str(), "rb");
  EXPECT_NE(file, nullptr) << path;
  if (file == nullptr) return bytes;
  uint8_t block[65536];
  for (size_t n = 0; (n = std::fread(block, 1, sizeof block, file)) > 0;) bytes.insert(bytes.end(), block, block + n);
  std::fclose(file);
  return bytes;
}

std::vector<std::string> ListFolder(const std::string& folder) {
  std::vector<std::string> names;
  DIR* open = opendir(folder.c_str());
  EXPECT_NE(open, nullptr) << folder;
  if (open == nullptr) return names;
  while (const dirent* entry = readdir(open)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  closedir(open);
  std::ranges::sort(names);
  return names;
}

Bytes PatternRgb8(int width, int height) {
  Bytes pixels;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      pixels.push_back(static_cast<uint8_t>(255 * x / std::max(1, width - 1)));
      pixels.push_back(static_cast<uint8_t>(255 * y / std::max(1, height - 1)));
      pixels.push_back(static_cast<uint8_t>((7 * x + 13 * y) % 256));
    }
  }
  return pixels;
}

Bytes EncodePng(int width, int height, int bit_depth, int colour_type, const Bytes& rows,
                const std::vector<PngChunk>& extra_chunks) {
  Bytes out = PngStart(static_cast<uint32_t>(width), static_cast<uint32_t>(height), bit_depth, colour_type);
  for (const PngChunk& chunk : extra_chunks) PutChunk(out, chunk.type, chunk.data);
  const size_t row_bytes = rows.size() / static_cast<size_t>(height);
  Bytes raw;
  for (int y = 0; y < height; ++y) {
    raw.push_back(0);  // filter: none
    const auto row = rows.begin() + static_cast<std::ptrdiff_t>(row_bytes) * y;
    raw.insert(raw.end(), row, row + static_cast<std::ptrdiff_t>(row_bytes));
  }
  PutChunk(out, "IDAT", StoredZlib(raw));
  PutChunk(out, "IEND", {});
  return out;
}

Bytes EncodePngRgb8(int width, int height, const Bytes& pixels_rgb8, const std::vector<PngChunk>& extra_chunks) {
  return EncodePng(width, height, 8, 2, pixels_rgb8, extra_chunks);
}

Bytes PngHeaderOnly(uint32_t width, uint32_t height) { return PngStart(width, height, 8, 2); }

Bytes EncodeBmp(int width, int height, const Bytes& pixels_rgb8) {
  const size_t row_bytes = (static_cast<size_t>(width) * 3 + 3) / 4 * 4;
  const auto total = static_cast<uint32_t>(54 + row_bytes * static_cast<size_t>(height));
  Bytes out = {'B', 'M'};
  PutLe(out, total, 4);
  PutLe(out, 0, 4);
  PutLe(out, 54, 4);
  PutLe(out, 40, 4);
  PutLe(out, static_cast<uint32_t>(width), 4);
  PutLe(out, static_cast<uint32_t>(height), 4);
  PutLe(out, 1, 2);
  PutLe(out, 24, 2);
  for (int i = 0; i < 6; ++i) PutLe(out, 0, 4);
  for (int y = height - 1; y >= 0; --y) {
    const size_t row = out.size();
    for (int x = 0; x < width; ++x) {
      const uint8_t* rgb = &pixels_rgb8[3 * static_cast<size_t>(y * width + x)];
      out.insert(out.end(), {rgb[2], rgb[1], rgb[0]});
    }
    out.resize(row + row_bytes);
  }
  return out;
}

Bytes EncodeGif(int screen_width, int screen_height, int frame_width, int frame_height, const Bytes& indices,
                const Bytes& palette_rgb8, int transparent, int background) {
  Bytes out;
  PutText(out, "GIF89a");
  PutLe(out, static_cast<uint32_t>(screen_width), 2);
  PutLe(out, static_cast<uint32_t>(screen_height), 2);
  out.insert(out.end(), {0x86, static_cast<uint8_t>(background), 0});  // a global table of 128 colours
  Bytes palette = palette_rgb8;
  palette.resize(128 * 3);
  PutAll(out, palette);
  if (transparent >= 0) out.insert(out.end(), {0x21, 0xF9, 4, 1, 0, 0, static_cast<uint8_t>(transparent), 0});
  out.push_back(0x2C);
  PutLe(out, 0, 4);
  PutLe(out, static_cast<uint32_t>(frame_width), 2);
  PutLe(out, static_cast<uint32_t>(frame_height), 2);
  out.push_back(0);
  // Codes of 8 bits that are never combined: a clear code (128) keeps the width from growing.
  out.push_back(7);
  Bytes codes;
  for (size_t i = 0; i < indices.size(); ++i) {
    if (i % 100 == 0) codes.push_back(128);
    codes.push_back(indices[i]);
  }
  codes.push_back(129);
  for (size_t at = 0; at < codes.size(); at += 255) {
    const size_t run = std::min<size_t>(255, codes.size() - at);
    out.push_back(static_cast<uint8_t>(run));
    out.insert(out.end(), codes.begin() + static_cast<std::ptrdiff_t>(at),
               codes.begin() + static_cast<std::ptrdiff_t>(at + run));
  }
  out.insert(out.end(), {0, 0x3B});
  return out;
}

Bytes ExifBlock(int orientation, bool little_endian) {
  const auto value = static_cast<uint8_t>(orientation);
  if (little_endian) {
    return {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0};
  }
  return {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0};
}

}  // namespace handful::testing
