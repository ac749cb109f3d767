#include "import/tflite_integers.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/byte_order.h"
#include "import/fixed_point.h"
#include "import/tflite_integer_checks.h"

namespace handful::importers {
namespace {

// A tensor's stored values: −128 … 255.
using Stored = std::vector<int16_t>;

int LowestOf(const TfliteTensor& tensor) { return tensor.type == TfliteType::kUint8 ? 0 : -128; }

class Runner {
 public:
  // `file` is one that CheckIntegers accepts.
  explicit Runner(const TfliteFile& file) : file_(file), values_(file.tensors.size()) {
    for (size_t i = 0; i < file_.tensors.size(); ++i) {
      const TfliteTensor& tensor = file_.tensors[i];
      if (tensor.type == TfliteType::kInt32 || tensor.data.empty()) continue;
      values_[i].resize(tensor.elements);
      for (size_t k = 0; k < tensor.elements; ++k) {
        values_[i][k] = tensor.type == TfliteType::kUint8 ? static_cast<int16_t>(tensor.data[k])
                                                          : static_cast<int16_t>(static_cast<int8_t>(tensor.data[k]));
      }
    }
  }

  Result<std::vector<float>> Run(const image::Image& square) {
    const TfliteTensor& input = TensorAt(file_.input);
    if (input.elements != square.pixels_rgb8.size() || input.shape.size() != 4 || input.shape[1] != square.height)
      return Errorf("its input is not %d × %d pixels", square.width, square.height);
    Stored& pixels = values_[static_cast<size_t>(file_.input)];
    pixels.resize(input.elements);
    for (size_t i = 0; i < pixels.size(); ++i)
      pixels[i] = static_cast<int16_t>(square.pixels_rgb8.data()[i] + LowestOf(input));
    for (const TfliteOperator& op : file_.operators) RunOperator(op);
    const TfliteTensor& output = TensorAt(file_.output);
    std::vector<float> probabilities;
    for (const int16_t stored : values_[static_cast<size_t>(file_.output)])
      probabilities.push_back(output.scale[0] * static_cast<float>(stored - output.zero_point[0]));
    return probabilities;
  }

 private:
  const TfliteTensor& TensorAt(int32_t index) const { return file_.tensors[static_cast<size_t>(index)]; }
  const TfliteTensor& In(const TfliteOperator& op, size_t i) const { return TensorAt(op.inputs[i]); }
  const Stored& ValuesAt(int32_t index) const { return values_[static_cast<size_t>(index)]; }

  struct Bounds {
    int32_t low, high;
  };
  static Bounds BoundsOf(const TfliteOperator& op, const TfliteTensor& output) {
    const auto stored = [&](double real) {
      return output.zero_point[0] +
             static_cast<int32_t>(std::round(std::min(real / static_cast<double>(output.scale[0]), 1e6)));
    };
    Bounds bounds = {LowestOf(output), LowestOf(output) + 255};
    if (op.activation != 0) bounds.low = std::clamp(stored(0), bounds.low, bounds.high);
    if (op.activation == 3) bounds.high = std::clamp(stored(6), bounds.low, bounds.high);
    return bounds;
  }

  // From sums to stored values.
  struct Requantizer {
    std::vector<FixedPoint> factors;
    std::vector<int32_t> bias;
    Bounds bounds;
    int32_t zero_point;
    int16_t operator()(int64_t sum, size_t channel) const {
      // Sums of untrusted weights may be larger than TensorFlow Lite's 32 bits.
      const auto clipped = static_cast<int32_t>(std::clamp<int64_t>(sum + (bias.empty() ? 0 : bias[channel]),
                                                                    std::numeric_limits<int32_t>::min(),
                                                                    std::numeric_limits<int32_t>::max()));
      const int64_t value = int64_t{Times(clipped, factors[channel % factors.size()])} + zero_point;
      return static_cast<int16_t>(std::clamp<int64_t>(value, bounds.low, bounds.high));
    }
  };
  Requantizer RequantizerOf(const TfliteOperator& op) const {
    const TfliteTensor &in = In(op, 0), &kernel = In(op, 1), &output = TensorAt(op.output);
    Requantizer requantizer{{}, {}, BoundsOf(op, output), output.zero_point[0]};
    for (const float scale : kernel.scale) {
      requantizer.factors.push_back(ToFixedPoint(static_cast<double>(in.scale[0]) * static_cast<double>(scale) /
                                                 static_cast<double>(output.scale[0])));
    }
    if (op.inputs.size() > 2 && op.inputs[2] >= 0) {
      const TfliteTensor& bias = In(op, 2);
      for (size_t i = 0; i < bias.elements; ++i)
        requantizer.bias.push_back(static_cast<int32_t>(Le32(bias.data, 4 * i)));
    }
    return requantizer;
  }

