#include "train/cnn.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "base/buffer.h"
#include "nn/finger_cnn.h"
#include "train/layers.h"

namespace handful::train {
namespace {

nn::Graph GraphOf(const CnnSettings& settings, size_t classes) {
  std::vector<int> units = settings.dense;
  units.push_back(static_cast<int>(classes));
  return nn::FingerCnnGraph(settings.size, units);
}

size_t SizeOf(const nn::TensorSpec& spec) {
  return static_cast<size_t>(std::accumulate(spec.shape.begin(), spec.shape.end(), int64_t{1}, std::multiplies<>()));
}

// Its convolutions, each with the pooling that reads it.
std::vector<ConvStageShape> StagesOf(const nn::Graph& graph) {
  const auto size = [](int n) { return static_cast<size_t>(n); };
  const std::vector<nn::Shape> outputs = nn::ShapesOf(graph);
  std::vector<ConvStageShape> stages;
  nn::Shape in = graph.input;
  for (size_t i = 0; i + 1 < outputs.size(); ++i) {
    const nn::Operation &conv = graph.operations[i], &pool = graph.operations[i + 1];
    if (conv.kind != nn::Operation::Kind::kConv) continue;
    stages.push_back({size(in.height), size(in.width), size(in.channels), size(conv.kernel), size(conv.outputs),
                      size(pool.kernel), size(pool.stride)});
    in = outputs[i + 1];
  }
  return stages;
}

class CnnLearner final : public Learner {
 public:
  CnnLearner(PictureSource& pictures, const CnnSettings& settings, size_t classes)
      : pictures_(pictures), settings_(settings), classes_(classes) {
    const nn::Graph graph = GraphOf(settings_, classes_);
    for (const ConvStageShape& shape : StagesOf(graph)) stages_.emplace_back(shape);
    out_.resize(stages_.size());
    features_ = stages_.back().shape().outputs();
    for (const nn::Operation& op : graph.operations) {
      if (op.kind == nn::Operation::Kind::kGemm) units_.push_back(static_cast<size_t>(op.outputs));
    }
    activations_.resize(units_.size() + 1);
    masks_.resize(units_.size());
    Rng rng(settings_.seed, kInitialisation);
    for (nn::TensorSpec& spec : nn::TensorSpecsOf(graph)) {
      const size_t size = SizeOf(spec), outputs = static_cast<size_t>(spec.shape.back());
      parameters_.push_back({std::move(spec.name), std::move(spec.shape), false, AdamParameter(size)});
      Parameter& parameter = parameters_.back();
      gradients_.emplace_back(size);
      if (parameter.shape.size() == 1) continue;  // a bias begins as 0
      const size_t fan_in = size / outputs,
                   taps = fan_in / static_cast<size_t>(parameter.shape[parameter.shape.size() - 2]);
      parameter.numbers.value = GlorotUniform(fan_in, taps * outputs, size, rng);
    }
  }

  const char* kind() const override { return "cnn 1"; }
  Pace pace() const override { return {.learn = kMicroBatch, .evaluate = kMicroBatch, .ahead = 2 * kMicroBatch}; }
  std::span<Parameter> parameters() override { return parameters_; }

  std::vector<Item> ItemsOf(std::span<const int> samples) const override {
    std::vector<Item> items;
    for (int copy = 0; copy <= settings_.copies; ++copy) {
      for (const int sample : samples) items.push_back({sample, copy});
    }
    return items;
  }

  // The items' pixels become input_.
  Result<bool> Fetch(std::span<const Item> items, size_t count, int64_t epoch) override {
    expected_.clear();
    for (const Item& item : items) expected_.push_back(item.sample);
    pictures_.Expect(expected_);
    const std::span<const Item> wanted = items.first(count);
    for (const Item& item : wanted) {
      Result<const image::Image*> found = pictures_.Find(item.sample);
      if (!found.ok()) return found.status();
      if (*found == nullptr) return false;
    }
    const auto side = static_cast<size_t>(settings_.size), floats = side * side * 3;
    input_.resize(count * floats);
    for (size_t b = 0; b < count; ++b)
      HANDFUL_TRY(ToInput(wanted[b], epoch, std::span<float>(input_).subspan(b * floats, floats)));
    return true;
  }

