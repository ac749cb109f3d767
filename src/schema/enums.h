// Enumerations of the messages: in JSON they are their spelling, in web/engine/messages.d.ts a union of it. Each is
// declared once, its values with their spelling and what they mean.
#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace handful::schema {

struct EnumType {
  const char* name;
  const char* const* texts;  // the spellings, in the order of the enumeration, from 0
  size_t count;
};

}  // namespace handful::schema

// HANDFUL_ENUM(Name, (kValue, "spelling", "meaning"), …): the enumeration, and, found by argument-dependent lookup, its
// EnumTypeOf and MeaningsOf. They stand apart, so that only who writes the declarations carries the meanings.
#define HANDFUL_ENUM_VALUE(value, text, meaning) value
#define HANDFUL_ENUM_TEXT(value, text, meaning) text
#define HANDFUL_ENUM_MEANING(value, text, meaning) meaning
#define HANDFUL_EACH_VALUE_1(m, a) m a
#define HANDFUL_EACH_VALUE_2(m, a, ...) m a, HANDFUL_EACH_VALUE_1(m, __VA_ARGS__)
#define HANDFUL_EACH_VALUE_3(m, a, ...) m a, HANDFUL_EACH_VALUE_2(m, __VA_ARGS__)
#define HANDFUL_EACH_VALUE_4(m, a, ...) m a, HANDFUL_EACH_VALUE_3(m, __VA_ARGS__)
#define HANDFUL_EACH_VALUE_5(m, a, ...) m a, HANDFUL_EACH_VALUE_4(m, __VA_ARGS__)
#define HANDFUL_EACH_VALUE_6(m, a, ...) m a, HANDFUL_EACH_VALUE_5(m, __VA_ARGS__)
#define HANDFUL_EACH_VALUE_7(m, a, ...) m a, HANDFUL_EACH_VALUE_6(m, __VA_ARGS__)
#define HANDFUL_EACH_VALUE_8(m, a, ...) m a, HANDFUL_EACH_VALUE_7(m, __VA_ARGS__)
#define HANDFUL_EACH_VALUE_9(m, a, ...) m a, HANDFUL_EACH_VALUE_8(m, __VA_ARGS__)
#define HANDFUL_EACH_VALUE_10(m, a, ...) m a, HANDFUL_EACH_VALUE_9(m, __VA_ARGS__)
#define HANDFUL_EACH_VALUE_11(m, a, ...) m a, HANDFUL_EACH_VALUE_10(m, __VA_ARGS__)
#define HANDFUL_EACH_VALUE_12(m, a, ...) m a, HANDFUL_EACH_VALUE_11(m, __VA_ARGS__)
#define HANDFUL_EACH_VALUE_OF(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, each, ...) each
#define HANDFUL_EACH_VALUE(m, ...)                                                                              \
  HANDFUL_EACH_VALUE_OF(__VA_ARGS__, HANDFUL_EACH_VALUE_12, HANDFUL_EACH_VALUE_11, HANDFUL_EACH_VALUE_10,       \
                        HANDFUL_EACH_VALUE_9, HANDFUL_EACH_VALUE_8, HANDFUL_EACH_VALUE_7, HANDFUL_EACH_VALUE_6, \
                        HANDFUL_EACH_VALUE_5, HANDFUL_EACH_VALUE_4, HANDFUL_EACH_VALUE_3, HANDFUL_EACH_VALUE_2, \
                        HANDFUL_EACH_VALUE_1, )                                                                 \
  (m, __VA_ARGS__)
