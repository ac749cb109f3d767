#include "import/tflite_file.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/byte_order.h"
#include "import/elements.h"
#include "import/flat_table_reader.h"
#include "import/json_access.h"

namespace handful::importers {
namespace {

constexpr size_t kMostTensors = 20'000, kMostOperators = 10'000, kMostDimensions = 8, kMostMetadata = 1000;
constexpr size_t kMostElements = size_t{1} << 28U;
constexpr int kMostWindow = 1024;

std::string Quoted(std::string_view name) {
  constexpr size_t kShown = 60;
  return "\"" + std::string(name.substr(0, kShown)) + (name.size() > kShown ? "…" : "") + "\"";
}

std::vector<int32_t> Ints(std::span<const uint8_t> bytes) {
  std::vector<int32_t> values(bytes.size() / 4);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int32_t>(Le32(bytes, 4 * i));
  return values;
}

size_t BytesOf(TfliteType type) { return type == TfliteType::kFloat32 || type == TfliteType::kInt32 ? 4 : 1; }

class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : flat_(bytes) {}

  Result<TfliteFile> Read() {
    const FlatTableView model = flat_.Root();
    const uint32_t version = flat_.Scalar(model, 0, 4, 0);
    HANDFUL_TRY(flat_.status());
    if (version != 3) return Errorf("its schema has version %u, only 3 is read", version);
    buffers_ = flat_.Tables(model, 4, kMostTensors);
    const std::vector<FlatTableView> codes = flat_.Tables(model, 1, kMostOperators);
    const std::vector<FlatTableView> graphs = flat_.Tables(model, 2, kMostOperators);
    HANDFUL_TRY(flat_.status());
    if (graphs.size() != 1) return Errorf("it has %zu graphs, only files with one are read", graphs.size());
    for (const FlatTableView tensor : flat_.Tables(graphs[0], 0, kMostTensors)) HANDFUL_TRY(ReadTensor(tensor));
    for (const FlatTableView op : flat_.Tables(graphs[0], 3, kMostOperators)) HANDFUL_TRY(ReadOperator(op, codes));
    const std::vector<int32_t> inputs = Ints(flat_.Vector(graphs[0], 1, 4));
    const std::vector<int32_t> outputs = Ints(flat_.Vector(graphs[0], 2, 4));
    HANDFUL_TRY(flat_.status());
    if (inputs.size() != 1 || outputs.size() != 1 || !IsTensor(inputs[0]) || !IsTensor(outputs[0])) {
      return Errorf("it has %zu inputs and %zu outputs, only files with one of each are read", inputs.size(),
                    outputs.size());
    }
    file_.input = inputs[0];
    file_.output = outputs[0];
    for (const FlatTableView entry : flat_.Tables(model, 6, kMostMetadata)) {
      if (flat_.Text(entry, 0) == "handful") HANDFUL_TRY(ReadFacts(flat_.Scalar(entry, 1, 4, 0)));
    }
    HANDFUL_TRY(flat_.status());
    return std::move(file_);
  }

 private:
  bool IsTensor(int32_t index) const { return index >= 0 && static_cast<size_t>(index) < file_.tensors.size(); }

  Status ReadTensor(FlatTableView view) {
    TfliteTensor tensor;
    tensor.name = flat_.Text(view, 3);
    const std::span<const uint8_t> shape = flat_.Vector(view, 0, 4);
    const uint32_t type = flat_.Scalar(view, 1, 1, 0), buffer = flat_.Scalar(view, 2, 4, 0);
    HANDFUL_TRY(flat_.status());
    if (type != 0 && type != 2 && type != 3 && type != 9)
      return Errorf("tensor %s has type %u; float32, int32, uint8 and int8 are read", Quoted(tensor.name).c_str(),
                    type);
    tensor.type = static_cast<TfliteType>(type);
    if (shape.size() / 4 > kMostDimensions)
      return Errorf("tensor %s has %zu dimensions", Quoted(tensor.name).c_str(), shape.size() / 4);
    tensor.shape = Ints(shape);
    uint64_t elements = 1;
    for (const int32_t size : tensor.shape) {
      if (size < 1 || !MultiplyWithin(kMostElements, static_cast<uint64_t>(size), elements)) {
        return Errorf("tensor %s: %d in its shape is not a size", Quoted(tensor.name).c_str(), size);
      }
    }
    tensor.elements = static_cast<size_t>(elements);
    HANDFUL_TRY(ReadData(buffer, tensor));
    HANDFUL_TRY(ReadQuantization(flat_.Table(view, 4), tensor));
    file_.tensors.push_back(std::move(tensor));
    return flat_.status();
  }

  Status ReadData(uint32_t buffer, TfliteTensor& tensor) {
    if (buffer >= buffers_.size()) {
      return Errorf("tensor %s names buffer %u of %zu", Quoted(tensor.name).c_str(), buffer, buffers_.size());
    }
    if (flat_.Scalar(buffers_[buffer], 1, 4, 0) > 1)
      return Errorf("tensor %s lies behind the FlatBuffer, which is not read", Quoted(tensor.name).c_str());
    tensor.data = flat_.Vector(buffers_[buffer], 0, 1);
    HANDFUL_TRY(flat_.status());
    const size_t wanted = tensor.elements * BytesOf(tensor.type);
    if (tensor.data.empty() || tensor.data.size() == wanted) return {};
    return Errorf("tensor %s has %zu bytes, but its shape wants %zu", Quoted(tensor.name).c_str(), tensor.data.size(),
                  wanted);
  }

