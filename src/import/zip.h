// Zip archives in memory (PKWARE APPNOTE 6.3, with zip64: stored and deflated entries without encryption). Nothing is
// ever written to a disk, and sizes are limited before anything is allocated. What becomes of odd names and entries
// stands in docs/FORMATS.md; web/engine/zip_reader.ts does the same, and tests/fixtures/zip_cases.json holds both to
// it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "import/import.h"

namespace handful::importers {

struct ZipLimits {
  uint64_t max_unpacked_bytes = 256'000'000;  // in all; models that run here are under 10 MB
  uint64_t max_entry_bytes = 256'000'000;     // of one entry, unpacked
  size_t max_entries = 4096;
};

// Of a project: read entry by entry.
inline constexpr ZipLimits kProjectZipLimits{
    .max_unpacked_bytes = 8'000'000'000, .max_entry_bytes = 64'000'000, .max_entries = 100'000};

bool LooksLikeZip(std::span<const uint8_t> bytes);

// One entry at a time.
class ZipReader {
 public:
  struct Entry {
    std::string name;     // UTF-8, "/" between folders; unique, and never out of the archive
    std::string refused;  // why it cannot be read, a sentence, or ""
    uint32_t method = 0, crc = 0;
    uint64_t packed_bytes = 0, unpacked_bytes = 0;  // as it says
    uint64_t local_header_at = 0;
  };

  // `bytes` must outlive the reader. Errors: damaged, too many entries or bytes in all.
  static Result<ZipReader> Open(std::span<const uint8_t> bytes, const ZipLimits& limits = {});

  // The files inside, without folders.
  const std::vector<Entry>& entries() const { return entries_; }
  // Errors name the entry: refused, damaged, cut short, too large.
  Result<std::vector<uint8_t>> Read(const Entry& entry) const;

 private:
  std::span<const uint8_t> bytes_;
  uint64_t max_entry_bytes_ = 0;
  std::vector<Entry> entries_;
};

// All files inside.
Result<std::vector<InputFile>> Unzip(std::span<const uint8_t> bytes, const ZipLimits& limits = {});

}  // namespace handful::importers
