#include "import/zip.h"

#include <algorithm>
#include <map>

#include "base/byte_order.h"
#include "base/crc32.h"
#include "base/inflate.h"

namespace handful::importers {
namespace {

constexpr uint32_t kLocalHeader = 0x04034B50;
constexpr uint32_t kDirectoryEntry = 0x02014B50;
constexpr uint32_t kDirectoryEnd = 0x06054B50;
constexpr uint32_t kZip64End = 0x06064B50;
constexpr uint32_t kZip64Locator = 0x07064B50;
constexpr size_t kLocalHeaderBytes = 30;
constexpr size_t kDirectoryEntryBytes = 46;
constexpr size_t kDirectoryEndBytes = 22;
constexpr size_t kZip64EndBytes = 56;
constexpr size_t kZip64LocatorBytes = 20;
constexpr size_t kMostNameBytes = 1000;

constexpr uint32_t kStored = 0;
constexpr uint32_t kDeflated = 8;

using Entry = ZipReader::Entry;

Status DamagedDirectory() { return Errorf("the zip archive's directory is damaged"); }

Status TooMuch(double bytes, uint64_t allowed) {
  return Errorf("unpacked it would take %.0f MB, more than the %.0f MB allowed", bytes / 1e6,
                static_cast<double>(allowed) / 1e6);
}

// ---- names ----

// The length of the character that begins at `at`, or 0 where that is no UTF-8 (RFC 3629: no overlong forms, no
// surrogates).
size_t Utf8Length(std::span<const uint8_t> bytes, size_t at) {
  const uint8_t lead = bytes[at];
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xC2 && lead < 0xE0   ? 2
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xF0 && lead < 0xF5 ? 4
                                                      : 0;
  if (length == 0 || !Holds(bytes, at, length)) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((bytes[at + i] & 0xC0U) != 0x80) return 0;
  }
  const uint8_t second = bytes[at + 1];
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
      (lead == 0xF4 && second > 0x8F))
    return 0;
  return length;
}

