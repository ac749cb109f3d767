#include "cli/shipped.h"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "cli/files.h"

namespace handful::cli {

Result<std::vector<ShippedBackbone>> ShippedBackbones() {
  const std::string list = ModelPath("backbones.json");
  Result<std::vector<uint8_t>> bytes = ReadFile(list);
  if (!bytes.ok()) return bytes.status().WithContext(list);
  const nlohmann::json json = nlohmann::json::parse(bytes->begin(), bytes->end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_array()) return Errorf("%s is not a JSON list", list.c_str());
  const auto text_of = [](const nlohmann::json& entry, const char* field) {
    const auto found = entry.find(field);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto path_of = [&](const nlohmann::json& entry, const char* field) {
    const std::string path = ModelPath(text_of(entry, field));
    std::error_code error;
    return std::filesystem::is_regular_file(path, error) ? path : std::string();
  };
  std::vector<ShippedBackbone> backbones;
  for (const nlohmann::json& entry : json) {
    ShippedBackbone backbone{path_of(entry, "file"), path_of(entry, "head"), text_of(entry, "name")};
    if (!backbone.file.empty()) backbones.push_back(std::move(backbone));
  }
  if (backbones.empty()) return Errorf("none of the backbones that %s lists is there", list.c_str());
  return backbones;
}

}  // namespace handful::cli
