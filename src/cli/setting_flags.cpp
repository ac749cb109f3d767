#include "cli/setting_flags.h"

#include <algorithm>

#include "base/status.h"
#include "base/utf8.h"

namespace handful::cli {
namespace {

using schema::SettingEntry;
using schema::TrainSettings;

// What may stand behind the flag: "1 … 100000", "default|writeup"; "" behind a switch.
std::string ValuesOf(const SettingEntry& entry) {
  return std::visit(
      [&]<class T>(T TrainSettings::*) -> std::string {
        if constexpr (std::is_enum_v<T>) {
          std::string values;
          const schema::EnumType type = EnumTypeOf(T{});
          for (size_t i = 0; i < type.count; ++i) values += std::string(i == 0 ? "" : "|") + type.texts[i];
          return values;
        } else if constexpr (std::is_same_v<T, std::string>) {
          return "TEXT";
        } else if constexpr (std::is_same_v<T, bool>) {
          return "";
        } else {
          return Format("%.16g … %.16g", entry.least, entry.most);
        }
      },
      entry.member);
}

std::string DefaultOf(const SettingEntry& entry, const TrainSettings& settings) {
  return std::visit(
      [&]<class T>(T TrainSettings::* member) -> std::string {
        if constexpr (std::is_enum_v<T>) return TextOf(settings.*member);
        else if constexpr (std::is_same_v<T, std::string>) return settings.*member;
        else if constexpr (std::is_same_v<T, bool>) return "";
        else return Format("%.10g", static_cast<double>(settings.*member));
      },
      entry.member);
}

}  // namespace

std::string FlagOf(const SettingEntry& entry) {
  std::string name = entry.flag != nullptr ? entry.flag : entry.name;
  if (name.empty()) return "";
  std::ranges::replace(name, '_', '-');
  const bool is_switch = std::holds_alternative<bool TrainSettings::*>(entry.member);
  return (is_switch && NumberOf(entry.member, {}) != 0 ? "--no-" : "--") + name;
}

std::string SettingsHelp() {
  constexpr size_t kColumn = 36;
  static constexpr const char* kScopes[] = {"", " (mobilenet)", " (cnn)", " (of copies)"};
  const TrainSettings head = schema::DefaultsOf(schema::Network::kMobileNet),
                      scratch = schema::DefaultsOf(schema::Network::kCnn);
  std::string help;
  for (const SettingEntry& entry : schema::TrainSettingList()) {
    const std::string flag = FlagOf(entry);
    if (flag.empty()) continue;
    const std::string values = ValuesOf(entry), usual = DefaultOf(entry, head), with_cnn = DefaultOf(entry, scratch);
    std::string line = "    " + flag + (values.empty() ? "" : " " + values);
    const size_t width = CharactersOf(line);
    line.append(width < kColumn ? kColumn - width : 1, ' ');
    line += std::string(flag.starts_with("--no-") ? "Not: " : "") + entry.title +
            kScopes[static_cast<size_t>(entry.scope)] + ". " + entry.help;
    if (!usual.empty())
      line += " [" + usual +
              (with_cnn == usual || entry.name == std::string_view("network") ? "" : ", with cnn " + with_cnn) + "]";
    help += line + "\n";
  }
  return help;
}

}  // namespace handful::cli
