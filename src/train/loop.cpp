#include "train/loop.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "train/wide_dense.h"

namespace handful::train {
namespace {

constexpr double kInnerValidation = 0.2;  // for early stopping

// Names in a saved state, beside those of the parameters.
constexpr char kOrderName[] = "order";
constexpr char kBestPrefix[] = "best/";
constexpr std::array<std::pair<const char*, std::vector<float> AdamParameter::*>, 3> kParts = {
    {{"", &AdamParameter::value}, {"/moment1", &AdamParameter::moment1}, {"/moment2", &AdamParameter::moment2}}};

nn::NamedTensor Written(std::string name, const Parameter& parameter, const std::vector<float>& values) {
  if (!parameter.in_unit_rows) return {std::move(name), parameter.shape, values};
  return {std::move(name), parameter.shape,
          FromUnitRows(values, static_cast<size_t>(parameter.shape[0]), static_cast<size_t>(parameter.shape[1]))};
}

Status Read(const nn::TensorFile& file, const std::string& name, const Parameter& parameter,
            std::vector<float>& values) {
  Result<const nn::NamedTensor*> found = file.Get(name, parameter.shape);
  if (!found.ok()) return found.status().WithContextf("the saved training does not fit");
  values =
      parameter.in_unit_rows ? ToUnitRows((*found)->values, static_cast<size_t>(parameter.shape[1])) : (*found)->values;
  return {};
}

std::vector<float> Sorted(std::vector<float> values) {
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

Status CheckSettings(const LoopSettings& s) {
  if (s.epochs < 1 || s.epochs > 100'000) return Errorf("epochs is %d, outside 1 … 100000", s.epochs);
  if (s.batch < 1 || s.batch > 4096) return Errorf("batch is %d, outside 1 … 4096", s.batch);
  if (!(s.adam.learning_rate > 0 && s.adam.learning_rate <= 10))
    return Errorf("the learning rate is %g, outside 0 … 10", s.adam.learning_rate);
  if (s.patience < 0) return Errorf("patience is %d, less than 0", s.patience);
  return {};
}

// ---- beginning, and going on ----------------------------------------------------------------------------------------

Result<std::unique_ptr<Session>> Session::Begin(const Dataset& data, const Split& split, const LoopSettings& settings,
                                                std::unique_ptr<Learner> learner, const nn::TensorFile* state) {
  std::unique_ptr<Session> session(new Session(data, split, settings, std::move(learner)));
  if (state != nullptr) HANDFUL_TRY(session->Restore(*state));
  return session;
}

Session::Session(const Dataset& data, const Split& split, const LoopSettings& settings,
                 std::unique_ptr<Learner> learner)
    : settings_(settings),
      learner_(std::move(learner)),
      labels_(data.labels),
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
  for (const Item& item : learner_->ItemsOf(training_)) order_.push_back(CodeOf(item));
  if (settings.class_weights) {
    class_weights_.assign(classes_, 0);
    for (const int code : order_)
      class_weights_[static_cast<size_t>(labels_[static_cast<size_t>(ItemOf(code).sample)])] += 1;
    for (float& w : class_weights_) w = static_cast<float>(order_.size()) / (static_cast<float>(classes_) * w);
  }
}

Status Session::Restore(const nn::TensorFile& file) {
  Result<SessionState> state = SessionStateFrom(file.metadata, learner_->kind());
  if (!state.ok()) return state.status();
  const std::span<Parameter> parameters = learner_->parameters();
  const bool has_best = file.Find(kBestPrefix + parameters[0].name) != nullptr;
  for (Parameter& parameter : parameters) {
    for (const auto& [suffix, part] : kParts)
      HANDFUL_TRY(Read(file, parameter.name + suffix, parameter, parameter.numbers.*part));
    if (has_best) HANDFUL_TRY(Read(file, kBestPrefix + parameter.name, parameter, best_.emplace_back()));
  }
  HANDFUL_TRY(RestoreOrder(file));
  // All of an epoch is learned while it is evaluated, if that takes steps of its own.
  const bool may_be_evaluating = !learner_->pace().is_quick && !(watched_.empty() && validation_.empty());
  if (state->position > static_cast<int64_t>(order_.size()) - (may_be_evaluating ? 0 : 1)) {
    return Errorf("the saved training stands at sample %lld of %zu", static_cast<long long>(state->position),
                  order_.size());
  }
  at_ = *state;
  order_rng_.set_state(at_.order_rng);
  dropout_rng_.set_state(at_.dropout_rng);
  if (PatienceIsOverAfter(at_.epoch)) at_.best_epoch = at_.epoch;
  done_ = at_.epoch >= settings_.epochs && at_.position == 0;
  if (done_) SwapBest();
  if (static_cast<size_t>(at_.position) == order_.size()) BeginEvaluation();
  return {};
}

Status Session::RestoreOrder(const nn::TensorFile& file) {
  const nn::NamedTensor* saved = file.Find(kOrderName);
  if (saved == nullptr) return Errorf("the saved training lacks its order of samples");
  if (saved->values.size() != order_.size()) {
    return Errorf("the saved training learned from %zu samples, but there are %zu now", saved->values.size(),
                  order_.size());
  }
  if (Sorted(saved->values) != Sorted({order_.begin(), order_.end()})) {
    return Errorf("the saved training learned from other samples than the ones there are now");
  }
  std::transform(saved->values.begin(), saved->values.end(), order_.begin(),
                 [](float code) { return static_cast<int>(code); });
  return {};
}

nn::TensorFile Session::Weights() const {
  nn::TensorFile file;
  for (const Parameter& parameter : learner_->parameters())
    file.tensors.push_back(Written(parameter.name, parameter, parameter.numbers.value));
  return file;
}

nn::TensorFile Session::SaveState() const {
  nn::TensorFile file;
  const std::span<const Parameter> parameters = learner_->parameters();
  for (size_t p = 0; p < parameters.size(); ++p) {
    const Parameter& parameter = parameters[p];
    for (const auto& [suffix, part] : kParts) {
      const bool is_swapped = best_is_in_use_ && part == &AdamParameter::value;
      file.tensors.push_back(
          Written(parameter.name + suffix, parameter, is_swapped ? best_[p] : parameter.numbers.*part));
    }
    if (!best_.empty())
      file.tensors.push_back(
          Written(kBestPrefix + parameter.name, parameter, best_is_in_use_ ? parameter.numbers.value : best_[p]));
  }
  file.tensors.push_back({kOrderName, {static_cast<int64_t>(order_.size())}, {order_.begin(), order_.end()}});
  SessionState state = at_;
  state.order_rng = order_rng_.state();
  if (micro_ == 0) state.dropout_rng = dropout_rng_.state();
  file.metadata = ToMetadata(state, learner_->kind());
  return file;
}

Progress Session::progress() const {
  const auto unit = static_cast<int64_t>(learner_->pace().is_quick ? settings_.batch : 1);
  const auto units = [&](int64_t items) { return (items + unit - 1) / unit; };
  const int64_t per_epoch = units(static_cast<int64_t>(order_.size()));
  return {at_.epoch * per_epoch + units(at_.position + static_cast<int64_t>(micro_)), settings_.epochs * per_epoch};
}

// ---- learning -------------------------------------------------------------------------------------------------------

Result<std::optional<EpochMetrics>> Session::Step() {
  if (done_) return MaybeEpoch();
  Result<MaybeEpoch> epoch = phase_ == Phase::kLearn ? Learn() : Evaluate();
  while (epoch.ok() && learner_->pace().is_quick && phase_ != Phase::kLearn) epoch = Evaluate();
  return epoch;
}

// The first `count` items of these codes; false while they are on their way.
Result<bool> Session::Fetch(std::span<const int> codes, size_t count) {
  items_.clear();
  for (const int code : codes.first(std::min(codes.size(), std::max(count, learner_->pace().ahead))))
    items_.push_back(ItemOf(code));
  item_labels_.clear();
  for (const Item& item : std::span<const Item>(items_).first(count))
    item_labels_.push_back(labels_[static_cast<size_t>(item.sample)]);
  waiting_ = false;
  Result<bool> there = learner_->Fetch(items_, count, at_.epoch);
  waiting_ = there.ok() && !*there;
  return there;
}

Result<std::optional<EpochMetrics>> Session::Learn() {
  if (at_.position == 0 && at_.shuffled == 0) {
    order_rng_.Shuffle<int>(order_);
    at_.shuffled = 1;
  }
  const auto position = static_cast<size_t>(at_.position);
  const size_t batch = std::min(static_cast<size_t>(settings_.batch), order_.size() - position);
  const size_t count = std::min(learner_->pace().learn, batch - micro_);
  Result<bool> there = Fetch(std::span<const int>(order_).subspan(position + micro_), count);
  if (!there.ok()) return there.status();
  if (!*there) return MaybeEpoch();
  if (micro_ == 0) {  // from here a stopped mini-batch is begun anew
    at_.dropout_rng = dropout_rng_.state();
    batch_loss_ = {};
  }
  const BatchLoss loss = learner_->Learn({item_labels_, batch, class_weights_, dropout_rng_});
  if (!std::isfinite(loss.loss)) return Diverged();
  batch_loss_.loss += loss.loss;
  batch_loss_.correct += loss.correct;
  micro_ += count;
  if (micro_ < batch) return MaybeEpoch();
  Update();
  micro_ = 0;
  at_.loss += batch_loss_.loss;
  at_.correct += batch_loss_.correct;
  at_.position += static_cast<int64_t>(batch);
  if (static_cast<size_t>(at_.position) < order_.size()) return MaybeEpoch();
  if (!WeightsAreFinite()) return Diverged();
  BeginEvaluation();
  return phase_ == Phase::kLearn ? MaybeEpoch(EndEpoch({})) : MaybeEpoch();
}

void Session::Update() {
  AdamSettings adam = settings_.adam;
  if (settings_.cosine) {
    const double per_epoch = std::ceil(static_cast<double>(order_.size()) / settings_.batch);
    const double part = static_cast<double>(at_.step) / (per_epoch * settings_.epochs);
    adam.learning_rate *= 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, part)));
  }
  learner_->Update(adam, ++at_.step);
  held_out_.of_kept_weights = false;
}

