#include "train/head.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/rng.h"
#include "train/layers.h"

namespace handful::train {
namespace {

// Independent streams of one seed.
enum Stream : uint64_t { kInitialisation = 2, kOrder = 3, kDropout = 4 };
constexpr double kInnerValidation = 0.2;  // for early stopping
constexpr size_t kEvaluationBatch = 64;

// A parameter tensor with its gradient and moments.
struct Parameter {
  explicit Parameter(size_t size) : value(size), gradient(size), moments(size) {}
  std::vector<float> value, gradient;
  AdamMoments moments;
};

// Glorot & Bengio 2010: uniform in ±√(6/(fan_in + fan_out)). kernel (in, out).
void GlorotUniform(size_t in, size_t out, Rng& rng, std::vector<float>& kernel) {
  const auto limit = static_cast<float>(std::sqrt(6.0 / static_cast<double>(in + out)));
  for (float& w : kernel) w = rng.Uniform(-limit, limit);
}

class HeadSession final : public Session {
 public:
  HeadSession(const Dataset& data, const Split& split, const HeadSettings& settings)
      : data_(data),
        settings_(settings),
        training_(split.training),
        validation_(split.validation),
        inputs_(data.dim),
        hidden_(static_cast<size_t>(settings.hidden)),
        classes_(data.classes.size()),
        order_rng_(settings.seed, kOrder),
        dropout_rng_(settings.seed, kDropout),
        hidden_kernel_(inputs_ * hidden_),
        hidden_bias_(hidden_),
        output_kernel_(hidden_ * classes_),
        output_bias_(classes_) {
    if (settings.patience > 0) {
      Split inner = RandomSplit(data, training_, kInnerValidation, settings.seed);
      training_ = std::move(inner.training);
      watched_ = std::move(inner.validation);
    }
    Rng rng(settings.seed, kInitialisation);
    GlorotUniform(inputs_, hidden_, rng, hidden_kernel_.value);
    GlorotUniform(hidden_, classes_, rng, output_kernel_.value);
    // An item of the order: the sample's index, plus the number of all samples for each augmented copy further.
    order_ = training_;
    for (const int i : training_) {
      for (size_t c = 1; c <= data_.copies_of(static_cast<size_t>(i)); ++c) order_.push_back(i + static_cast<int>(c * data_.size()));
    }
  }

  bool done() const override { return done_; }

  Result<std::optional<EpochMetrics>> Step() override {
    if (done_) return std::optional<EpochMetrics>();
    if (position_ == 0) order_rng_.Shuffle<int>(order_);
    const size_t batch = std::min(static_cast<size_t>(settings_.batch), order_.size() - position_);
    const std::span<const int> rows = std::span<const int>(order_).subspan(position_, batch);
    const BatchLoss loss = TrainOn(rows);
    if (!std::isfinite(loss.loss)) {
      return Errorf("the loss is no longer a number in epoch %d: try a smaller learning rate than %g", epoch_ + 1,
                    settings_.adam.learning_rate);
    }
    epoch_loss_.loss += loss.loss;
    epoch_loss_.correct += loss.correct;
    position_ += batch;
    if (position_ < order_.size()) return std::optional<EpochMetrics>();
    return std::optional<EpochMetrics>(EndEpoch());
  }

  Metrics EvaluateTraining() override { return Evaluate(training_); }

  nn::TensorFile Weights() const override {
    const auto in = static_cast<int64_t>(inputs_);
    const auto hidden = static_cast<int64_t>(hidden_);
    const auto classes = static_cast<int64_t>(classes_);
    return {{{"hidden/kernel", {in, hidden}, hidden_kernel_.value},
             {"hidden/bias", {hidden}, hidden_bias_.value},
             {"output/kernel", {hidden, classes}, output_kernel_.value},
             {"output/bias", {classes}, output_bias_.value}},
            {}};
  }

 private:
  // batch_ (B, I): the items' features; labels_ (B).
  void Gather(std::span<const int> items) {
    batch_.resize(items.size() * inputs_);
    labels_.clear();
    for (size_t b = 0; b < items.size(); ++b) {
      const size_t row = static_cast<size_t>(items[b]) % data_.size();
      const size_t copy = static_cast<size_t>(items[b]) / data_.size();
      const std::span<const float> features = copy == 0 ? data_.row(row) : data_.copy(row, copy - 1);
      std::copy(features.begin(), features.end(), batch_.begin() + static_cast<ptrdiff_t>(b * inputs_));
      labels_.push_back(data_.labels[row]);
    }
    activations_.resize(items.size() * hidden_);
    logits_.resize(items.size() * classes_);
  }

  BatchLoss TrainOn(std::span<const int> rows) {
    const size_t n = rows.size();
    Gather(rows);
    // forward
    DenseForward(n, batch_, hidden_kernel_.value, hidden_bias_.value, activations_);
    ReluForward(activations_);
    mask_.resize(activations_.size());
    if (settings_.dropout > 0) DropoutForward(settings_.dropout, dropout_rng_, mask_, activations_);
    DenseForward(n, activations_, output_kernel_.value, output_bias_.value, logits_);
    const BatchLoss loss = SoftmaxCrossEntropy(logits_, labels_, /*backward=*/true);
    // backward
    d_activations_.resize(activations_.size());
    DenseBackward(n, activations_, output_kernel_.value, logits_, output_kernel_.gradient, output_bias_.gradient, d_activations_);
    if (settings_.dropout > 0) DropoutBackward(mask_, d_activations_);
    ReluBackward(activations_, d_activations_);  // 0 where dropped, too: its gradient is 0 already
    DenseBackward(n, batch_, hidden_kernel_.value, d_activations_, hidden_kernel_.gradient, hidden_bias_.gradient, {});
    // update
    ++step_;
    for (Parameter* p : {&hidden_kernel_, &hidden_bias_, &output_kernel_, &output_bias_}) {
      p->moments.Update(settings_.adam, step_, p->gradient, p->value);
    }
    return loss;
  }

