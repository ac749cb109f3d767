#include "schema/json.h"

#include <array>
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

namespace handful::schema {
namespace {

using Json = nlohmann::json;

// What can be done with a value of one type, whatever it is: structs are lists of fields, so that the code for each of
// the many messages is a table and not a function.
struct FieldOps;
struct TypeOps {
  Json (*write)(const TypeOps& ops, const void* value);
  Status (*read)(const TypeOps& ops, const Json& json, const std::string& field, void* value);
  // of structs
  const FieldOps* fields = nullptr;
  size_t field_count = 0;
  // of lists
  const TypeOps* element = nullptr;
  size_t (*size)(const void* list) = nullptr;
  void* (*at)(void* list, size_t index) = nullptr;
  void (*resize)(void* list, size_t size) = nullptr;
  // of enumerations
  EnumType spelled = {};
};
struct FieldOps {
  const char* name;
  void* (*member)(void* object);
  const TypeOps* type;
};

// Invalid UTF-8 (file names can hold any bytes) is replaced, never thrown at.
std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Status Mistyped(const std::string& field, const char* wanted, const Json& json) {
  return Errorf("field \"%s\" must be %s, not %s", field.c_str(), wanted, json.type_name());
}

Json WriteObject(const TypeOps& ops, const void* value) {
  Json object = Json::object();
  for (size_t i = 0; i < ops.field_count; ++i) {
    const FieldOps& field = ops.fields[i];
    object[field.name] = field.type->write(*field.type, field.member(const_cast<void*>(value)));
  }
  return object;
}

Status ReadObject(const TypeOps& ops, const Json& json, const std::string& field, void* value) {
  if (!json.is_object()) return Mistyped(field, "an object", json);
  for (size_t i = 0; i < ops.field_count; ++i) {
    const FieldOps& inner = ops.fields[i];
    const auto found = json.find(inner.name);
    if (found == json.end()) continue;
    HANDFUL_TRY(inner.type->read(*inner.type, *found, field.empty() ? inner.name : field + "." + inner.name,
                                 inner.member(value)));
  }
  return {};
}

Json WriteList(const TypeOps& ops, const void* value) {
  Json array = Json::array();
  const size_t size = ops.size(value);
  for (size_t i = 0; i < size; ++i)
    array.push_back(ops.element->write(*ops.element, ops.at(const_cast<void*>(value), i)));
  return array;
}

Status ReadList(const TypeOps& ops, const Json& json, const std::string& field, void* value) {
  if (!json.is_array()) return Mistyped(field, "a list", json);
  ops.resize(value, json.size());
  for (size_t i = 0; i < json.size(); ++i) {
    HANDFUL_TRY(ops.element->read(*ops.element, json[i], Format("%s[%zu]", field.c_str(), i), ops.at(value, i)));
  }
  return {};
}

// JavaScript writes 3.0 as 3, but other writers need not.
Status ReadWhole(const Json& json, const std::string& field, int64_t least, int64_t most, int64_t& out) {
  constexpr double kExact = 9007199254740992.0;  // beyond 2⁵³ JavaScript's numbers skip integers
  const double value = json.is_number() ? json.get<double>() : 0.5;
  if (!(std::fabs(value) <= kExact) || value != std::trunc(value)) return Mistyped(field, "a whole number", json);
  out = static_cast<int64_t>(value);
  if (out < least || out > most)
    return Errorf("field \"%s\" is out of range: %lld", field.c_str(), static_cast<long long>(out));
  return {};
}

Status ReadLeaf(const Json& json, const std::string& field, std::string& out) {
  if (!json.is_string()) return Mistyped(field, "a string", json);
  out = json.get_ref<const std::string&>();
  return {};
}
Status ReadLeaf(const Json& json, const std::string& field, bool& out) {
  if (!json.is_boolean()) return Mistyped(field, "true or false", json);
  out = json.get<bool>();
  return {};
}
Status ReadLeaf(const Json& json, const std::string& field, double& out) {
  if (!json.is_number()) return Mistyped(field, "a number", json);
  out = json.get<double>();
  return {};
}
template <class T>
  requires std::is_integral_v<T>
Status ReadLeaf(const Json& json, const std::string& field, T& out) {
  int64_t whole = 0;
  HANDFUL_TRY(ReadWhole(json, field, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), whole));
  out = static_cast<T>(whole);
  return {};
}
Status ReadLeaf(const Json& json, const std::string& field, std::map<std::string, std::string>& out) {
  if (!json.is_object()) return Mistyped(field, "an object", json);
  for (const auto& [key, value] : json.items()) HANDFUL_TRY(ReadLeaf(value, field + "." + key, out[key]));
  return {};
}

// All enumerations of the messages are as wide as an int.
Json WriteEnum(const TypeOps& ops, const void* value) { return ops.spelled.texts[*static_cast<const int*>(value)]; }

Status ReadEnum(const TypeOps& ops, const Json& json, const std::string& field, void* value) {
  std::string text;
  HANDFUL_TRY(ReadLeaf(json, field, text));
  const std::optional<size_t> index = IndexOf(ops.spelled, text);
  if (!index.has_value())
    return Errorf("field \"%s\" is \"%s\", not %s", field.c_str(), text.c_str(), InWords(ops.spelled).c_str());
  *static_cast<int*>(value) = static_cast<int>(*index);
  return {};
}

template <class T>
struct Ops {
  static constexpr TypeOps kOps{
      .write = [](const TypeOps&, const void* value) { return Json(*static_cast<const T*>(value)); },
      .read = [](const TypeOps&, const Json& json, const std::string& field,
                 void* value) { return ReadLeaf(json, field, *static_cast<T*>(value)); }};
};

template <Enumerated T>
struct Ops<T> {
  static_assert(sizeof(T) == sizeof(int));
  static constexpr TypeOps kOps{.write = WriteEnum, .read = ReadEnum, .spelled = EnumTypeOf(T{})};
};

template <class T>
struct Ops<std::vector<T>> {
  using List = std::vector<T>;
  static constexpr TypeOps kOps{.write = WriteList,
                                .read = ReadList,
                                .element = &Ops<T>::kOps,
                                .size = [](const void* list) { return static_cast<const List*>(list)->size(); },
                                .at = [](void* list, size_t i) -> void* { return &(*static_cast<List*>(list))[i]; },
                                .resize = [](void* list, size_t size) { static_cast<List*>(list)->assign(size, T{}); }};
};

template <class T, size_t index>
void* MemberOf(void* object) {
  return &(static_cast<T*>(object)->*(std::get<index>(T::kFields).member));
}
template <class Struct, class Member>
constexpr const TypeOps* TypeOf(Field<Struct, Member>) {
  return &Ops<Member>::kOps;
}

template <Reflected T>
struct Ops<T> {
  static constexpr size_t kCount = std::tuple_size_v<decltype(T::kFields)>;
  template <size_t... index>
  static constexpr std::array<FieldOps, kCount> Fields(std::index_sequence<index...>) {
    return {FieldOps{std::get<index>(T::kFields).name, MemberOf<T, index>, TypeOf(std::get<index>(T::kFields))}...};
  }
  static constexpr std::array<FieldOps, kCount> kTable = Fields(std::make_index_sequence<kCount>());
  static constexpr TypeOps kOps{
      .write = WriteObject, .read = ReadObject, .fields = kTable.data(), .field_count = kCount};
};

template <class T>
Json Write(const T& value) {
  return Ops<T>::kOps.write(Ops<T>::kOps, &value);
}

std::string Typed(Json json, const char* type) {
  json["type"] = type;
  return Dump(json);
}

template <class Variant>
std::string MessageToJson(const Variant& message) {
  return std::visit([](const auto& m) { return Typed(Write(m), m.kType); }, message);
}

template <class Variant, size_t index = 0>
Status ReadAlternative(const Json& json, const std::string& type, Variant& out) {
  if constexpr (index == std::variant_size_v<Variant>) {
    return Errorf("unknown message type \"%s\"", type.c_str());
  } else {
    using Message = std::variant_alternative_t<index, Variant>;
    if (type != Message::kType) return ReadAlternative<Variant, index + 1>(json, type, out);
    return ReadObject(Ops<Message>::kOps, json, "", &out.template emplace<index>());
  }
}

template <class Variant>
Result<Variant> MessageFromJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Errorf("message is not a JSON object (%zu bytes)", text.size());
  const auto type = json.find("type");
  if (type == json.end() || !type->is_string()) return Errorf("message has no \"type\"");
  Variant message;
  HANDFUL_TRY(ReadAlternative(json, type->template get_ref<const std::string&>(), message));
  return message;
}

