#include "import/protobuf_reader.h"

#include <bit>

#include "base/byte_order.h"

namespace handful::importers {

void ProtobufReader::Fail(const char* what) {
  if (status_.ok()) status_ = Errorf("its %s %s at byte %zu, field %d", message_, what, at_, field_);
}

uint64_t ProtobufReader::Varint() {
  constexpr unsigned kMostBits = 70;
  uint64_t value = 0;
  for (unsigned shift = 0; shift < kMostBits; shift += 7) {
    if (at_ == bytes_.size()) {
      Fail("is cut short");
      return 0;
    }
    const uint8_t byte = bytes_[at_++];
    if (shift < 64) value |= uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
  Fail("has a number of more than ten bytes");
  return 0;
}

bool ProtobufReader::Next() {
  if (!status_.ok() || at_ == bytes_.size()) return false;
  constexpr uint64_t kMostField = (1U << 29U) - 1;
  const uint64_t tag = Varint();
  if (!status_.ok()) return false;
  if (tag >> 3U == 0 || tag >> 3U > kMostField) {
    Fail("has a field of an impossible number");
    return false;
  }
  field_ = static_cast<int>(tag >> 3U);
  wire_type_ = tag & 7U;
  number_ = 0;
  payload_ = {};
  if (wire_type_ == kVarint) {
    number_ = Varint();
  } else if (wire_type_ == kFixed32 || wire_type_ == kFixed64) {
    const size_t width = wire_type_ == kFixed32 ? 4 : 8;
    if (Holds(bytes_, at_, width)) {
      number_ = width == 4 ? Le32(bytes_, at_) : Le64(bytes_, at_);
      at_ += width;
    } else {
      Fail("is cut short");
    }
  } else if (wire_type_ == kLengthDelimited) {
    const uint64_t length = Varint();
    if (status_.ok() && length > bytes_.size() - at_) Fail("is cut short");
    if (status_.ok()) {
      payload_ = bytes_.subspan(at_, static_cast<size_t>(length));
      at_ += static_cast<size_t>(length);
    }
  } else {
    Fail("has a field of an unknown kind");
  }
  return status_.ok();
}

bool ProtobufReader::Expect(WireType type) {
  if (wire_type_ == type) return true;
  Fail("has a field of another kind than it must be");
  return false;
}

int64_t ProtobufReader::Int() { return Expect(kVarint) ? static_cast<int64_t>(number_) : 0; }
float ProtobufReader::Float() { return Expect(kFixed32) ? std::bit_cast<float>(static_cast<uint32_t>(number_)) : 0.0F; }
std::span<const uint8_t> ProtobufReader::Payload() {
  return Expect(kLengthDelimited) ? payload_ : std::span<const uint8_t>();
}
std::string_view ProtobufReader::Text() {
  const std::span<const uint8_t> bytes = Payload();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace handful::importers
