#include "train/cnn.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/buffer.h"
#include "base/rng.h"
#include "nn/finger_cnn.h"
#include "train/layers.h"
#include "train/session_state.h"

namespace handful::train {
namespace {

// Independent streams of one seed.
enum Stream : uint64_t { kInitialisation = 2, kOrder = 3, kDropout = 4, kCopies = 5 };
constexpr double kInnerValidation = 0.2;  // for early stopping
constexpr size_t kAhead = 2 * kMicroBatch;  // pictures that are asked for early

constexpr char kKind[] = "cnn 1";  // of a saved state
constexpr char kOrderName[] = "order";
constexpr char kBestPrefix[] = "best/";

// A kernel or a bias, with its gradient.
struct Tensor {
  std::string name;
  std::vector<int64_t> shape;
  bool decays = false;
  AdamParameter parameter;
  std::vector<float> gradient;

  Tensor(std::string n, std::vector<int64_t> s, std::vector<float> values)
      : name(std::move(n)), shape(std::move(s)), decays(shape.size() > 1), parameter(values.size()), gradient(values.size()) {
    parameter.value = std::move(values);
  }
};

class CnnSession final : public Session {
 public:
  CnnSession(const Dataset& data, PictureSource& pictures, const Split& split, const CnnSettings& settings)
      : labels_(data.labels),
        pictures_(pictures),
        settings_(settings),
        classes_(data.classes.size()),
        training_(split.training),
        validation_(split.validation),
        order_rng_(settings.seed, kOrder),
        dropout_rng_(settings.seed, kDropout) {
    if (settings.patience > 0) {
      Split inner = RandomSplit(data, training_, kInnerValidation, settings.seed);
      training_ = std::move(inner.training);
      watched_ = std::move(inner.validation);
    }
    MakeLayers();
    // An item of the order: the sample's index, plus the number of all samples for each altered copy further.
    for (int c = 0; c <= settings.copies; ++c) {
      for (const int i : training_) order_.push_back(i + c * static_cast<int>(labels_.size()));
    }
    if (settings.class_weights) {
      class_weights_.assign(classes_, 0);
      for (const int i : training_) class_weights_[LabelOf(i)] += 1;
      for (float& w : class_weights_) w = static_cast<float>(training_.size()) / (static_cast<float>(classes_) * w);
    }
  }

  Status Restore(const nn::TensorFile& file) {
    Result<SessionState> state = SessionStateFrom(file.metadata, kKind);
    if (!state.ok()) return state.status();
    best_.clear();
    const bool has_best = file.Find(kBestPrefix + tensors_[0].name) != nullptr;
    for (Tensor& tensor : tensors_) {
      for (const auto& [suffix, part] : kParts) {
        HANDFUL_TRY(Read(file, tensor.name + suffix, tensor.shape, tensor.parameter.*part));
      }
      if (has_best) HANDFUL_TRY(Read(file, kBestPrefix + tensor.name, tensor.shape, best_.emplace_back()));
    }
    HANDFUL_TRY(ReadOrder(file));
    // All of an epoch is learned while it is evaluated, if it is.
    const int64_t most = static_cast<int64_t>(order_.size()) - (watched_.empty() && validation_.empty() ? 1 : 0);
    if (state->position > most) {
      return Errorf("the saved training stands at picture %lld of %zu", static_cast<long long>(state->position), order_.size());
    }
    at_ = *state;
    order_rng_.set_state(at_.order_rng);
    dropout_rng_.set_state(at_.dropout_rng);
    if (PatienceIsOver()) at_.best_epoch = at_.epoch;
    done_ = at_.epoch >= settings_.epochs && at_.position == 0;
    if (done_) SwapBest();
    if (static_cast<size_t>(at_.position) == order_.size()) BeginEvaluation();
    return {};
  }

  bool done() const override { return done_; }
  bool waiting() const override { return waiting_; }

  Progress progress() const override {
    const auto per_epoch = static_cast<int64_t>(order_.size());
    return {at_.epoch * per_epoch + at_.position + static_cast<int64_t>(micro_), settings_.epochs * per_epoch};
  }

