#include "cli/feature_parts.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include "cli/files.h"
#include "cli/mapped_file.h"
#include "cli/npy.h"
#include "engine/convert.h"
#include "import/json_access.h"

namespace handful::cli {
namespace {

using importers::Json;
using importers::Member;

constexpr char kManifest[] = "manifest.json";
constexpr int64_t kPartVersion = 1;
constexpr size_t kMostRows = size_t{1} << 30U;  // samples are counted in ints

std::string TextOf(const Json& json, const char* field) { return importers::TextOr(Member(json, field), ""); }

// A whole number from 0 to `most`.
Result<size_t> Count(const Json& json, const char* field, size_t most) {
  const Json& found = Member(json, field);
  if (!found.is_number_unsigned() || found.get<uint64_t>() > most)
    return Errorf("field \"%s\" is no whole number up to %zu", field, most);
  return static_cast<size_t>(found.get<uint64_t>());
}

Result<std::vector<std::string>> Texts(const Json& json, const char* field) {
  const Json& found = Member(json, field);
  std::vector<std::string> texts;
  for (const Json& text : found.is_array() ? found : Json::array()) texts.push_back(importers::TextOr(text, ""));
  if (!found.is_array() || std::find(texts.begin(), texts.end(), "") != texts.end())
    return Errorf("field \"%s\" is no list of names", field);
  return texts;
}

template <schema::Enumerated E>
Status Choice(const Json& json, const char* field, E& value) {
  const std::string text = TextOf(json, field);
  const std::optional<E> found = schema::FromText<E>(text);
  if (!found.has_value())
    return Errorf("field \"%s\" is \"%s\", not %s", field, text.c_str(), schema::InWords(EnumTypeOf(E{})).c_str());
  value = *found;
  return {};
}

Result<Json> ReadJson(const std::string& path, const char* format) {
  Result<std::vector<uint8_t>> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.status();
  Json json = importers::ParseJson(*bytes);
  if (!json.is_object()) return Errorf("is no JSON object");
  if (TextOf(json, "format") != format)
    return Errorf("field \"format\" is \"%s\", not \"%s\"", TextOf(json, "format").c_str(), format);
  const Json& version = Member(json, "version");
  if (!version.is_number_unsigned() || version.get<uint64_t>() != kPartVersion)
    return Errorf("field \"version\" is %s, but this program reads %lld", version.dump().substr(0, 20).c_str(),
                  static_cast<long long>(kPartVersion));
  if (TextOf(json, "kind") != "features")
    return Errorf("field \"kind\" is \"%s\", not \"features\"", TextOf(json, "kind").c_str());
  return json;
}

// What the backbone made of pictures, and how.
Status ReadFrame(const Json& manifest, FeatureParts& parts) {
  const std::string network = TextOf(manifest, "network");
  const nn::Architecture* architecture = nullptr;
  for (const nn::Architecture& known : nn::Architectures()) {
    if (known.gives_features() && nn::NameOf(known, nn::Part::kBackbone) == network) architecture = &known;
  }
  if (architecture == nullptr)
    return Errorf("field \"network\" is \"%s\", which is no backbone that this program knows", network.c_str());
  nn::Model& frame = parts.frame;
  frame.architecture = architecture;
  frame.input_side = architecture->side;
  frame.backbone_sha256 = TextOf(manifest, "backbone_sha256");
  frame.backbone_title = TextOf(manifest, "backbone");
  if (frame.backbone_sha256.size() != 64)
    return Errorf("field \"backbone_sha256\" has %zu digits, not 64", frame.backbone_sha256.size());
  schema::CropMode crop{};
  HANDFUL_TRY(Choice(manifest, "crop_mode", crop));
  HANDFUL_TRY(Choice(manifest, "input_range", parts.input_range));
  frame.crop_mode = engine::CropModeOf(crop);
  frame.input_range = engine::InputRangeOf(parts.input_range);
  parts.data.dim = static_cast<size_t>(nn::FeatureCount(*architecture));
  return {};
}

// Adds the rows of one part: `npy` with what `json` says of them.
Status AddRows(const std::string& npy, const Json& json, size_t rows, const GroupPattern* pattern,
               FeatureParts& parts) {
  train::Dataset& data = parts.data;
  Result<std::vector<std::string>> names = Texts(json, "names");
  if (!names.ok()) return names.status();
  const Json& labels = Member(json, "labels");
  if (!labels.is_array()) return Errorf("it has no labels: pictures in folders have, and lists with a label a line");
  Result<std::shared_ptr<const MappedFile>> file = MappedFile::Open(npy);
  if (!file.ok()) return file.status();
  Result<NpyShape> shape = ReadNpyShape((*file)->bytes());
  if (!shape.ok()) return shape.status();
  if (shape->columns != data.dim) return Errorf("it has %zu columns, not %zu", shape->columns, data.dim);
  if (shape->rows != rows || names->size() != rows || labels.size() != rows)
    return Errorf("it has %zu rows, %zu names and %zu labels, not %zu as the manifest says", shape->rows, names->size(),
                  labels.size(), rows);
  const auto* first = reinterpret_cast<const float*>((*file)->bytes().data() + shape->offset);
  for (size_t i = 0; i < rows; ++i) {
    if (!labels[i].is_number_unsigned() || labels[i].get<uint64_t>() >= data.classes.size())
      return Errorf("label %zu is no class: there are %zu", i, data.classes.size());
    const std::string& name = (*names)[i];
    Result<std::string> group = std::string();
    if (pattern != nullptr) group = pattern->GroupOf(std::filesystem::path(name).filename().string());
    if (!group.ok()) {
      parts.left_out.emplace_back(name, group.status());
      continue;
    }
    data.rows.emplace_back(*file, first + i * data.dim);
    data.labels.push_back(static_cast<int>(labels[i].get<uint64_t>()));
    data.groups.push_back(std::move(*group));
  }
  return {};
}

Status AddPart(const std::string& directory, const Json& entry, const GroupPattern* pattern, FeatureParts& parts) {
  const std::string name = TextOf(entry, "file");
  if (!name.ends_with(".npy") || name.find('/') != std::string::npos)
    return Errorf("a part's \"file\" is \"%s\", not the name of an .npy file beside it", name.c_str())
        .WithContext(directory + "/" + kManifest);
  Result<size_t> rows = Count(entry, "rows", kMostRows - parts.data.rows.size());
  if (!rows.ok()) return rows.status().WithContextf("%s/%s: part %s", directory.c_str(), kManifest, name.c_str());
  const std::string npy = directory + "/" + name;
  const std::string json_path = npy.substr(0, npy.size() - std::strlen(".npy")) + ".json";
  Result<Json> json = ReadJson(json_path, "handful-part");
  if (!json.ok()) return json.status().WithContext(json_path);
  if (TextOf(*json, "backbone_sha256") != parts.frame.backbone_sha256)
    return Errorf("%s: it was made by the backbone %s, but the manifest names %s", json_path.c_str(),
                  TextOf(*json, "backbone_sha256").c_str(), parts.frame.backbone_sha256.c_str());
  if (Member(*json, "npy_sha256") != Member(entry, "npy_sha256"))
    return Errorf("%s: field \"npy_sha256\" is not what the manifest says", json_path.c_str());
  return AddRows(npy, *json, *rows, pattern, parts).WithContext(npy);
}

}  // namespace

Result<FeatureParts> OpenFeatureParts(const std::string& directory, const GroupPattern* pattern) {
  const std::string path = directory + "/" + kManifest;
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return Errorf("%s is not there: either these are no features in parts, or they are not finished yet", path.c_str());
  Result<Json> manifest = ReadJson(path, "handful-parts");
  if (!manifest.ok()) return manifest.status().WithContext(path);
  FeatureParts parts;
  HANDFUL_TRY(ReadFrame(*manifest, parts).WithContext(path));
  Result<std::vector<std::string>> classes = Texts(*manifest, "classes");
  if (!classes.ok()) return classes.status().WithContext(path);
  parts.data.classes = std::move(*classes);
  Result<size_t> refused = Count(*manifest, "refused", SIZE_MAX);
  if (!refused.ok()) return refused.status().WithContext(path);
  parts.refused = *refused;
  const Json& list = Member(*manifest, "parts");
  if (!list.is_array()) return Errorf("%s: field \"parts\" is no list", path.c_str());
  for (const Json& entry : list) HANDFUL_TRY(AddPart(directory, entry, pattern, parts));
  return parts;
}

}  // namespace handful::cli
