// Reads handful_model.c as text. Nothing here comes from the writer: words and numbers are taken as C means them.
#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <optional>
#include <string_view>

#include "export/c_source.h"
#include "nn/net.h"

namespace handful::exporters {
namespace {

// The words of C text: numbers, names, single signs. Comments and what stands in quotes are passed over.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  // "" at the end.
  std::string_view Next() {
    for (;;) {
      while (at_ < text_.size() && (IsSpace(text_[at_]))) ++at_;
      if (!text_.substr(at_).starts_with("/*")) break;
      at_ = std::min(text_.size(),
                     text_.find("*/", at_) == std::string_view::npos ? text_.size() : text_.find("*/", at_) + 2);
    }
    const size_t from = at_;
    if (from >= text_.size()) return "";
    if (!IsWord(text_[at_])) return text_.substr(at_++, 1);
    while (at_ < text_.size() && IsWord(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }
  // Goes behind the first place where `text` stands.
  bool SkipBehind(std::string_view text) {
    const size_t found = text_.find(text, at_);
    if (found == std::string_view::npos) return false;
    at_ = found + text.size();
    return true;
  }

 private:
  static bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
  static bool IsWord(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
           c == '-' || c == '+';
  }
  std::string_view text_;
  size_t at_ = 0;
};

template <class Number>
std::optional<Number> NumberOf(std::string_view word, auto... how) {
  Number number{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number, how...);
  return error == std::errc() && end == word.data() + word.size() ? std::optional(number) : std::nullopt;
}

std::string_view Defined(std::string_view text, std::string_view name) {
  Words words(text);
  return words.SkipBehind("#define " + std::string(name) + " ") ? words.Next() : "";
}

Result<float> DefinedFloat(std::string_view text, const char* name) {
  std::string word(Defined(text, name));
  if (word.ends_with('f')) word.pop_back();
  char* end = nullptr;
  const float value = std::strtof(word.c_str(), &end);
  if (word.empty() || *end != '\0') return Errorf("%s is \"%s\", not a number", name, word.c_str());
  return value;
}

struct Row {
  std::string_view kind, activation;
  size_t in = 0, in2 = 0, out = 0;
  nn::Shape from, to;
  int kernel = 0, stride = 0;
  int64_t weights = -1, bias = -1;
};

// {CONV, 0, 0, 150528, 224, 224, 3, 112, 112, 16, 3, 2, RELU6, 0, 432},
Result<Row> ReadRow(Words& words, size_t number) {
  constexpr size_t kFields = 15, kKind = 0, kActivation = 12;
  std::array<std::string_view, kFields> fields;
  std::array<int64_t, kFields> values{};
  for (size_t i = 0; i < kFields; ++i) {
    fields[i] = words.Next();
    const std::string_view after = words.Next();
    const std::optional<int64_t> value = NumberOf<int64_t>(fields[i]);
    const bool named = i == kKind || i == kActivation;
    const int64_t least = i >= 13 ? -1 : 0;
    if (after != (i + 1 == kFields ? "}" : ",") || value.has_value() == named || (!named && *value < least) ||
        (!named && *value > (int64_t{1} << 30))) {
      return Errorf("row %zu of the layers: \"%s\" is not understood", number, std::string(fields[i]).c_str());
    }
    values[i] = value.value_or(0);
  }
  const auto small = [&](size_t i) { return static_cast<int>(values[i]); };
  return Row{.kind = fields[kKind],
             .activation = fields[kActivation],
             .in = static_cast<size_t>(values[1]),
             .in2 = static_cast<size_t>(values[2]),
             .out = static_cast<size_t>(values[3]),
             .from = {small(4), small(5), small(6)},
             .to = {small(7), small(8), small(9)},
             .kernel = small(10),
             .stride = small(11),
             .weights = values[13],
             .bias = values[14]};
}

Result<std::vector<Row>> ReadRows(std::string_view text) {
  std::vector<Row> rows;
  Words words(text);
  if (!words.SkipBehind("layers[LAYERS] = {")) return Errorf("there is no table of layers");
  for (std::string_view word = words.Next(); word == "{" || word == ","; word = words.Next()) {
    if (word == ",") continue;
    Result<Row> row = ReadRow(words, rows.size());
    if (!row.ok()) return row.status();
    rows.push_back(*row);
  }
  const std::optional<size_t> count = NumberOf<size_t>(Defined(text, "LAYERS"));
  if (rows.empty() || count != rows.size()) return Errorf("LAYERS does not count the %zu rows", rows.size());
  return rows;
}

Result<std::vector<float>> ReadWeights(std::string_view text) {
  std::vector<float> values;
  Words words(text);
  if (!words.SkipBehind("weights = {{")) return Errorf("there is no list of weights");
  for (std::string_view word = words.Next(); word != "}"; word = words.Next()) {
    if (word == ",") continue;
    const std::optional<uint32_t> bits =
        word.starts_with("0x") ? NumberOf<uint32_t>(word.substr(2), 16) : std::optional<uint32_t>();
    if (!bits) return Errorf("weight %zu is \"%s\"", values.size(), std::string(word.substr(0, 20)).c_str());
    values.push_back(std::bit_cast<float>(*bits));
  }
  const std::optional<size_t> count = NumberOf<size_t>(Defined(text, "WEIGHTS"));
  if (count != values.size()) return Errorf("WEIGHTS does not count the %zu numbers", values.size());
  return values;
}

// What lies where in the scratch memory while the layers run.
class Scratch {
 public:
  explicit Scratch(size_t size) : size_(size) {}

  bool Write(size_t at, const nn::Shape& shape, nn::Value value) {
    std::erase_if(held_, [&](const Held& one) { return one.at < at + shape.size() && at < one.at + one.shape.size(); });
    held_.push_back({at, shape, value});
    return at + shape.size() <= size_;
  }
  std::optional<nn::Value> Read(size_t at, const nn::Shape& shape) const {
    for (const Held& one : held_) {
      if (one.at == at && one.shape == shape) return one.value;
    }
    return std::nullopt;
  }
  // Whether anything that lies there would be written over.
  static bool Overlap(size_t a, const nn::Shape& a_shape, size_t b, const nn::Shape& b_shape) {
    return a < b + b_shape.size() && b < a + a_shape.size();
  }

 private:
  struct Held {
    size_t at;
    nn::Shape shape;
    nn::Value value;
  };
  size_t size_;
  std::vector<Held> held_;
};

class NetOfRows {
 public:
  NetOfRows(const std::vector<Row>& rows, const std::vector<float>& weights, size_t scratch)
      : rows_(rows), weights_(weights), scratch_(scratch), builder_(rows.front().from) {}

  Result<nn::Net> Build() && {
    nn::Value last = builder_.input();
    if (!scratch_.Write(rows_.front().in, rows_.front().from, last)) return Errorf("the picture exceeds SCRATCH");
    for (size_t i = 0; i < rows_.size(); ++i) {
      Result<nn::Value> value = Add(rows_[i], Format("row %zu", i));
      if (!value.ok()) return value.status().WithContextf("row %zu of the layers", i);
      last = *value;
      if (builder_.ShapeOf(last) != rows_[i].to) return Errorf("row %zu of the layers gives another shape", i);
      if (!scratch_.Write(rows_[i].out, rows_[i].to, last)) return Errorf("row %zu of the layers exceeds SCRATCH", i);
    }
    return std::move(builder_).Finish(last);
  }

 private:
  Result<std::span<const float>> Weights(int64_t at, size_t count) const {
    if (at < 0) return std::span<const float>();
    if (static_cast<size_t>(at) > weights_.size() || count > weights_.size() - static_cast<size_t>(at))
      return Errorf("its weights go on behind the last one");
    return std::span(weights_).subspan(static_cast<size_t>(at), count);
  }

  Result<nn::Value> Add(const Row& row, const std::string& name) {
    const std::optional<nn::Value> a = scratch_.Read(row.in, row.from), b = scratch_.Read(row.in2, row.from);
    const bool adds = row.kind == "ADD";
    if (!a || (adds && !b)) return Errorf("what it reads is not there any more");
    if (Scratch::Overlap(row.out, row.to, row.in, row.from) ||
        (adds && Scratch::Overlap(row.out, row.to, row.in2, row.from))) {
      return Errorf("it writes over what it reads");
    }
    const bool none = row.activation == "NONE", relu6 = row.activation == "RELU6";
    if (!none && !relu6 && row.activation != "RELU") return Errorf("its activation is not understood");
    const nn::Activation activation = none    ? nn::Activation::kNone
                                      : relu6 ? nn::Activation::kRelu6
                                              : nn::Activation::kRelu;
    if (adds && none) return builder_.Add(name, *a, *b);
    if (row.kind == "GLOBAL_AVERAGE" && none) return builder_.GlobalMean(name, *a);
    if (row.kind == "MAX_POOL" && none) return builder_.MaxPool(name, *a, row.kernel, row.stride);
    return AddWithWeights(row, name, *a, activation);
  }

  Result<nn::Value> AddWithWeights(const Row& row, const std::string& name, nn::Value in, nn::Activation activation) {
    const auto out = static_cast<size_t>(row.to.channels), channels = static_cast<size_t>(row.from.channels);
    const size_t taps = static_cast<size_t>(row.kernel) * static_cast<size_t>(row.kernel);
    const bool dense = row.kind == "DENSE", depthwise = row.kind == "DEPTHWISE";
    if (!dense && !depthwise && row.kind != "CONV") return Errorf("its kind is not understood");
    const size_t count = dense ? row.from.size() * out : depthwise ? taps * channels : taps * channels * out;
    Result<std::span<const float>> kernel = Weights(row.weights, count), bias = Weights(row.bias, out);
    if (!kernel.ok()) return kernel.status();
    if (!bias.ok()) return bias.status();
    if (kernel->size() != count) return Errorf("it has no weights");
    if (dense) return builder_.Dense(name, in, row.to.channels, activation, *kernel, *bias);
    const nn::ConvSpec spec = {row.kernel, row.stride, row.to.channels, activation};
    if (depthwise) return builder_.Depthwise(name, in, spec, *kernel, *bias);
    std::vector<float> filters(count);  // (y, x, in, out) → (out, y, x, in)
    for (size_t o = 0; o < out; ++o) {
      for (size_t i = 0; i < taps * channels; ++i) filters[o * taps * channels + i] = (*kernel)[i * out + o];
    }
    return builder_.Conv(name, in, spec, filters, *bias);
  }

  const std::vector<Row>& rows_;
  const std::vector<float>& weights_;
  Scratch scratch_;
  nn::NetBuilder builder_;
};

}  // namespace

Result<std::vector<Probabilities>> ReadC(const Files& files, Squares squares) {
  const auto source = std::ranges::find(files, "handful_model.c", &InputFile::name);
  if (source == files.end()) return Errorf("handful_model.c is missing");
  const std::string_view text(reinterpret_cast<const char*>(source->bytes.data()), source->bytes.size());
  const Result<std::vector<Row>> rows = ReadRows(text);
  if (!rows.ok()) return rows.status();
  const Result<std::vector<float>> weights = ReadWeights(text);
  if (!weights.ok()) return weights.status();
  const Result<float> scale = DefinedFloat(text, "INPUT_SCALE"), offset = DefinedFloat(text, "INPUT_OFFSET");
  if (!scale.ok()) return scale.status();
  if (!offset.ok()) return offset.status();
  Result<nn::Net> net = NetOfRows(*rows, *weights, NumberOf<size_t>(Defined(text, "SCRATCH")).value_or(0)).Build();
  if (!net.ok()) return net.status();

  std::vector<Probabilities> answers;
  for (const image::Image* square : squares) {
    const auto pixels = square->pixels_rgb8.span();
    if (pixels.size() != net->input().size()) return Errorf("it takes pictures of another size");
    for (size_t i = 0; i < pixels.size(); ++i) net->input()[i] = static_cast<float>(pixels[i]) * *scale + *offset;
    HANDFUL_TRY(net->Run());
    Probabilities probabilities(net->output().begin(), net->output().end());
    nn::Softmax(probabilities);
    answers.push_back(std::move(probabilities));
  }
  return answers;
}

}  // namespace handful::exporters
