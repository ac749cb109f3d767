#include "train/head.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/rng.h"
#include "train/session_state.h"
#include "train/layers.h"
#include "train/wide_dense.h"

namespace handful::train {
namespace {

// Independent streams of one seed.
enum Stream : uint64_t { kInitialisation = 2, kOrder = 3, kDropout = 4 };
constexpr double kInnerValidation = 0.2;  // for early stopping
constexpr size_t kEvaluationBatch = 32;

constexpr char kKind[] = "head 1";  // of a saved state
constexpr char kOrderName[] = "order";
constexpr char kBestPrefix[] = "best/";

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
        hidden_kernel_(hidden_ * PaddedInputs(inputs_)),
        hidden_bias_(hidden_),
        output_kernel_(hidden_ * classes_),
        output_bias_(classes_) {
    if (settings.patience > 0) {
      Split inner = RandomSplit(data, training_, kInnerValidation, settings.seed);
      training_ = std::move(inner.training);
      watched_ = std::move(inner.validation);
    }
    Rng rng(settings.seed, kInitialisation);
    hidden_kernel_.value = ToUnitRows(GlorotUniform(inputs_, hidden_, inputs_ * hidden_, rng), hidden_);
    output_kernel_.value = GlorotUniform(hidden_, classes_, hidden_ * classes_, rng);
    // An item of the order: the sample's index, plus the number of all samples for each augmented copy further.
    order_ = training_;
    for (const int i : training_) {
      for (size_t c = 1; c <= data_.copies_of(static_cast<size_t>(i)); ++c) order_.push_back(i + static_cast<int>(c * data_.size()));
    }
    if (settings.class_weights) {
      class_weights_.assign(classes_, 0);
      for (const int item : order_) class_weights_[LabelOf(item)] += 1;
      for (float& w : class_weights_) w = static_cast<float>(order_.size()) / (static_cast<float>(classes_) * w);
    }
  }

  Status Restore(const nn::TensorFile& state) {
    Result<SessionState> progress = SessionStateFrom(state.metadata, kKind);
    if (!progress.ok()) return progress.status();
    for (const Tensor& tensor : Tensors()) {
      for (const auto& [suffix, part] : kParts) HANDFUL_TRY(Read(state, tensor.name + suffix, tensor, tensor.parameter->*part));
    }
    best_.clear();
    if (state.Find(std::string(kBestPrefix) + Tensors()[0].name) != nullptr) {
      for (const Tensor& tensor : Tensors()) {
        best_.emplace_back(tensor.parameter->value.size());
        HANDFUL_TRY(Read(state, kBestPrefix + tensor.name, tensor, best_.back()));
      }
    }
    HANDFUL_TRY(ReadOrder(state));
    if (static_cast<size_t>(progress->position) >= order_.size()) {
      return Errorf("the saved training stands at sample %lld of %zu", static_cast<long long>(progress->position), order_.size());
    }
    at_ = *progress;
    order_rng_.set_state(at_.order_rng);
    dropout_rng_.set_state(at_.dropout_rng);
    if (PatienceIsOver()) at_.best_epoch = at_.epoch;
    done_ = at_.epoch >= settings_.epochs && at_.position == 0;
    if (done_) SwapBest();
    return {};
  }

  bool done() const override { return done_; }

  Progress progress() const override {
    const auto batch = static_cast<int64_t>(settings_.batch);
    const auto batches = [&](int64_t items) { return (items + batch - 1) / batch; };
    const int64_t per_epoch = batches(static_cast<int64_t>(order_.size()));
    return {at_.epoch * per_epoch + batches(at_.position), settings_.epochs * per_epoch};
  }

  Result<std::optional<EpochMetrics>> Step() override {
    if (done_) return std::optional<EpochMetrics>();
    if (at_.position == 0) order_rng_.Shuffle<int>(order_);
    const auto position = static_cast<size_t>(at_.position);
    const size_t batch = std::min(static_cast<size_t>(settings_.batch), order_.size() - position);
    const BatchLoss loss = TrainOn(std::span<const int>(order_).subspan(position, batch));
    if (!std::isfinite(loss.loss)) return Diverged();
    at_.loss += loss.loss;
    at_.correct += loss.correct;
    at_.position += static_cast<int64_t>(batch);
    if (static_cast<size_t>(at_.position) < order_.size()) return std::optional<EpochMetrics>();
    if (!WeightsAreFinite()) return Diverged();
    return std::optional<EpochMetrics>(EndEpoch());
  }