bool IsUtf8(std::span<const uint8_t> bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const size_t length = Utf8Length(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

// Windows' first code page (Windows-1252 as browsers have it), whose letters are below U+10000.
std::string FromWindows1252(std::span<const uint8_t> bytes) {
  // 0x80 … 0x9F; the others are the code points of the same number.
  constexpr char16_t kSpecial[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                     0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                     0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                     0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  std::string text;
  for (const uint8_t byte : bytes) {
    const uint32_t code = byte >= 0x80 && byte < 0xA0 ? kSpecial[byte - 0x80] : byte;
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else if (code < 0x800) {
      text += static_cast<char>(0xC0U | (code >> 6U));
      text += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
      text += static_cast<char>(0xE0U | (code >> 12U));
      text += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
      text += static_cast<char>(0x80U | (code & 0x3FU));
    }
  }
  return text;
}

std::string NameOf(std::span<const uint8_t> bytes) {
  std::string name = IsUtf8(bytes) ? std::string(bytes.begin(), bytes.end()) : FromWindows1252(bytes);
  for (char& c : name) c = static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  return name;
}

std::vector<std::string> SegmentsOf(const std::string& path) {
  std::vector<std::string> segments(1);
  for (const char c : path) {
    if (c == '/' || c == '\\') {
      segments.emplace_back();
    } else {
      segments.back() += c;
    }
  }
  return segments;
}

bool LeadsOut(const std::string& path) {
  if (path.starts_with('/') || path.starts_with('\\')) return true;
  const char drive = path.size() > 1 && path[1] == ':' ? path[0] : '\0';
  if ((drive >= 'a' && drive <= 'z') || (drive >= 'A' && drive <= 'Z')) return true;
  return std::ranges::count(SegmentsOf(path), "..") > 0;
}

std::string SafeName(const std::string& path) {
  std::string name;
  for (const std::string& segment : SegmentsOf(path)) {
    if (segment.empty() || segment == "." || segment == "..") continue;
    name.append(name.empty() ? "" : "/").append(segment);
  }
  return name.empty() ? "unnamed" : name;
}

// Names that are taken, each with the number that the next of that name gets.
using TakenNames = std::map<std::string, int>;

// "a.png", then "a (2).png".
std::string Unique(const std::string& name, TakenNames& taken) {
  const auto [found, is_new] = taken.emplace(name, 2);
  if (is_new) return name;
  const size_t slash = name.rfind('/'), dot = name.rfind('.');
  const size_t stem =
      dot != std::string::npos && dot > (slash == std::string::npos ? 0 : slash + 1) ? dot : name.size();
  for (int& next = found->second;;) {
    const std::string candidate = Format("%s (%d)%s", name.substr(0, stem).c_str(), next++, name.substr(stem).c_str());
    if (taken.emplace(candidate, 2).second) return candidate;
  }
}

// ---- the directory ----

struct Directory {
  uint64_t entries = 0, bytes = 0, offset = 0;
};

Result<Directory> FindDirectory(std::span<const uint8_t> archive) {
  // A comment of up to 65,535 bytes may follow the end record.
  constexpr size_t kMaxComment = 65535;
  const Status missing = Errorf("the zip archive's directory is missing: it is cut short, or no zip archive");
  if (archive.size() < kDirectoryEndBytes) return missing;
  size_t at = archive.size() - kDirectoryEndBytes;
  const size_t first = at > kMaxComment ? at - kMaxComment : 0;
  while (Le32(archive, at) != kDirectoryEnd) {
    if (at-- == first) return missing;
  }
  if (at >= kZip64LocatorBytes && Le32(archive, at - kZip64LocatorBytes) == kZip64Locator) {
    const uint64_t end = Le64(archive, at - kZip64LocatorBytes + 8);
    if (end > archive.size() || !Holds(archive, static_cast<size_t>(end), kZip64EndBytes)) return DamagedDirectory();
    const std::span<const uint8_t> record = archive.subspan(static_cast<size_t>(end), kZip64EndBytes);
    if (Le32(record, 0) != kZip64End) return DamagedDirectory();
    return Directory{.entries = Le64(record, 32), .bytes = Le64(record, 40), .offset = Le64(record, 48)};
  }
  return Directory{
      .entries = Le16(archive, at + 10), .bytes = Le32(archive, at + 12), .offset = Le32(archive, at + 16)};
}

// Where 32 bits do not do, the extra field with id 1 has 64, in this order.
void ReadZip64Sizes(std::span<const uint8_t> extra, Entry& entry) {
  constexpr uint32_t kId = 1;
  constexpr uint64_t kElsewhere = 0xFFFFFFFF;
  for (size_t at = 0; Holds(extra, at, 4);) {
    const size_t end = std::min(at + 4 + Le16(extra, at + 2), extra.size());
    if (Le16(extra, at) == kId) {
      size_t value = at + 4;
      for (uint64_t* size : {&entry.unpacked_bytes, &entry.packed_bytes, &entry.local_header_at}) {
        if (*size != kElsewhere || value + 8 > end) continue;
        *size = Le64(extra, value);
        value += 8;
      }
    }
    at = end;
  }
}

std::string WhyRefused(uint32_t flags, uint32_t method, const std::string& original, bool taken) {
  constexpr uint32_t kEncrypted = 1;
  if ((flags & kEncrypted) != 0) return "it is encrypted: unpack the archive first";
  if (method != kStored && method != kDeflated)
    return Format("it is compressed in a way that is not known here (method %u)", method);
  if (LeadsOut(original)) return "its path \"" + original + "\" leads out of the archive";
  return taken ? "the archive holds another entry of this name" : "";
}

Result<std::vector<Entry>> ReadDirectory(std::span<const uint8_t> archive, size_t max_entries) {
  const Result<Directory> found = FindDirectory(archive);
  if (!found.ok()) return found.status();
  if (found->entries > max_entries) {
    return Errorf("%llu entries are more than the %zu allowed", static_cast<unsigned long long>(found->entries),
                  max_entries);
  }
  if (found->offset > archive.size() || found->bytes > archive.size() - found->offset) return DamagedDirectory();
  const std::span<const uint8_t> directory =
      archive.subspan(static_cast<size_t>(found->offset), static_cast<size_t>(found->bytes));
  std::vector<Entry> entries;
  TakenNames taken;
  uint64_t packed_left = archive.size();
  size_t at = 0;
  for (uint64_t left = found->entries; left > 0; --left) {
    if (!Holds(directory, at, kDirectoryEntryBytes) || Le32(directory, at) != kDirectoryEntry)
      return DamagedDirectory();
    const size_t name_bytes = Le16(directory, at + 28), extra_bytes = Le16(directory, at + 30),
                 comment_bytes = Le16(directory, at + 32);
    const size_t name_at = at + kDirectoryEntryBytes;
    if (!Holds(directory, name_at, name_bytes + extra_bytes + comment_bytes)) return DamagedDirectory();
    if (name_bytes > kMostNameBytes)
      return Errorf("an entry's name has %zu bytes, more than the %zu allowed", name_bytes, kMostNameBytes);
    const std::string original = NameOf(directory.subspan(name_at, name_bytes));
    Entry entry{.method = Le16(directory, at + 10),
                .crc = Le32(directory, at + 16),
                .packed_bytes = Le32(directory, at + 20),
                .unpacked_bytes = Le32(directory, at + 24),
                .local_header_at = Le32(directory, at + 42)};
    ReadZip64Sizes(directory.subspan(name_at + name_bytes, extra_bytes), entry);
    if (entry.packed_bytes > packed_left) return Errorf("its entries overlap, as no honest archive's do");
    packed_left -= entry.packed_bytes;
    if (!original.ends_with('/') && !original.ends_with('\\')) {
      const std::string safe = SafeName(original);
      entry.name = Unique(safe, taken);
      entry.refused = WhyRefused(Le16(directory, at + 8), entry.method, original, entry.name != safe);
      entries.push_back(std::move(entry));
    }
    at = name_at + name_bytes + extra_bytes + comment_bytes;
  }
  return entries;
}

// ---- content ----

Result<std::vector<uint8_t>> Unpack(std::span<const uint8_t> archive, const Entry& entry, uint64_t max_bytes) {
  constexpr uint64_t kBestRatio = 1032;  // deflate cannot do better
  const auto said = static_cast<unsigned long long>(entry.unpacked_bytes);
  if (!entry.refused.empty()) return Errorf("%s", entry.refused.c_str());
  if (entry.unpacked_bytes > max_bytes) return TooMuch(static_cast<double>(entry.unpacked_bytes), max_bytes);
  if (entry.unpacked_bytes > kBestRatio * entry.packed_bytes) {
    return Errorf("%llu bytes cannot unpack to %llu", static_cast<unsigned long long>(entry.packed_bytes), said);
  }
  if (entry.local_header_at > archive.size() ||
      !Holds(archive, static_cast<size_t>(entry.local_header_at), kLocalHeaderBytes) ||
      Le32(archive, static_cast<size_t>(entry.local_header_at)) != kLocalHeader) {
    return Errorf("it does not begin where the archive says");
  }
  // The local header's name and extra field may be longer than the directory's.
  const auto header_at = static_cast<size_t>(entry.local_header_at);
  const size_t data_at = header_at + kLocalHeaderBytes + Le16(archive, header_at + 26) + Le16(archive, header_at + 28);
  const auto packed_bytes =
      static_cast<size_t>(entry.packed_bytes);  // the directory's entries together are no more than the archive
  if (!Holds(archive, data_at, packed_bytes)) return Errorf("the archive is cut short");
  const std::span<const uint8_t> packed = archive.subspan(data_at, packed_bytes);
  std::vector<uint8_t> unpacked(static_cast<size_t>(entry.unpacked_bytes));
  if (entry.method == kStored) {
    if (packed.size() != unpacked.size()) return Errorf("it has %zu of %llu bytes", packed.size(), said);
    std::ranges::copy(packed, unpacked.begin());
  } else if (!Inflate(packed, unpacked)) {
    return Errorf("it cannot be unpacked, or not to %llu bytes", said);
  }
  if (Crc32(unpacked) != entry.crc) return Errorf("its checksum is wrong");
  return unpacked;
}

}  // namespace

bool LooksLikeZip(std::span<const uint8_t> bytes) {
  return bytes.size() >= 4 && (Le32(bytes, 0) == kLocalHeader || Le32(bytes, 0) == kDirectoryEnd);
}

Result<ZipReader> ZipReader::Open(std::span<const uint8_t> bytes, const ZipLimits& limits) {
  Result<std::vector<Entry>> entries = ReadDirectory(bytes, limits.max_entries);
  if (!entries.ok()) return entries.status();
  double total = 0;
  for (const Entry& entry : *entries) total += static_cast<double>(entry.unpacked_bytes);
  if (total > static_cast<double>(limits.max_unpacked_bytes)) return TooMuch(total, limits.max_unpacked_bytes);
  ZipReader reader;
  reader.bytes_ = bytes;
  reader.max_entry_bytes_ = limits.max_entry_bytes;
  reader.entries_ = std::move(*entries);
  return reader;
}

Result<std::vector<uint8_t>> ZipReader::Read(const Entry& entry) const {
  Result<std::vector<uint8_t>> unpacked = Unpack(bytes_, entry, max_entry_bytes_);
  if (!unpacked.ok()) return unpacked.status().WithContextf("\"%s\" in the zip archive", entry.name.c_str());
  return unpacked;
}

Result<std::vector<InputFile>> Unzip(std::span<const uint8_t> bytes, const ZipLimits& limits) {
  Result<ZipReader> reader = ZipReader::Open(bytes, limits);
  if (!reader.ok()) return reader.status();
  std::vector<InputFile> files;
  for (const Entry& entry : reader->entries()) {
    Result<std::vector<uint8_t>> unpacked = reader->Read(entry);
    if (!unpacked.ok()) return unpacked.status();
    files.push_back({entry.name, *std::move(unpacked)});
  }
  return files;
}

}  // namespace handful::importers
