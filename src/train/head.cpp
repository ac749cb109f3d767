#include "train/head.h"

#include <cmath>

#include "train/layers.h"
#include "train/wide_dense.h"

namespace handful::train {
namespace {

// B items a batch, I inputs, H hidden units, C classes.
class HeadLearner final : public Learner {
 public:
  HeadLearner(const Dataset& data, const HeadSettings& settings)
      : data_(data),
        dropout_(settings.dropout),
        inputs_(data.dim),
        hidden_(static_cast<size_t>(settings.hidden)),
        classes_(data.classes.size()) {
    const auto in = static_cast<int64_t>(inputs_), hidden = static_cast<int64_t>(hidden_),
               classes = static_cast<int64_t>(classes_);
    parameters_ = {{"hidden/kernel", {in, hidden}, true, AdamParameter(hidden_ * PaddedInputs(inputs_))},
                   {"hidden/bias", {hidden}, false, AdamParameter(hidden_)},
                   {"output/kernel", {hidden, classes}, false, AdamParameter(hidden_ * classes_)},
                   {"output/bias", {classes}, false, AdamParameter(classes_)}};
    Rng rng(settings.seed, kInitialisation);
    hidden_kernel().value = ToUnitRows(GlorotUniform(inputs_, hidden_, inputs_ * hidden_, rng), hidden_);
    output_kernel().value = GlorotUniform(hidden_, classes_, hidden_ * classes_, rng);
  }

  const char* kind() const override { return "head 1"; }
  Pace pace() const override { return {.learn = SIZE_MAX, .evaluate = 32, .is_quick = true}; }
  std::span<Parameter> parameters() override { return parameters_; }

  std::vector<Item> ItemsOf(std::span<const int> samples) const override {
    std::vector<Item> items;
    for (const int sample : samples) items.push_back({sample, 0});
    for (const int sample : samples) {
      for (size_t c = 1; c <= data_.copies_of(static_cast<size_t>(sample)); ++c)
        items.push_back({sample, static_cast<int>(c)});
    }
    return items;
  }

  Result<bool> Fetch(std::span<const Item> items, size_t count, int64_t) override {
    rows_.clear();
    for (const Item& item : items.first(count)) {
      const auto row = static_cast<size_t>(item.sample);
      rows_.push_back(item.copy == 0 ? data_.row(row) : data_.copy(row, static_cast<size_t>(item.copy) - 1));
    }
    batch_.Assign(rows_);
    activations_.resize(count * hidden_);
    logits_.resize(count * classes_);
    return true;
  }

  BatchLoss Learn(const Lesson& lesson) override {
    const size_t n = rows_.size();
    // forward
    if (dropout_ > 0) {
      mask_.resize(activations_.size());
      DropoutMask(dropout_, lesson.dropout, mask_);
    }
    WideDenseForward(batch_, hidden_kernel().value, hidden_bias().value, mask_, activations_);
    ReluForward(activations_);
    if (dropout_ > 0) ApplyMask(mask_, activations_);
    DenseForward(n, activations_, output_kernel().value, output_bias().value, logits_);
    const BatchLoss loss = SoftmaxCrossEntropy(logits_, lesson.labels, /*backward=*/true);
    for (size_t b = 0; b < n && !lesson.class_weights.empty(); ++b) {
      for (size_t c = 0; c < classes_; ++c)
        logits_[b * classes_ + c] *= lesson.class_weights[static_cast<size_t>(lesson.labels[b])];
    }
    // backward; the wide kernel's gradient is only ever in registers (train/wide_dense.h)
    d_activations_.resize(activations_.size());
    d_output_kernel_.resize(hidden_ * classes_);
    d_output_bias_.resize(classes_);
    DenseBackward(n, activations_, output_kernel().value, logits_, d_output_kernel_, d_output_bias_, d_activations_);
    if (dropout_ > 0) ApplyMask(mask_, d_activations_);
    ReluBackward(activations_, d_activations_);  // 0 where dropped, too: its gradient is 0 already
    d_hidden_bias_.assign(hidden_, 0.0F);
    for (size_t i = 0; i < d_activations_.size(); ++i) d_hidden_bias_[i % hidden_] += d_activations_[i];
    return loss;
  }

  void Update(const AdamSettings& adam, int64_t number) override {
    const AdamStep step(adam, number);
    WideDenseUpdate(batch_, d_activations_, step, hidden_kernel());
    hidden_bias().Update(step, d_hidden_bias_);
    output_kernel().Update(step, d_output_kernel_);
    output_bias().Update(step, d_output_bias_);
  }

  BatchLoss Evaluate(std::span<const int> labels) override {
    WideDenseForward(batch_, hidden_kernel().value, hidden_bias().value, {}, activations_);
    ReluForward(activations_);
    DenseForward(rows_.size(), activations_, output_kernel().value, output_bias().value, logits_);
    return SoftmaxCrossEntropy(logits_, labels, /*backward=*/false);
  }
  std::span<const float> probabilities() const override { return logits_; }

 private:
  AdamParameter& hidden_kernel() { return parameters_[0].numbers; }
  AdamParameter& hidden_bias() { return parameters_[1].numbers; }
  AdamParameter& output_kernel() { return parameters_[2].numbers; }
  AdamParameter& output_bias() { return parameters_[3].numbers; }

  const Dataset data_;  // own copy: the caller's may change meanwhile
  const double dropout_;
  const size_t inputs_, hidden_, classes_;
  std::vector<Parameter> parameters_;

  // of the items fetched last
  std::vector<std::span<const float>> rows_;
  InputBatch batch_;                                       // (B,I)
  std::vector<float> activations_, mask_, d_activations_;  // (B,H)
  std::vector<float> logits_;                              // (B,C); then their gradients, or probabilities
  std::vector<float> d_hidden_bias_, d_output_kernel_, d_output_bias_;
};

Status CheckData(const Dataset& data, const Split& split) {
  HANDFUL_TRY(CheckClasses(data, split));
  for (size_t i = 0; i < data.size(); ++i) {
    for (size_t d = 0; d < data.dim; ++d) {
      if (!std::isfinite(data.rows[i][d])) return Errorf("feature %zu of sample %zu is not a number", d, i);
    }
    for (size_t d = 0; d < data.copies_of(i) * data.dim; ++d) {
      if (!std::isfinite(data.copies[i][d]))
        return Errorf("feature %zu of an augmented copy of sample %zu is not a number", d % data.dim, i);
    }
  }
  return {};
}

Result<std::unique_ptr<Session>> Begin(const Dataset& data, const Split& split, const HeadSettings& settings,
                                       const nn::TensorFile* state) {
  HANDFUL_TRY(CheckSettings(settings));
  if (settings.hidden < 1 || settings.hidden > 4096) return Errorf("hidden is %d, outside 1 … 4096", settings.hidden);
  if (!(settings.dropout >= 0 && settings.dropout < 1)) return Errorf("dropout is %g, outside 0 … 1", settings.dropout);
  HANDFUL_TRY(CheckData(data, split));
  return Session::Begin(data, split, settings, std::make_unique<HeadLearner>(data, settings), state);
}

}  // namespace

Result<std::unique_ptr<Session>> StartHeadTraining(const Dataset& data, const Split& split,
                                                   const HeadSettings& settings) {
  return Begin(data, split, settings, nullptr);
}

Result<std::unique_ptr<Session>> ResumeHeadTraining(const Dataset& data, const Split& split,
                                                    const HeadSettings& settings, const nn::TensorFile& state) {
  return Begin(data, split, settings, &state);
}

}  // namespace handful::train