template <Reflected T>
Result<T> RecordFromJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Errorf("the %s record is not a JSON object (%zu bytes)", T::kName, text.size());
  T record;
  HANDFUL_TRY(ReadObject(Ops<T>::kOps, json, "", &record));
  return record;
}

// ---- TypeScript ----

template <class T>
struct TypeScript;
template <>
struct TypeScript<std::string> {
  static std::string Name() { return "string"; }
};
template <>
struct TypeScript<bool> {
  static std::string Name() { return "boolean"; }
};
template <class T>
  requires std::is_arithmetic_v<T>
struct TypeScript<T> {
  static std::string Name() { return "number"; }
};
template <>
struct TypeScript<std::map<std::string, std::string>> {
  static std::string Name() { return "Record<string, string>"; }
};
template <class T>
struct TypeScript<std::vector<T>> {
  static std::string Name() { return TypeScript<T>::Name() + "[]"; }
};
template <Reflected T>
struct TypeScript<T> {
  static std::string Name() { return T::kName; }
};
template <Enumerated T>
struct TypeScript<T> {
  static std::string Name() { return EnumTypeOf(T{}).name; }
};

template <Enumerated T>
std::string Union() {
  constexpr EnumType kType = EnumTypeOf(T{});
  std::string text = Format("export type %s =\n", kType.name);
  for (size_t i = 0; i < kType.count; ++i) {
    text += Format("  /** %s */\n  | '%s'%s\n", MeaningsOf(T{})[i], kType.texts[i], i + 1 == kType.count ? ";\n" : "");
  }
  return text;
}

