// The settings of a training, each declared once in the list below: type, name, default and what there is to say of it.
// The fields, their JSON, web/engine/messages.d.ts, the checks of the engine, the shell's flags with their help and the
// page's fields come from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <variant>

#include "base/status.h"
#include "schema/enums.h"
#include "schema/reflect.h"

namespace handful::schema {

// Which trainings a setting has a say in.
enum class Scope {
  kAll,
  kHead,
  kScratch,
  kCopies
};  // of a head; of a network from scratch; where there are altered copies

struct SettingSpec {
  const char* title = "";      // "Learning rate"
  const char* help = "";       // one sentence
  const char* unit = "";       // as shown: "", "%", "px"
  double least = 0, most = 0;  // of numbers, as kept
  double shown = 1;            // shown = kept × this
  Scope scope = Scope::kAll;
  double from_scratch = -1;    // the default of a network from scratch, as the write-up trained it; below 0: the same
  const char* flag = nullptr;  // of the shell, without dashes; null: the name with - for _; "": none
};

inline constexpr double kMostSeeds = 9007199254740991.0;  // 2⁵³ - 1, the last whole number that JavaScript knows apart

// SETTING(type, name, default, spec…)
#define HANDFUL_TRAIN_SETTINGS(SETTING)                                                                                \
  SETTING(std::string, title, {}, .title = "Title", .help = "Of the model; empty: its classes.")                       \
  SETTING(Network, network, Network::kMobileNet, .title = "Network", .help = "What learns.")                           \
  SETTING(int, epochs, 50, .title = "Epochs", .help = "How often all pictures are gone through.", .least = 1,          \
          .most = 100'000)                                                                                             \
  SETTING(int, batch, 16, .title = "Batch", .help = "Pictures between two steps.", .least = 1, .most = 4096,           \
          .from_scratch = 64)                                                                                          \
  SETTING(double, learning_rate, 0.001, .title = "Learning rate", .help = "The size of a step.", .least = 1e-6,        \
          .most = 10, .flag = "lr")                                                                                    \
  SETTING(int, hidden, 100, .title = "Hidden units", .help = "The width of the layer that is trained.", .least = 1,    \
          .most = 4096, .scope = Scope::kHead)                                                                         \
  SETTING(double, dropout, 0.5, .title = "Dropout",                                                                    \
          .help = "The part of the hidden units left out at each step, against learning by heart.", .most = 0.95,      \
          .scope = Scope::kHead)                                                                                       \
  SETTING(int, size, 224, .title = "Picture side", .help = "Smaller pictures train faster and show less.",             \
          .unit = "px", .least = 16, .most = 224, .scope = Scope::kScratch)                                            \
  SETTING(std::string, dense, "256,128", .title = "Dense layers",                                                      \
          .help = "Their units, with commas between; none is possible, too.", .scope = Scope::kScratch)                \
  SETTING(double, dropout_dense, 0, .title = "Dropout",                                                                \
          .help = "The part of each dense layer left out at each step, against learning by heart.", .most = 0.95,      \
          .scope = Scope::kScratch)                                                                                    \
  SETTING(double, weight_decay, 0, .title = "Weight decay", .help = "How strongly weights are drawn to 0.",            \
          .most = 100, .scope = Scope::kScratch)                                                                       \
  SETTING(double, label_smoothing, 0, .title = "Label smoothing", .help = "How unsure it is asked to stay.",           \
          .most = 0.9, .scope = Scope::kScratch)                                                                       \
  SETTING(Schedule, schedule, Schedule::kConstant, .title = "Learning rate over time", .help = "Whether it falls.",    \
          .scope = Scope::kScratch)                                                                                    \
  SETTING(bool, class_weights, false, .title = "Class weights",                                                        \
          .help = "Classes with few pictures count as much as those with many.")                                       \
  SETTING(int64_t, seed, 1, .title = "Seed", .help = "The same seed and pictures give the same model.",                \
          .most = kMostSeeds)                                                                                          \
  SETTING(double, validation, 0.2, .title = "Held out",                                                                \
          .help = "Pictures kept from training, to see how it does on new ones.", .unit = "%", .most = 0.9,            \
          .shown = 100, .flag = "val")                                                                                 \
  SETTING(Recipe, recipe, Recipe::kDefault, .title = "How they are chosen", .help = "Which pictures are held out.")    \
  SETTING(int, patience, 0, .title = "Patience",                                                                       \
          .help = "Ends when held-out pictures do no better for so long, and keeps the best; 0: never.",               \
          .unit = "epochs", .most = 100'000, .from_scratch = 3)                                                        \
  SETTING(int, augment, 0, .title = "Altered copies",                                                                  \
          .help = "Learned from beside each picture; the first time takes a while.", .unit = "a picture", .most = 20)  \
  SETTING(bool, flip, true, .title = "Mirror half of them", .help = "Not where left and right matter.",                \
          .scope = Scope::kCopies)                                                                                     \
  SETTING(bool, invert, false, .title = "Make negatives of half of them",                                              \
          .help = "Where light and dark may trade places, as before a window.", .scope = Scope::kCopies)               \
  SETTING(double, rotate, 15, .title = "Rotate", .help = "At most, either way.", .unit = "°", .most = 180,             \
          .scope = Scope::kCopies)                                                                                     \
  SETTING(double, zoom, 0.15, .title = "Zoom", .help = "At most, either way.", .unit = "%", .most = 0.5, .shown = 100, \
          .scope = Scope::kCopies)                                                                                     \
  SETTING(double, light, 0.2, .title = "Light", .help = "Brightness and contrast, at most.", .unit = "%", .most = 1,   \
          .shown = 100, .scope = Scope::kCopies)                                                                       \
  SETTING(double, color, 0.2, .title = "Colour", .help = "Saturation and tint, at most.", .unit = "%", .most = 1,      \
          .shown = 100, .scope = Scope::kCopies)                                                                       \
  SETTING(InputRange, input_range, InputRange::kMinusOneToOne, .title = "Input range",                                 \
          .help = "What a pixel is to the network.")                                                                   \
  SETTING(std::string, folds, {}, .title = "Folds",                                                                    \
          .help = "Of a cross-validation: \"group\", or how many; empty: none.")                                       \
  SETTING(bool, model_wanted, true, .title = "Model wanted",                                                           \
          .help = "With folds: whether a model is trained on everything in the end.", .flag = "")

// Their names, to point at one.
#define HANDFUL_SETTING_NAME(type, name, ...) name,
enum class Setting { HANDFUL_TRAIN_SETTINGS(HANDFUL_SETTING_NAME) };
#undef HANDFUL_SETTING_NAME

struct TrainSettings {
#define HANDFUL_SETTING_FIELD(type, name, value, ...) type name = value;
  HANDFUL_TRAIN_SETTINGS(HANDFUL_SETTING_FIELD)
#undef HANDFUL_SETTING_FIELD
  static constexpr char kName[] = "TrainSettings";
#define HANDFUL_SETTING_REFLECTED(type, name, ...) Field{#name, &TrainSettings::name},
  static constexpr auto kFields = std::tuple{HANDFUL_TRAIN_SETTINGS(HANDFUL_SETTING_REFLECTED)};
#undef HANDFUL_SETTING_REFLECTED
};

using SettingMember = std::variant<int TrainSettings::*, int64_t TrainSettings::*, double TrainSettings::*,
                                   bool TrainSettings::*, std::string TrainSettings::*, Network TrainSettings::*,
                                   Schedule TrainSettings::*, Recipe TrainSettings::*, InputRange TrainSettings::*>;
inline constexpr size_t kWholeKinds = 2, kNumberKinds = 3;  // of its first alternatives

// A setting of the list, with its place in TrainSettings.
struct SettingEntry : SettingSpec {
  Setting setting;
  const char* name;
  SettingMember member;

  bool is_number() const { return member.index() < kNumberKinds; }
  bool is_whole() const { return member.index() < kWholeKinds; }
};
std::span<const SettingEntry> TrainSettingList();  // in the order of Setting
inline const SettingEntry& EntryOf(Setting setting) { return TrainSettingList()[static_cast<size_t>(setting)]; }

// Numbers, switches and choices as a number: of a choice its index. 0 for text.
double NumberOf(const SettingMember& which, const TrainSettings& settings);
void SetNumber(const SettingMember& which, TrainSettings& settings, double value);

// What a training of this network begins with.
TrainSettings DefaultsOf(Network network);
// Whether settings of this scope have a say in a training with these.
bool Matters(Scope scope, const TrainSettings& settings);
// Whether each number is within its bounds; the sentence names the first that is not.
Status CheckNumbers(const TrainSettings& settings);

}  // namespace handful::schema