  EpochMetrics EndEpoch() {
    const double n = static_cast<double>(order_.size());
    EpochMetrics metrics{++epoch_, {epoch_loss_.loss / n, epoch_loss_.correct / n}, {}};
    epoch_loss_ = {};
    position_ = 0;
    done_ = epoch_ >= settings_.epochs;
    if (!watched_.empty()) WatchForStop();
    if (!validation_.empty()) metrics.validation = Evaluate(validation_);
    return metrics;
  }

  // Early stopping: the weights of the best epoch are taken back when patience ends, or with the last epoch.
  void WatchForStop() {
    const double loss = Evaluate(watched_).loss;
    if (loss < best_loss_) {
      best_loss_ = loss;
      best_epoch_ = epoch_;
      best_ = {hidden_kernel_.value, hidden_bias_.value, output_kernel_.value, output_bias_.value};
    }
    done_ = done_ || epoch_ - best_epoch_ >= settings_.patience;
    if (!done_ || best_.empty()) return;
    hidden_kernel_.value = best_[0];
    hidden_bias_.value = best_[1];
    output_kernel_.value = best_[2];
    output_bias_.value = best_[3];
  }

  Metrics Evaluate(const std::vector<int>& rows) {
    BatchLoss total;
    for (size_t begin = 0; begin < rows.size(); begin += kEvaluationBatch) {
      const size_t n = std::min(kEvaluationBatch, rows.size() - begin);
      Gather(std::span<const int>(rows).subspan(begin, n));
      DenseForward(n, batch_, hidden_kernel_.value, hidden_bias_.value, activations_);
      ReluForward(activations_);
      DenseForward(n, activations_, output_kernel_.value, output_bias_.value, logits_);
      const BatchLoss loss = SoftmaxCrossEntropy(logits_, labels_, /*backward=*/false);
      total.loss += loss.loss;
      total.correct += loss.correct;
    }
    const double n = static_cast<double>(std::max<size_t>(1, rows.size()));
    return {total.loss / n, total.correct / n};
  }

  const Dataset data_;  // own copy: the caller's may change meanwhile
  const HeadSettings settings_;
  std::vector<int> training_, validation_;
  std::vector<int> watched_;  // the inner part early stopping looks at
  const size_t inputs_, hidden_, classes_;
  Rng order_rng_, dropout_rng_;
  Parameter hidden_kernel_, hidden_bias_, output_kernel_, output_bias_;

  std::vector<int> order_;
  size_t position_ = 0;
  int epoch_ = 0;
  int64_t step_ = 0;
  bool done_ = false;
  BatchLoss epoch_loss_;

  double best_loss_ = std::numeric_limits<double>::infinity();
  int best_epoch_ = 0;
  std::vector<std::vector<float>> best_;

  // of the present mini-batch
  std::vector<float> batch_, activations_, mask_, logits_, d_activations_;
  std::vector<int> labels_;
};

Status CheckSettings(const HeadSettings& s) {
  if (s.epochs < 1 || s.epochs > 100'000) return Errorf("epochs is %d, outside 1 … 100000", s.epochs);
  if (s.batch < 1 || s.batch > 4096) return Errorf("batch is %d, outside 1 … 4096", s.batch);
  if (s.hidden < 1 || s.hidden > 4096) return Errorf("hidden is %d, outside 1 … 4096", s.hidden);
  if (!(s.dropout >= 0 && s.dropout < 1)) return Errorf("dropout is %g, outside 0 … 1", s.dropout);
  if (!(s.adam.learning_rate > 0 && s.adam.learning_rate <= 10)) {
    return Errorf("the learning rate is %g, outside 0 … 10", s.adam.learning_rate);
  }
  if (s.patience < 0) return Errorf("patience is %d, less than 0", s.patience);
  return {};
}

}  // namespace

Result<std::unique_ptr<Session>> StartHeadTraining(const Dataset& data, const Split& split, const HeadSettings& settings) {
  HANDFUL_TRY(CheckSettings(settings));
  std::vector<int> per_class(data.classes.size(), 0);
  for (const int i : split.training) ++per_class[static_cast<size_t>(data.labels[static_cast<size_t>(i)])];
  if (per_class.size() < 2) return Errorf("training needs at least 2 classes, but there is %zu", per_class.size());
  for (size_t c = 0; c < per_class.size(); ++c) {
    if (per_class[c] == 0) return Errorf("class \"%s\" has no picture to learn from", data.classes[c].c_str());
  }
  for (size_t i = 0; i < data.size(); ++i) {
    for (size_t d = 0; d < data.dim; ++d) {
      if (!std::isfinite(data.rows[i][d])) return Errorf("feature %zu of sample %zu is not a number", d, i);
    }
    for (size_t d = 0; d < data.copies_of(i) * data.dim; ++d) {
      if (!std::isfinite(data.copies[i][d])) return Errorf("feature %zu of an augmented copy of sample %zu is not a number", d % data.dim, i);
    }
  }
  return std::unique_ptr<Session>(new HeadSession(data, split, settings));
}

}  // namespace handful::train