// What is said of a setting: "How often all pictures are gone through. 1 … 100000."
std::string CommentOf(const SettingEntry& entry) {
  std::string text = std::string("  /** ") + entry.help;
  if (entry.is_number()) text += Format(" %.16g … %.16g.", entry.least, entry.most);
  static constexpr const char* kScopes[] = {"", " With network mobilenet.", " With network cnn.",
                                            " Where augment > 0."};
  return text + kScopes[static_cast<size_t>(entry.scope)] + " */\n";
}

enum class Presence { kAlways, kOptional };

template <class T>
std::string Interface(Presence presence) {
  std::string text;
  if constexpr (requires { T::kType; }) {
    text = Format("export interface %s {\n  type: '%s';\n", T::kType, T::kType);
  } else {
    text = Format("export interface %s {\n", T::kName);
  }
  T object;
  size_t index = 0;
  ForEachField(object, [&](const char* field, const auto& member) {
    if constexpr (std::is_same_v<T, TrainSettings>) text += CommentOf(TrainSettingList()[index]);
    ++index;
    text += std::string("  ") + field + (presence == Presence::kOptional ? "?: " : ": ") +
            TypeScript<std::remove_cvref_t<decltype(member)>>::Name() + ";\n";
  });
  return text + "}\n\n";
}

template <class Variant, size_t... index>
std::string Alternatives(const char* name, Presence presence, std::index_sequence<index...>) {
  std::string text;
  std::string sum = std::string("export type ") + name + " =";
  (
      [&] {
        using Message = std::variant_alternative_t<index, Variant>;
        text += Interface<Message>(presence);
        sum += std::string(index == 0 ? " " : " | ") + Message::kType;
      }(),
      ...);
  return text + sum + ";\n";
}

}  // namespace

