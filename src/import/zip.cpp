#include "import/zip.h"

#include <algorithm>

#include "base/byte_order.h"
#include "base/crc32.h"
#include "base/inflate.h"

namespace handful::importers {
namespace {

constexpr uint32_t kLocalHeader = 0x04034B50;
constexpr uint32_t kDirectoryEntry = 0x02014B50;
constexpr uint32_t kDirectoryEnd = 0x06054B50;
constexpr size_t kLocalHeaderBytes = 30;
constexpr size_t kDirectoryEntryBytes = 46;
constexpr size_t kDirectoryEndBytes = 22;

using Entry = ZipReader::Entry;

// Names are shown to people and compared, so they must be UTF-8 whatever the archive says: other bytes become "?".
std::string Utf8Name(std::span<const uint8_t> bytes) {
  std::string name;
  for (size_t i = 0; i < bytes.size();) {
    const uint8_t lead = bytes[i];
    const size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3
                          : lead >= 0xF0 && lead < 0xF5                 ? 4
                                                                        : 0;
    bool sound = length > 0 && Holds(bytes, i, length);
    for (size_t k = 1; sound && k < length; ++k) sound = (bytes[i + k] & 0xC0U) == 0x80;
    if (!sound || lead < 0x20) {
      name += '?';
      ++i;
      continue;
    }
    name.append(reinterpret_cast<const char*>(bytes.data()) + i, length);
    i += length;
  }
  std::ranges::replace(name, '\\', '/');
  return name;
}

// The last 22 bytes, or before them where the archive ends with a comment.
bool FindDirectoryEnd(std::span<const uint8_t> bytes, size_t& at) {
  constexpr size_t kMaxComment = 65535;
  if (bytes.size() < kDirectoryEndBytes) return false;
  const size_t last = bytes.size() - kDirectoryEndBytes;
  const size_t first = last > kMaxComment ? last - kMaxComment : 0;
  for (at = last + 1; at-- > first;) {
    if (Le32(bytes, at) == kDirectoryEnd) return true;
  }
  return false;
}

Result<std::vector<Entry>> ReadDirectory(std::span<const uint8_t> bytes, size_t max_entries) {
  size_t end = 0;
  if (!FindDirectoryEnd(bytes, end)) return Errorf("the zip archive is cut short: its directory is missing");
  const size_t count = Le16(bytes, end + 10);
  if (count > max_entries) return Errorf("the zip archive has %zu entries, at most %zu are read", count, max_entries);
  size_t at = Le32(bytes, end + 16);
  std::vector<Entry> entries;
  for (size_t i = 0; i < count; ++i) {
    if (!Holds(bytes, at, kDirectoryEntryBytes) || Le32(bytes, at) != kDirectoryEntry) {
      return Errorf("the zip archive is damaged: entry %zu of its directory is not at byte %zu", i + 1, at);
    }
    const size_t name_bytes = Le16(bytes, at + 28);
    if (!Holds(bytes, at + kDirectoryEntryBytes, name_bytes)) return Errorf("the zip archive is cut short: in its directory");
    Entry entry;
    entry.name = Utf8Name(bytes.subspan(at + kDirectoryEntryBytes, name_bytes));
    entry.flags = Le16(bytes, at + 8);
    entry.method = Le16(bytes, at + 10);
    entry.crc = Le32(bytes, at + 16);
    entry.packed_bytes = Le32(bytes, at + 20);
    entry.unpacked_bytes = Le32(bytes, at + 24);
    entry.local_header_at = Le32(bytes, at + 42);
    at += kDirectoryEntryBytes + name_bytes + Le16(bytes, at + 30) + Le16(bytes, at + 32);
    if (!entry.name.empty() && !entry.name.ends_with('/')) entries.push_back(std::move(entry));
  }
  return entries;
}

bool LeadsOutside(const std::string& name) {
  if (name.starts_with('/') || (name.size() > 1 && name[1] == ':')) return true;
  return name == ".." || name.starts_with("../") || name.ends_with("/..") || name.find("/../") != std::string::npos;
}

Result<std::vector<uint8_t>> Unpack(std::span<const uint8_t> archive, const Entry& entry) {
  constexpr uint32_t kEncrypted = 1;
  constexpr uint32_t kStored = 0;
  constexpr uint32_t kDeflated = 8;
  constexpr uint64_t kZip64 = 0xFFFFFFFF;
  constexpr uint64_t kBestRatio = 1032;  // deflate cannot do better
  if ((entry.flags & kEncrypted) != 0) return Errorf("it is encrypted");
  if (entry.packed_bytes == kZip64 || entry.unpacked_bytes == kZip64) return Errorf("it is in zip64 format, which is not read");
  if (entry.method != kStored && entry.method != kDeflated) return Errorf("it is compressed by method %u, which is not read", entry.method);
  if (!Holds(archive, entry.local_header_at, kLocalHeaderBytes) || Le32(archive, entry.local_header_at) != kLocalHeader) {
    return Errorf("it is not at byte %zu, where the archive's directory says", entry.local_header_at);
  }
  const size_t data_at = entry.local_header_at + kLocalHeaderBytes + Le16(archive, entry.local_header_at + 26) +
                         Le16(archive, entry.local_header_at + 28);
  const auto packed_bytes = static_cast<size_t>(entry.packed_bytes);
  if (!Holds(archive, data_at, packed_bytes)) return Errorf("the archive ends before it does");
  const std::span<const uint8_t> packed = archive.subspan(data_at, packed_bytes);
  if (entry.method == kStored ? entry.unpacked_bytes != entry.packed_bytes
                              : entry.unpacked_bytes > kBestRatio * (entry.packed_bytes + 1)) {
    return Errorf("%llu bytes cannot unpack to %llu", static_cast<unsigned long long>(entry.packed_bytes),
                  static_cast<unsigned long long>(entry.unpacked_bytes));
  }
  std::vector<uint8_t> unpacked(static_cast<size_t>(entry.unpacked_bytes));
  if (entry.method == kStored) {
    std::ranges::copy(packed, unpacked.begin());
  } else if (!Inflate(packed, unpacked)) {
    return Errorf("its compressed data are damaged");
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
  uint64_t total = 0;
  for (const Entry& entry : *entries) {
    if (LeadsOutside(entry.name)) return Errorf("the zip archive's entry \"%s\" leads outside of it", entry.name.c_str());
    total += entry.unpacked_bytes;
  }
  if (total > limits.max_unpacked_bytes) {
    return Errorf("the zip archive would unpack to %.0f MB, at most %.0f are read", static_cast<double>(total) / 1e6,
                  static_cast<double>(limits.max_unpacked_bytes) / 1e6);
  }
  ZipReader reader;
  reader.bytes_ = bytes;
  reader.entries_ = std::move(*entries);
  return reader;
}

Result<std::vector<uint8_t>> ZipReader::Read(const Entry& entry) const {
  Result<std::vector<uint8_t>> unpacked = Unpack(bytes_, entry);
  if (!unpacked.ok()) return unpacked.status().WithContext("\"" + entry.name + "\" in the zip archive");
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
