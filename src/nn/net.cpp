#include "nn/net.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include <xnnpack.h>

namespace handful::nn {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr size_t kArenaAlignment = 16;                         // floats: one cache line
constexpr size_t kArenaGap = XNN_EXTRA_BYTES / sizeof(float);  // kernels read past a tensor's end

struct Range {
  float low, high;
};
Range RangeOf(Activation activation) {
  switch (activation) {
    case Activation::kRelu: return {0.0F, kInfinity};
    case Activation::kRelu6: return {0.0F, 6.0F};
    case Activation::kNone: break;
  }
  return {-kInfinity, kInfinity};
}

const char* StatusName(xnn_status status) {
  switch (status) {
    case xnn_status_success: return "success";
    case xnn_status_uninitialized: return "uninitialized";
    case xnn_status_invalid_parameter: return "invalid parameter";
    case xnn_status_invalid_state: return "invalid state";
    case xnn_status_unsupported_parameter: return "unsupported parameter";
    case xnn_status_unsupported_hardware: return "unsupported hardware";
    case xnn_status_out_of_memory: return "out of memory";
    default: return "unknown status";
  }
}

Status Check(xnn_status status, const std::string& layer) {
  if (status == xnn_status_success) return {};
  return Errorf("layer \"%s\": XNNPACK says %s", layer.c_str(), StatusName(status));
}

int SameOutput(int in, int stride) { return (in + stride - 1) / stride; }

// out = a + b, n floats.
void AddTensors(const float* a, const float* b, float* out, size_t n) {
  for (size_t i = 0; i < n; ++i) out[i] = a[i] + b[i];
}

// in (H,W,C) → out (C): the mean over H·W.
void MeanOverPixels(const float* in, const Shape& shape, float* out) {
  const auto channels = static_cast<size_t>(shape.channels);
  const size_t pixels = shape.size() / channels;
  std::fill_n(out, channels, 0.0F);
  for (size_t p = 0; p < pixels; ++p) {
    for (size_t c = 0; c < channels; ++c) out[c] += in[p * channels + c];
  }
  const float scale = 1.0F / static_cast<float>(pixels);
  for (size_t c = 0; c < channels; ++c) out[c] *= scale;
}

}  // namespace

void XnnOperatorDeleter::operator()(xnn_operator* op) const { xnn_delete_operator(op); }

// ---- building ------------------------------------------------------------------------------------------------------

NetBuilder::NetBuilder(Shape input) {
  values_.push_back({input});
  net_.input_size_ = input.size();
  status_ = Check(xnn_initialize(nullptr), "initialisation");
}

Value NetBuilder::AddStep(const std::string& name, Net::Step step, Value a, Value b, Shape out) {
  const int index = static_cast<int>(net_.steps_.size());
  step.in = ShapeOf(a);
  values_[static_cast<size_t>(a.index)].last_use = index;
  if (b.index >= 0) values_[static_cast<size_t>(b.index)].last_use = index;
  inputs_.push_back({a.index, b.index});
  values_.push_back({out, index});
  net_.steps_.push_back(std::move(step));
  net_.layers_.push_back({name, out});
  return {index + 1};
}

Value NetBuilder::Conv(const std::string& name, Value in, const ConvSpec& spec, std::span<const float> kernel_ohwi,
                       std::span<const float> bias) {
  if (Failed()) return in;
  const Shape shape = ShapeOf(in);
  const size_t expected =
      static_cast<size_t>(spec.filters) * static_cast<size_t>(spec.kernel * spec.kernel * shape.channels);
  if (kernel_ohwi.size() != expected || bias.size() != static_cast<size_t>(spec.filters)) {
    status_ = Errorf("layer \"%s\": kernel has %zu numbers, expected %zu", name.c_str(), kernel_ohwi.size(), expected);
    return in;
  }
  const auto k = static_cast<uint32_t>(spec.kernel);
  const auto s = static_cast<uint32_t>(spec.stride);
  const auto channels = static_cast<size_t>(shape.channels);
  const auto filters = static_cast<size_t>(spec.filters);
  const auto [low, high] = RangeOf(spec.activation);
  // A 1×1 kernel never pads; without the SAME flag XNNPACK takes its plain GEMM for it.
  const uint32_t flags = k == 1 ? 0 : XNN_FLAG_TENSORFLOW_SAME_PADDING;
  xnn_operator_t op = nullptr;
  status_ = Check(xnn_create_convolution2d_nhwc_f32(0, 0, 0, 0, k, k, s, s, 1, 1, /*groups=*/1, channels, filters,
                                                    channels, filters, kernel_ohwi.data(), bias.data(), low, high,
                                                    flags, nullptr, nullptr, &op),
                  name);
  Net::Step step;
  step.op.reset(op);
  return AddStep(name, std::move(step), in, {-1},
                 {SameOutput(shape.height, spec.stride), SameOutput(shape.width, spec.stride), spec.filters});
}