  Status ReadQuantization(FlatTableView view, TfliteTensor& tensor) {
    const std::span<const uint8_t> scale = flat_.Vector(view, 2, 4), zero = flat_.Vector(view, 3, 8);
    const uint32_t details = flat_.Scalar(view, 4, 1, 0);
    tensor.dimension = static_cast<int32_t>(flat_.Scalar(view, 6, 4, 0));
    HANDFUL_TRY(flat_.status());
    if (scale.empty()) return {};
    const size_t count = scale.size() / 4;
    const bool fits = tensor.dimension >= 0 && static_cast<size_t>(tensor.dimension) < tensor.shape.size() &&
                      count == static_cast<size_t>(tensor.shape[static_cast<size_t>(tensor.dimension)]);
    if (details != 0 || zero.size() / 8 != count || (count != 1 && !fits))
      return Errorf("tensor %s: its quantisation does not fit its shape", Quoted(tensor.name).c_str());
    for (size_t i = 0; i < count; ++i) {
      const float step = std::bit_cast<float>(Le32(scale, 4 * i));
      const auto point = static_cast<int64_t>(Le64(zero, 8 * i));
      if (!(step > 0 && std::isfinite(step)) || point < -128 || point > 255) {
        return Errorf("tensor %s: scale %g and zero point %lld are not possible", Quoted(tensor.name).c_str(),
                      static_cast<double>(step), static_cast<long long>(point));
      }
      tensor.scale.push_back(step);
      tensor.zero_point.push_back(static_cast<int32_t>(point));
    }
    return {};
  }

  Status ReadOperator(FlatTableView view, const std::vector<FlatTableView>& codes) {
    const size_t number = file_.operators.size() + 1;
    const uint32_t opcode = flat_.Scalar(view, 0, 4, 0);
    if (opcode >= codes.size()) return Errorf("operator %zu names code %u of %zu", number, opcode, codes.size());
    TfliteOperator op;
    op.code =
        static_cast<TfliteOp>(std::max(flat_.Scalar(codes[opcode], 3, 4, 0), flat_.Scalar(codes[opcode], 0, 1, 0)));
    const std::span<const uint8_t> inputs = flat_.Vector(view, 1, 4);
    const std::vector<int32_t> outputs = Ints(flat_.Vector(view, 2, 4));
    HANDFUL_TRY(flat_.status());
    if (inputs.size() / 4 > kMostDimensions || outputs.size() != 1 || !IsTensor(outputs[0]))
      return Errorf("operator %zu does not have one output and a few inputs", number);
    op.output = outputs[0];
    op.inputs = Ints(inputs);
    for (const int32_t input : op.inputs) {
      if (input != -1 && !IsTensor(input)) return Errorf("operator %zu reads tensor %d", number, input);
    }
    ReadOptions(flat_.Table(view, 4), op);
    HANDFUL_TRY(flat_.status());
    for (const int size : {op.stride_h, op.stride_w, op.dilation_h, op.dilation_w, op.filter_h, op.filter_w}) {
      if (size < 1 || size > kMostWindow) return Errorf("operator %zu: %d in its options is not a size", number, size);
    }
    file_.operators.push_back(std::move(op));
    return {};
  }

  void ReadOptions(FlatTableView options, TfliteOperator& op) {
    const auto integer = [&](int field, uint32_t otherwise) {
      return static_cast<int>(flat_.Scalar(options, field, 4, otherwise));
    };
    const auto byte = [&](int field) { return static_cast<int>(flat_.Scalar(options, field, 1, 0)); };
    const bool pools = op.code == TfliteOp::kMaxPool2D || op.code == TfliteOp::kAveragePool2D;
    const bool depthwise = op.code == TfliteOp::kDepthwiseConv2D;
    if (op.code == TfliteOp::kAdd || op.code == TfliteOp::kFullyConnected) op.activation = byte(0);
    if (op.code == TfliteOp::kSoftmax) op.beta = std::bit_cast<float>(flat_.Scalar(options, 0, 4, 0));
    if (!pools && !depthwise && op.code != TfliteOp::kConv2D) return;
    op.is_same = byte(0) == 0;
    op.stride_w = integer(1, 0);
    op.stride_h = integer(2, 0);
    if (pools) {
      op.filter_w = integer(3, 0);
      op.filter_h = integer(4, 0);
      op.activation = byte(5);
      return;
    }
    if (depthwise) op.depth_multiplier = integer(3, 0);
    const int next = depthwise ? 4 : 3;
    op.activation = byte(next);
    op.dilation_w = integer(next + 1, 1);
    op.dilation_h = integer(next + 2, 1);
  }

  Status ReadFacts(uint32_t buffer) {
    if (buffer >= buffers_.size()) return Errorf("its metadata name buffer %u of %zu", buffer, buffers_.size());
    const Json json = ParseJson(flat_.Vector(buffers_[buffer], 0, 1));
    HANDFUL_TRY(flat_.status());
    if (!json.is_object()) return Errorf("its metadata \"handful\" are not sound JSON");
    for (const auto& [key, value] : json.items()) file_.facts[key] = TextOr(value, "");
    return {};
  }

  FlatReader flat_;
  std::vector<FlatTableView> buffers_;
  TfliteFile file_;
};

}  // namespace

bool LooksLikeTflite(std::span<const uint8_t> bytes) {
  return bytes.size() >= 8 && bytes[4] == 'T' && bytes[5] == 'F' && bytes[6] == 'L' && bytes[7] == '3';
}

Result<TfliteFile> ReadTfliteFile(std::span<const uint8_t> bytes) {
  if (!LooksLikeTflite(bytes)) return Errorf("it is not a TensorFlow Lite file, as its first bytes show");
  return Reader(bytes).Read();
}

}  // namespace handful::importers
