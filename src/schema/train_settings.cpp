#include "schema/train_settings.h"

#include <array>
#include <iterator>

namespace handful::schema {
namespace {

#define HANDFUL_SETTING_ENTRY(type, name, value, ...) \
  SettingEntry{SettingSpec{__VA_ARGS__}, Setting::name, #name, &TrainSettings::name},
constexpr SettingEntry kEntries[] = {HANDFUL_TRAIN_SETTINGS(HANDFUL_SETTING_ENTRY)};
#undef HANDFUL_SETTING_ENTRY

}  // namespace

std::span<const SettingEntry> TrainSettingList() { return kEntries; }

double NumberOf(const SettingMember& which, const TrainSettings& settings) {
  return std::visit(
      [&]<class T>(T TrainSettings::* member) {
        if constexpr (std::is_same_v<T, std::string>) return 0.0;
        else return static_cast<double>(settings.*member);
      },
      which);
}

void SetNumber(const SettingMember& which, TrainSettings& settings, double value) {
  std::visit(
      [&]<class T>(T TrainSettings::* member) {
        if constexpr (std::is_enum_v<T>) settings.*member = static_cast<T>(static_cast<int>(value));
        else if constexpr (!std::is_same_v<T, std::string>) settings.*member = static_cast<T>(value);
      },
      which);
}

TrainSettings DefaultsOf(Network network) {
  TrainSettings settings;
  settings.network = network;
  if (network == Network::kCnn) {
    for (const SettingEntry& entry : kEntries) {
      if (entry.from_scratch >= 0) SetNumber(entry.member, settings, entry.from_scratch);
    }
  }
  return settings;
}

bool Matters(Scope scope, const TrainSettings& settings) {
  switch (scope) {
    case Scope::kAll: return true;
    case Scope::kHead: return settings.network == Network::kMobileNet;
    case Scope::kScratch: return settings.network == Network::kCnn;
    case Scope::kCopies: return settings.augment > 0;
  }
  return true;
}

Status CheckNumbers(const TrainSettings& settings) {
  // Without what the table says in words, which the engine has no use for.
  struct Bounds {
    const char* name;
    double least, most;
    Scope scope;
    SettingMember member;
  };
  static constexpr auto kBounds = [] {
    std::array<Bounds, std::size(kEntries)> bounds{};
    for (size_t i = 0; i < bounds.size(); ++i) {
      bounds[i] = {kEntries[i].name, kEntries[i].least, kEntries[i].most, kEntries[i].scope, kEntries[i].member};
    }
    return bounds;
  }();
  for (const Bounds& bounds : kBounds) {
    if (bounds.member.index() >= kNumberKinds || !Matters(bounds.scope, settings)) continue;
    const double value = NumberOf(bounds.member, settings);
    if (!(value >= bounds.least && value <= bounds.most)) {
      return Errorf("setting \"%s\" is %.10g, outside %.16g … %.16g", bounds.name, value, bounds.least, bounds.most);
    }
  }
  return {};
}

}  // namespace handful::schema
