#include "import/hdf5.h"

#include <algorithm>
#include <cstring>

#include "base/byte_order.h"

namespace handful::importers {

bool LooksLikeHdf5(std::span<const uint8_t> bytes) {
  constexpr uint8_t kMagic[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
  return bytes.size() >= sizeof kMagic && std::memcmp(bytes.data(), kMagic, sizeof kMagic) == 0;
}

}  // namespace handful::importers

#ifdef HANDFUL_HAVE_HDF5

#include <string>
#include <vector>

#include <hdf5.h>

#include "import/hdf5_handle.h"
#include "import/json_access.h"
#include "import/run_isolated.h"

namespace handful::importers {
namespace {

constexpr uint64_t kMaxElements = 64'000'000;  // 256 MB of float32, in all
constexpr size_t kMaxTensors = 10'000;
constexpr int kMaxDepth = 16;  // hard links can form circles
constexpr size_t kMaxAttributeBytes = 64'000'000;

// The strings of an attribute, fixed or variable in length, one or many. False where it holds something else.
bool ReadStrings(hid_t object, const std::string& name, std::vector<std::string>& strings, bool& is_list) {
  const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
  if (!attribute.ok()) return false;
  const Handle type(H5Aget_type(attribute), H5Tclose);
  const Handle space(H5Aget_space(attribute), H5Sclose);
  if (!type.ok() || !space.ok() || H5Tget_class(type) != H5T_STRING) return false;
  is_list = H5Sget_simple_extent_ndims(space) > 0;
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if (count < 0 || static_cast<uint64_t>(count) > kMaxTensors) return false;
  const auto items = static_cast<size_t>(count);
  if (items == 0) return true;
  if (H5Tis_variable_str(type) > 0) {
    std::vector<char*> texts(items, nullptr);
    const Handle memory_type(H5Tget_native_type(type, H5T_DIR_DEFAULT), H5Tclose);
    if (!memory_type.ok() || H5Aread(attribute, memory_type, texts.data()) < 0) return false;
    for (const char* text : texts) strings.emplace_back(text == nullptr ? "" : text);
    H5Dvlen_reclaim(memory_type, space, H5P_DEFAULT, texts.data());
    return true;
  }
  const size_t bytes_each = H5Tget_size(type);
  if (bytes_each == 0 || bytes_each > kMaxAttributeBytes / items) return false;
  std::vector<char> text(items * bytes_each);
  if (H5Aread(attribute, type, text.data()) < 0) return false;
  for (size_t i = 0; i < items; ++i) {
    const char* first = text.data() + i * bytes_each;
    strings.emplace_back(first, strnlen(first, bytes_each));
  }
  return true;
}

std::vector<std::string> NamesOf(hid_t group) {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t* info, void* into) -> herr_t {
    auto& list = *static_cast<std::vector<std::string>*>(into);
    if (list.size() >= kMaxTensors) return 1;
    // Soft and external links may lead to other files.
    if (info->type == H5L_TYPE_HARD) list.emplace_back(name);
    return 0;
  };
  H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names);
  return names;
}

class Reader {
 public:
  explicit Reader(nn::TensorFile& file) : file_(file) {}

  Status ReadGroup(hid_t group, const std::string& path, int depth) {
    if (depth > kMaxDepth) return Errorf("its groups are nested deeper than %d at \"%s\"", kMaxDepth, path.c_str());
    std::vector<std::string> listed;
    bool is_list = false;
    if (!ReadStrings(group, "layer_names", listed, is_list)) ReadStrings(group, "weight_names", listed, is_list);
    for (const std::string& name : listed) HANDFUL_TRY(ReadChild(group, path, name, depth));
    for (const std::string& name : NamesOf(group)) HANDFUL_TRY(ReadChild(group, path, name, depth));
    return {};
  }

  void ReadRootAttributes(hid_t root) {
    file_.metadata["container"] = "hdf5";
    const auto collect = [](hid_t object, const char* name, const H5A_info_t*, void* self) -> herr_t {
      static_cast<Reader*>(self)->ReadAttribute(object, name);
      return 0;
    };
    H5Aiterate2(root, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, this);
  }

 private:
  void ReadAttribute(hid_t object, const std::string& name) {
    std::vector<std::string> strings;
    bool is_list = false;
    if (!ReadStrings(object, name, strings, is_list)) return;
    if (is_list) {
      file_.metadata[name] = Json(strings).dump(-1, ' ', false, Json::error_handler_t::replace);
    } else if (!strings.empty()) {
      file_.metadata[name] = strings[0];
    }
  }