std::string ToJson(const Command& command) { return MessageToJson(command); }
std::string ToJson(const Event& event) { return MessageToJson(event); }
std::string ToJson(const TrainSettings& settings) { return Dump(Write(settings)); }
std::string ToJson(const ModelInfo& info) { return Dump(Write(info)); }
std::string ToJson(const SampleInfo& info) { return Dump(Write(info)); }
std::string ToJson(const ProjectInfo& info) { return Dump(Write(info)); }
std::string ToJson(const TrainingInfo& info) { return Dump(Write(info)); }
std::string ToJson(const EditInfo& info) { return Dump(Write(info)); }
std::string ToJson(const ProjectFile& file) { return Dump(Write(file)); }

Result<Command> CommandFromJson(std::string_view text) { return MessageFromJson<Command>(text); }

Failed NotUnderstood(std::string_view text, const Status& why) {
  Failed failed{.message = why.message()};
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return failed;
  if (const auto type = json.find("type"); type != json.end()) (void)ReadLeaf(*type, "type", failed.command);
  if (const auto id = json.find("id"); id != json.end()) (void)ReadLeaf(*id, "id", failed.id);
  return failed;
}

Result<Event> EventFromJson(std::string_view text) { return MessageFromJson<Event>(text); }
Result<SampleInfo> SampleFromJson(std::string_view text) { return RecordFromJson<SampleInfo>(text); }
Result<ProjectInfo> ProjectFromJson(std::string_view text) { return RecordFromJson<ProjectInfo>(text); }
Result<TrainingInfo> TrainingFromJson(std::string_view text) { return RecordFromJson<TrainingInfo>(text); }
Result<EditInfo> EditFromJson(std::string_view text) { return RecordFromJson<EditInfo>(text); }
Result<ProjectFile> ProjectFileFromJson(std::string_view text) { return RecordFromJson<ProjectFile>(text); }

std::string TypeScriptDeclarations() {
  std::string text =
      "// Generated from src/schema/messages.h by `./tools/handful declarations`; do not edit.\n"
      "// In a command every field but `type` may be left out and takes the default of messages.h.\n\n";
  text += Union<CropMode>() + Union<InputRange>() + Union<SampleSource>() + Union<Network>() + Union<Recipe>() +
          Union<Schedule>() + Union<HeldOutBy>() + Union<TrainingState>() + Union<TrainPhase>() + Union<Answerer>() +
          Union<EngineVariant>() + Union<EditKind>() + Union<StorageKind>();
  text += Interface<ClassProbability>(Presence::kAlways);
  text += Interface<Crop>(Presence::kAlways);
  text += Interface<TrainSettings>(Presence::kOptional);
  text += Interface<FoldResult>(Presence::kAlways);
  text += Interface<ModelInfo>(Presence::kAlways);
  text += Interface<ClassInfo>(Presence::kAlways);
  text += Interface<SampleInfo>(Presence::kAlways);
  text += Interface<ImportInfo>(Presence::kAlways);
  text += Interface<ProjectInfo>(Presence::kAlways);
  text += Interface<EpochPoint>(Presence::kAlways);
  text += Interface<TrainingInfo>(Presence::kAlways);
  text += Interface<EditSummary>(Presence::kAlways);
  text += Interface<ArchiveEntry>(Presence::kAlways);
  text += Interface<StorePut>(Presence::kAlways);
  text += Interface<InspectedLayer>(Presence::kAlways);
  text += Interface<Phrase>(Presence::kAlways);
  text += Interface<ImportFailure>(Presence::kAlways);
  text += Interface<MaterialPicture>(Presence::kAlways);
  text += Interface<ArchivePart>(Presence::kAlways);
  text +=
      Alternatives<Command>("Command", Presence::kOptional, std::make_index_sequence<std::variant_size_v<Command>>());
  text += "\n";
  text += Alternatives<Event>("Event", Presence::kAlways, std::make_index_sequence<std::variant_size_v<Event>>());
  return text;
}

}  // namespace handful::schema
