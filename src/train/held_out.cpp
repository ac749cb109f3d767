#include "train/held_out.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>

namespace handful::train {
namespace {

constexpr char kFormatField[] = "handful_held_out";
constexpr char kVersion[] = "1";
constexpr char kSamplesField[] = "samples";  // "3 17 4"
constexpr char kKeptField[] = "of_kept_weights";

Result<std::vector<int64_t>> NumbersIn(const std::string& text) {
  std::vector<int64_t> numbers;
  for (const char* at = text.c_str(); *at != '\0';) {
    char* end = nullptr;
    errno = 0;
    numbers.push_back(std::strtoll(at, &end, 10));
    if (end == at || errno != 0 || (*end != '\0' && *end != ' ')) {
      return Errorf("the record of held-out pictures names a sample that is no number, at position %zu",
                    numbers.size() - 1);
    }
    at = *end == ' ' ? end + 1 : end;
  }
  return numbers;
}

}  // namespace

void HeldOut::Append(const HeldOut& other) {
  if (other.samples.empty()) return;
  classes = other.classes;
  of_kept_weights = of_kept_weights && other.of_kept_weights;
  samples.insert(samples.end(), other.samples.begin(), other.samples.end());
  labels.insert(labels.end(), other.labels.begin(), other.labels.end());
  probabilities.insert(probabilities.end(), other.probabilities.begin(), other.probabilities.end());
}

int RightOf(const HeldOut& record) {
  int right = 0;
  for (size_t i = 0; i < record.labels.size(); ++i) {
    const std::span<const float> row = record.row(i);
    right += std::ranges::max_element(row) - row.begin() == record.labels[i] ? 1 : 0;
  }
  return right;
}

nn::TensorFile ToTensors(const HeldOut& record) {
  const auto n = static_cast<int64_t>(record.samples.size());
  nn::TensorFile file;
  file.tensors = {{"probabilities", {n, record.classes}, record.probabilities},
                  {"labels", {n}, {record.labels.begin(), record.labels.end()}}};
  std::string samples;
  for (const int64_t sample : record.samples)
    samples += Format("%s%lld", samples.empty() ? "" : " ", static_cast<long long>(sample));
  file.metadata = {
      {kFormatField, kVersion}, {kSamplesField, std::move(samples)}, {kKeptField, record.of_kept_weights ? "1" : "0"}};
  return file;
}

Result<HeldOut> HeldOutFromTensors(const nn::TensorFile& file) {
  const auto field = [&](const char* name) {
    const auto found = file.metadata.find(name);
    return found == file.metadata.end() ? std::string() : found->second;
  };
  if (field(kFormatField) != kVersion) return Errorf("this is no record of held-out pictures");
  Result<std::vector<int64_t>> samples = NumbersIn(field(kSamplesField));
  if (!samples.ok()) return samples.status();
  const nn::NamedTensor* found = file.Find("probabilities");
  const int64_t rows[] = {static_cast<int64_t>(samples->size()),
                          found == nullptr || found->shape.size() != 2 ? 1 : found->shape[1]};
  Result<const nn::NamedTensor*> probabilities = file.Get("probabilities", rows);
  if (!probabilities.ok()) return probabilities.status();
  Result<const nn::NamedTensor*> labels = file.Get("labels", {rows, 1});
  if (!labels.ok()) return labels.status();
  HeldOut record;
  record.samples = std::move(*samples);
  record.probabilities = (*probabilities)->values;
  record.classes = static_cast<int>(rows[1]);
  record.of_kept_weights = field(kKeptField) != "0";
  for (const float label : (*labels)->values) {
    if (!(label >= 0 && label < static_cast<float>(record.classes))) {
      return Errorf("tensor \"labels\" holds %g at position %zu, but there are %d classes", static_cast<double>(label),
                    record.labels.size(), record.classes);
    }
    record.labels.push_back(static_cast<int>(label));
  }
  return record;
}

}  // namespace handful::train
