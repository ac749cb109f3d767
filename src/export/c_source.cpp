#include "export/c_source.h"

#include <algorithm>
#include <bit>

#include "base/version.h"
#include "export/common_files.h"

namespace handful::exporters {
namespace {

using Kind = nn::Operation::Kind;

struct Extent {
  size_t at = 0, size = 0;  // numbers
  size_t last_use = 0;      // the last layer that reads it; those before it may be written over
};

// Where each layer's output lies in the scratch memory; [0] is the input.
struct Plan {
  std::vector<Extent> extents;
  size_t size = 0;
};

// The lowest place where nothing lies that is still read.
size_t LowestFree(const std::vector<Extent>& all, size_t now, size_t size) {
  size_t at = 0;
  std::vector<Extent> live;
  for (const Extent& one : all) {
    if (one.last_use >= now) live.push_back(one);
  }
  std::ranges::sort(live, {}, &Extent::at);
  for (const Extent& one : live) {
    if (one.at >= at + size) break;
    at = std::max(at, one.at + one.size);
  }
  return at;
}

size_t IndexOf(const Network& network, const std::string& name) {
  const Layer* layer = network.Find(name);
  return layer == nullptr ? 0 : static_cast<size_t>(layer - network.layers.data()) + 1;
}

Plan PlanScratch(const Network& network) {
  std::vector<size_t> last_use(network.layers.size() + 1, 0);
  for (size_t i = 0; i < network.layers.size(); ++i) {
    for (const std::string& input : network.layers[i].operation.inputs) last_use[IndexOf(network, input)] = i + 1;
  }
  last_use.back() = network.layers.size();
  Plan plan;
  plan.extents.push_back({0, network.input.size(), last_use[0]});
  for (size_t i = 0; i < network.layers.size(); ++i) {
    const size_t size = network.layers[i].output.size();
    plan.extents.push_back({LowestFree(plan.extents, i + 1, size), size, last_use[i + 1]});
  }
  for (const Extent& one : plan.extents) plan.size = std::max(plan.size, one.at + one.size);
  return plan;
}

const char* NameOf(Kind kind) {
  switch (kind) {
    case Kind::kConv: return "CONV";
    case Kind::kDepthwiseConv: return "DEPTHWISE";
    case Kind::kMaxPool: return "MAX_POOL";
    case Kind::kAdd: return "ADD";
    case Kind::kGlobalAveragePool: return "GLOBAL_AVERAGE";
    case Kind::kGemm: return "DENSE";
  }
  return "";
}

const char* NameOf(nn::Activation activation) {
  return activation == nn::Activation::kNone ? "NONE" : activation == nn::Activation::kRelu ? "RELU" : "RELU6";
}

std::string Table(const Network& network, const Plan& plan, std::vector<float>& weights) {
  std::string rows;
  const auto put = [&](const std::vector<float>& values) {
    const long long at = values.empty() ? -1 : static_cast<long long>(weights.size());
    weights.insert(weights.end(), values.begin(), values.end());
    return at;
  };
  for (size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    const nn::Operation& op = layer.operation;
    const nn::Shape &in = layer.inputs.front(), &out = layer.output;
    const size_t from = plan.extents[IndexOf(network, op.inputs.front())].at;
    const size_t second = op.inputs.size() < 2 ? 0 : plan.extents[IndexOf(network, op.inputs[1])].at;
    const long long kernel = put(layer.folded.kernel), bias = put(layer.folded.bias);
    rows += Format("  {%s, %zu, %zu, %zu, %d, %d, %d, %d, %d, %d, %d, %d, %s, %lld, %lld},\n", NameOf(op.kind), from,
                   second, plan.extents[i + 1].at, in.height, in.width, in.channels, out.height, out.width,
                   out.channels, op.kernel, op.stride, NameOf(op.activation), kernel, bias);
  }
  return rows;
}

std::string HexList(const std::vector<float>& values) {
  constexpr char kDigits[] = "0123456789abcdef";
  constexpr size_t kPerLine = 10;
  std::string text;
  text.reserve(values.size() * 12);
  for (size_t i = 0; i < values.size(); ++i) {
    const auto bits = std::bit_cast<uint32_t>(values[i]);
    text += i % kPerLine == 0 ? "\n0x" : "0x";
    for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[(bits >> static_cast<uint32_t>(shift)) & 15U];
    text += ',';
  }
  return text;
}

// A C string literal; bytes outside of ASCII as octal escapes, which end after three digits.
std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7F || c == '"' || c == '\\' || c == '?') {
      quoted += Format("\\%03o", byte);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string Header(const Material& material) {
  const nn::Shape& in = material.network.input;
  return std::string("/* Made with Handful ") + kVersion +
         ". The picture is cropped and resized before: README.md says how. */\n"
         "#ifndef HANDFUL_MODEL_H\n#define HANDFUL_MODEL_H\n\n#include <stdint.h>\n\n"
         "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n" +
         Format("#define HANDFUL_HEIGHT %d\n#define HANDFUL_WIDTH %d\n#define HANDFUL_CLASSES %zu\n\n", in.height,
                in.width, material.model.classes.size()) +
         "extern const char *const handful_classes[HANDFUL_CLASSES];\n\n"
         "/* pixels_rgb8: HANDFUL_HEIGHT rows of HANDFUL_WIDTH pixels of three bytes (R, G, B).\n"
         " * probabilities: HANDFUL_CLASSES numbers that sum to 1, in the order of handful_classes.\n"
         " * Uses static memory: not for two threads at a time. */\n"
         "void handful_classify(const uint8_t *pixels_rgb8, float *probabilities);\n\n"
         "#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
}

std::string Source(const Material& material, const Plan& plan, std::vector<float>& weights) {
  const image::InputRange& range = material.model.input_range;
  const std::string table = Table(material.network, plan, weights);
  std::string text = std::string("/* Made with Handful ") + kVersion +
                     ". C99, no library but expf.\n"
                     " * The weights are float32 numbers (IEEE 754) given by their bits, which is exact and shorter\n"
                     " * than decimals; the union says that these bits are floats. */\n"
                     "#include \"handful_model.h\"\n\n#include <float.h>\n#include <math.h>\n\n" +
                     kCTypes + "\n";
  text += Format("#define LAYERS %zu\n#define WEIGHTS %zu\n#define SCRATCH %zu\n", material.network.layers.size(),
                 weights.size(), plan.size);
  // A number in C needs a point or an exponent before its f.
  text += Format("#define INPUT_SCALE %.8ef\n#define INPUT_OFFSET %.8ef\n\n", static_cast<double>(range.scale),
                 static_cast<double>(range.offset));
  text += "const char *const handful_classes[HANDFUL_CLASSES] = {\n";
  for (const std::string& name : material.model.classes) text += "  " + Quoted(name) + ",\n";
  text += "};\n\nstatic const struct layer layers[LAYERS] = {\n" + table + "};\n\n";
  text += "static const union {\n  uint32_t bits[WEIGHTS];\n  float values[WEIGHTS];\n} weights = {{" +
          HexList(weights) + "\n}};\n";
  return text + kCLoops;
}

void PutLittleEndian(uint32_t value, std::vector<uint8_t>& out) {
  for (uint32_t shift = 0; shift < 32; shift += 8) out.push_back(static_cast<uint8_t>(value >> shift));
}

InputFile GoldenBinary(const Material& material) {
  InputFile file{"golden.bin", {}};
  PutLittleEndian(static_cast<uint32_t>(material.golden.size()), file.bytes);
  for (const Golden& golden : material.golden) {
    const auto pixels = golden.square->pixels_rgb8.span();
    file.bytes.insert(file.bytes.end(), pixels.begin(), pixels.end());
    for (const float p : golden.probabilities) PutLittleEndian(std::bit_cast<uint32_t>(p), file.bytes);
  }
  return file;
}

std::string Readme(const nn::Model& model, size_t weights, size_t scratch) {
  constexpr double kMega = 1e6;
  return "# A model as C source\n\n"
         "`handful_model.c` and `handful_model.h` are all there is: C99, no allocation, no library but `expf`.\n"
         "`sample.c` checks the numbers of the golden pictures:\n\n"
         "    cc -std=c99 -O2 -o sample sample.c handful_model.c -lm && ./sample\n\n"
         "`sample.ino` shows the same for a board with a camera.\n\n" +
         Format(
             "It needs %.2f MB for the weights, which are constant and may stay in flash, and %.2f MB of memory to\n"
             "compute in.\n\n",
             static_cast<double>(weights) * 4 / kMega, static_cast<double>(scratch) * 4 / kMega) +
         "## How a picture becomes the input\n\n" + PreprocessingInWords(model) +
         ".\n`handful_classify` takes the bytes of the pixels after cropping and resizing and does the rest.\n";
}

}  // namespace

Result<Files> WriteC(const Material& material) {
  const Plan plan = PlanScratch(material.network);
  std::vector<float> weights;
  const std::string source = Source(material, plan, weights);
  return Files{TextFile("handful_model.h", Header(material)),
               TextFile("handful_model.c", source),
               TextFile("sample.c", kCSample),
               TextFile("sample.ino", kCSketch),
               GoldenBinary(material),
               TextFile("README.md", Readme(material.model, weights.size(), plan.size))};
}

}  // namespace handful::exporters