  Result<std::optional<EpochMetrics>> Step() override {
    if (done_) return std::optional<EpochMetrics>();
    if (phase_ != Phase::kLearn) return Evaluate();
    if (at_.position == 0 && at_.shuffled == 0) {
      order_rng_.Shuffle<int>(order_);
      at_.shuffled = 1;
    }
    const size_t position = static_cast<size_t>(at_.position);
    const size_t batch = std::min(static_cast<size_t>(settings_.batch), order_.size() - position);
    const std::span<const int> rest = std::span<const int>(order_).subspan(position + micro_);
    const std::span<const int> items = rest.first(std::min(kMicroBatch, batch - micro_));
    Result<bool> there = Fetch(items, rest);
    if (!there.ok()) return there.status();
    if (!*there) return std::optional<EpochMetrics>();
    if (micro_ == 0) {  // from here a stopped mini-batch is begun anew
      at_.dropout_rng = dropout_rng_.state();
      batch_loss_ = {};
    }
    const BatchLoss loss = LearnFrom(items, batch);
    if (!std::isfinite(loss.loss)) return Diverged();
    batch_loss_.loss += loss.loss;
    batch_loss_.correct += loss.correct;
    micro_ += items.size();
    if (micro_ < batch) return std::optional<EpochMetrics>();
    Update();
    micro_ = 0;
    at_.loss += batch_loss_.loss;
    at_.correct += batch_loss_.correct;
    at_.position += static_cast<int64_t>(batch);
    if (static_cast<size_t>(at_.position) < order_.size()) return std::optional<EpochMetrics>();
    if (!WeightsAreFinite()) return Diverged();
    BeginEvaluation();
    return phase_ == Phase::kLearn ? std::optional<EpochMetrics>(EndEpoch()) : std::optional<EpochMetrics>();
  }

  Metrics EvaluateTraining() override { return best_is_in_use_ ? best_training_.value_or(last_training_) : last_training_; }

  nn::TensorFile Weights() const override {
    nn::TensorFile file;
    for (const Tensor& tensor : tensors_) file.tensors.push_back({tensor.name, tensor.shape, tensor.parameter.value});
    return file;
  }

  nn::TensorFile SaveState() const override {
    nn::TensorFile file;
    for (size_t t = 0; t < tensors_.size(); ++t) {
      const Tensor& tensor = tensors_[t];
      for (const auto& [suffix, part] : kParts) {
        const bool is_swapped = best_is_in_use_ && part == &AdamParameter::value;
        file.tensors.push_back({tensor.name + suffix, tensor.shape, is_swapped ? best_[t] : tensor.parameter.*part});
      }
      if (!best_.empty()) file.tensors.push_back({kBestPrefix + tensor.name, tensor.shape, best_is_in_use_ ? tensor.parameter.value : best_[t]});
    }
    file.tensors.push_back({kOrderName, {static_cast<int64_t>(order_.size())}, {order_.begin(), order_.end()}});
    SessionState state = at_;
    state.order_rng = order_rng_.state();
    if (micro_ == 0) state.dropout_rng = dropout_rng_.state();
    file.metadata = ToMetadata(state, kKind);
    return file;
  }

 private:
  enum class Phase { kLearn, kWatch, kValidate };

  static constexpr std::array<std::pair<const char*, std::vector<float> AdamParameter::*>, 3> kParts = {
      {{"", &AdamParameter::value}, {"/moment1", &AdamParameter::moment1}, {"/moment2", &AdamParameter::moment2}}};

  void MakeLayers() {
    Rng rng(settings_.seed, kInitialisation);
    int number = 0;
    for (const ConvStageShape& shape : CnnStageShapes(settings_.size)) {
      stages_.emplace_back(shape);
      const size_t area = shape.kernel * shape.kernel;
      const auto k = static_cast<int64_t>(shape.kernel), i = static_cast<int64_t>(shape.channels), o = static_cast<int64_t>(shape.filters);
      AddLayer(Format("conv%d", ++number), {k, k, i, o}, GlorotUniform(area * shape.channels, area * shape.filters, shape.weights(), rng));
      out_.emplace_back();
    }
    features_ = stages_.back().shape().outputs();
    size_t inputs = features_;
    for (size_t l = 0; l <= settings_.dense.size(); ++l) {
      const bool last = l == settings_.dense.size();
      const size_t units = last ? classes_ : static_cast<size_t>(settings_.dense[l]);
      AddLayer(last ? "output" : Format("dense%zu", l + 1), {static_cast<int64_t>(inputs), static_cast<int64_t>(units)},
               GlorotUniform(inputs, units, inputs * units, rng));
      units_.push_back(units);
      inputs = units;
    }
    activations_.resize(units_.size() + 1);
    masks_.resize(units_.size());
  }