Value NetBuilder::Depthwise(const std::string& name, Value in, const ConvSpec& spec, std::span<const float> kernel_hwc,
                            std::span<const float> bias) {
  if (Failed()) return in;
  const Shape shape = ShapeOf(in);
  const size_t expected = static_cast<size_t>(spec.kernel * spec.kernel * shape.channels);
  if (kernel_hwc.size() != expected || bias.size() != static_cast<size_t>(shape.channels)) {
    status_ = Errorf("layer \"%s\": kernel has %zu numbers, expected %zu", name.c_str(), kernel_hwc.size(), expected);
    return in;
  }
  const auto k = static_cast<uint32_t>(spec.kernel);
  const auto s = static_cast<uint32_t>(spec.stride);
  const auto channels = static_cast<uint32_t>(shape.channels);
  const auto [low, high] = RangeOf(spec.activation);
  xnn_operator_t op = nullptr;
  status_ = Check(xnn_create_convolution2d_nhwc_f32(0, 0, 0, 0, k, k, s, s, 1, 1, /*groups=*/channels, 1, 1, channels,
                                                    channels, kernel_hwc.data(), bias.data(), low, high,
                                                    XNN_FLAG_TENSORFLOW_SAME_PADDING | XNN_FLAG_DEPTHWISE_CONVOLUTION,
                                                    nullptr, nullptr, &op),
                  name);
  Net::Step step;
  step.op.reset(op);
  return AddStep(name, std::move(step), in, {-1},
                 {SameOutput(shape.height, spec.stride), SameOutput(shape.width, spec.stride), shape.channels});
}

Value NetBuilder::MaxPool(const std::string& name, Value in, int size, int stride) {
  if (Failed()) return in;
  const Shape shape = ShapeOf(in);
  const auto k = static_cast<uint32_t>(size);
  const auto s = static_cast<uint32_t>(stride);
  xnn_operator_t op = nullptr;
  status_ = Check(xnn_create_max_pooling2d_nhwc_f32(0, 0, 0, 0, k, k, s, s, 1, 1, -kInfinity, kInfinity,
                                                    XNN_FLAG_TENSORFLOW_SAME_PADDING, &op),
                  name);
  Net::Step step;
  step.op.reset(op);
  step.kind = Net::Step::Kind::kMaxPool;
  return AddStep(name, std::move(step), in, {-1},
                 {SameOutput(shape.height, stride), SameOutput(shape.width, stride), shape.channels});
}

Value NetBuilder::Add(const std::string& name, Value a, Value b) {
  if (Failed()) return a;
  if (!(ShapeOf(a) == ShapeOf(b))) {
    status_ = Errorf("layer \"%s\": its two inputs differ in shape", name.c_str());
    return a;
  }
  Net::Step step;
  step.kind = Net::Step::Kind::kAdd;
  return AddStep(name, std::move(step), a, b, ShapeOf(a));
}

Value NetBuilder::GlobalMean(const std::string& name, Value in) {
  if (Failed()) return in;
  Net::Step step;
  step.kind = Net::Step::Kind::kGlobalMean;
  return AddStep(name, std::move(step), in, {-1}, {1, 1, ShapeOf(in).channels});
}

Value NetBuilder::Dense(const std::string& name, Value in, int units, Activation activation,
                        std::span<const float> kernel_io, std::span<const float> bias) {
  if (Failed()) return in;
  const size_t inputs = ShapeOf(in).size();
  const auto outputs = static_cast<size_t>(units);
  if (kernel_io.size() != inputs * outputs || (!bias.empty() && bias.size() != outputs)) {
    status_ = Errorf("layer \"%s\": kernel has %zu numbers, expected %zu × %zu", name.c_str(), kernel_io.size(), inputs,
                     outputs);
    return in;
  }
  const auto [low, high] = RangeOf(activation);
  xnn_operator_t op = nullptr;
  status_ = Check(xnn_create_fully_connected_nc_f32(inputs, outputs, inputs, outputs, kernel_io.data(),
                                                    bias.empty() ? nullptr : bias.data(), low, high,
                                                    XNN_FLAG_TRANSPOSE_WEIGHTS, nullptr, nullptr, &op),
                  name);
  Net::Step step;
  step.op.reset(op);
  step.kind = Net::Step::Kind::kDense;
  return AddStep(name, std::move(step), in, {-1}, {1, 1, units});
}

// First fit: a value's place is free again after the last step that reads it, so that a network stays in the cache.
// Kept activations never give theirs back.
std::vector<size_t> NetBuilder::PlanArena(size_t& arena_size) const {
  struct Block {
    size_t begin, end;
    int last_use;
  };
  std::vector<Block> live;  // by begin
  std::vector<size_t> offsets;
  arena_size = 0;
  for (size_t v = 0; v < values_.size(); ++v) {
    const int written_by = static_cast<int>(v) - 1;
    std::erase_if(live, [&](const Block& b) { return b.last_use < written_by; });
    const size_t needed =
        (values_[v].shape.size() + kArenaGap + kArenaAlignment - 1) / kArenaAlignment * kArenaAlignment;
    size_t begin = 0;
    auto place = live.begin();
    for (; place != live.end() && begin + needed > place->begin; ++place) begin = std::max(begin, place->end);
    live.insert(place,
                {begin, begin + needed, keep_activations_ ? std::numeric_limits<int>::max() : values_[v].last_use});
    arena_size = std::max(arena_size, begin + needed);
    offsets.push_back(begin);
  }
  return offsets;
}

