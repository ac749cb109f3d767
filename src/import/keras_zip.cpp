#include "import/keras_zip.h"

#include <algorithm>
#include <map>
#include <vector>

#include "import/file_names.h"
#include "import/json_access.h"

namespace handful::importers {
namespace {

constexpr int kMaxDepth = 8;

// naming.to_snake_case of Keras, of a class's name: "DepthwiseConv2D" → "depthwise_conv2d", "ReLU" → "re_lu".
std::string GroupOf(const std::string& class_name) {
  std::string group;
  const auto lower = [&](size_t i) { return i < class_name.size() && class_name[i] >= 'a' && class_name[i] <= 'z'; };
  for (size_t i = 0; i < class_name.size(); ++i) {
    const bool upper = class_name[i] >= 'A' && class_name[i] <= 'Z';
    if (upper && i > 0 && (lower(i - 1) || lower(i + 1))) group += '_';
    group += LowerCase(class_name.substr(i, 1));
  }
  return group;
}

// What a class of layers numbers, in Keras' order; empty: it has no weights, or is not known.
std::vector<std::string> WeightsOf(const std::string& class_name, bool bias) {
  std::vector<std::string> names;
  if (class_name == "BatchNormalization") return {"gamma", "beta", "moving_mean", "moving_variance"};
  if (class_name == "DepthwiseConv2D") names = {"depthwise_kernel"};
  if (class_name == "Conv2D" || class_name == "Dense") names = {"kernel"};
  if (!names.empty() && bias) names.emplace_back("bias");
  return names;
}

class Namer {
 public:
  explicit Namer(const nn::TensorFile& weights) {
    for (const nn::NamedTensor& tensor : weights.tensors) by_path_.emplace(tensor.name, &tensor);
  }

  Status Walk(const Json& model, const std::string& prefix, int depth) {
    const Json& layers = Member(Member(model, "config"), "layers");
    if (!layers.is_array()) return Errorf("config.json has no list of layers");
    if (depth > kMaxDepth) return Errorf("config.json nests models deeper than %d", kMaxDepth);
    std::map<std::string, int> of_class;
    for (const Json& layer : layers) {
      const std::string class_name = TextOr(Member(layer, "class_name"), "");
      const std::string group = GroupOf(class_name);
      const int number = of_class[group]++;
      const std::string path = prefix + "layers/" + group + (number == 0 ? "" : "_" + std::to_string(number)) + "/";
      if (class_name == "Functional" || class_name == "Sequential") {
        HANDFUL_TRY(Walk(layer, path, depth + 1));
      } else {
        HANDFUL_TRY(Take(Member(layer, "config"), class_name, path + "vars/"));
      }
    }
    return {};
  }

  Result<std::vector<nn::NamedTensor>> Finish() && {
    if (!by_path_.empty())
      return Errorf("config.json names no layer for the weights \"%s\"", by_path_.begin()->first.c_str());
    return std::move(named_);
  }

 private:
  Status Take(const Json& config, const std::string& class_name, const std::string& path) {
    const std::string name = TextOr(Member(config, "name"), "");
    const std::vector<std::string> weights = WeightsOf(class_name, Member(config, "use_bias") != false);
    for (size_t i = 0; i < weights.size(); ++i) {
      const auto found = by_path_.find(path + std::to_string(i));
      if (found == by_path_.end())
        return Errorf("layer \"%s\" has no %s: \"%s%zu\" is missing", name.c_str(), weights[i].c_str(), path.c_str(),
                      i);
      named_.push_back({name + "/" + weights[i], found->second->shape, found->second->values});
      by_path_.erase(found);
    }
    return {};
  }

  std::map<std::string, const nn::NamedTensor*> by_path_;  // those that no layer took yet
  std::vector<nn::NamedTensor> named_;
};

// The file of that name beside another one.
const InputFile* Beside(const std::string& neighbour, const char* name, std::span<const InputFile> files) {
  const std::string path = neighbour.substr(0, neighbour.size() - BaseName(neighbour).size()) + name;
  const auto found = std::ranges::find(files, path, &InputFile::name);
  return found == files.end() ? nullptr : &*found;
}

}  // namespace

bool AreNumbered(const nn::TensorFile& weights) {
  return !weights.tensors.empty() && std::ranges::all_of(weights.tensors, [](const nn::NamedTensor& tensor) {
    const bool of_optimizer = tensor.name.starts_with("optimizer/");
    return of_optimizer || (tensor.name.starts_with("layers/") && tensor.name.find("/vars/") != std::string::npos);
  });
}

Result<nn::TensorFile> NamedByConfig(const nn::TensorFile& weights, const std::string& weights_file,
                                     std::span<const InputFile> others) {
  const InputFile* config_json = Beside(weights_file, "config.json", others);
  if (config_json == nullptr) return Errorf("config.json, which says what its layers are, is missing");
  const Json config = ParseJson(config_json->bytes);
  if (!config.is_object()) return Errorf("config.json is not sound JSON: it may be cut short");
  nn::TensorFile of_layers;
  for (const nn::NamedTensor& tensor : weights.tensors) {
    if (!tensor.name.starts_with("optimizer/")) of_layers.tensors.push_back(tensor);
  }
  Namer namer(of_layers);
  HANDFUL_TRY(namer.Walk(config, "", 0));
  Result<std::vector<nn::NamedTensor>> named = std::move(namer).Finish();
  if (!named.ok()) return named.status();
  nn::TensorFile file{*std::move(named), {{"container", "keras"}}, false};
  file.metadata["model_config"] = config.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (const InputFile* metadata_json = Beside(weights_file, "metadata.json", others)) {
    const Json metadata = ParseJson(metadata_json->bytes);
    if (const Json& facts = Member(metadata, "handful"); facts.is_object())
      file.metadata["handful"] = facts.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return file;
}

}  // namespace handful::importers
