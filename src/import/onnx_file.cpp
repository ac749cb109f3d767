#include "import/onnx_file.h"

#include <bit>

#include "base/byte_order.h"
#include "import/elements.h"
#include "import/protobuf_reader.h"

namespace handful::importers {
namespace {

constexpr size_t kMostNodes = 10'000, kMostNames = 64, kMostNumbers = 16, kMostMetadata = 1000;
constexpr size_t kMostElements = size_t{1} << 28U;
constexpr int64_t kFloat32 = 1;  // TensorProto.DataType

std::string Quoted(std::string_view name) {
  constexpr size_t kShown = 60;
  return "\"" + std::string(name.substr(0, kShown)) + (name.size() > kShown ? "…" : "") + "\"";
}

Status CheckSize(const OnnxTensor& tensor, std::string_view name) {
  uint64_t elements = 1;
  for (const int64_t size : tensor.dims) {
    if (size < 0 || !MultiplyWithin(kMostElements, static_cast<uint64_t>(size), elements)) {
      return Errorf("tensor %s: %lld in its shape is not a size", Quoted(name).c_str(), static_cast<long long>(size));
    }
  }
  if (elements * sizeof(float) == tensor.float32_bytes.size()) return {};
  return Errorf("tensor %s has %zu bytes, but its shape wants %zu", Quoted(name).c_str(), tensor.float32_bytes.size(),
                static_cast<size_t>(elements * sizeof(float)));
}

Status ReadTensor(std::span<const uint8_t> bytes, OnnxFile& file) {
  OnnxTensor tensor;
  std::string_view name;
  int64_t type = 0;
  bool external = false, segmented = false;
  ProtobufReader reader(bytes, "tensor");
  while (reader.Next()) {
    switch (reader.field()) {
      case 1: reader.AddInts(tensor.dims, kMostNumbers); break;
      case 2: type = reader.Int(); break;
      case 3: segmented = true; break;
      case 4:  // float_data: packed, it has the same bytes
      case 9: tensor.float32_bytes = reader.Payload(); break;
      case 8: name = reader.Text(); break;
      case 13: external = true; break;
      case 14: external = external || reader.Int() != 0; break;
      default: break;
    }
  }
  HANDFUL_TRY(reader.status());
  if (external) return Errorf("tensor %s lies in another file: save the model as one file", Quoted(name).c_str());
  if (segmented) return Errorf("tensor %s is in segments, which are not read", Quoted(name).c_str());
  if (type != kFloat32) return {};  // whoever needs it says that it is missing
  HANDFUL_TRY(CheckSize(tensor, name));
  if (file.initializers.size() == kMostNodes) return Errorf("it has more than %zu tensors", kMostNodes);
  file.elements += tensor.size();
  if (!file.initializers.emplace(name, std::move(tensor)).second)
    return Errorf("there are two tensors %s", Quoted(name).c_str());
  return {};
}

Status ReadAttribute(std::span<const uint8_t> bytes, OnnxNode& node) {
  OnnxAttribute attribute;
  std::string_view name;
  bool subgraph = false;
  ProtobufReader reader(bytes, "attribute");
  while (reader.Next()) {
    switch (reader.field()) {
      case 1: name = reader.Text(); break;
      case 2: attribute.number = reader.Float(); break;
      case 3: attribute.integer = reader.Int(); break;
      case 4: attribute.text = reader.Text(); break;
      case 6:
      case 11: subgraph = true; break;
      case 8: reader.AddInts(attribute.integers, kMostNumbers); break;
      default: break;
    }
  }
  HANDFUL_TRY(reader.status());
  if (subgraph) return Errorf("its attribute %s is a graph inside the graph, which is not read", Quoted(name).c_str());
  if (node.attributes.size() == kMostNames) return Errorf("a node has more than %zu attributes", kMostNames);
  node.attributes.emplace(name, std::move(attribute));
  return {};
}

Status ReadNode(std::span<const uint8_t> bytes, OnnxFile& file) {
  OnnxNode node;
  ProtobufReader reader(bytes, "node");
  while (reader.Next()) {
    switch (reader.field()) {
      case 1: node.inputs.push_back(reader.Text()); break;
      case 2: node.outputs.push_back(reader.Text()); break;
      case 3: node.name = reader.Text(); break;
      case 4: node.op_type = reader.Text(); break;
      case 5:
        if (const Status status = ReadAttribute(reader.Payload(), node); !status.ok()) {
          return status.WithContextf("node %zu", file.nodes.size() + 1);
        }
        break;
      case 7:
        if (!reader.Text().empty() && reader.Text() != "ai.onnx")
          return Errorf("node %zu is of the domain %s, which is not read", file.nodes.size() + 1,
                        Quoted(reader.Text()).c_str());
        break;
      default: break;
    }
    if (node.inputs.size() > kMostNames || node.outputs.size() > kMostNames)
      return Errorf("node %zu has more than %zu inputs or outputs", file.nodes.size() + 1, kMostNames);
  }
  HANDFUL_TRY(reader.status());
  if (file.nodes.size() == kMostNodes) return Errorf("it has more than %zu nodes", kMostNodes);
  file.nodes.push_back(std::move(node));
  return {};
}

// The payload of the last field of that number; empty: there is none.
std::span<const uint8_t> Sub(std::span<const uint8_t> bytes, int field, Status& status) {
  std::span<const uint8_t> found;
  ProtobufReader reader(bytes, "input");
  while (reader.Next()) {
    if (reader.field() == field) found = reader.Payload();
  }
  if (status.ok()) status = reader.status();
  return found;
}

Status ReadDim(std::span<const uint8_t> bytes, OnnxInput& input) {
  int64_t size = -1;
  ProtobufReader reader(bytes, "dimension");
  while (reader.Next()) {
    if (reader.field() == 1) size = reader.Int();
  }
  HANDFUL_TRY(reader.status());
  if (input.dims.size() == kMostNumbers) return Errorf("its input has more than %zu dimensions", kMostNumbers);
  input.dims.push_back(size);
  return {};
}

// ValueInfoProto.
Status ReadValueInfo(std::span<const uint8_t> bytes, OnnxInput& input) {
  Status status;
  const std::span<const uint8_t> name = Sub(bytes, 1, status);
  input.name = {reinterpret_cast<const char*>(name.data()), name.size()};
  const std::span<const uint8_t> tensor_type = Sub(Sub(bytes, 2, status), 1, status);
  const std::span<const uint8_t> shape = Sub(tensor_type, 2, status);
  HANDFUL_TRY(status);
  ProtobufReader reader(shape, "shape");
  while (reader.Next()) {
    if (reader.field() == 1) HANDFUL_TRY(ReadDim(reader.Payload(), input));
  }
  return reader.status();
}

Status ReadGraph(std::span<const uint8_t> bytes, OnnxFile& file) {
  ProtobufReader reader(bytes, "graph");
  while (reader.Next()) {
    OnnxInput value;
    switch (reader.field()) {
      case 1: HANDFUL_TRY(ReadNode(reader.Payload(), file)); break;
      case 5: HANDFUL_TRY(ReadTensor(reader.Payload(), file)); break;
      case 11:
        HANDFUL_TRY(ReadValueInfo(reader.Payload(), value));
        if (file.inputs.size() == kMostNodes) return Errorf("it has more than %zu inputs", kMostNodes);
        file.inputs.push_back(std::move(value));
        break;
      case 12:
        HANDFUL_TRY(ReadValueInfo(reader.Payload(), value));
        if (file.outputs.size() == kMostNames) return Errorf("it has more than %zu outputs", kMostNames);
        file.outputs.push_back(value.name);
        break;
      case 15: return Errorf("its graph has sparse tensors, which are not read");
      default: break;
    }
  }
  return reader.status();
}

Status ReadOpset(std::span<const uint8_t> bytes, OnnxFile& file) {
  std::string_view domain;
  int64_t version = 0;
  ProtobufReader reader(bytes, "opset");
  while (reader.Next()) {
    if (reader.field() == 1) domain = reader.Text();
    if (reader.field() == 2) version = reader.Int();
  }
  if (domain.empty() || domain == "ai.onnx") file.opset = version;
  return reader.status();
}

Status ReadMetadata(std::span<const uint8_t> bytes, OnnxFile& file) {
  std::string key, value;
  ProtobufReader reader(bytes, "metadata");
  while (reader.Next()) {
    if (reader.field() == 1) key = reader.Text();
    if (reader.field() == 2) value = reader.Text();
  }
  if (file.metadata.size() == kMostMetadata) return Errorf("it has more than %zu fields of metadata", kMostMetadata);
  file.metadata.insert_or_assign(std::move(key), std::move(value));
  return reader.status();
}

}  // namespace

std::vector<float> OnnxTensor::Values() const {
  std::vector<float> values(size());
  for (size_t i = 0; i < values.size(); ++i) values[i] = std::bit_cast<float>(Le32(float32_bytes, sizeof(float) * i));
  return values;
}

bool LooksLikeOnnx(std::span<const uint8_t> bytes) {
  // ir_version comes first and, before the graph, nothing that is not of a model; the graph may be cut short.
  constexpr uint8_t kIrVersionTag = 0x08, kGraphTag = 0x3A;
  constexpr size_t kLookedAt = 1000;
  if (bytes.size() < 4 || bytes[0] != kIrVersionTag || bytes[1] > 100) return false;
  for (size_t at = 2, fields = 0; at + 1 < bytes.size() && fields < kLookedAt; ++fields) {
    if (bytes[at] == kGraphTag) return true;
    ProtobufReader field(bytes.subspan(at), "model");
    if (!field.Next() || field.field() > 25) return false;
    at += field.at();
  }
  return false;
}

Result<OnnxFile> ReadOnnxFile(std::span<const uint8_t> bytes) {
  OnnxFile file;
  bool has_graph = false;
  ProtobufReader reader(bytes, "model");
  while (reader.Next()) {
    switch (reader.field()) {
      case 7:
        if (has_graph) return Errorf("it has two graphs");
        HANDFUL_TRY(ReadGraph(reader.Payload(), file));
        has_graph = true;
        break;
      case 8: HANDFUL_TRY(ReadOpset(reader.Payload(), file)); break;
      case 14: HANDFUL_TRY(ReadMetadata(reader.Payload(), file)); break;
      case 20: return Errorf("it holds a training, which is not read");
      case 25: return Errorf("it holds functions of its own, which are not read");
      default: break;
    }
  }
  HANDFUL_TRY(reader.status());
  if (!has_graph) return Errorf("it holds no graph");
  return file;
}

}  // namespace handful::importers