Status Session::Diverged() const {
  return Errorf("the loss is no longer a number in epoch %lld: try a smaller learning rate than %g",
                static_cast<long long>(at_.epoch + 1), settings_.adam.learning_rate);
}

bool Session::WeightsAreFinite() const {
  return std::ranges::all_of(learner_->parameters(), [](const Parameter& parameter) {
    return std::ranges::all_of(parameter.numbers.value, [](float w) { return std::isfinite(w); });
  });
}

// ---- the end of an epoch --------------------------------------------------------------------------------------------

void Session::BeginEvaluation() {
  passed_ = 0;
  phase_ = !watched_.empty() ? Phase::kWatch : Phase::kValidate;
  if (phase_ == Phase::kWatch) return;
  DecideWhetherDone();
  if (validation_.empty()) phase_ = Phase::kLearn;
}

// The next part of a pass over these samples; metrics once it is over.
// What is said of each sample is kept of those that are held out: of millions that are learned from it would be large.
Result<std::optional<Metrics>> Session::Pass(const std::vector<int>& samples) {
  if (passed_ == 0) {
    pass_loss_ = {};
    pass_probabilities_.clear();
  }
  const std::span<const int> rest = std::span<const int>(samples).subspan(passed_);
  const size_t count = std::min(learner_->pace().evaluate, rest.size());
  Result<bool> there = Fetch(rest, count);
  if (!there.ok()) return there.status();
  if (!*there) return std::optional<Metrics>();
  const BatchLoss loss = learner_->Evaluate(item_labels_);
  pass_loss_.loss += loss.loss;
  pass_loss_.correct += loss.correct;
  const std::span<const float> probabilities = learner_->probabilities();
  if (&samples == &validation_)
    pass_probabilities_.insert(pass_probabilities_.end(), probabilities.begin(), probabilities.end());
  passed_ += count;
  if (passed_ < samples.size()) return std::optional<Metrics>();
  passed_ = 0;
  const double n = static_cast<double>(samples.size());
  return std::optional<Metrics>({pass_loss_.loss / n, pass_loss_.correct / n});
}