  void AddLayer(const std::string& name, std::vector<int64_t> shape, std::vector<float> kernel) {
    const int64_t units = shape.back();
    tensors_.emplace_back(name + "/kernel", std::move(shape), std::move(kernel));
    tensors_.emplace_back(name + "/bias", std::vector<int64_t>{units}, std::vector<float>(static_cast<size_t>(units)));
  }
  Tensor& Kernel(size_t layer) { return tensors_[2 * layer]; }
  Tensor& Bias(size_t layer) { return tensors_[2 * layer + 1]; }

  static Status Read(const nn::TensorFile& file, const std::string& name, const std::vector<int64_t>& shape, std::vector<float>& values) {
    Result<const nn::NamedTensor*> found = file.Get(name, shape);
    if (!found.ok()) return found.status().WithContext("the saved training does not fit");
    values = (*found)->values;
    return {};
  }

  Status ReadOrder(const nn::TensorFile& file) {
    const nn::NamedTensor* saved = file.Find(kOrderName);
    if (saved == nullptr || Sorted(saved->values) != Sorted({order_.begin(), order_.end()})) {
      return Errorf("the saved training learned from other pictures than the %zu there are now", order_.size());
    }
    std::transform(saved->values.begin(), saved->values.end(), order_.begin(), [](float item) { return static_cast<int>(item); });
    return {};
  }
  static std::vector<float> Sorted(std::vector<float> values) {
    std::sort(values.begin(), values.end());
    return values;
  }

  Status Diverged() const {
    return Errorf("the loss is no longer a number in epoch %lld: try a smaller learning rate than %g", static_cast<long long>(at_.epoch + 1),
                  settings_.adam.learning_rate);
  }

  bool WeightsAreFinite() const {
    for (const Tensor& tensor : tensors_) {
      if (!std::all_of(tensor.parameter.value.begin(), tensor.parameter.value.end(), [](float w) { return std::isfinite(w); })) return false;
    }
    return true;
  }

  size_t SampleOf(int item) const { return static_cast<size_t>(item) % labels_.size(); }
  size_t LabelOf(int item) const { return static_cast<size_t>(labels_[SampleOf(item)]); }

  // The items' pixels as input; false while some are on their way. `rest`: the items, and those after them.
  Result<bool> Fetch(std::span<const int> items, std::span<const int> rest) {
    expected_.clear();
    for (const int item : rest.first(std::min(kAhead, rest.size()))) expected_.push_back(static_cast<int>(SampleOf(item)));
    pictures_.Expect(expected_);
    waiting_ = true;
    const auto side = static_cast<size_t>(settings_.size), floats = side * side * 3;
    input_.resize(items.size() * floats);
    for (const int item : items) {
      Result<const image::Image*> found = pictures_.Find(static_cast<int>(SampleOf(item)));
      if (!found.ok()) return found.status();
      if (*found == nullptr) return false;
    }
    waiting_ = false;
    for (size_t b = 0; b < items.size(); ++b) {
      const size_t sample = SampleOf(items[b]), copy = static_cast<size_t>(items[b]) / labels_.size();
      const image::Image* picture = *pictures_.Find(static_cast<int>(sample));
      image::Image altered, resized;
      if (copy > 0) {
        Rng seeds(settings_.seed, (static_cast<uint64_t>(sample) << 32U | static_cast<uint64_t>(at_.epoch) << 8U | copy) * 8 + kCopies);
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
      image::ToTensor(*picture, image::InputRange::ZeroToOne(), std::span<float>(input_).subspan(b * floats, floats));
    }
    return true;
  }

  // input_ to the logits of `n` pictures, which are the last of activations_.
  void Forward(size_t n, bool learning) {
    const size_t pixels = input_.size() / n;
    traces_.resize(n * stages_.size());
    activations_[0].resize(n * features_);
    for (size_t s = 0; s < stages_.size(); ++s) {
      stages_[s].SetWeights(Kernel(s).parameter.value, Bias(s).parameter.value);
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
      DenseForward(n, activations_[l], Kernel(layer).parameter.value, Bias(layer).parameter.value, activations_[l + 1]);
      if (l + 1 == units_.size()) break;
      ReluForward(activations_[l + 1]);
      if (!learning || settings_.dropout == 0) continue;
      masks_[l].resize(activations_[l + 1].size());
      DropoutMask(settings_.dropout, dropout_rng_, masks_[l]);
      ApplyMask(masks_[l], activations_[l + 1]);
    }
  }

  // The gradient of the mean over a mini-batch of `batch`, as far as these items go, is added up.
  BatchLoss LearnFrom(std::span<const int> items, size_t batch) {
    const size_t n = items.size();
    Forward(n, /*learning=*/true);
    targets_.clear();
    for (const int item : items) targets_.push_back(static_cast<int>(LabelOf(item)));
    std::vector<float>& logits = activations_.back();
    const BatchLoss loss = SoftmaxCrossEntropy(logits, targets_, /*backward=*/false);
    const auto smooth = static_cast<float>(settings_.label_smoothing);
    for (size_t b = 0; b < n; ++b) {
      const auto label = static_cast<size_t>(targets_[b]);
      const float scale = (class_weights_.empty() ? 1.0F : class_weights_[label]) / static_cast<float>(batch);
      for (size_t c = 0; c < classes_; ++c) {
        const float target = smooth / static_cast<float>(classes_) + (c == label ? 1.0F - smooth : 0.0F);
        logits[b * classes_ + c] = (logits[b * classes_ + c] - target) * scale;
      }
    }
    Backward(n);
    return loss;
  }

  void Backward(size_t n) {
    d_out_ = activations_.back();
    for (size_t l = units_.size(); l-- > 0;) {
      const size_t layer = stages_.size() + l;
      d_in_.resize(activations_[l].size());
      DenseBackward(n, activations_[l], Kernel(layer).parameter.value, d_out_, Kernel(layer).gradient, Bias(layer).gradient, d_in_, /*accumulate=*/true);
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
        stages_[s].Backward(traces_[b * stages_.size() + s], std::span<const float>(out).subspan(b * outputs, outputs), gradient, below);
        gradient = below;
      }
    }
  }