Status NetBuilder::Bind(Net::Step& step) {
  const auto height = static_cast<size_t>(step.in.height);
  const auto width = static_cast<size_t>(step.in.width);
  const auto channels = static_cast<size_t>(step.in.channels);
  const std::string& name = net_.layers_[static_cast<size_t>(&step - net_.steps_.data())].name;
  size_t workspace_bytes = 0;
  size_t workspace_alignment = 0;
  size_t out_height = 0;
  size_t out_width = 0;
  switch (step.kind) {
    case Net::Step::Kind::kConv:
      HANDFUL_TRY(Check(xnn_reshape_convolution2d_nhwc_f32(step.op.get(), 1, height, width, &workspace_bytes,
                                                           &workspace_alignment, &out_height, &out_width, nullptr),
                        name));
      return Check(xnn_setup_convolution2d_nhwc_f32(step.op.get(), nullptr, step.a, step.out), name);
    case Net::Step::Kind::kMaxPool:
      HANDFUL_TRY(Check(xnn_reshape_max_pooling2d_nhwc_f32(step.op.get(), 1, height, width, channels, channels,
                                                           channels, &out_height, &out_width, nullptr),
                        name));
      return Check(xnn_setup_max_pooling2d_nhwc_f32(step.op.get(), step.a, step.out), name);
    case Net::Step::Kind::kDense:
      HANDFUL_TRY(Check(xnn_reshape_fully_connected_nc_f32(step.op.get(), 1, nullptr), name));
      return Check(xnn_setup_fully_connected_nc_f32(step.op.get(), step.a, step.out), name);
    case Net::Step::Kind::kAdd:
    case Net::Step::Kind::kGlobalMean: break;
  }
  return {};
}

Result<Net> NetBuilder::Finish(Value output) && {
  if (Failed()) return status_;
  values_[static_cast<size_t>(output.index)].last_use = std::numeric_limits<int>::max();
  if (output.index != static_cast<int>(net_.steps_.size())) return Errorf("the output must be the last layer");
  size_t arena_size = 0;
  net_.offsets_ = PlanArena(arena_size);
  Result<Buffer<float>> arena = Buffer<float>::Zeroed(arena_size);
  if (!arena.ok()) return arena.status();
  net_.arena_ = std::move(*arena);
  net_.keeps_activations_ = keep_activations_;
  for (size_t i = 0; i < net_.steps_.size(); ++i) {
    Net::Step& step = net_.steps_[i];
    step.a = net_.arena_.data() + net_.offsets_[static_cast<size_t>(inputs_[i].a)];
    if (inputs_[i].b >= 0) step.b = net_.arena_.data() + net_.offsets_[static_cast<size_t>(inputs_[i].b)];
    step.out = net_.arena_.data() + net_.offsets_[i + 1];
    HANDFUL_TRY(Bind(step));
  }
  return std::move(net_);
}

// ---- running -------------------------------------------------------------------------------------------------------

std::span<float> Net::input() { return {arena_.data() + offsets_[0], input_size_}; }

std::span<const float> Net::output() const { return {arena_.data() + offsets_.back(), layers_.back().output.size()}; }

Status Net::RunStep(const Step& step) {
  switch (step.kind) {
    case Step::Kind::kAdd: AddTensors(step.a, step.b, step.out, step.in.size()); return {};
    case Step::Kind::kGlobalMean: MeanOverPixels(step.a, step.in, step.out); return {};
    default:
      return Check(xnn_run_operator(step.op.get(), nullptr), layers_[static_cast<size_t>(&step - steps_.data())].name);
  }
}

Status Net::Run() {
  for (const Step& step : steps_) HANDFUL_TRY(RunStep(step));
  return {};
}

Status Net::RunTimed() {
  using Clock = std::chrono::steady_clock;
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Clock::time_point start = Clock::now();
    HANDFUL_TRY(RunStep(steps_[i]));
    layers_[i].ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  }
  return {};
}

Result<std::span<const float>> Net::Activations(const std::string& layer) const {
  if (!keeps_activations_) return Errorf("this network does not keep its activations");
  for (size_t i = 0; i < layers_.size(); ++i) {
    if (layers_[i].name == layer)
      return std::span<const float>(arena_.data() + offsets_[i + 1], layers_[i].output.size());
  }
  return Errorf("no layer is called \"%s\"", layer.c_str());
}

void Softmax(std::span<float> values) {
  const float largest = *std::max_element(values.begin(), values.end());
  float sum = 0;
  for (float& v : values) sum += v = std::exp(v - largest);
  for (float& v : values) v /= sum;
}

}  // namespace handful::nn