  // `name` may lead through subgroups ("Conv1/kernel:0"); every step must be a hard link, which stays in this file.
  Status ReadChild(hid_t group, const std::string& path, const std::string& name, int depth) {
    const size_t slash = name.find('/');
    const std::string step = name.substr(0, slash);
    if (step.empty() || step == ".") return {};
    H5L_info_t link;
    if (H5Lget_info(group, step.c_str(), &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD) return {};
    const std::string child_path = path.empty() ? step : path + "/" + step;
    const Handle child(H5Oopen(group, step.c_str(), H5P_DEFAULT), H5Oclose);
    if (!child.ok()) return Errorf("\"%s\" cannot be opened", child_path.c_str());
    const H5I_type_t type = H5Iget_type(child);
    if (type == H5I_GROUP) {
      if (slash != std::string::npos) {
        if (depth > kMaxDepth) return Errorf("its groups are nested deeper than %d", kMaxDepth);
        return ReadChild(child, child_path, name.substr(slash + 1), depth + 1);
      }
      return ReadGroup(child, child_path, depth + 1);
    }
    return type == H5I_DATASET ? ReadDataset(child, child_path) : Status();
  }

  Status ReadDataset(hid_t dataset, const std::string& path) {
    if (file_.Find(path) != nullptr) return {};
    const Handle type(H5Dget_type(dataset), H5Tclose);
    const Handle space(H5Dget_space(dataset), H5Sclose);
    const Handle layout(H5Dget_create_plist(dataset), H5Pclose);
    if (!type.ok() || !space.ok() || !layout.ok()) return Errorf("\"%s\" cannot be opened", path.c_str());
    if (H5Tget_class(type) != H5T_FLOAT) return {};
    if (H5Pget_external_count(layout) != 0 || H5Pget_layout(layout) == H5D_VIRTUAL) {
      return Errorf("\"%s\" keeps its values in another file", path.c_str());
    }
    const int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0 || rank > H5S_MAX_RANK) return Errorf("\"%s\" has no shape", path.c_str());
    hsize_t sizes[H5S_MAX_RANK] = {};
    if (rank > 0) H5Sget_simple_extent_dims(space, sizes, nullptr);
    nn::NamedTensor tensor{path, {}, {}};
    uint64_t count = 1;
    for (int i = 0; i < rank; ++i) {
      if (sizes[i] > kMaxElements || (count *= sizes[i]) > kMaxElements) count = kMaxElements + 1;
      tensor.shape.push_back(static_cast<int64_t>(sizes[i]));
    }
    elements_ += count;
    if (elements_ > kMaxElements || file_.tensors.size() >= kMaxTensors) {
      return Errorf("it holds more than %llu numbers or %zu tensors: too many, at \"%s\"",
                    static_cast<unsigned long long>(kMaxElements), kMaxTensors, path.c_str());
    }
    tensor.values.resize(static_cast<size_t>(count));
    if (count > 0 && H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, tensor.values.data()) < 0) {
      return Errorf("the values of \"%s\" cannot be read", path.c_str());
    }
    file_.tensors.push_back(std::move(tensor));
    return {};
  }

  nn::TensorFile& file_;
  uint64_t elements_ = 0;
};

// How long the file should be by its superblock (HDF5 File Format Specification 3.0, II.A); 0 where that is unclear.
uint64_t DeclaredBytes(std::span<const uint8_t> bytes) {
  if (bytes.size() < 48) return 0;
  const uint8_t version = bytes[8];
  const size_t offset_bytes = version < 2 ? bytes[13] : bytes[9];
  const size_t at = version == 0 ? 40 : version == 1 ? 44 : 28;
  if (version > 3 || offset_bytes != 8 || !Holds(bytes, at, 8)) return 0;
  return (uint64_t{Le32(bytes, at + 4)} << 32U) | Le32(bytes, at);
}

Result<nn::TensorFile> ReadDirectly(std::span<const uint8_t> bytes) {
  const QuietErrors quiet;
  H5PLset_loading_state(0);  // no filter plugins from anywhere
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr size_t kGrowBytes = 1 << 16;
  // libhdf5 copies the image.
  if (!access.ok() || H5Pset_fapl_core(access, kGrowBytes, false) < 0 ||
      H5Pset_file_image(access, const_cast<uint8_t*>(bytes.data()), bytes.size()) < 0) {
    return Errorf("not enough memory to open it");
  }
  const Handle file(H5Fopen("model.h5", H5F_ACC_RDONLY, access), H5Fclose);
  if (!file.ok()) return Errorf("it cannot be opened");
  const Handle root(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose);
  if (!root.ok()) return Errorf("it has no root group");
  nn::TensorFile tensors;
  Reader reader(tensors);
  reader.ReadRootAttributes(root);
  HANDFUL_TRY(reader.ReadGroup(root, "", 0));
  if (tensors.tensors.empty()) return Errorf("it holds no numbers");
  return tensors;
}

}  // namespace

// libhdf5 1.10 crashes on some damaged files (a heap object's size is believed, for one), hence the process of its own.
Result<nn::TensorFile> ReadHdf5(std::span<const uint8_t> bytes) {
  constexpr unsigned kMaxSeconds = 30;
  if (!LooksLikeHdf5(bytes)) return Errorf("it is not an HDF5 file");
  if (const uint64_t declared = DeclaredBytes(bytes); declared > bytes.size()) {
    return Errorf("the file is cut short: %zu of %llu bytes are there", bytes.size(),
                  static_cast<unsigned long long>(declared));
  }
  Result<std::vector<uint8_t>> safetensors = RunIsolated(
      [bytes]() -> Result<std::vector<uint8_t>> {
        const Result<nn::TensorFile> tensors = ReadDirectly(bytes);
        if (!tensors.ok()) return tensors.status();
        return nn::WriteSafetensors(*tensors);
      },
      kMaxSeconds);
  if (!safetensors.ok()) return safetensors.status().WithContextf("the HDF5 file cannot be read");
  return nn::ReadSafetensors(*safetensors);
}

}  // namespace handful::importers

#endif