#define HANDFUL_ENUM(Name, ...)                                                                               \
  enum class Name { HANDFUL_EACH_VALUE(HANDFUL_ENUM_VALUE, __VA_ARGS__) };                                    \
  inline constexpr const char* k##Name##Texts[] = {HANDFUL_EACH_VALUE(HANDFUL_ENUM_TEXT, __VA_ARGS__)};       \
  inline constexpr const char* k##Name##Meanings[] = {HANDFUL_EACH_VALUE(HANDFUL_ENUM_MEANING, __VA_ARGS__)}; \
  constexpr ::handful::schema::EnumType EnumTypeOf(Name) {                                                    \
    return {#Name, k##Name##Texts, std::size(k##Name##Texts)};                                                \
  }                                                                                                           \
  constexpr const char* const* MeaningsOf(Name) { return k##Name##Meanings; }

namespace handful::schema {

template <class E>
concept Enumerated = std::is_enum_v<E> && requires(E e) {
  { EnumTypeOf(e) } -> std::same_as<EnumType>;
};

// The spelling.
template <Enumerated E>
constexpr const char* TextOf(E value) {
  return EnumTypeOf(value).texts[static_cast<size_t>(value)];
}

// The value's index; nothing where no value is spelled so.
std::optional<size_t> IndexOf(const EnumType& type, std::string_view text);
template <Enumerated E>
std::optional<E> FromText(std::string_view text) {
  const std::optional<size_t> index = IndexOf(EnumTypeOf(E{}), text);
  return index.has_value() ? std::optional<E>(static_cast<E>(*index)) : std::nullopt;
}

// "center or fit"
std::string InWords(const EnumType& type);

HANDFUL_ENUM(CropMode, (kCenter, "center", "the largest square in the middle"),
             (kFit, "fit", "all of the picture, with a border"));
HANDFUL_ENUM(InputRange, (kMinusOneToOne, "pm1", "[-1, 1]"), (kZeroToOne, "01", "[0, 1]"));
HANDFUL_ENUM(SampleSource, (kFile, "file", "a picture's file"), (kCamera, "camera", "a frame of the camera"),
             (kVideo, "video", "a frame of a video's file"));
HANDFUL_ENUM(Network,
             (kMobileNet, "mobilenet", "a new head on MobileNet's features: fast, and a few pictures are enough"),
             (kCnn, "cnn", "a small network from scratch: sees only these pictures, and wants hundreds of them"));
HANDFUL_ENUM(Recipe, (kDefault, "default", "capture sessions stay whole in the held-out part"),
             (kWriteup, "writeup", "a random split: neighbours of one recording stand on both sides"));
HANDFUL_ENUM(Schedule, (kConstant, "constant", "the learning rate stays"),
             (kCosine, "cosine", "it falls to 0 along half a cosine"));
HANDFUL_ENUM(HeldOutBy, (kNone, "none", "nothing is held out"), (kRandom, "random", "samples at random"),
             (kGroups, "groups", "whole capture sessions"), (kEnds, "ends", "the end of each capture session"));
HANDFUL_ENUM(TrainingState, (kRunning, "running", "under way"), (kDone, "done", "it came to its end"),
             (kStopped, "stopped", "it was stopped, and has a model all the same"),
             (kFailed, "failed", "it has no model; its message says why"));
HANDFUL_ENUM(TrainPhase, (kCopies, "copies", "altered copies are being looked at"),
             (kPictures, "pictures", "a network from scratch learns"), (kTraining, "training", "a head learns"));
HANDFUL_ENUM(Answerer, (kNobody, "", "there is nothing to answer with"), (kModel, "model", "the model in use"),
             (kNeighbours, "neighbours", "the nearest samples of the open project"));
HANDFUL_ENUM(EngineVariant, (kNative, "native", "compiled for this machine"),
             (kSimd, "simd", "WebAssembly: the same bits everywhere"),
             (kRelaxed, "relaxed", "WebAssembly with relaxed SIMD"));
HANDFUL_ENUM(EditKind, (kNone, "none", "nothing"), (kAddClass, "add-class", "a class is added"),
             (kRenameClass, "rename-class", "a class is called otherwise"),
             (kSwitchClassOn, "switch-class-on", "a class is trained on"),
             (kSwitchClassOff, "switch-class-off", "a class is not trained on"),
             (kRecolorClass, "recolor-class", "a class has another colour"),
             (kMoveClass, "move-class", "a class has another place"),
             (kMergeClasses, "merge-classes", "a class goes into another"),
             (kDeleteClass, "delete-class", "a class is gone, with its samples"),
             (kAddSamples, "add-samples", "samples are added"),
             (kMoveSamples, "move-samples", "samples go to another class"),
             (kDeleteSamples, "delete-samples", "samples are gone"));
HANDFUL_ENUM(StorageKind, (kMemory, "memory", "gone with the page"),
             (kIndexedDb, "indexeddb", "the browser's database"));

}  // namespace handful::schema