  void RunOperator(const TfliteOperator& op) {
    Stored output(TensorAt(op.output).elements);
    switch (op.code) {
      case TfliteOp::kConv2D: RunConv(op, output); break;
      case TfliteOp::kDepthwiseConv2D: RunDepthwise(op, output); break;
      case TfliteOp::kFullyConnected: RunDense(op, output); break;
      case TfliteOp::kMaxPool2D:
      case TfliteOp::kAveragePool2D: RunPool(op, output); break;
      case TfliteOp::kAdd: RunAdd(op, output); break;
      case TfliteOp::kQuantize: RunQuantize(op, output); break;
      case TfliteOp::kSoftmax: RunSoftmax(op, output); break;
      case TfliteOp::kReshape:
      case TfliteOp::kMean: output = ValuesAt(op.inputs[0]); break;
    }
    values_[static_cast<size_t>(op.output)] = std::move(output);
  }

  // Calls visit(y, x, tap row, tap column, input row, input column) for each tap of each output that lies on the map.
  template <class Begin, class Visit, class End>
  void ForEachWindow(const TfliteOperator& op, int height, int width, Begin begin, Visit visit, End end) const {
    const nn::Shape in = ExtentOf(In(op, 0)), out = ExtentOf(TensorAt(op.output));
    const auto before = [&](int from, int to, int window, int stride) {
      return op.is_same ? std::max(0, (to - 1) * stride + window - from) / 2 : 0;
    };
    const int top = before(in.height, out.height, height, op.stride_h);
    const int left = before(in.width, out.width, width, op.stride_w);
    for (int y = 0; y < out.height; ++y) {
      for (int x = 0; x < out.width; ++x) {
        begin();
        for (int ky = 0; ky < height; ++ky) {
          for (int kx = 0; kx < width; ++kx) {
            const int iy = y * op.stride_h + ky - top, ix = x * op.stride_w + kx - left;
            if (iy < 0 || ix < 0 || iy >= in.height || ix >= in.width) continue;
            visit(static_cast<size_t>(ky * width + kx),
                  (static_cast<size_t>(iy) * static_cast<size_t>(in.width) + static_cast<size_t>(ix)) *
                      static_cast<size_t>(in.channels));
          }
        }
        end((static_cast<size_t>(y) * static_cast<size_t>(out.width) + static_cast<size_t>(x)) *
            static_cast<size_t>(out.channels));
      }
    }
  }

  void RunConv(const TfliteOperator& op, Stored& output) const {
    const Stored &input = ValuesAt(op.inputs[0]), &kernel = ValuesAt(op.inputs[1]);
    const std::vector<int32_t>& shape = In(op, 1).shape;
    const auto channels = static_cast<size_t>(shape[3]), outputs = static_cast<size_t>(shape[0]);
    const size_t taps = static_cast<size_t>(shape[1]) * static_cast<size_t>(shape[2]);
    const int32_t zero = In(op, 0).zero_point[0];
    const Requantizer requantize = RequantizerOf(op);
    std::vector<int64_t> sums(outputs);
    ForEachWindow(
        op, shape[1], shape[2], [&] { std::ranges::fill(sums, 0); },
        [&](size_t tap, size_t from) {
          for (size_t o = 0; o < outputs; ++o) {
            const int16_t* weights = &kernel[(o * taps + tap) * channels];
            int32_t sum = 0;
            for (size_t c = 0; c < channels; ++c) sum += (input[from + c] - zero) * weights[c];
            sums[o] += sum;
          }
        },
        [&](size_t to) {
          for (size_t o = 0; o < outputs; ++o) output[to + o] = requantize(sums[o], o);
        });
  }

  void RunDepthwise(const TfliteOperator& op, Stored& output) const {
    const Stored &input = ValuesAt(op.inputs[0]), &kernel = ValuesAt(op.inputs[1]);
    const std::vector<int32_t>& shape = In(op, 1).shape;
    const auto channels = static_cast<size_t>(shape[3]);
    const int32_t zero = In(op, 0).zero_point[0];
    const Requantizer requantize = RequantizerOf(op);
    std::vector<int32_t> sums(channels);
    ForEachWindow(
        op, shape[1], shape[2], [&] { std::ranges::fill(sums, 0); },
        [&](size_t tap, size_t from) {
          for (size_t c = 0; c < channels; ++c) sums[c] += (input[from + c] - zero) * kernel[tap * channels + c];
        },
        [&](size_t to) {
          for (size_t c = 0; c < channels; ++c) output[to + c] = requantize(sums[c], c);
        });
  }

  void RunDense(const TfliteOperator& op, Stored& output) const {
    const Stored &input = ValuesAt(op.inputs[0]), &kernel = ValuesAt(op.inputs[1]);
    const int32_t zero = In(op, 0).zero_point[0];
    const Requantizer requantize = RequantizerOf(op);
    for (size_t o = 0; o < output.size(); ++o) {
      int64_t sum = 0;
      for (size_t i = 0; i < input.size(); ++i) sum += (input[i] - zero) * kernel[o * input.size() + i];
      output[o] = requantize(sum, o);
    }
  }

