// Tables of a FlatBuffer by their fields' ids, without generated code: what is referred to is made before the table is
// begun.
#pragma once

#include <string>
#include <vector>

#include <flatbuffers/flatbuffer_builder.h>

namespace handful::exporters {

using FlatOffset = flatbuffers::Offset<void>;

class FlatTable {
 public:
  explicit FlatTable(flatbuffers::FlatBufferBuilder& builder) : builder_(builder), start_(builder.StartTable()) {}
  template <class Scalar>
  FlatTable& Add(int field, Scalar value) {
    builder_.AddElement<Scalar>(flatbuffers::FieldIndexToOffset(static_cast<flatbuffers::voffset_t>(field)), value);
    return *this;
  }
  FlatTable& Refer(int field, FlatOffset to) {
    builder_.AddOffset(flatbuffers::FieldIndexToOffset(static_cast<flatbuffers::voffset_t>(field)), to);
    return *this;
  }
  FlatOffset End() { return {builder_.EndTable(start_)}; }

 private:
  flatbuffers::FlatBufferBuilder& builder_;
  flatbuffers::uoffset_t start_;
};

inline FlatOffset FlatString(flatbuffers::FlatBufferBuilder& builder, const std::string& text) {
  return {builder.CreateString(text).o};
}
template <class Scalar>
FlatOffset FlatVector(flatbuffers::FlatBufferBuilder& builder, const std::vector<Scalar>& values) {
  return {builder.CreateVector(values).o};
}
// Of tables.
inline FlatOffset FlatList(flatbuffers::FlatBufferBuilder& builder, const std::vector<FlatOffset>& tables) {
  return {builder.CreateVector(tables).o};
}

}  // namespace handful::exporters