  // One step of Adam along the gradients of a whole mini-batch.
  void Update() {
    for (size_t s = 0; s < stages_.size(); ++s) stages_[s].TakeGradients(Kernel(s).gradient, Bias(s).gradient);
    AdamSettings adam = settings_.adam;
    if (settings_.cosine) {
      const double per_epoch = std::ceil(static_cast<double>(order_.size()) / settings_.batch);
      const double part = static_cast<double>(at_.step) / (per_epoch * settings_.epochs);
      adam.learning_rate *= 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, part)));
    }
    const AdamStep step(adam, ++at_.step);
    const auto keep = static_cast<float>(1 - adam.learning_rate * settings_.weight_decay);
    for (Tensor& tensor : tensors_) {
      if (tensor.decays && settings_.weight_decay > 0) {
        for (float& w : tensor.parameter.value) w *= keep;
      }
      tensor.parameter.Update(step, tensor.gradient);
      std::fill(tensor.gradient.begin(), tensor.gradient.end(), 0.0F);
    }
  }

  // ---- the end of an epoch -------------------------------------------------------------------------------------------

  void BeginEvaluation() {
    evaluated_ = 0;
    batch_loss_ = {};
    phase_ = !watched_.empty() ? Phase::kWatch : Phase::kValidate;
    if (phase_ == Phase::kWatch) return;
    DecideWhetherDone();
    if (validation_.empty()) phase_ = Phase::kLearn;
  }

  Result<std::optional<EpochMetrics>> Evaluate() {
    const std::vector<int>& samples = phase_ == Phase::kWatch ? watched_ : validation_;
    const std::span<const int> rest = std::span<const int>(samples).subspan(evaluated_);
    const std::span<const int> items = rest.first(std::min(kMicroBatch, rest.size()));
    Result<bool> there = Fetch(items, rest);
    if (!there.ok()) return there.status();
    if (!*there) return std::optional<EpochMetrics>();
    Forward(items.size(), /*learning=*/false);
    targets_.clear();
    for (const int item : items) targets_.push_back(static_cast<int>(LabelOf(item)));
    const BatchLoss loss = SoftmaxCrossEntropy(activations_.back(), targets_, /*backward=*/false);
    batch_loss_.loss += loss.loss;
    batch_loss_.correct += loss.correct;
    evaluated_ += items.size();
    if (evaluated_ < samples.size()) return std::optional<EpochMetrics>();
    const double n = static_cast<double>(samples.size());
    const Metrics metrics = {batch_loss_.loss / n, batch_loss_.correct / n};
    evaluated_ = 0;
    batch_loss_ = {};
    if (phase_ == Phase::kValidate) return std::optional<EpochMetrics>(EndEpoch(metrics));
    if (metrics.loss < at_.best_loss) {
      at_.best_loss = metrics.loss;
      at_.best_epoch = at_.epoch + 1;
      best_.clear();
      for (const Tensor& tensor : tensors_) best_.push_back(tensor.parameter.value);
      best_training_ = TrainingMetrics();
    }
    DecideWhetherDone();
    phase_ = Phase::kValidate;
    return validation_.empty() ? std::optional<EpochMetrics>(EndEpoch()) : std::optional<EpochMetrics>();
  }

  Metrics TrainingMetrics() const {
    const double n = static_cast<double>(order_.size());
    return {at_.loss / n, static_cast<double>(at_.correct) / n};
  }

  bool PatienceIsOver() const { return !watched_.empty() && at_.epoch - at_.best_epoch >= settings_.patience; }

  // Before the validation, so that it is of the weights that are used.
  void DecideWhetherDone() {
    const bool impatient = !watched_.empty() && at_.epoch + 1 - at_.best_epoch >= settings_.patience;
    ending_ = at_.epoch + 1 >= settings_.epochs || impatient;
    if (ending_) SwapBest();
  }

  EpochMetrics EndEpoch(std::optional<Metrics> validation = {}) {
    last_training_ = TrainingMetrics();
    ++at_.epoch;
    at_.loss = 0;
    at_.correct = 0;
    at_.position = 0;
    at_.shuffled = 0;
    done_ = ending_;
    phase_ = Phase::kLearn;
    return {static_cast<int>(at_.epoch), last_training_, validation};
  }

  // At the end: the best epoch's weights become the present ones; the last ones are kept in case it goes on.
  void SwapBest() {
    if (best_.empty() || watched_.empty() || best_is_in_use_) return;
    for (size_t t = 0; t < tensors_.size(); ++t) std::swap(tensors_[t].parameter.value, best_[t]);
    best_is_in_use_ = true;
  }

  const std::vector<int> labels_;  // own copy: the caller's may change meanwhile
  PictureSource& pictures_;
  const CnnSettings settings_;
  const size_t classes_;
  std::vector<int> training_, validation_;
  std::vector<int> watched_;  // the inner part early stopping looks at
  std::vector<float> class_weights_;  // empty: all 1
  Rng order_rng_, dropout_rng_;

  std::vector<ConvStage> stages_;
  std::vector<size_t> units_;    // of the dense layers
  std::vector<Tensor> tensors_;  // kernel and bias of each layer, stages first
  size_t features_ = 0;          // numbers after the last stage

  std::vector<int> order_;
  SessionState at_;
  size_t micro_ = 0;  // pictures of the present mini-batch that are learned from
  Phase phase_ = Phase::kLearn;
  size_t evaluated_ = 0;
  BatchLoss batch_loss_;
  bool waiting_ = false, ending_ = false, done_ = false;
  Metrics last_training_;
  std::optional<Metrics> best_training_;  // nothing where that was before a resumption
  std::vector<std::vector<float>> best_;  // values of the best epoch, or of the last where best_is_in_use_
  bool best_is_in_use_ = false;

  // of the present micro-batch
  std::vector<int> expected_, targets_;
  std::vector<float> input_;                     // (n, size, size, 3)
  std::vector<ConvStageTrace> traces_;           // (n, stages)
  std::vector<std::vector<float>> out_;          // a stage: (n, outputs); the last one's are activations_[0]
  std::vector<std::vector<float>> activations_;  // inputs of the dense layers, then the logits
  std::vector<std::vector<float>> masks_;
  std::vector<float> d_out_, d_in_, d_even_, d_odd_;
};

