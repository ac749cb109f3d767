#include "schema/json.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace handful::schema {
namespace {

using Json = nlohmann::json;

// ---- writing ----

template <class T>
Json Write(const std::vector<T>& values);

template <class T>
Json Write(const T& value) {
  if constexpr (Reflected<T>) {
    Json object = Json::object();
    ForEachField(value, [&](const char* name, const auto& member) { object[name] = Write(member); });
    return object;
  } else {
    return value;
  }
}

template <class T>
Json Write(const std::vector<T>& values) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(Write(value));
  return array;
}

// Invalid UTF-8 (file names can hold any bytes) is replaced, never thrown at.
std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

template <class Variant>
std::string MessageToJson(const Variant& message) {
  return std::visit(
      [](const auto& m) {
        Json json = Write(m);
        json["type"] = m.kType;
        return Dump(json);
      },
      message);
}

// ---- reading ----

Status Mistyped(const std::string& field, const char* wanted, const Json& json) {
  return Errorf("field \"%s\" must be %s, not %s", field.c_str(), wanted, json.type_name());
}

Status Read(const Json& json, const std::string& field, std::string& out) {
  if (!json.is_string()) return Mistyped(field, "a string", json);
  out = json.get_ref<const std::string&>();
  return {};
}
Status Read(const Json& json, const std::string& field, bool& out) {
  if (!json.is_boolean()) return Mistyped(field, "true or false", json);
  out = json.get<bool>();
  return {};
}
template <class T>
  requires std::is_integral_v<T>
Status Read(const Json& json, const std::string& field, T& out) {
  // JavaScript writes 3.0 as 3, but other writers need not.
  constexpr double kExact = 9007199254740992.0;  // beyond 2⁵³ JavaScript's numbers skip integers
  const double value = json.is_number() ? json.get<double>() : 0.5;
  if (!(std::fabs(value) <= kExact) || value != std::trunc(value)) return Mistyped(field, "a whole number", json);
  const auto whole = static_cast<int64_t>(value);
  if (whole < std::numeric_limits<T>::min() || whole > std::numeric_limits<T>::max()) {
    return Errorf("field \"%s\" is out of range: %lld", field.c_str(), static_cast<long long>(whole));
  }
  out = static_cast<T>(whole);
  return {};
}
Status Read(const Json& json, const std::string& field, double& out) {
  if (!json.is_number()) return Mistyped(field, "a number", json);
  out = json.get<double>();
  return {};
}
Status Read(const Json& json, const std::string& field, std::map<std::string, std::string>& out) {
  if (!json.is_object()) return Mistyped(field, "an object", json);
  for (const auto& [key, value] : json.items()) HANDFUL_TRY(Read(value, field + "." + key, out[key]));
  return {};
}
template <Reflected T>
Status Read(const Json& json, const std::string& field, T& out);

template <class T>
Status Read(const Json& json, const std::string& field, std::vector<T>& out) {
  if (!json.is_array()) return Mistyped(field, "a list", json);
  out.assign(json.size(), T{});
  for (size_t i = 0; i < out.size(); ++i) HANDFUL_TRY(Read(json[i], Format("%s[%zu]", field.c_str(), i), out[i]));
  return {};
}

template <Reflected T>
Status Read(const Json& json, const std::string& field, T& out) {
  if (!json.is_object()) return Mistyped(field, "an object", json);
  Status status;
  ForEachField(out, [&](const char* name, auto& member) {
    const auto found = json.find(name);
    if (status.ok() && found != json.end()) status = Read(*found, field.empty() ? name : field + "." + name, member);
  });
  return status;
}

template <class Variant, size_t index = 0>
Status ReadAlternative(const Json& json, const std::string& type, Variant& out) {
  if constexpr (index == std::variant_size_v<Variant>) {
    return Errorf("unknown message type \"%s\"", type.c_str());
  } else {
    using Message = std::variant_alternative_t<index, Variant>;
    if (type != Message::kType) return ReadAlternative<Variant, index + 1>(json, type, out);
    Message message;
    HANDFUL_TRY(Read(json, "", message));
    out = std::move(message);
    return {};
  }
}

template <class Variant>
Result<Variant> MessageFromJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Errorf("message is not a JSON object (%zu bytes)", text.size());
  const auto type = json.find("type");
  if (type == json.end() || !type->is_string()) return Errorf("message has no \"type\"");
  Variant message;
  HANDFUL_TRY(ReadAlternative(json, type->get_ref<const std::string&>(), message));
  return message;
}

template <Reflected T>
Result<T> RecordFromJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Errorf("the %s record is not a JSON object (%zu bytes)", T::kName, text.size());
  T record;
  HANDFUL_TRY(Read(json, "", record));
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
  ForEachField(object, [&](const char* field, const auto& member) {
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
std::string ToJson(const ProjectFile& file) { return Dump(Write(file)); }

Result<Command> CommandFromJson(std::string_view text) { return MessageFromJson<Command>(text); }
Result<Event> EventFromJson(std::string_view text) { return MessageFromJson<Event>(text); }
Result<SampleInfo> SampleFromJson(std::string_view text) { return RecordFromJson<SampleInfo>(text); }
Result<ProjectInfo> ProjectFromJson(std::string_view text) { return RecordFromJson<ProjectInfo>(text); }
Result<TrainingInfo> TrainingFromJson(std::string_view text) { return RecordFromJson<TrainingInfo>(text); }
Result<ProjectFile> ProjectFileFromJson(std::string_view text) { return RecordFromJson<ProjectFile>(text); }

std::string TypeScriptDeclarations() {
  std::string text =
      "// Generated from src/schema/messages.h by `./tools/handful declarations`; do not edit.\n"
      "// In a command every field but `type` may be left out and takes the default of messages.h.\n\n";
  text += Interface<ClassProbability>(Presence::kAlways);
  text += Interface<Crop>(Presence::kAlways);
  text += Interface<TrainSettings>(Presence::kOptional);
  text += Interface<FoldResult>(Presence::kAlways);
  text += Interface<ModelInfo>(Presence::kAlways);
  text += Interface<ClassInfo>(Presence::kAlways);
  text += Interface<SampleInfo>(Presence::kAlways);
  text += Interface<ProjectInfo>(Presence::kAlways);
  text += Interface<EpochPoint>(Presence::kAlways);
  text += Interface<TrainingInfo>(Presence::kAlways);
  text += Interface<ArchiveEntry>(Presence::kAlways);
  text += Interface<StorePut>(Presence::kAlways);
  text += Interface<ArchivePart>(Presence::kAlways);
  text += Alternatives<Command>("Command", Presence::kOptional, std::make_index_sequence<std::variant_size_v<Command>>());
  text += "\n";
  text += Alternatives<Event>("Event", Presence::kAlways, std::make_index_sequence<std::variant_size_v<Event>>());
  return text;
}

}  // namespace handful::schema
