#include "import/flat_table_reader.h"

#include "base/byte_order.h"

namespace handful::importers {

void FlatReader::Fail(size_t at, const char* what) {
  if (status_.ok()) status_ = Errorf("at byte %zu, %s: the file is cut short or damaged", at, what);
}

size_t FlatReader::Follow(size_t at) {
  if (!Holds(bytes_, at, 4)) {
    Fail(at, "an offset lies outside of the file");
    return 0;
  }
  const size_t target = at + Le32(bytes_, at);  // size_t has 64 bits, or the file fewer than 2^31 bytes
  if (target > at && Holds(bytes_, target, 4)) return target;
  Fail(at, "an offset leads out of the file");
  return 0;
}

FlatTableView FlatReader::Root() { return {Follow(0)}; }

size_t FlatReader::Field(FlatTableView table, int field, size_t width) {
  if (table.at == 0 || !status_.ok()) return 0;
  // A table begins with the distance back to its vtable: its size, the table's, and where each field is, 16 bits each.
  const auto back = static_cast<int32_t>(Le32(bytes_, table.at));
  const int64_t vtable_at = static_cast<int64_t>(table.at) - back;
  if (vtable_at < 0 || !Holds(bytes_, static_cast<size_t>(vtable_at), 4)) {
    Fail(table.at, "a table's description lies outside of the file");
    return 0;
  }
  const auto vtable = static_cast<size_t>(vtable_at);
  const size_t entry = 4 + 2 * static_cast<size_t>(field);
  if (entry + 2 > Le16(bytes_, vtable)) return 0;  // older than the field
  if (!Holds(bytes_, vtable + entry, 2)) {
    Fail(vtable, "a table's description is cut short");
    return 0;
  }
  const size_t offset = Le16(bytes_, vtable + entry);
  if (offset == 0) return 0;
  if (!Holds(bytes_, table.at + offset, width)) {
    Fail(table.at, "a table is cut short");
    return 0;
  }
  return table.at + offset;
}

FlatTableView FlatReader::Table(FlatTableView table, int field) {
  const size_t at = Field(table, field, 4);
  return {at == 0 ? 0 : Follow(at)};
}

uint32_t FlatReader::Scalar(FlatTableView table, int field, size_t width, uint32_t otherwise) {
  const size_t at = Field(table, field, width);
  if (at == 0) return otherwise;
  return width == 1 ? bytes_[at] : Le32(bytes_, at);
}

std::span<const uint8_t> FlatReader::Vector(FlatTableView table, int field, size_t width) {
  const size_t at = Table(table, field).at;
  if (at == 0) return {};
  const size_t count = Le32(bytes_, at);
  if (count <= bytes_.size() / width && Holds(bytes_, at + 4, count * width))
    return bytes_.subspan(at + 4, count * width);
  Fail(at, "a list is longer than the file");
  return {};
}

std::string_view FlatReader::Text(FlatTableView table, int field) {
  const std::span<const uint8_t> bytes = Vector(table, field, 1);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<FlatTableView> FlatReader::Tables(FlatTableView table, int field, size_t most) {
  const std::span<const uint8_t> offsets = Vector(table, field, 4);
  std::vector<FlatTableView> tables;
  if (offsets.size() / 4 > most) {
    Fail(table.at, "a list has too many entries");
    return tables;
  }
  const auto first = static_cast<size_t>(offsets.data() - bytes_.data());
  for (size_t i = 0; i < offsets.size() / 4 && status_.ok(); ++i) tables.push_back({Follow(first + 4 * i)});
  return tables;
}

}  // namespace handful::importers
