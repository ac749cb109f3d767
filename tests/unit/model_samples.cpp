#include "unit/model_samples.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include <nlohmann/json.hpp>
#include <zlib.h>

#include "base/crc32.h"
#include "base/rng.h"
#include "gtest/gtest.h"
#include "nn/mobilenet_v2.h"

#ifdef HANDFUL_HAVE_HDF5
#include <hdf5.h>
#endif

namespace handful::testing {
namespace {

using Json = nlohmann::json;

// Names of the first official weights.
std::string FirstName(const std::string& layer) {
  int block = 0;
  std::string part;
  if (layer.starts_with("expanded_conv_")) {
    part = layer.substr(14);
  } else if (layer.starts_with("block_")) {
    block = std::stoi(layer.substr(6));
    part = layer.substr(layer.find('_', 6) + 1);
  } else {
    return layer;
  }
  const std::string number = std::to_string(block);
  if (part.ends_with("_BN")) return "bn" + number + "_conv_" + number + "_bn_" + part.substr(0, part.size() - 3);
  return "mobl" + number + "_conv_" + number + "_" + part;
}

void PutLe(Bytes& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}
void PutAll(Bytes& out, const Bytes& more) { out.insert(out.end(), more.begin(), more.end()); }

int64_t Product(const std::vector<int64_t>& shape) {
  int64_t product = 1;
  for (const int64_t size : shape) product *= size;
  return product;
}

// Rounds to nearest; what is below the normal numbers becomes 0.
uint16_t HalfOf(float value) {
  if (std::fabs(value) < 0x1p-14F) return 0;
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(static_cast<double>(value)), &exponent);
  const auto mantissa = static_cast<int>(std::lround(fraction * 2048));  // 1024 to 2048
  return static_cast<uint16_t>((value < 0 ? 0x8000 : 0) + ((exponent + 13) << 10) + mantissa);
}

}  // namespace

Bytes Text(const std::string& text) { return {text.begin(), text.end()}; }

nn::TensorFile RandomMobileNet(Naming naming, const std::vector<DenseShape>& head, uint64_t seed) {
  Rng rng(seed);
  nn::TensorFile file;
  std::map<std::string, std::string> foreign;
  for (const nn::TensorSpec& spec : nn::TensorSpecsOf(nn::MobileNetV2Graph())) {
    const size_t slash = spec.name.find('/');
    std::string layer = spec.name.substr(0, slash);
    const std::string weight = spec.name.substr(slash + 1);
    if (naming == Naming::kFirst) layer = FirstName(layer);
    if (naming == Naming::kForeign)
      layer = foreign.try_emplace(layer, "layer_" + std::to_string(foreign.size())).first->second;
    nn::NamedTensor tensor{layer + "/" + weight, spec.shape, {}};
    const int64_t count = Product(spec.shape);
    const bool near_one = weight == "gamma" || weight == "moving_variance";
    for (int64_t i = 0; i < count; ++i)
      tensor.values.push_back(near_one ? rng.Uniform(0.5F, 1.5F) : rng.Uniform(-0.3F, 0.3F));
    file.tensors.push_back(std::move(tensor));
  }
  for (const DenseShape& dense : head) {
    nn::NamedTensor kernel{dense.name + "/kernel", {dense.inputs, dense.units}, {}};
    for (int64_t i = 0; i < dense.inputs * dense.units; ++i) kernel.values.push_back(rng.Uniform(-0.1F, 0.1F));
    file.tensors.push_back(std::move(kernel));
    if (!dense.bias) continue;
    nn::NamedTensor bias{dense.name + "/bias", {dense.units}, {}};
    for (int64_t i = 0; i < dense.units; ++i) bias.values.push_back(rng.Uniform(-0.1F, 0.1F));
    file.tensors.push_back(std::move(bias));
  }
  return file;
}

Bytes RawHdf5Container(const nn::TensorFile& keras, const std::string& prefix) {
  nn::TensorFile raw = keras;
  for (nn::NamedTensor& tensor : raw.tensors) tensor.name = prefix + tensor.name + ":0";
  raw.metadata = {{"container", "hdf5"}, {"keras_version", "2.2.4-tf"}};
  return nn::WriteSafetensors(raw);
}