Result<std::optional<EpochMetrics>> Session::Evaluate() {
  const bool watching = phase_ == Phase::kWatch;
  Result<std::optional<Metrics>> metrics = Pass(watching ? watched_ : validation_);
  if (!metrics.ok()) return metrics.status();
  if (!metrics->has_value()) return MaybeEpoch();
  if (!watching) {
    KeepHeldOut();
    return MaybeEpoch(EndEpoch(*metrics));
  }
  if ((*metrics)->loss < at_.best_loss) {
    at_.best_loss = (*metrics)->loss;
    at_.best_epoch = at_.weights_epoch = at_.epoch + 1;
    best_.clear();
    for (const Parameter& parameter : learner_->parameters()) best_.push_back(parameter.numbers.value);
    best_learning_ = LearningMetrics();
  }
  DecideWhetherDone();
  phase_ = Phase::kValidate;
  return validation_.empty() ? MaybeEpoch(EndEpoch({})) : MaybeEpoch();
}

// What the pass that is over says of the held-out samples.
void Session::KeepHeldOut() {
  held_out_.samples.assign(validation_.begin(), validation_.end());
  held_out_.labels.clear();
  for (const int sample : validation_) held_out_.labels.push_back(labels_[static_cast<size_t>(sample)]);
  held_out_.probabilities = pass_probabilities_;
  held_out_.classes = static_cast<int>(classes_);
  held_out_.of_kept_weights = true;
}

