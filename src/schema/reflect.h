// Plain structs that can name their fields. A struct lists them once,
//
//   struct Crop { int x = 0; int y = 0;
//     static constexpr char kName[] = "Crop";  // kType in a message
//     static constexpr auto kFields = std::tuple{Field{"x", &Crop::x}, Field{"y", &Crop::y}}; };
//
// and JSON writing, JSON reading and the TypeScript declaration all come from that list.
#pragma once

#include <tuple>

namespace handful::schema {

template <class Struct, class Member>
struct Field {
  const char* name;
  Member Struct::* member;
};
template <class Struct, class Member>
Field(const char*, Member Struct::*) -> Field<Struct, Member>;

template <class T>
concept Reflected = requires { T::kFields; };

// Calls visit(name, value) for each field of `object`.
template <Reflected T, class Visit>
void ForEachField(T& object, Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field.name, object.*(field.member)), ...); },
             std::remove_const_t<T>::kFields);
}

}  // namespace handful::schema