Tfjs EncodeTfjs(const nn::TensorFile& keras, const std::string& quantization, size_t shard_bytes,
                const std::string& dense_activation) {
  Bytes data;
  Json weights = Json::array();
  for (const nn::NamedTensor& tensor : keras.tensors) {
    Json spec = {{"name", tensor.name}, {"shape", tensor.shape}, {"dtype", "float32"}};
    if (quantization.empty()) {
      const auto* bytes = reinterpret_cast<const uint8_t*>(tensor.values.data());
      data.insert(data.end(), bytes, bytes + tensor.values.size() * 4);
    } else if (quantization == "float16") {
      spec["quantization"] = {{"dtype", "float16"}};
      for (const float value : tensor.values) PutLe(data, HalfOf(value), 2);
    } else {
      const auto [low, high] = std::ranges::minmax(tensor.values);
      const int levels = quantization == "uint8" ? 255 : 65535;
      const double scale = std::max(1e-12, (static_cast<double>(high) - low) / levels);
      spec["quantization"] = {{"dtype", quantization}, {"min", low}, {"scale", scale}, {"original_dtype", "float32"}};
      for (const float value : tensor.values) {
        PutLe(data, static_cast<uint64_t>(std::lround((static_cast<double>(value) - low) / scale)),
              quantization == "uint8" ? 1 : 2);
      }
    }
    weights.push_back(std::move(spec));
  }
  const auto dense = [](const char* name, const std::string& activation) {
    return Json{{"class_name", "Dense"}, {"config", {{"name", name}, {"activation", activation}}}};
  };
  const Json head = {{"class_name", "Sequential"},
                     {"config",
                      {{"name", "sequential_3"},
                       {"layers", {dense("dense_Dense1", dense_activation), dense("dense_Dense2", "softmax")}}}}};
  const Json topology = {{"class_name", "Sequential"}, {"config", {{"name", "sequential_4"}, {"layers", {head}}}}};
  Tfjs tfjs;
  Json paths = Json::array();
  for (size_t at = 0; at < data.size(); at += shard_bytes) {
    const std::string name =
        shard_bytes >= data.size() ? "weights.bin" : "group1-shard" + std::to_string(paths.size() + 1) + ".bin";
    paths.push_back("./" + name);
    const auto from = data.begin() + static_cast<std::ptrdiff_t>(at);
    tfjs.shards.push_back(
        {name, Bytes(from, from + static_cast<std::ptrdiff_t>(std::min(shard_bytes, data.size() - at)))});
  }
  const Json model = {{"modelTopology", topology},
                      {"format", "layers-model"},
                      {"generatedBy", "TensorFlow.js tfjs-layers v1.3.1"},
                      {"weightsManifest", {{{"paths", paths}, {"weights", weights}}}}};
  tfjs.model_json = {"model.json", Text(model.dump())};
  return tfjs;
}

importers::InputFile TeachableMetadata(const std::vector<std::string>& labels, int image_size) {
  const Json json = {
      {"tfjsVersion", "1.3.1"},           {"tmVersion", "2.4.4"}, {"packageName", "@teachablemachine/image"},
      {"modelName", "tm-my-image-model"}, {"labels", labels},     {"imageSize", image_size}};
  return {"metadata.json", Text(json.dump())};
}

