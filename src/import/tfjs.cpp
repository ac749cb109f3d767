#include "import/tfjs.h"

#include <bit>
#include <cstring>
#include <string_view>

#include "base/byte_order.h"
#include "import/elements.h"
#include "import/file_names.h"
#include "import/json_access.h"

namespace handful::importers {
namespace {

constexpr uint64_t kMaxElements = 64'000'000;

struct WeightSpec {
  std::string name;
  std::vector<int64_t> shape;
  size_t elements = 1;
  std::string stored_type;  // as it lies in the shard: float32, float16, uint8, uint16
  double scale = 1;         // value = stored · scale + min, for uint8 and uint16
  double min = 0;

  size_t ElementBytes() const { return stored_type == "float32" ? 4 : stored_type == "uint8" ? 1 : 2; }
};

Result<WeightSpec> ReadSpec(const Json& json) {
  WeightSpec spec;
  spec.name = TextOr(Member(json, "name"), "");
  if (spec.name.empty()) return Errorf("a weight in \"weightsManifest\" has no name");
  const Json& shape = Member(json, "shape");
  if (!shape.is_array()) return Errorf("weight \"%s\" has no shape", spec.name.c_str());
  uint64_t elements = 1;
  for (const Json& size : shape) {
    if (!size.is_number_unsigned() || !MultiplyWithin(kMaxElements, size.get<uint64_t>(), elements)) {
      return Errorf("weight \"%s\": %s in its shape is not a size", spec.name.c_str(), size.dump().c_str());
    }
    spec.shape.push_back(static_cast<int64_t>(size.get<uint64_t>()));
  }
  spec.elements = static_cast<size_t>(elements);
  const std::string type = TextOr(Member(json, "dtype"), "missing");
  if (type != "float32") return Errorf("weight \"%s\": dtype %s is not float32", spec.name.c_str(), type.c_str());
  spec.stored_type = type;
  const Json& quantization = Member(json, "quantization");
  if (quantization.is_null()) return spec;
  spec.stored_type = TextOr(Member(quantization, "dtype"), "missing");
  if (spec.stored_type == "float16") return spec;
  if (spec.stored_type != "uint8" && spec.stored_type != "uint16") {
    return Errorf("weight \"%s\": quantization dtype %s is not uint8, uint16 or float16", spec.name.c_str(),
                  spec.stored_type.c_str());
  }
  const Json& scale = Member(quantization, "scale");
  const Json& min = Member(quantization, "min");
  if (!scale.is_number() || !min.is_number())
    return Errorf("weight \"%s\": its quantization lacks scale or min", spec.name.c_str());
  spec.scale = scale.get<double>();
  spec.min = min.get<double>();
  return spec;
}

// `bytes` holds all of the tensor's elements.
nn::NamedTensor ReadTensor(const WeightSpec& spec, std::span<const uint8_t> bytes) {
  nn::NamedTensor tensor{spec.name, spec.shape, std::vector<float>(spec.elements)};
  for (size_t i = 0; i < spec.elements; ++i) {
    if (spec.stored_type == "float32") {
      tensor.values[i] = std::bit_cast<float>(Le32(bytes, 4 * i));
    } else if (spec.stored_type == "float16") {
      tensor.values[i] = nn::HalfToFloat(Le16(bytes, 2 * i));
    } else {
      const double stored = spec.stored_type == "uint8" ? bytes[i] : Le16(bytes, 2 * i);
      tensor.values[i] = static_cast<float>(stored * spec.scale + spec.min);
    }
  }
  return tensor;
}

const InputFile* FindShard(const std::string& path, std::span<const InputFile> files) {
  for (const InputFile& file : files) {
    if (BaseName(file.name) == BaseName(path)) return &file;
  }
  return nullptr;
}

// One group of the manifest: its shards in a row hold its weights in a row.
Status ReadGroup(const Json& group, std::span<const InputFile> others, nn::TensorFile& file) {
  const Json& paths = Member(group, "paths");
  const Json& weights = Member(group, "weights");
  if (!paths.is_array() || !weights.is_array()) return Errorf("an entry of \"weightsManifest\" lacks paths or weights");
  std::vector<uint8_t> bytes;
  std::string names;
  for (const Json& path : paths) {
    const std::string name = TextOr(path, "");
    const InputFile* shard = FindShard(name, others);
    if (shard == nullptr)
      return Errorf("the weights file \"%s\" is missing: drop it together with this one", BaseName(name).c_str());
    bytes.insert(bytes.end(), shard->bytes.begin(), shard->bytes.end());
    names += (names.empty() ? "" : ", ") + BaseName(name);
  }
  size_t at = 0;
  for (const Json& json : weights) {
    Result<WeightSpec> spec = ReadSpec(json);
    if (!spec.ok()) return spec.status();
    const size_t needed = spec->elements * spec->ElementBytes();
    if (!Holds(bytes, at, needed)) {
      return Errorf("%s is cut short: weight \"%s\" ends at byte %zu of %zu", names.c_str(), spec->name.c_str(),
                    at + needed, bytes.size());
    }
    file.tensors.push_back(ReadTensor(*spec, std::span(bytes).subspan(at, needed)));
    at += needed;
  }
  if (at != bytes.size())
    return Errorf("%s has %zu bytes, but the weights in this file take %zu", names.c_str(), bytes.size(), at);
  return {};
}

}  // namespace

bool LooksLikeTfjs(const InputFile& file) {
  constexpr std::string_view kKey = "\"weightsManifest\"";
  const std::string_view text(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size());
  return text.substr(0, 64).find('{') != std::string_view::npos && text.find(kKey) != std::string_view::npos;
}

Result<nn::TensorFile> ReadTfjs(const InputFile& model_json, std::span<const InputFile> others) {
  const Json model = ParseJson(model_json.bytes);
  if (!model.is_object()) return Errorf("it is not sound JSON: it may be cut short");
  if (const std::string format = TextOr(Member(model, "format"), "layers-model"); format != "layers-model") {
    return Errorf("its format is \"%s\"; only \"layers-model\" can be read", format.c_str());
  }
  nn::TensorFile file;
  file.metadata["container"] = "tfjs";
  const Json& topology = Member(model, "modelTopology");
  const Json& config = Member(topology, "model_config");
  file.metadata["model_config"] =
      (config.is_null() ? topology : config).dump(-1, ' ', false, Json::error_handler_t::replace);
  const Json& manifest = Member(model, "weightsManifest");
  if (!manifest.is_array()) return Errorf("its field \"weightsManifest\" is not a list");
  for (const Json& group : manifest) HANDFUL_TRY(ReadGroup(group, others, file));
  return file;
}

}  // namespace handful::importers
