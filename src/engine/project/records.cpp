#include "engine/project/records.h"

#include <chrono>
#include <cstring>
#include <random>

#include "base/status.h"
#include "nn/mobilenet_v2.h"

namespace handful::engine {

std::string StoreKey(const std::string& project, int64_t id) {
  return Format("%s/%012lld", project.c_str(), static_cast<long long>(id));
}

std::string TrainingKey(const std::string& project, const char* what, int64_t training_id) {
  return StoreKey(project + "/" + what, training_id);
}

int64_t NumberIn(const std::string& key) {
  int64_t number = 0;
  for (const char c : key.substr(key.rfind('/') + 1)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

schema::Bytes BytesOfText(std::string_view text) { return {text.begin(), text.end()}; }
std::string_view TextOf(const schema::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

train::FeatureRow FeaturesOf(const schema::Bytes& value) {
  if (value.size() != nn::kMobileNetFeatures * sizeof(float)) return nullptr;
  std::vector<float> features(nn::kMobileNetFeatures);
  std::memcpy(features.data(), value.data(), value.size());
  return train::MakeFeatureRow(features);
}

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string NewProjectId() {
  std::random_device device;
  return Format("%llx-%04x", static_cast<unsigned long long>(NowMs()), device() & 0xFFFFU);
}

std::string LockOf(const std::string& project) { return "project/" + project; }

}  // namespace handful::engine
