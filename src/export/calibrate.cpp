#include "export/calibrate.h"

#include <algorithm>
#include <cmath>

#include "nn/build.h"

namespace handful::exporters {
namespace {

std::vector<const Picture*> ToCalibrateWith(const std::vector<Picture>& pictures) {
  std::vector<const Picture*> candidates;
  for (const bool held_out : {false, true}) {
    if (!candidates.empty()) break;
    for (const Picture& picture : pictures) {
      if (picture.held_out == held_out) candidates.push_back(&picture);
    }
  }
  std::vector<const Picture*> chosen;
  const size_t count = std::min(kMostCalibrated, candidates.size());
  for (size_t i = 0; i < count; ++i) chosen.push_back(candidates[i * candidates.size() / count]);
  return chosen;
}

}  // namespace

size_t Calibration::BinOf(float value) const {
  const float at = (value / reach_ + 1) * static_cast<float>(kHalf);
  return std::min(kBins - 1, static_cast<size_t>(std::max(0.0F, at)));
}

float Calibration::EdgeOf(size_t bin) const {
  return (static_cast<float>(bin) / static_cast<float>(kHalf) - 1) * reach_;
}

void Calibration::Double() {
  std::vector<uint64_t> wider(kBins);
  for (size_t i = 0; i < kBins; ++i) wider[kHalf / 2 + i / 2] += counts_[i];
  counts_ = std::move(wider);
  reach_ *= 2;
}

void Calibration::Add(std::span<const float> values, size_t channels) {
  sums_.resize(channels);
  for (size_t i = 0; i < values.size(); ++i) {
    while (std::fabs(values[i]) >= reach_ && std::isfinite(values[i])) Double();
    ++counts_[BinOf(values[i])];
    all_ = {std::min(all_.low, values[i]), std::max(all_.high, values[i])};
    sums_[i % channels] += values[i];
  }
  total_ += values.size();
}

std::vector<double> Calibration::Means() const {
  std::vector<double> means = sums_;
  for (double& mean : means)
    mean *= static_cast<double>(sums_.size()) / static_cast<double>(std::max<uint64_t>(total_, 1));
  return means;
}

Range Calibration::Clipped(double part) const {
  const auto spared = static_cast<uint64_t>(part * static_cast<double>(total_));
  size_t low = 0, high = kBins - 1;
  for (uint64_t seen = 0; low < high && (seen += counts_[low]) <= spared;) ++low;
  for (uint64_t seen = 0; high > low && (seen += counts_[high]) <= spared;) --high;
  return {std::min(0.0F, std::max(all_.low, EdgeOf(low))), std::max(0.0F, std::min(all_.high, EdgeOf(high + 1)))};
}

Result<std::vector<Calibration>> Calibrate(const Material& material) {
  nn::Graph graph{material.network.input, {}};
  for (const Layer& layer : material.network.layers) graph.operations.push_back(layer.operation);
  Result<nn::Net> net = nn::BuildNet(graph, material.model.weights, /*keep_activations=*/true);
  if (!net.ok()) return net.status();
  std::vector<Calibration> calibrations(graph.operations.size());
  for (const Picture* picture : ToCalibrateWith(material.pictures)) {
    image::ToTensor(picture->square, material.model.input_range, net->input());
    HANDFUL_TRY(net->Run());
    for (size_t i = 0; i < calibrations.size(); ++i) {
      Result<std::span<const float>> values = net->Activations(graph.operations[i].name);
      if (!values.ok()) return values.status();
      calibrations[i].Add(*values, static_cast<size_t>(material.network.layers[i].output.channels));
    }
  }
  return calibrations;
}

}  // namespace handful::exporters