  Metrics EvaluateTraining() override { return Evaluate(training_); }

  nn::TensorFile Weights() const override {
    nn::TensorFile file;
    for (const ConstTensor& tensor : Tensors()) file.tensors.push_back(Written(tensor.name, tensor, tensor.parameter->value));
    return file;
  }

  nn::TensorFile SaveState() const override {
    nn::TensorFile file;
    const auto tensors = Tensors();
    for (size_t t = 0; t < tensors.size(); ++t) {
      const ConstTensor& tensor = tensors[t];
      for (const auto& [suffix, part] : kParts) {
        const bool is_swapped = best_is_in_use_ && part == &AdamParameter::value;
        file.tensors.push_back(Written(tensor.name + suffix, tensor, is_swapped ? best_[t] : tensor.parameter->*part));
      }
      if (!best_.empty()) {
        file.tensors.push_back(Written(kBestPrefix + tensor.name, tensor, best_is_in_use_ ? tensor.parameter->value : best_[t]));
      }
    }
    file.tensors.push_back({kOrderName, {static_cast<int64_t>(order_.size())}, {order_.begin(), order_.end()}});
    SessionState progress = at_;
    progress.order_rng = order_rng_.state();
    progress.dropout_rng = dropout_rng_.state();
    file.metadata = ToMetadata(progress, kKind);
    return file;
  }

 private:
  template <class Parameter>
  struct TensorOf {
    std::string name;
    std::vector<int64_t> shape;  // in a file
    bool in_unit_rows;           // transposed in memory (train/wide_dense.h)
    Parameter* parameter;
  };
  using Tensor = TensorOf<AdamParameter>;
  using ConstTensor = TensorOf<const AdamParameter>;

  static constexpr std::array<std::pair<const char*, std::vector<float> AdamParameter::*>, 3> kParts = {
      {{"", &AdamParameter::value}, {"/moment1", &AdamParameter::moment1}, {"/moment2", &AdamParameter::moment2}}};

  template <class Parameter, class Self>
  static std::array<TensorOf<Parameter>, 4> TensorsOf(Self& s) {
    const auto in = static_cast<int64_t>(s.inputs_);
    const auto hidden = static_cast<int64_t>(s.hidden_);
    const auto classes = static_cast<int64_t>(s.classes_);
    return {{{"hidden/kernel", {in, hidden}, true, &s.hidden_kernel_},
             {"hidden/bias", {hidden}, false, &s.hidden_bias_},
             {"output/kernel", {hidden, classes}, false, &s.output_kernel_},
             {"output/bias", {classes}, false, &s.output_bias_}}};
  }
  std::array<Tensor, 4> Tensors() { return TensorsOf<AdamParameter>(*this); }
  std::array<ConstTensor, 4> Tensors() const { return TensorsOf<const AdamParameter>(*this); }

  nn::NamedTensor Written(std::string name, const ConstTensor& tensor, const std::vector<float>& values) const {
    return {std::move(name), tensor.shape, tensor.in_unit_rows ? FromUnitRows(values, inputs_, hidden_) : values};
  }

  Status Read(const nn::TensorFile& file, const std::string& name, const Tensor& tensor, std::vector<float>& values) const {
    Result<const nn::NamedTensor*> found = file.Get(name, tensor.shape);
    if (!found.ok()) return found.status().WithContext("the saved training does not fit");
    values = tensor.in_unit_rows ? ToUnitRows((*found)->values, hidden_) : (*found)->values;
    return {};
  }

