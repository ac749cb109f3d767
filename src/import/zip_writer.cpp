#include "import/zip_writer.h"

#include <utility>

#include "base/crc32.h"

namespace handful::importers {
namespace {

constexpr uint32_t kLocalHeader = 0x04034b50, kCentralHeader = 0x02014b50, kEndRecord = 0x06054b50;
constexpr uint32_t kVersion = 20, kUtf8Names = 0x800;
constexpr uint32_t kDay = 0x21;  // 1 January 1980, the first that there is
constexpr size_t kMostFiles = 0xFFFF, kMostNameBytes = 0xFFFF;
constexpr uint64_t kMostBytes = 0xFFFFFFFF;

void Put(std::vector<uint8_t>& to, int bytes, uint32_t value) {
  for (int i = 0; i < bytes; ++i) to.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

}  // namespace

Status ZipWriter::Add(const std::string& name, std::span<const uint8_t> bytes) {
  if (files_ == kMostFiles) return Errorf("more than %zu files do not fit into one zip archive", kMostFiles);
  if (name.size() > kMostNameBytes) return Errorf("a name of %zu bytes does not fit into a zip archive", name.size());
  if (uint64_t{archive_.size()} + directory_.size() + bytes.size() + 2 * name.size() + 200 > kMostBytes) {
    return Errorf("more than 4 GB do not fit into one zip archive");
  }
  // What both headers say: stored, no time, the sizes, no extra field.
  std::vector<uint8_t> shared;
  Put(shared, 2, kVersion);
  Put(shared, 2, kUtf8Names);
  Put(shared, 2, 0);
  Put(shared, 2, 0);
  Put(shared, 2, kDay);
  Put(shared, 4, Crc32(bytes));
  Put(shared, 4, static_cast<uint32_t>(bytes.size()));
  Put(shared, 4, static_cast<uint32_t>(bytes.size()));
  Put(shared, 2, static_cast<uint32_t>(name.size()));
  Put(shared, 2, 0);

  Put(directory_, 4, kCentralHeader);
  Put(directory_, 2, kVersion);
  directory_.insert(directory_.end(), shared.begin(), shared.end());
  for (const int field : {2, 2, 2, 4}) Put(directory_, field, 0);  // comment, disk, attributes
  Put(directory_, 4, static_cast<uint32_t>(archive_.size()));
  directory_.insert(directory_.end(), name.begin(), name.end());

  Put(archive_, 4, kLocalHeader);
  archive_.insert(archive_.end(), shared.begin(), shared.end());
  archive_.insert(archive_.end(), name.begin(), name.end());
  archive_.insert(archive_.end(), bytes.begin(), bytes.end());
  ++files_;
  return {};
}

std::vector<uint8_t> ZipWriter::Finish() {
  std::vector<uint8_t> archive = std::exchange(archive_, {});
  const auto at = static_cast<uint32_t>(archive.size()), length = static_cast<uint32_t>(directory_.size());
  archive.insert(archive.end(), directory_.begin(), directory_.end());
  Put(archive, 4, kEndRecord);
  Put(archive, 4, 0);
  for (int i = 0; i < 2; ++i) Put(archive, 2, static_cast<uint32_t>(files_));
  Put(archive, 4, length);
  Put(archive, 4, at);
  Put(archive, 2, 0);
  directory_.clear();
  files_ = 0;
  return archive;
}

}  // namespace handful::importers
