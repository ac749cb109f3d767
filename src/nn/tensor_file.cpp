#include "nn/tensor_file.h"

#include <bit>
#include <cmath>
#include <cstring>

#include <nlohmann/json.hpp>

namespace handful::nn {

float HalfToFloat(uint16_t half) {
  const uint32_t sign = uint32_t{half & 0x8000U} << 16U;
  const uint32_t exponent = (half >> 10U) & 0x1FU;
  const uint32_t mantissa = half & 0x3FFU;
  if (exponent == 0) {  // zero or subnormal: mantissa · 2⁻²⁴
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
    return sign != 0 ? -magnitude : magnitude;
  }
  const uint32_t bits = exponent == 31 ? 0x7F800000U | mantissa << 13U : (exponent + 112U) << 23U | mantissa << 13U;
  return std::bit_cast<float>(sign | bits);
}

namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian, and so is every target");

constexpr size_t kLengthBytes = 8;
constexpr uint64_t kMaxHeaderBytes = 100'000'000;  // the limit of the reference implementation

std::string ShapeText(std::span<const int64_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += Format(i == 0 ? "%lld" : ", %lld", static_cast<long long>(shape[i]));
  return text + "]";
}

// Round to nearest even; beyond 65504 becomes infinity.
uint16_t FloatToHalf(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint32_t sign = (bits >> 16U) & 0x8000U;
  const float magnitude = std::fabs(value);
  if (std::isnan(value)) return static_cast<uint16_t>(sign | 0x7E00U);
  if (magnitude >= 65520.0F) return static_cast<uint16_t>(sign | 0x7C00U);
  if (magnitude < 0x1p-14F) {  // subnormal: whole multiples of 2⁻²⁴
    const float scaled = magnitude * 0x1p24F;
    return static_cast<uint16_t>(sign | static_cast<uint32_t>(std::nearbyint(scaled)));
  }
  const uint32_t absolute = bits & 0x7FFFFFFFU;
  const uint32_t rounded = absolute + 0xFFFU + ((absolute >> 13U) & 1U);
  return static_cast<uint16_t>(sign | ((rounded - (112U << 23U)) >> 13U));
}

struct Dtype {
  const char* name;
  size_t bytes;
  float (*read)(const uint8_t*);
};

template <class T>
T Load(const uint8_t* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

constexpr Dtype kDtypes[] = {
    {"F32", 4, [](const uint8_t* p) { return Load<float>(p); }},
    {"F16", 2, [](const uint8_t* p) { return HalfToFloat(Load<uint16_t>(p)); }},
    {"BF16", 2, [](const uint8_t* p) { return std::bit_cast<float>(uint32_t{Load<uint16_t>(p)} << 16U); }},
};
constexpr const Dtype& kFloat32 = kDtypes[0];

// The product of a JSON list of sizes, or an error.
Result<std::vector<int64_t>> ReadShape(const std::string& tensor, const Json& json, uint64_t& elements) {
  std::vector<int64_t> shape;
  elements = 1;
  if (!json.is_array()) return Errorf("tensor \"%s\": field \"shape\" is missing", tensor.c_str());
  for (const Json& size : json) {
    if (!size.is_number_unsigned())
      return Errorf("tensor \"%s\": a size in \"shape\" is not a whole number", tensor.c_str());
    const auto value = size.get<uint64_t>();
    if (value > (1ULL << 32U) || (value != 0 && elements > (1ULL << 40U) / value)) {
      return Errorf("tensor \"%s\": size %llu in \"shape\" is too large", tensor.c_str(),
                    static_cast<unsigned long long>(value));
    }
    elements *= value;
    shape.push_back(static_cast<int64_t>(value));
  }
  return shape;
}

// `plain_bytes`: where the tensor before ended.
Status ReadTensor(const std::string& name, const Json& json, std::span<const uint8_t> data, TensorFile& file,
                  uint64_t& plain_bytes) {
  if (!json.is_object()) return Errorf("tensor \"%s\" is not described by an object", name.c_str());
  const Json dtype_json = json.value("dtype", Json());
  const Dtype* dtype = nullptr;
  for (const Dtype& d : kDtypes) {
    if (dtype_json == d.name) dtype = &d;
  }
  if (dtype == nullptr) {
    return Errorf("tensor \"%s\": dtype %s is not one of F32, F16, BF16", name.c_str(),
                  dtype_json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  }
  uint64_t elements = 0;
  Result<std::vector<int64_t>> shape = ReadShape(name, json.value("shape", Json()), elements);
  if (!shape.ok()) return shape.status();
  const Json offsets = json.value("data_offsets", Json());
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned()) {
    return Errorf("tensor \"%s\": \"data_offsets\" is not a pair of numbers", name.c_str());
  }
  const auto begin = offsets[0].get<uint64_t>();
  const auto end = offsets[1].get<uint64_t>();
  if (begin > end || end > data.size()) {
    return Errorf("tensor \"%s\" ends at byte %llu of the data, but the file holds only %zu: it is cut short",
                  name.c_str(), static_cast<unsigned long long>(end), data.size());
  }
  if (end - begin != elements * dtype->bytes) {
    return Errorf("tensor \"%s\": shape %s of %s needs %llu bytes, but %llu are given", name.c_str(),
                  ShapeText(*shape).c_str(), dtype->name, static_cast<unsigned long long>(elements * dtype->bytes),
                  static_cast<unsigned long long>(end - begin));
  }
  const auto count = static_cast<size_t>(elements);  // fits: the file holds them
  NamedTensor tensor{name, std::move(*shape), std::vector<float>(count)};
  const uint8_t* p = data.data() + begin;
  if (dtype == &kFloat32) {
    if (count > 0) std::memcpy(tensor.values.data(), p, count * sizeof(float));
  } else {
    for (size_t i = 0; i < count; ++i) tensor.values[i] = dtype->read(p + i * dtype->bytes);
  }
  file.is_plain_float32 = file.is_plain_float32 && dtype == &kFloat32 && begin == plain_bytes;
  plain_bytes = end;
  file.tensors.push_back(std::move(tensor));
  return {};
}

}  // namespace

const NamedTensor* TensorFile::Find(const std::string& name) const {
  for (const NamedTensor& tensor : tensors) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

Result<const NamedTensor*> TensorFile::Get(const std::string& name, std::span<const int64_t> shape) const {
  const NamedTensor* tensor = Find(name);
  if (tensor == nullptr) return Errorf("tensor \"%s\" is missing", name.c_str());
  if (!std::equal(tensor->shape.begin(), tensor->shape.end(), shape.begin(), shape.end())) {
    return Errorf("tensor \"%s\" has shape %s, expected %s", name.c_str(), ShapeText(tensor->shape).c_str(),
                  ShapeText(shape).c_str());
  }
  for (size_t i = 0; i < tensor->values.size(); ++i) {
    if (!std::isfinite(tensor->values[i])) {
      return Errorf("tensor \"%s\" holds %f at position %zu", name.c_str(), static_cast<double>(tensor->values[i]), i);
    }
  }
  return tensor;
}

bool LooksLikeSafetensors(std::span<const uint8_t> bytes) {
  return bytes.size() > kLengthBytes && bytes[kLengthBytes] == '{' && Load<uint64_t>(bytes.data()) <= kMaxHeaderBytes;
}

Result<TensorFile> ReadSafetensors(std::span<const uint8_t> bytes) {
  if (bytes.empty()) return Errorf("the file is empty");
  if (bytes.size() < kLengthBytes + 2) return Errorf("%zu bytes are too few for a safetensors file", bytes.size());
  const auto header_bytes = Load<uint64_t>(bytes.data());
  if (header_bytes > kMaxHeaderBytes || bytes[kLengthBytes] != '{') {
    return Errorf("not a safetensors file: it does not begin with a header length and \"{\"");
  }
  if (header_bytes > bytes.size() - kLengthBytes) {
    return Errorf("the header is %llu bytes long, but the file has only %zu: it is cut short",
                  static_cast<unsigned long long>(header_bytes), bytes.size());
  }
  const char* text = reinterpret_cast<const char*>(bytes.data() + kLengthBytes);
  const auto header = nlohmann::ordered_json::parse(text, text + header_bytes, nullptr, /*allow_exceptions=*/false);
  if (!header.is_object())
    return Errorf("the header of %llu bytes is not a JSON object", static_cast<unsigned long long>(header_bytes));
  const std::span<const uint8_t> data = bytes.subspan(kLengthBytes + static_cast<size_t>(header_bytes));

  TensorFile file;
  file.is_plain_float32 = true;
  uint64_t plain_bytes = 0;
  for (const auto& [name, json] : header.items()) {
    if (name == "__metadata__") {
      if (!json.is_object()) return Errorf("\"__metadata__\" is not an object");
      for (const auto& [key, value] : json.items()) {
        if (!value.is_string()) return Errorf("metadata field \"%s\" is not a string", key.c_str());
        file.metadata[key] = value.get<std::string>();
      }
    } else {
      HANDFUL_TRY(ReadTensor(name, Json(json), data, file, plain_bytes));
    }
  }
  file.is_plain_float32 = file.is_plain_float32 && plain_bytes == data.size();
  return file;
}

std::vector<uint8_t> WriteSafetensors(const TensorFile& file, StorageType type) {
  const size_t element_bytes = type == StorageType::kFloat32 ? 4 : 2;
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  size_t offset = 0;
  for (const NamedTensor& tensor : file.tensors) {
    const size_t end = offset + tensor.values.size() * element_bytes;
    header[tensor.name] = {{"dtype", type == StorageType::kFloat32 ? "F32" : "F16"},
                           {"shape", tensor.shape},
                           {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the data begins aligned, as the format recommends

  std::vector<uint8_t> bytes(kLengthBytes + text.size() + offset);
  const uint64_t header_bytes = text.size();
  std::memcpy(bytes.data(), &header_bytes, kLengthBytes);
  std::memcpy(bytes.data() + kLengthBytes, text.data(), text.size());
  uint8_t* p = bytes.data() + kLengthBytes + text.size();
  for (const NamedTensor& tensor : file.tensors) {
    if (tensor.values.empty()) continue;
    if (type == StorageType::kFloat32) {
      std::memcpy(p, tensor.values.data(), tensor.values.size() * 4);
      p += tensor.values.size() * 4;
    } else {
      for (const float value : tensor.values) {
        const uint16_t half = FloatToHalf(value);
        std::memcpy(p, &half, 2);
        p += 2;
      }
    }
  }
  return bytes;
}

}  // namespace handful::nn