Status CheckSettings(const CnnSettings& s) {
  if (s.epochs < 1 || s.epochs > 100'000) return Errorf("epochs is %d, outside 1 … 100000", s.epochs);
  if (s.batch < 1 || s.batch > 4096) return Errorf("batch is %d, outside 1 … 4096", s.batch);
  if (s.size < 16 || s.size > 512) return Errorf("size is %d, outside 16 … 512", s.size);
  if (s.dense.size() > 8) return Errorf("dense names %zu layers, more than 8", s.dense.size());
  for (const int units : s.dense) {
    if (units < 1 || units > 4096) return Errorf("dense has a layer of %d units, outside 1 … 4096", units);
  }
  if (!(s.dropout >= 0 && s.dropout < 1)) return Errorf("dropout is %g, outside 0 … 1", s.dropout);
  if (!(s.adam.learning_rate > 0 && s.adam.learning_rate <= 10)) return Errorf("the learning rate is %g, outside 0 … 10", s.adam.learning_rate);
  if (!(s.weight_decay >= 0 && s.weight_decay * s.adam.learning_rate < 1)) return Errorf("the weight decay is %g, outside 0 … %g", s.weight_decay, 1 / s.adam.learning_rate);
  if (!(s.label_smoothing >= 0 && s.label_smoothing < 1)) return Errorf("the label smoothing is %g, outside 0 … 1", s.label_smoothing);
  if (s.patience < 0) return Errorf("patience is %d, less than 0", s.patience);
  if (s.copies < 0 || s.copies > 100) return Errorf("copies is %d, outside 0 … 100", s.copies);
  return {};
}

Result<std::unique_ptr<CnnSession>> Prepare(const Dataset& data, PictureSource& pictures, const Split& split, const CnnSettings& settings) {
  HANDFUL_TRY(CheckSettings(settings));
  HANDFUL_TRY(CheckClasses(data, split));
  // What follows is made of vectors, which cannot say no: so ask once for all of it.
  const uint64_t bytes = CnnTrainingBytes(settings, data.classes.size());
  if (bytes > SIZE_MAX / 2 || !Buffer<uint8_t>::Zeroed(static_cast<size_t>(bytes)).ok()) {
    const int smaller = settings.size > 128 ? 128 : settings.size / 2;
    return Errorf("training needs %.0f MB of memory, which are not to be had: try pictures of %d × %d pixels (\"size\"), or fewer dense units",
                  static_cast<double>(bytes) / 1e6, smaller, smaller);
  }
  return std::make_unique<CnnSession>(data, pictures, split, settings);
}

}  // namespace