  // The gradient of the mean over the mini-batch, as far as these items go, is added up.
  BatchLoss Learn(const Lesson& lesson) override {
    const size_t n = lesson.labels.size();
    Forward(n, &lesson.dropout);
    std::vector<float>& logits = activations_.back();
    const BatchLoss loss = SoftmaxCrossEntropy(logits, lesson.labels, /*backward=*/false);
    const auto smooth = static_cast<float>(settings_.label_smoothing);
    for (size_t b = 0; b < n; ++b) {
      const auto label = static_cast<size_t>(lesson.labels[b]);
      const float scale =
          (lesson.class_weights.empty() ? 1.0F : lesson.class_weights[label]) / static_cast<float>(lesson.batch);
      for (size_t c = 0; c < classes_; ++c) {
        const float target = smooth / static_cast<float>(classes_) + (c == label ? 1.0F - smooth : 0.0F);
        logits[b * classes_ + c] = (logits[b * classes_ + c] - target) * scale;
      }
    }
    Backward(n);
    return loss;
  }

  void Update(const AdamSettings& adam, int64_t number) override {
    for (size_t s = 0; s < stages_.size(); ++s) stages_[s].TakeGradients(KernelGradient(s), BiasGradient(s));
    const AdamStep step(adam, number);
    const auto keep = static_cast<float>(1 - adam.learning_rate * settings_.weight_decay);
    for (size_t p = 0; p < parameters_.size(); ++p) {
      AdamParameter& numbers = parameters_[p].numbers;
      if (settings_.weight_decay > 0 && parameters_[p].shape.size() > 1) {
        for (float& w : numbers.value) w *= keep;
      }
      numbers.Update(step, gradients_[p]);
      std::fill(gradients_[p].begin(), gradients_[p].end(), 0.0F);
    }
  }

  BatchLoss Evaluate(std::span<const int> labels) override {
    Forward(labels.size(), nullptr);
    return SoftmaxCrossEntropy(activations_.back(), labels, /*backward=*/false);
  }
  std::span<const float> probabilities() const override { return activations_.back(); }

 private:
  const AdamParameter& Kernel(size_t layer) const { return parameters_[2 * layer].numbers; }
  const AdamParameter& Bias(size_t layer) const { return parameters_[2 * layer + 1].numbers; }
  std::vector<float>& KernelGradient(size_t layer) { return gradients_[2 * layer]; }
  std::vector<float>& BiasGradient(size_t layer) { return gradients_[2 * layer + 1]; }

  // A picture that is there, altered if it is a copy, as (size, size, 3) floats.
  Status ToInput(const Item& item, int64_t epoch, std::span<float> floats) {
    Result<const image::Image*> found = pictures_.Find(item.sample);
    if (!found.ok()) return found.status();
    const image::Image* picture = *found;
    image::Image altered, resized;
    if (item.copy > 0) {
      const uint64_t which = static_cast<uint64_t>(item.sample) << 32U | static_cast<uint64_t>(epoch) << 8U |
                             static_cast<uint64_t>(item.copy);
      Rng seeds(settings_.seed, which * 8 + kCopies);
      Result<image::Image> made = image::Augment(*picture, settings_.augment, seeds.Next());
      if (!made.ok()) return made.status();
      altered = std::move(*made);
      picture = &altered;
    }
    if (picture->width != settings_.size) {
      Result<image::Image> made = image::CropAndResize(*picture, image::CropMode::kCenter, settings_.size);
      if (!made.ok()) return made.status();
      resized = std::move(*made);
      picture = &resized;
    }
    image::ToTensor(*picture, image::InputRange::ZeroToOne(), floats);
    return {};
  }

