// Protocol Buffers' wire format, read (protobuf.dev/programming-guides/encoding): the fields of one message after the
// other. Nothing is copied; every length is checked against the bytes before it is used.
//
//   ProtobufReader reader(bytes, "GraphProto");
//   while (reader.Next()) {
//     if (reader.field() == 1) … reader.Payload() …
//   }
//   HANDFUL_TRY(reader.status());
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"

namespace handful::importers {

class ProtobufReader {
 public:
  // `message`: what it is called in sentences.
  ProtobufReader(std::span<const uint8_t> bytes, const char* message) : bytes_(bytes), message_(message) {}

  // To the next field. False: there is none, or status() says what is wrong.
  bool Next();
  int field() const { return field_; }
  size_t at() const { return at_; }  // behind the present field
  const Status& status() const { return status_; }

  // The present field's value. One of another wire type is an error, and gives nothing.
  int64_t Int();
  float Float();
  std::span<const uint8_t> Payload();  // bytes, a submessage, packed numbers
  std::string_view Text();

  // Adds a repeated integer, packed or not; more than `most` in all are an error.
  template <class Integers>
  void AddInts(Integers& to, size_t most) {
    if (wire_type_ == kVarint) return Add(Int(), to, most);
    ProtobufReader packed(Payload(), message_);
    while (status_.ok() && packed.at_ < packed.bytes_.size()) {
      const uint64_t value = packed.Varint();
      if (!packed.status_.ok()) status_ = packed.status_;
      if (status_.ok()) Add(static_cast<int64_t>(value), to, most);
    }
  }

 private:
  enum WireType : unsigned { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };
  uint64_t Varint();
  bool Expect(WireType type);
  void Fail(const char* what);
  template <class Integers>
  void Add(int64_t value, Integers& to, size_t most) {
    to.size() < most ? to.push_back(value) : Fail("has too many numbers");
  }

  std::span<const uint8_t> bytes_;
  const char* message_;
  size_t at_ = 0;
  int field_ = 0;
  unsigned wire_type_ = 0;
  uint64_t number_ = 0;               // of a varint or fixed field
  std::span<const uint8_t> payload_;  // of a length-delimited one
  Status status_;
};

}  // namespace handful::importers