std::vector<ConvStageShape> CnnStageShapes(int size) {
  std::vector<ConvStageShape> shapes;
  size_t side = static_cast<size_t>(size), channels = 3;
  for (const nn::CnnStage& stage : nn::kCnnStages) {
    shapes.push_back({side, side, channels, static_cast<size_t>(stage.kernel), static_cast<size_t>(stage.filters),
                      static_cast<size_t>(stage.pool_size), static_cast<size_t>(stage.pool_stride)});
    side = shapes.back().out_height();
    channels = shapes.back().filters;
  }
  return shapes;
}

uint64_t CnnTrainingBytes(const CnnSettings& settings, size_t classes) {
  uint64_t parameters = 0, picture = 0, inputs = 0;
  for (const ConvStageShape& s : CnnStageShapes(settings.size)) {
    parameters += s.weights();
    picture += s.inputs() + s.padded() + 3 * s.outputs();
    inputs = s.outputs();
  }
  for (const int units : settings.dense) {
    parameters += inputs * static_cast<uint64_t>(units);
    inputs = static_cast<uint64_t>(units);
  }
  parameters += inputs * classes;
  const uint64_t convolution = 2 * static_cast<uint64_t>(settings.size) * static_cast<uint64_t>(settings.size) * 8;
  const uint64_t copies = settings.patience > 0 ? 5 : 4;  // value, two moments, gradient, the best epoch's
  return sizeof(float) * (parameters * copies + kMicroBatch * picture + convolution);
}

Result<std::unique_ptr<Session>> StartCnnTraining(const Dataset& data, PictureSource& pictures, const Split& split, const CnnSettings& settings) {
  Result<std::unique_ptr<CnnSession>> session = Prepare(data, pictures, split, settings);
  if (!session.ok()) return session.status();
  return std::unique_ptr<Session>(std::move(*session));
}

Result<std::unique_ptr<Session>> ResumeCnnTraining(const Dataset& data, PictureSource& pictures, const Split& split,
                                                   const CnnSettings& settings, const nn::TensorFile& state) {
  Result<std::unique_ptr<CnnSession>> session = Prepare(data, pictures, split, settings);
  if (!session.ok()) return session.status();
  HANDFUL_TRY((*session)->Restore(state));
  return std::unique_ptr<Session>(std::move(*session));
}

}  // namespace handful::train
