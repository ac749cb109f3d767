#include "export/hdf5.h"

#ifdef HANDFUL_HAVE_HDF5

#include <algorithm>
#include <cstring>
#include <string>

#include "import/hdf5_handle.h"
#include "import/json_access.h"

namespace handful::exporters {
namespace {

using importers::Handle;
using importers::Json;

// The group of that path below `above`, made with those between where it is not there yet.
Result<Handle> OpenGroup(hid_t above, const std::string& path) {
  const size_t slash = path.find('/');
  const std::string step = path.empty() ? "/" : path.substr(0, slash);
  const bool is_there = path.empty() || H5Lexists(above, step.c_str(), H5P_DEFAULT) > 0;
  Handle group(is_there ? H5Gopen2(above, step.c_str(), H5P_DEFAULT)
                        : H5Gcreate2(above, step.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
               H5Gclose);
  if (!group.ok()) return Errorf("group \"%s\" cannot be made", path.c_str());
  if (slash == std::string::npos) return group;
  return OpenGroup(group, path.substr(slash + 1));
}

// As h5py writes a str: UTF-8 of any length, in the heap, so that 64 KB are no limit.
Status WriteText(hid_t group, const std::string& name, const std::string& text) {
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose), space(H5Screate(H5S_SCALAR), H5Sclose);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  const Handle attribute(H5Acreate2(group, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const char* pointer = text.c_str();
  if (!attribute.ok() || H5Awrite(attribute, type, &pointer) < 0)
    return Errorf("attribute \"%s\" cannot be written", name.c_str());
  return {};
}

// As Keras writes a list of names: bytes, all as long as the longest.
Status WriteTexts(hid_t group, const std::string& name, const std::vector<std::string>& texts) {
  size_t longest = 1;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  std::vector<char> bytes(std::max<size_t>(1, longest * texts.size()));
  for (size_t i = 0; i < texts.size(); ++i) std::memcpy(bytes.data() + i * longest, texts[i].data(), texts[i].size());
  const hsize_t count = texts.size();
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose), space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  H5Tset_size(type, longest);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  const Handle attribute(H5Acreate2(group, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  if (!attribute.ok() || (count > 0 && H5Awrite(attribute, type, bytes.data()) < 0))
    return Errorf("attribute \"%s\" cannot be written", name.c_str());
  return {};
}

Status WriteAttribute(hid_t file, const std::string& key, const std::string& value) {
  const size_t at = key.find('@');
  Result<Handle> group = OpenGroup(file, at == std::string::npos ? "" : key.substr(0, at));
  if (!group.ok()) return group.status();
  const std::string name = at == std::string::npos ? key : key.substr(at + 1);
  const Json list = value.starts_with('[') ? importers::ParseJson(std::string_view(value)) : Json();
  if (!list.is_array()) return WriteText(*group, name, value);
  std::vector<std::string> texts;
  for (const Json& item : list) texts.push_back(importers::TextOr(item, ""));
  return WriteTexts(*group, name, texts);
}

Status WriteDataset(hid_t file, const nn::NamedTensor& tensor) {
  const size_t slash = tensor.name.find_last_of('/');
  const size_t begin = slash == std::string::npos ? 0 : slash + 1;
  Result<Handle> group = OpenGroup(file, tensor.name.substr(0, slash == std::string::npos ? 0 : slash));
  if (!group.ok()) return group.status();
  const std::vector<hsize_t> sizes(tensor.shape.begin(), tensor.shape.end());
  const Handle space(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr), H5Sclose);
  const Handle made(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(made, false);
  const Handle dataset(
      H5Dcreate2(*group, tensor.name.c_str() + begin, H5T_IEEE_F32LE, space, H5P_DEFAULT, made, H5P_DEFAULT), H5Dclose);
  if (!dataset.ok() || H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, tensor.values.data()) < 0) {
    return Errorf("dataset \"%s\" cannot be written", tensor.name.c_str());
  }
  return {};
}

}  // namespace

bool CanWriteHdf5() { return true; }

Result<std::vector<uint8_t>> WriteHdf5(const nn::TensorFile& description) {
  const importers::QuietErrors quiet;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr size_t kGrowBytes = 1 << 20;
  H5Pset_fapl_core(access, kGrowBytes, /*backing_store=*/false);
  const Handle file(H5Fcreate("model.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose);
  if (!file.ok()) return Errorf("there is not enough memory to write it in");
  for (const auto& [key, value] : description.metadata) HANDFUL_TRY(WriteAttribute(file, key, value));
  for (const nn::NamedTensor& tensor : description.tensors) HANDFUL_TRY(WriteDataset(file, tensor));
  if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0) return Errorf("it cannot be completed");
  const ssize_t size = H5Fget_file_image(file, nullptr, 0);
  std::vector<uint8_t> bytes(size < 0 ? 0 : static_cast<size_t>(size));
  if (bytes.empty() || H5Fget_file_image(file, bytes.data(), bytes.size()) < 0) return Errorf("it cannot be completed");
  return bytes;
}

}  // namespace handful::exporters

#endif
