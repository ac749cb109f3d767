// A file whose bytes are pages of the machine's memory that the system reads when they are looked at, and lets go of
// when memory is short: so a file may be larger than the memory.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/status.h"

namespace handful::cli {

class MappedFile {
 public:
  // Errors: not there, not a file, no address space; in WebAssembly always, which has no such pages.
  static Result<std::shared_ptr<const MappedFile>> Open(const std::string& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const uint8_t> bytes() const { return {data_, size_}; }

 private:
  MappedFile(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  const uint8_t* data_;
  size_t size_;
};

// From now on the program ends with a sentence and exit code 1 where a mapped file was cut short by somebody else, or
// its disk fails, while its pages are looked at: there is no value that could carry such an error.
void EndWhereMappedFilesBreak();

}  // namespace handful::cli