Bytes EncodeZip(const std::vector<importers::InputFile>& files, bool deflate_them) {
  Bytes out;
  Bytes directory;
  for (const importers::InputFile& file : files) {
    Bytes packed = file.bytes;
    if (deflate_them) {
      z_stream z{};
      EXPECT_EQ(deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
      packed.resize(deflateBound(&z, static_cast<uLong>(file.bytes.size())));
      z.next_in = const_cast<Bytef*>(file.bytes.data());
      z.avail_in = static_cast<uInt>(file.bytes.size());
      z.next_out = packed.data();
      z.avail_out = static_cast<uInt>(packed.size());
      EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
      packed.resize(z.total_out);
      deflateEnd(&z);
    }
    const size_t local_at = out.size();
    Bytes common;  // what the local header and the directory share
    PutLe(common, 20, 2);
    PutLe(common, 0x800, 2);  // names are UTF-8
    PutLe(common, deflate_them ? 8 : 0, 2);
    PutLe(common, 0, 4);
    PutLe(common, Crc32(file.bytes), 4);
    PutLe(common, packed.size(), 4);
    PutLe(common, file.bytes.size(), 4);
    PutLe(common, file.name.size(), 2);
    PutLe(common, 0, 2);
    PutLe(out, 0x04034B50, 4);
    PutAll(out, common);
    PutAll(out, Text(file.name));
    PutAll(out, packed);
    PutLe(directory, 0x02014B50, 4);
    PutLe(directory, 20, 2);
    PutAll(directory, common);
    PutLe(directory, 0, 2);  // comment
    PutLe(directory, 0, 4);  // disk, internal attributes
    PutLe(directory, 0, 4);  // external attributes
    PutLe(directory, local_at, 4);
    PutAll(directory, Text(file.name));
  }
  const size_t directory_at = out.size();
  PutAll(out, directory);
  PutLe(out, 0x06054B50, 4);
  PutLe(out, 0, 4);
  PutLe(out, files.size(), 2);
  PutLe(out, files.size(), 2);
  PutLe(out, directory.size(), 4);
  PutLe(out, directory_at, 4);
  PutLe(out, 0, 2);
  return out;
}

#ifdef HANDFUL_HAVE_HDF5
namespace {

void WriteNames(hid_t group, const char* attribute_name, const std::vector<std::string>& names) {
  size_t longest = 1;
  for (const std::string& name : names) longest = std::max(longest, name.size());
  std::vector<char> text(longest * names.size());
  for (size_t i = 0; i < names.size(); ++i) std::memcpy(text.data() + i * longest, names[i].data(), names[i].size());
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, longest);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  const hsize_t count = names.size();
  const hid_t space = H5Screate_simple(1, &count, nullptr);
  const hid_t attribute = H5Acreate2(group, attribute_name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  EXPECT_GE(H5Awrite(attribute, type, text.data()), 0);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
}

void WriteText(hid_t group, const char* attribute_name, const std::string& text) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  const hid_t space = H5Screate(H5S_SCALAR);
  const hid_t attribute = H5Acreate2(group, attribute_name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  const char* pointer = text.c_str();
  EXPECT_GE(H5Awrite(attribute, type, &pointer), 0);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
}

void WriteTensor(hid_t group, const std::string& path, const nn::NamedTensor& tensor) {
  const hid_t links = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  std::vector<hsize_t> sizes(tensor.shape.begin(), tensor.shape.end());
  const hid_t space = H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr);
  const hid_t dataset = H5Dcreate2(group, path.c_str(), H5T_IEEE_F32LE, space, links, H5P_DEFAULT, H5P_DEFAULT);
  EXPECT_GE(H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, tensor.values.data()), 0) << path;
  H5Dclose(dataset);
  H5Sclose(space);
  H5Pclose(links);
}

}  // namespace

Bytes EncodeHdf5(const nn::TensorFile& keras, bool nested, const std::string& model_config) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fapl_core(access, 1 << 20, false);
  const hid_t file = H5Fcreate("sample.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access);
  EXPECT_GE(file, 0);
  WriteText(file, "keras_version", "2.2.4-tf");
  if (!model_config.empty()) WriteText(file, "model_config", model_config);
  const hid_t root = nested ? H5Gcreate2(file, "model_weights", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)
                            : H5Gopen2(file, "/", H5P_DEFAULT);
  std::vector<std::string> groups;
  std::map<std::string, std::vector<const nn::NamedTensor*>> members;
  for (const nn::NamedTensor& tensor : keras.tensors) {
    const std::string layer = tensor.name.substr(0, tensor.name.find('/'));
    const bool head = tensor.shape.size() <= 2 && layer.find("ense") != std::string::npos;
    const std::string group = !nested ? layer : head ? "sequential_3" : "sequential_1";
    if (members.find(group) == members.end()) groups.push_back(group);
    members[group].push_back(&tensor);
  }
  WriteNames(root, "layer_names", groups);
  for (const std::string& name : groups) {
    const hid_t group = H5Gcreate2(root, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    std::vector<std::string> weight_names;
    for (const nn::NamedTensor* tensor : members[name]) {
      weight_names.push_back(tensor->name + ":0");
      WriteTensor(group, weight_names.back(), *tensor);
    }
    WriteNames(group, "weight_names", weight_names);
    H5Gclose(group);
  }
  H5Gclose(root);
  H5Fflush(file, H5F_SCOPE_GLOBAL);
  Bytes bytes(static_cast<size_t>(H5Fget_file_image(file, nullptr, 0)));
  H5Fget_file_image(file, bytes.data(), bytes.size());
  H5Fclose(file);
  H5Pclose(access);
  return bytes;
}
#endif

}  // namespace handful::testing
