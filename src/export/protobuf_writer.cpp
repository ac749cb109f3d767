#include "export/protobuf_writer.h"

#include <bit>

namespace handful::exporters {
namespace {

constexpr unsigned kVarint = 0, kLengthDelimited = 2, kFixed32 = 5;

void AddFloat(float value, std::vector<uint8_t>& to) {
  const auto bits = std::bit_cast<uint32_t>(value);
  for (unsigned shift = 0; shift < 32; shift += 8) to.push_back(static_cast<uint8_t>(bits >> shift));
}

}  // namespace

void ProtobufWriter::Varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7U) bytes_.push_back(static_cast<uint8_t>(value | 0x80U));
  bytes_.push_back(static_cast<uint8_t>(value));
}

void ProtobufWriter::Tag(int field, unsigned wire_type) { Varint((static_cast<uint64_t>(field) << 3U) | wire_type); }

void ProtobufWriter::Int(int field, int64_t value) {
  Tag(field, kVarint);
  Varint(static_cast<uint64_t>(value));  // a negative one takes ten bytes
}

void ProtobufWriter::Float(int field, float value) {
  Tag(field, kFixed32);
  AddFloat(value, bytes_);
}

void ProtobufWriter::Bytes(int field, std::span<const uint8_t> value) {
  Tag(field, kLengthDelimited);
  Varint(value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

void ProtobufWriter::Text(int field, std::string_view value) {
  Bytes(field, {reinterpret_cast<const uint8_t*>(value.data()), value.size()});
}

void ProtobufWriter::FloatBytes(int field, std::span<const float> values) {
  Tag(field, kLengthDelimited);
  Varint(values.size() * sizeof(float));
  for (const float value : values) AddFloat(value, bytes_);
}

}  // namespace handful::exporters