Metrics Session::LearningMetrics() const {
  const double n = static_cast<double>(order_.size());
  return {at_.loss / n, static_cast<double>(at_.correct) / n};
}

// Before the validation, so that it is of the weights that are used.
void Session::DecideWhetherDone() {
  ending_ = at_.epoch + 1 >= settings_.epochs || PatienceIsOverAfter(at_.epoch + 1);
  if (ending_) SwapBest();
}

EpochMetrics Session::EndEpoch(std::optional<Metrics> validation) {
  last_learning_ = LearningMetrics();
  ++at_.epoch;
  at_.loss = 0;
  at_.correct = 0;
  at_.position = 0;
  at_.shuffled = 0;
  done_ = ending_;
  phase_ = Phase::kLearn;
  return {static_cast<int>(at_.epoch), last_learning_, validation};
}

// At the end: the best epoch's weights become the present ones; the last ones are kept in case it goes on.
void Session::SwapBest() {
  if (best_.empty() || watched_.empty() || best_is_in_use_) return;
  const std::span<Parameter> parameters = learner_->parameters();
  for (size_t p = 0; p < parameters.size(); ++p) std::swap(parameters[p].numbers.value, best_[p]);
  best_is_in_use_ = true;
}

// Of a quick learner: no part of it is awaited or fails.
Metrics Session::PassOverAll(const std::vector<int>& samples) {
  Result<std::optional<Metrics>> metrics = std::optional<Metrics>();
  while (!samples.empty() && metrics.ok() && !metrics->has_value()) metrics = Pass(samples);
  return metrics.ok() ? metrics->value_or(Metrics()) : Metrics();
}

Metrics Session::EvaluateTraining() {
  if (learner_->pace().is_quick) return PassOverAll(training_);
  return best_is_in_use_ ? best_learning_.value_or(last_learning_) : last_learning_;
}

const HeldOut& Session::EvaluateHeldOut() {
  const bool is_fresh = held_out_.of_kept_weights && held_out_.samples.size() == validation_.size();
  if (!is_fresh && !validation_.empty() && learner_->pace().is_quick) {
    PassOverAll(validation_);
    KeepHeldOut();
  }
  return held_out_;
}

}  // namespace handful::train