  Status ReadOrder(const nn::TensorFile& state) {
    const nn::NamedTensor* saved = state.Find(kOrderName);
    if (saved == nullptr) return Errorf("the saved training lacks its order of samples");
    if (saved->values.size() != order_.size()) {
      return Errorf("the saved training learned from %zu samples, but there are %zu now", saved->values.size(), order_.size());
    }
    std::vector<float> before = saved->values;
    std::vector<float> now(order_.begin(), order_.end());
    std::sort(before.begin(), before.end());
    std::sort(now.begin(), now.end());
    if (before != now) return Errorf("the saved training learned from other samples than the ones there are now");
    std::transform(saved->values.begin(), saved->values.end(), order_.begin(), [](float item) { return static_cast<int>(item); });
    return {};
  }

  Status Diverged() const {
    return Errorf("the loss is no longer a number in epoch %lld: try a smaller learning rate than %g",
                  static_cast<long long>(at_.epoch + 1), settings_.adam.learning_rate);
  }

  bool WeightsAreFinite() const {
    for (const ConstTensor& tensor : Tensors()) {
      const std::vector<float>& values = tensor.parameter->value;
      if (!std::all_of(values.begin(), values.end(), [](float w) { return std::isfinite(w); })) return false;
    }
    return true;
  }

  size_t LabelOf(int item) const { return static_cast<size_t>(data_.labels[static_cast<size_t>(item) % data_.size()]); }

  void Gather(std::span<const int> items) {
    rows_.clear();
    labels_.clear();
    for (const int item : items) {
      const size_t row = static_cast<size_t>(item) % data_.size();
      const size_t copy = static_cast<size_t>(item) / data_.size();
      rows_.push_back(copy == 0 ? data_.row(row) : data_.copy(row, copy - 1));
      labels_.push_back(data_.labels[row]);
    }
    batch_.Assign(rows_);
    activations_.resize(items.size() * hidden_);
    logits_.resize(items.size() * classes_);
  }

  BatchLoss TrainOn(std::span<const int> items) {
    const size_t n = items.size();
    Gather(items);
    // forward
    if (settings_.dropout > 0) {
      mask_.resize(activations_.size());
      DropoutMask(settings_.dropout, dropout_rng_, mask_);
    }
    WideDenseForward(batch_, hidden_kernel_.value, hidden_bias_.value, mask_, activations_);
    ReluForward(activations_);
    if (settings_.dropout > 0) ApplyMask(mask_, activations_);
    DenseForward(n, activations_, output_kernel_.value, output_bias_.value, logits_);
    const BatchLoss loss = SoftmaxCrossEntropy(logits_, labels_, /*backward=*/true);
    for (size_t b = 0; b < n && !class_weights_.empty(); ++b) {
      for (size_t c = 0; c < classes_; ++c) logits_[b * classes_ + c] *= class_weights_[static_cast<size_t>(labels_[b])];
    }
    // backward
    d_activations_.resize(activations_.size());
    d_output_kernel_.resize(output_kernel_.value.size());
    d_output_bias_.resize(classes_);
    DenseBackward(n, activations_, output_kernel_.value, logits_, d_output_kernel_, d_output_bias_, d_activations_);
    if (settings_.dropout > 0) ApplyMask(mask_, d_activations_);
    ReluBackward(activations_, d_activations_);  // 0 where dropped, too: its gradient is 0 already
    d_hidden_bias_.assign(hidden_, 0.0F);
    for (size_t i = 0; i < d_activations_.size(); ++i) d_hidden_bias_[i % hidden_] += d_activations_[i];
    // update
    const AdamStep step(settings_.adam, ++at_.step);
    WideDenseUpdate(batch_, d_activations_, step, hidden_kernel_);
    hidden_bias_.Update(step, d_hidden_bias_);
    output_kernel_.Update(step, d_output_kernel_);
    output_bias_.Update(step, d_output_bias_);
    return loss;
  }

  EpochMetrics EndEpoch() {
    const double n = static_cast<double>(order_.size());
    ++at_.epoch;
    EpochMetrics metrics{static_cast<int>(at_.epoch), {at_.loss / n, static_cast<double>(at_.correct) / n}, {}};
    at_.loss = 0;
    at_.correct = 0;
    at_.position = 0;
    done_ = at_.epoch >= settings_.epochs;
    if (!watched_.empty()) Watch();
    if (done_) SwapBest();
    if (!validation_.empty()) metrics.validation = Evaluate(validation_);
    return metrics;
  }

