// A FlatBuffer of unknown origin, read without generated code (flatbuffers.dev, "FlatBuffers internals"): tables by
// their fields' ids. Every offset is checked before it is followed; what is wrong is remembered, and gives nothing.
//
//   FlatReader reader(bytes);
//   const FlatTableView model = reader.Root();
//   for (const FlatTableView& tensor : reader.Tables(model, 0)) …
//   HANDFUL_TRY(reader.status());
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace handful::importers {

// Where a table is; 0: there is none, and its fields have their defaults.
struct FlatTableView {
  size_t at = 0;
};

class FlatReader {
 public:
  explicit FlatReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  FlatTableView Root();
  FlatTableView Table(FlatTableView table, int field);
  // More than `most` are an error.
  std::vector<FlatTableView> Tables(FlatTableView table, int field, size_t most);
  // A scalar field of so many bytes (1, 4), little-endian and unsigned; `otherwise` where it is left out.
  uint32_t Scalar(FlatTableView table, int field, size_t width, uint32_t otherwise);
  std::string_view Text(FlatTableView table, int field);
  // A vector of scalars of that width: its bytes.
  std::span<const uint8_t> Vector(FlatTableView table, int field, size_t width);

  const Status& status() const { return status_; }

 private:
  void Fail(size_t at, const char* what);
  // Where a field's value is; 0: it is left out.
  size_t Field(FlatTableView table, int field, size_t width);
  // Follows the offset there.
  size_t Follow(size_t at);

  std::span<const uint8_t> bytes_;
  Status status_;
};

}  // namespace handful::importers