  void RunPool(const TfliteOperator& op, Stored& output) const {
    const Stored& input = ValuesAt(op.inputs[0]);
    const auto channels = static_cast<size_t>(In(op, 0).shape[3]);
    const bool averages = op.code == TfliteOp::kAveragePool2D;
    const Bounds bounds = BoundsOf(op, TensorAt(op.output));
    std::vector<int32_t> values(channels);
    int32_t count = 0;
    ForEachWindow(
        op, op.filter_h, op.filter_w,
        [&] {
          std::ranges::fill(values, averages ? 0 : LowestOf(In(op, 0)));
          count = 0;
        },
        [&](size_t, size_t from) {
          ++count;
          for (size_t c = 0; c < channels; ++c)
            values[c] = averages ? values[c] + input[from + c] : std::max<int32_t>(values[c], input[from + c]);
        },
        [&](size_t to) {
          for (size_t c = 0; c < channels; ++c) {
            int32_t value = values[c];
            if (averages) value = (value > 0 ? value + count / 2 : value - count / 2) / std::max(count, 1);
            output[to + c] = static_cast<int16_t>(std::clamp(value, bounds.low, bounds.high));
          }
        });
  }

  void RunAdd(const TfliteOperator& op, Stored& output) const {
    constexpr int kLeftShift = 20;
    const TfliteTensor &a = In(op, 0), &b = In(op, 1), &sum = TensorAt(op.output);
    const Stored &as = ValuesAt(op.inputs[0]), &bs = ValuesAt(op.inputs[1]);
    const double twice = 2 * std::max(static_cast<double>(a.scale[0]), static_cast<double>(b.scale[0]));
    const FixedPoint of_a = ToFixedPoint(static_cast<double>(a.scale[0]) / twice);
    const FixedPoint of_b = ToFixedPoint(static_cast<double>(b.scale[0]) / twice);
    const FixedPoint of_sum = ToFixedPoint(twice / ((1 << kLeftShift) * static_cast<double>(sum.scale[0])));
    const Bounds bounds = BoundsOf(op, sum);
    for (size_t i = 0; i < output.size(); ++i) {
      const int32_t scaled = Times((as[i] - a.zero_point[0]) * (1 << kLeftShift), of_a) +
                             Times((bs[i] - b.zero_point[0]) * (1 << kLeftShift), of_b);
      const int64_t value = int64_t{Times(scaled, of_sum)} + sum.zero_point[0];
      output[i] = static_cast<int16_t>(std::clamp<int64_t>(value, bounds.low, bounds.high));
    }
  }

  void RunQuantize(const TfliteOperator& op, Stored& output) const {
    const TfliteTensor &from = In(op, 0), &to = TensorAt(op.output);
    const Stored& input = ValuesAt(op.inputs[0]);
    const FixedPoint factor = ToFixedPoint(static_cast<double>(from.scale[0]) / static_cast<double>(to.scale[0]));
    const Bounds bounds = BoundsOf({}, to);
    for (size_t i = 0; i < output.size(); ++i) {
      const int64_t value = int64_t{Times(input[i] - from.zero_point[0], factor)} + to.zero_point[0];
      output[i] = static_cast<int16_t>(std::clamp<int64_t>(value, bounds.low, bounds.high));
    }
  }

  void RunSoftmax(const TfliteOperator& op, Stored& output) const {
    const TfliteTensor &from = In(op, 0), &to = TensorAt(op.output);
    const Stored& input = ValuesAt(op.inputs[0]);
    const int16_t largest = *std::ranges::max_element(input);
    std::vector<double> powers;
    double sum = 0;
    for (const int16_t stored : input) {
      powers.push_back(
          std::exp((stored - largest) * static_cast<double>(from.scale[0]) * static_cast<double>(op.beta)));
      sum += powers.back();
    }
    const Bounds bounds = BoundsOf({}, to);
    for (size_t i = 0; i < output.size(); ++i) {
      const double stored =
          std::round(std::min(powers[i] / sum / static_cast<double>(to.scale[0]), 1e6)) + to.zero_point[0];
      output[i] =
          static_cast<int16_t>(std::clamp(stored, static_cast<double>(bounds.low), static_cast<double>(bounds.high)));
    }
  }

  const TfliteFile& file_;
  std::vector<Stored> values_;  // by tensor
};

}  // namespace

Result<std::vector<std::vector<float>>> RunIntegers(const TfliteFile& file,
                                                    std::span<const image::Image* const> squares) {
  HANDFUL_TRY(CheckIntegers(file));
  Runner runner(file);
  std::vector<std::vector<float>> answers;
  for (const image::Image* square : squares) {
    Result<std::vector<float>> answer = runner.Run(*square);
    if (!answer.ok()) return answer.status();
    answers.push_back(*std::move(answer));
  }
  return answers;
}

}  // namespace handful::importers