  bool PatienceIsOver() const { return !watched_.empty() && at_.epoch - at_.best_epoch >= settings_.patience; }

  void Watch() {
    const double loss = Evaluate(watched_).loss;
    if (loss < at_.best_loss) {
      at_.best_loss = loss;
      at_.best_epoch = at_.epoch;
      best_ = {hidden_kernel_.value, hidden_bias_.value, output_kernel_.value, output_bias_.value};
    }
    done_ = done_ || PatienceIsOver();
  }

  // At the end: the best epoch's weights become the present ones; the last ones are kept in case it goes on.
  void SwapBest() {
    if (best_.empty() || watched_.empty()) return;
    std::swap(hidden_kernel_.value, best_[0]);
    std::swap(hidden_bias_.value, best_[1]);
    std::swap(output_kernel_.value, best_[2]);
    std::swap(output_bias_.value, best_[3]);
    best_is_in_use_ = true;
  }

  Metrics Evaluate(const std::vector<int>& rows) {
    BatchLoss total;
    for (size_t begin = 0; begin < rows.size(); begin += kEvaluationBatch) {
      const size_t n = std::min(kEvaluationBatch, rows.size() - begin);
      Gather(std::span<const int>(rows).subspan(begin, n));
      WideDenseForward(batch_, hidden_kernel_.value, hidden_bias_.value, {}, activations_);
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
  std::vector<float> class_weights_;  // empty: all 1
  Rng order_rng_, dropout_rng_;
  AdamParameter hidden_kernel_, hidden_bias_, output_kernel_, output_bias_;

  std::vector<int> order_;
  SessionState at_;
  bool done_ = false;
  std::vector<std::vector<float>> best_;  // values of the best epoch, or of the last where best_is_in_use_
  bool best_is_in_use_ = false;

  // of the present mini-batch
  InputBatch batch_;
  std::vector<std::span<const float>> rows_;
  std::vector<int> labels_;
  std::vector<float> activations_, mask_, logits_;
  std::vector<float> d_activations_, d_hidden_bias_, d_output_kernel_, d_output_bias_;
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

Status CheckData(const Dataset& data, const Split& split) {
  HANDFUL_TRY(CheckClasses(data, split));
  for (size_t i = 0; i < data.size(); ++i) {
    for (size_t d = 0; d < data.dim; ++d) {
      if (!std::isfinite(data.rows[i][d])) return Errorf("feature %zu of sample %zu is not a number", d, i);
    }
    for (size_t d = 0; d < data.copies_of(i) * data.dim; ++d) {
      if (!std::isfinite(data.copies[i][d])) return Errorf("feature %zu of an augmented copy of sample %zu is not a number", d % data.dim, i);
    }
  }
  return {};
}

Result<std::unique_ptr<HeadSession>> Prepare(const Dataset& data, const Split& split, const HeadSettings& settings) {
  HANDFUL_TRY(CheckSettings(settings));
  HANDFUL_TRY(CheckData(data, split));
  return std::make_unique<HeadSession>(data, split, settings);
}

}  // namespace

Result<std::unique_ptr<Session>> StartHeadTraining(const Dataset& data, const Split& split, const HeadSettings& settings) {
  Result<std::unique_ptr<HeadSession>> session = Prepare(data, split, settings);
  if (!session.ok()) return session.status();
  return std::unique_ptr<Session>(std::move(*session));
}

Result<std::unique_ptr<Session>> ResumeHeadTraining(const Dataset& data, const Split& split, const HeadSettings& settings,
                                                    const nn::TensorFile& state) {
  Result<std::unique_ptr<HeadSession>> session = Prepare(data, split, settings);
  if (!session.ok()) return session.status();
  HANDFUL_TRY((*session)->Restore(state));
  return std::unique_ptr<Session>(std::move(*session));
}

}  // namespace handful::train