  // input_ to the logits of `n` pictures, which are the last of activations_. `dropout` is null when they are not
  // learned from.
  void Forward(size_t n, Rng* dropout) {
    const size_t pixels = input_.size() / n;
    traces_.resize(n * stages_.size());
    activations_[0].resize(n * features_);
    for (size_t s = 0; s < stages_.size(); ++s) {
      stages_[s].SetWeights(Kernel(s).value, Bias(s).value);
      out_[s].resize(n * stages_[s].shape().outputs());
    }
    for (size_t b = 0; b < n; ++b) {
      std::span<const float> in = std::span<const float>(input_).subspan(b * pixels, pixels);
      for (size_t s = 0; s < stages_.size(); ++s) {
        const size_t outputs = stages_[s].shape().outputs();
        std::vector<float>& to = s + 1 == stages_.size() ? activations_[0] : out_[s];
        const std::span<float> out = std::span<float>(to).subspan(b * outputs, outputs);
        stages_[s].Forward(in, traces_[b * stages_.size() + s], out);
        in = out;
      }
    }
    for (size_t l = 0; l < units_.size(); ++l) {
      const size_t layer = stages_.size() + l;
      activations_[l + 1].resize(n * units_[l]);
      DenseForward(n, activations_[l], Kernel(layer).value, Bias(layer).value, activations_[l + 1]);
      if (l + 1 == units_.size()) break;
      ReluForward(activations_[l + 1]);
      if (dropout == nullptr || settings_.dropout == 0) continue;
      masks_[l].resize(activations_[l + 1].size());
      DropoutMask(settings_.dropout, *dropout, masks_[l]);
      ApplyMask(masks_[l], activations_[l + 1]);
    }
  }

  void Backward(size_t n) {
    d_out_ = activations_.back();
    for (size_t l = units_.size(); l-- > 0;) {
      const size_t layer = stages_.size() + l;
      d_in_.resize(activations_[l].size());
      DenseBackward(n, activations_[l], Kernel(layer).value, d_out_, KernelGradient(layer), BiasGradient(layer), d_in_,
                    /*accumulate=*/true);
      if (l > 0 && settings_.dropout > 0) ApplyMask(masks_[l - 1], d_in_);
      if (l > 0) ReluBackward(activations_[l], d_in_);
      d_out_.swap(d_in_);
    }
    for (size_t b = 0; b < n; ++b) {
      std::span<float> gradient = std::span<float>(d_out_).subspan(b * features_, features_);
      for (size_t s = stages_.size(); s-- > 0;) {
        const size_t outputs = stages_[s].shape().outputs();
        const std::vector<float>& out = s + 1 == stages_.size() ? activations_[0] : out_[s];
        std::vector<float>& below = s % 2 == 0 ? d_even_ : d_odd_;
        below.resize(s == 0 ? 0 : stages_[s].shape().inputs());
        stages_[s].Backward(traces_[b * stages_.size() + s], std::span<const float>(out).subspan(b * outputs, outputs),
                            gradient, below);
        gradient = below;
      }
    }
  }

  PictureSource& pictures_;
  const CnnSettings settings_;
  const size_t classes_;

  std::vector<ConvStage> stages_;
  std::vector<size_t> units_;                  // of the dense layers
  std::vector<Parameter> parameters_;          // kernel and bias of each layer, stages first
  std::vector<std::vector<float>> gradients_;  // theirs
  size_t features_ = 0;                        // numbers after the last stage

