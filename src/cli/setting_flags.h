// The flags of a training's settings, and the help that says what each does.
#pragma once

#include <string>

#include "schema/train_settings.h"

namespace handful::cli {

// "--learning-rate"; of a switch that is on by default "--no-flip". "": it has none.
std::string FlagOf(const schema::SettingEntry& entry);
// A line a setting, with what it may be and its default.
std::string SettingsHelp();

}  // namespace handful::cli
