// Zip archives in memory (PKWARE APPNOTE 6.3: stored and deflated entries; no zip64, no encryption). Nothing is ever
// written to a disk, and sizes are limited before anything is allocated.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "project/import.h"

namespace handful::project {

struct ZipLimits {
  uint64_t max_unpacked_bytes = 256'000'000;  // in all; models that run here are under 10 MB
  size_t max_entries = 4096;
};

bool LooksLikeZip(std::span<const uint8_t> bytes);

// The names of the files inside, without folders; empty where the directory is damaged.
std::vector<std::string> ZipNames(std::span<const uint8_t> bytes);

// All files inside. An error names the entry: damaged, encrypted, too large, or with a path that leads outside.
Result<std::vector<InputFile>> Unzip(std::span<const uint8_t> bytes, const ZipLimits& limits = {});

}  // namespace handful::project
