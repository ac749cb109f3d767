// Writes zip archives (PKWARE APPNOTE 6.3, without zip64) in memory: files as they are, not compressed, without a time,
// so that the same files give the same bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"

namespace handful::importers {

class ZipWriter {
 public:
  // `before`: what stands in front of the archive in its file; the archive's offsets count from there.
  explicit ZipWriter(std::vector<uint8_t> before = {}) : archive_(std::move(before)) {}
  // `name` is the path inside, with / between folders. Errors: more than 65,535 files or 4 GB.
  Status Add(const std::string& name, std::span<const uint8_t> bytes);
  // The archive, behind what stands before it; the writer is empty again.
  std::vector<uint8_t> Finish();

 private:
  std::vector<uint8_t> archive_, directory_;
  size_t files_ = 0;
};

}  // namespace handful::importers
