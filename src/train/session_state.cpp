#include "train/session_state.h"

#include <bit>
#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace handful::train {
namespace {

constexpr char kFormatField[] = "handful_training";
constexpr char kWeightsEpoch[] = "weights_epoch";

// Calls visit(name, field) for each: whole numbers as they are, others by their bits, so that nothing is lost.
template <class Progress, class Visit>
void VisitFields(Progress& p, Visit visit) {
  visit("epoch", p.epoch);
  visit("position", p.position);
  visit("step", p.step);
  visit("shuffled", p.shuffled);
  visit("order_rng", p.order_rng);
  visit("dropout_rng", p.dropout_rng);
  visit("loss_bits", p.loss);
  visit("correct", p.correct);
  visit("best_loss_bits", p.best_loss);
  visit("best_epoch", p.best_epoch);
  visit(kWeightsEpoch, p.weights_epoch);
}

}  // namespace

std::map<std::string, std::string> ToMetadata(const SessionState& state, const char* kind) {
  std::map<std::string, std::string> metadata = {{kFormatField, kind}};
  VisitFields(state, [&](const char* name, const auto& value) {
    metadata[name] = Format("%llu", static_cast<unsigned long long>(std::bit_cast<uint64_t>(value)));
  });
  return metadata;
}

Result<SessionState> SessionStateFrom(const std::map<std::string, std::string>& metadata, const char* kind) {
  const auto format = metadata.find(kFormatField);
  if (format == metadata.end()) return Errorf("this is not a saved training");
  if (format->second != kind) {
    return Errorf("this saved training is of the kind \"%s\", not \"%s\"", format->second.c_str(), kind);
  }
  SessionState state;
  Status status;
  VisitFields(state, [&](const char* name, auto& value) {
    auto field = metadata.find(name);
    if (field == metadata.end() && name == std::string_view(kWeightsEpoch)) field = metadata.find("best_epoch");
    char* end = nullptr;
    errno = 0;
    const uint64_t number = field == metadata.end() ? 0 : std::strtoull(field->second.c_str(), &end, 10);
    if (end == nullptr || end == field->second.c_str() || *end != '\0' || errno != 0) {
      status = Errorf("field \"%s\" of the saved training is no whole number", name);
    } else {
      value = std::bit_cast<std::remove_reference_t<decltype(value)>>(number);
    }
  });
  if (!status.ok()) return status;
  const auto is_epoch = [&](int64_t epoch) {
    return epoch >= 0 && epoch <= state.epoch + 1;
  };  // one may be the best before it is over
  if (state.epoch < 0 || state.epoch > 100'000 || state.position < 0 || state.step < 0 || !is_epoch(state.best_epoch) ||
      !is_epoch(state.weights_epoch)) {
    return Errorf("the saved training claims to be at epoch %lld, sample %lld, step %lld, its best epoch %lld",
                  static_cast<long long>(state.epoch), static_cast<long long>(state.position),
                  static_cast<long long>(state.step), static_cast<long long>(state.best_epoch));
  }
  return state;
}

}  // namespace handful::train
