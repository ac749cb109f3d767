// JPEG (ITU-T T.81): the chain of markers. Entropy-coded data carries no checksum; what can be told from outside is
// whether every segment, every scan, every restart interval and the end are there.
#include <algorithm>
#include <array>
#include <cstring>

#include "base/byte_order.h"
#include "image/exif.h"
#include "image/inspect.h"
#include "image/jpeg_segments.h"

namespace handful::image {
namespace {

// Null where stb_image reads this variety.
const char* UnsupportedVariety(uint8_t frame_marker) {
  switch (frame_marker) {
    case 0xC0:
    case 0xC1:
    case 0xC2: return nullptr;
    case 0xC3:
    case 0xC7: return "lossless compression";
    case 0xC9:
    case 0xCA:
    case 0xCD:
    case 0xCE: return "arithmetic coding";
    case 0xCB:
    case 0xCF: return "lossless compression with arithmetic coding";
    default: return "hierarchical coding";
  }
}

struct Component {
  uint8_t id = 0;
  int across = 1;  // sampling factors
  int down = 1;
  bool has_dc = false;
  // Bits of each coefficient that are still to come; 255: nothing yet (progressive only).
  std::array<uint8_t, 64> missing_bits{};
};

struct Frame {
  int width = 0;
  int height = 0;
  bool progressive = false;
  int components = 0;
  std::array<Component, 4> component;
};

Status ReadFrame(uint8_t marker, std::span<const uint8_t> body, Frame& frame) {
  if (const char* variety = UnsupportedVariety(marker)) {
    return Errorf("this JPEG uses %s (SOF%d), which is not supported; save it as an ordinary JPEG or as PNG", variety,
                  marker - 0xC0);
  }
  if (body.size() < 6) return CutShort("header");
  if (body[0] != 8) {
    return Errorf("this JPEG has %d bits a colour, only 8 are supported; save it as an ordinary JPEG or as PNG",
                  body[0]);
  }
  frame.progressive = marker == 0xC2;
  frame.height = Be16(body, 1);
  frame.width = Be16(body, 3);
  frame.components = body[5];
  if (frame.width == 0 || frame.height == 0) {
    return Errorf("this JPEG is damaged: its header says %d × %d pixels", frame.width, frame.height);
  }
  if (frame.components != 1 && frame.components != 3 && frame.components != 4) {
    return Errorf("this JPEG is damaged: its header says %d colour components", frame.components);
  }
  if (body.size() < 6 + size_t{3} * static_cast<size_t>(frame.components)) return CutShort("header");
  for (int c = 0; c < frame.components; ++c) {
    Component& component = frame.component[static_cast<size_t>(c)];
    component.id = body[6 + 3 * static_cast<size_t>(c)];
    const uint8_t sampling = body[7 + 3 * static_cast<size_t>(c)];
    component.across = sampling >> 4U;
    component.down = sampling & 15U;
    if (component.across < 1 || component.across > 4 || component.down < 1 || component.down > 4) {
      return Errorf("this JPEG is damaged: its header says sampling factors %d × %d", component.across, component.down);
    }
    component.missing_bits.fill(255);
  }
  return Status::Ok();
}

// What one scan brings of which component. `body` is the SOS segment.
void NoteScan(std::span<const uint8_t> body, Frame& frame) {
  if (body.empty()) return;
  const size_t in_scan = body[0];
  if (body.size() < 1 + 2 * in_scan + 3) return;
  const uint8_t first = body[1 + 2 * in_scan];
  const uint8_t last = body[2 + 2 * in_scan];
  const uint8_t low_bit = body[3 + 2 * in_scan] & 15U;
  for (size_t i = 0; i < in_scan; ++i) {
    for (Component& component : frame.component) {
      if (component.id != body[1 + 2 * i]) continue;
      if (!frame.progressive) {
        component.has_dc = true;
        component.missing_bits.fill(0);
        continue;
      }
      if (first == 0) component.has_dc = true;
      for (size_t k = first; k <= last && k < 64; ++k) component.missing_bits[k] = low_bit;
    }
  }
}

// How many restart intervals the scan must have, minus one.
int64_t RestartsDue(std::span<const uint8_t> body, const Frame& frame, int interval_mcus) {
  if (interval_mcus == 0 || body.empty()) return 0;
  int across = 1;
  int down = 1;
  for (int c = 0; c < frame.components; ++c) {
    across = std::max(across, frame.component[static_cast<size_t>(c)].across);
    down = std::max(down, frame.component[static_cast<size_t>(c)].down);
  }
  int64_t mcus = 0;
  if (body[0] == 1) {  // one component: its own 8 × 8 blocks, without padding
    for (int c = 0; c < frame.components; ++c) {
      const Component& component = frame.component[static_cast<size_t>(c)];
      if (body.size() < 2 || component.id != body[1]) continue;
      const int64_t wide = (int64_t{frame.width} * component.across + across - 1) / across;
      const int64_t high = (int64_t{frame.height} * component.down + down - 1) / down;
      mcus = ((wide + 7) / 8) * ((high + 7) / 8);
    }
  } else {
    mcus = ((frame.width + 8 * across - 1) / (8 * across)) * int64_t{(frame.height + 8 * down - 1) / (8 * down)};
  }
  return mcus == 0 ? 0 : (mcus - 1) / interval_mcus;
}

// Which Huffman tables there are: [0] DC, [1] AC, a bit per table number.
using TablesPresent = std::array<uint32_t, 2>;

void NoteTables(std::span<const uint8_t> body, TablesPresent& present) {
  constexpr size_t kCounts = 16;
  while (body.size() > kCounts) {
    if ((body[0] >> 4U) < 2) present[body[0] >> 4U] |= 1U << (body[0] & 15U);
    size_t symbols = 0;
    for (size_t i = 1; i <= kCounts; ++i) symbols += body[i];
    if (body.size() < 1 + kCounts + symbols) return;
    body = body.subspan(1 + kCounts + symbols);
  }
}

// Whether every table is there that the scan's components name.
bool HasTables(std::span<const uint8_t> body, const Frame& frame, const TablesPresent& present) {
  const size_t in_scan = body.empty() ? 0 : body[0];
  if (body.size() < 1 + 2 * in_scan + 3) return true;  // damaged otherwise
  const bool first_pass = (body[3 + 2 * in_scan] >> 4U) == 0;
  const bool needs_dc = !frame.progressive || (body[1 + 2 * in_scan] == 0 && first_pass);
  const bool needs_ac = !frame.progressive || body[1 + 2 * in_scan] > 0;
  for (size_t i = 0; i < in_scan; ++i) {
    const uint8_t tables = body[2 + 2 * i];
    if (needs_dc && (present[0] >> (tables >> 4U) & 1U) == 0) return false;
    if (needs_ac && (present[1] >> (tables & 15U) & 1U) == 0) return false;
  }
  return true;
}

void SetWarning(Inspection& found, std::string sentence) {
  if (found.warning.empty()) found.warning = std::move(sentence);
}

void JudgeCompleteness(const Frame& frame, Inspection& found) {
  for (int c = 0; c < frame.components; ++c) {
    const Component& component = frame.component[static_cast<size_t>(c)];
    if (!component.has_dc) {
      SetWarning(found, Format("read despite missing data: colour component %d has no scan", c + 1));
    }
  }
  for (int c = 0; c < frame.components; ++c) {
    for (const uint8_t bits : frame.component[static_cast<size_t>(c)].missing_bits) {
      if (bits != 0) {
        SetWarning(found, "read despite missing data: scans of this progressive JPEG are missing, details are lost");
        return;
      }
    }
  }
}

}  // namespace

Result<Inspection> InspectJpeg(std::span<const uint8_t> bytes, const Limits& limits) {
  Inspection found;
  Frame frame;
  TablesPresent tables{};
  int restart_interval_mcus = 0;
  int scans = 0;
  JpegSegments segments(bytes);
  JpegSegment segment;
  JpegStep step = JpegStep::kSegment;
  while ((step = segments.Next(segment)) == JpegStep::kSegment) {
    if (segment.stray_before > 0) {
      SetWarning(found, Format("read despite %zu stray bytes before marker %02X: the picture may be damaged",
                               segment.stray_before, segment.marker));
    }
    if (jpeg::IsFrame(segment.marker)) {
      if (found.width > 0) return Errorf("this JPEG is damaged: it has two headers");
      HANDFUL_TRY(ReadFrame(segment.marker, segment.body, frame));
      HANDFUL_TRY(CheckSize(frame.width, frame.height, limits));
      found.width = frame.width;
      found.height = frame.height;
      found.progressive = frame.progressive;
    } else if (segment.marker == jpeg::kHuffmanTables) {
      NoteTables(segment.body, tables);
    } else if (segment.marker == jpeg::kRestartInterval && segment.body.size() >= 2) {
      restart_interval_mcus = Be16(segment.body, 0);
    } else if (segment.marker == jpeg::kApp1 && segment.body.size() > 6 &&
               std::memcmp(segment.body.data(), "Exif\0\0", 6) == 0) {
      found.orientation = ExifOrientation(segment.body.subspan(6));
    } else if (segment.marker == jpeg::kScan) {
      if (found.width == 0) return Errorf("this JPEG is damaged: picture data comes before its header");
      ++scans;
      NoteScan(segment.body, frame);
      if (!HasTables(segment.body, frame, tables)) {
        if (frame.progressive) return Errorf("this JPEG is damaged: a Huffman table is missing");
        found.needs_repair = true;  // Motion JPEG: the standard tables are meant
      }
      if (segment.reserved_markers > 0) {
        SetWarning(found, Format("read despite damaged picture data (%lld impossible codes): a part of it may be wrong",
                                 static_cast<long long>(segment.reserved_markers)));
      }
      if (const int64_t due = RestartsDue(segment.body, frame, restart_interval_mcus); segment.restarts < due) {
        SetWarning(found, Format("read despite missing data: %lld of %lld parts of the picture are there",
                                 static_cast<long long>(segment.restarts + 1), static_cast<long long>(due + 1)));
      }
    }
  }
  if (scans == 0) {
    if (step == JpegStep::kBadLength) {
      return Errorf("this JPEG is damaged: segment %02X at byte %zu has no length", segment.marker, segment.at);
    }
    if (step == JpegStep::kCutShort) return CutShort("header");
    return Errorf("this JPEG is damaged: it holds no picture data");
  }
  if (step != JpegStep::kEnd) {
    SetWarning(found, "read despite missing data: the file ends before the picture does, a part of it may be missing");
  }
  JudgeCompleteness(frame, found);
  found.needs_repair |= !found.warning.empty();
  return found;
}

}  // namespace handful::image
