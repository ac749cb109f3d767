// Protocol Buffers' wire format, written: varints, fixed32 and length-delimited fields
// (protobuf.dev/programming-guides/encoding). A message is its bytes; a submessage is written first and then put in.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace handful::exporters {

class ProtobufWriter {
 public:
  void Int(int field, int64_t value);  // int32, int64, enum
  void Float(int field, float value);
  void Bytes(int field, std::span<const uint8_t> value);
  void Text(int field, std::string_view value);
  void Message(int field, const ProtobufWriter& value) { Bytes(field, value.bytes_); }
  // Of type bytes: little-endian float32.
  void FloatBytes(int field, std::span<const float> values);

  const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  void Varint(uint64_t value);
  void Tag(int field, unsigned wire_type);
  std::vector<uint8_t> bytes_;
};

}  // namespace handful::exporters