  // of the items fetched last
  std::vector<int> expected_;
  std::vector<float> input_;                     // (n, size, size, 3)
  std::vector<ConvStageTrace> traces_;           // (n, stages)
  std::vector<std::vector<float>> out_;          // a stage: (n, outputs); the last one's are activations_[0]
  std::vector<std::vector<float>> activations_;  // inputs of the dense layers, then the logits
  std::vector<std::vector<float>> masks_;
  std::vector<float> d_out_, d_in_, d_even_, d_odd_;
};

Status CheckCnnSettings(const CnnSettings& s) {
  HANDFUL_TRY(CheckSettings(s));
  if (s.size < 16 || s.size > 512) return Errorf("size is %d, outside 16 … 512", s.size);
  if (s.dense.size() > 8) return Errorf("dense names %zu layers, more than 8", s.dense.size());
  for (const int units : s.dense) {
    if (units < 1 || units > 4096) return Errorf("dense has a layer of %d units, outside 1 … 4096", units);
  }
  if (!(s.dropout >= 0 && s.dropout < 1)) return Errorf("dropout is %g, outside 0 … 1", s.dropout);
  if (!(s.weight_decay >= 0 && s.weight_decay * s.adam.learning_rate < 1))
    return Errorf("the weight decay is %g, outside 0 … %g", s.weight_decay, 1 / s.adam.learning_rate);
  if (!(s.label_smoothing >= 0 && s.label_smoothing < 1))
    return Errorf("the label smoothing is %g, outside 0 … 1", s.label_smoothing);
  if (s.copies < 0 || s.copies > 100) return Errorf("copies is %d, outside 0 … 100", s.copies);
  return {};
}

Result<std::unique_ptr<Session>> Begin(const Dataset& data, PictureSource& pictures, const Split& split,
                                       const CnnSettings& settings, const nn::TensorFile* state) {
  HANDFUL_TRY(CheckCnnSettings(settings));
  HANDFUL_TRY(CheckClasses(data, split));
  // What follows is made of vectors, which cannot say no: so ask once for all of it.
  const uint64_t bytes = CnnTrainingBytes(settings, data.classes.size());
  if (bytes > SIZE_MAX / 2 || !Buffer<uint8_t>::Zeroed(static_cast<size_t>(bytes)).ok()) {
    const int smaller = settings.size > 128 ? 128 : settings.size / 2;
    return Errorf(
        "training needs %.0f MB of memory, which are not to be had: try pictures of %d × %d pixels (\"size\"), or "
        "fewer dense units",
        static_cast<double>(bytes) / 1e6, smaller, smaller);
  }
  return Session::Begin(data, split, settings, std::make_unique<CnnLearner>(pictures, settings, data.classes.size()),
                        state);
}

}  // namespace

std::vector<ConvStageShape> CnnStageShapes(int size) { return StagesOf(nn::FingerCnnGraph(size, {})); }

uint64_t CnnTrainingBytes(const CnnSettings& settings, size_t classes) {
  const nn::Graph graph = GraphOf(settings, classes);
  uint64_t parameters = 0, picture = 0;
  for (const ConvStageShape& s : StagesOf(graph)) picture += s.inputs() + s.padded() + 3 * s.outputs();
  for (const nn::TensorSpec& spec : nn::TensorSpecsOf(graph)) parameters += SizeOf(spec);
  const uint64_t convolution = 2 * static_cast<uint64_t>(settings.size) * static_cast<uint64_t>(settings.size) * 8;
  const uint64_t copies = settings.patience > 0 ? 5 : 4;  // value, two moments, gradient, the best epoch's
  return sizeof(float) * (parameters * copies + kMicroBatch * picture + convolution);
}

Result<std::unique_ptr<Session>> StartCnnTraining(const Dataset& data, PictureSource& pictures, const Split& split,
                                                  const CnnSettings& settings) {
  return Begin(data, pictures, split, settings, nullptr);
}

Result<std::unique_ptr<Session>> ResumeCnnTraining(const Dataset& data, PictureSource& pictures, const Split& split,
                                                   const CnnSettings& settings, const nn::TensorFile& state) {
  return Begin(data, pictures, split, settings, &state);
}

}  // namespace handful::train
