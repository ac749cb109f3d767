// Plain structs that can name their fields. A struct lists them once,
//
//   struct Crop { int x = 0; int y = 0;
//     static constexpr char kName[] = "Crop";  // kType in a message
//     HANDFUL_FIELDS(Crop, x, y); };
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

// kFields of a struct: HANDFUL_FIELDS(Type, member, member, …). The usual way to map a macro over its arguments in
// C++20.
#define HANDFUL_PARENS ()
#define HANDFUL_EXPAND(...) HANDFUL_EXPAND3(HANDFUL_EXPAND3(HANDFUL_EXPAND3(__VA_ARGS__)))
#define HANDFUL_EXPAND3(...) HANDFUL_EXPAND2(HANDFUL_EXPAND2(HANDFUL_EXPAND2(__VA_ARGS__)))
#define HANDFUL_EXPAND2(...) HANDFUL_EXPAND1(HANDFUL_EXPAND1(HANDFUL_EXPAND1(__VA_ARGS__)))
#define HANDFUL_EXPAND1(...) __VA_ARGS__
#define HANDFUL_EACH_FIELD(T, m, ...) \
  ::handful::schema::Field{#m, &T::m} __VA_OPT__(, HANDFUL_EACH_FIELD_AGAIN HANDFUL_PARENS(T, __VA_ARGS__))
#define HANDFUL_EACH_FIELD_AGAIN() HANDFUL_EACH_FIELD
#define HANDFUL_FIELDS(T, ...) \
  static constexpr auto kFields = std::tuple { HANDFUL_EXPAND(HANDFUL_EACH_FIELD(T, __VA_ARGS__)) }
