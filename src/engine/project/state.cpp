#include "engine/project/state.h"

#include <algorithm>
#include <set>

#include "nn/mobilenet_v2.h"

namespace handful::engine {

std::string Trimmed(std::string text) {
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

schema::ProjectInfo State::Info() const {
  schema::ProjectInfo with_count = info;
  with_count.samples = static_cast<int>(samples.size());
  return with_count;
}

const schema::ClassInfo* State::FindClass(int64_t id) const {
  const auto found = std::ranges::find(info.classes, id, &schema::ClassInfo::id);
  return found == info.classes.end() ? nullptr : &*found;
}

const schema::ClassInfo* State::FindClassCalled(const std::string& name) const {
  const auto found = std::ranges::find(info.classes, Trimmed(name), &schema::ClassInfo::name);
  return found == info.classes.end() ? nullptr : &*found;
}

Sample* State::Find(int64_t sample_id) {
  const auto found = samples.find(sample_id);
  return found == samples.end() ? nullptr : &found->second;
}

const Sample* State::Find(int64_t sample_id) const {
  const auto found = samples.find(sample_id);
  return found == samples.end() ? nullptr : &found->second;
}

std::vector<int64_t> State::EnabledClassIds() const {
  std::vector<int64_t> ids;
  for (const schema::ClassInfo& c : info.classes) {
    if (c.enabled) ids.push_back(c.id);
  }
  return ids;
}

std::vector<int64_t> State::DatasetIds(bool with_features) const {
  const std::vector<int64_t> enabled_ids = EnabledClassIds();
  const std::set<int64_t> enabled(enabled_ids.begin(), enabled_ids.end());
  std::vector<int64_t> ids;
  for (const auto& [id, sample] : samples) {
    if ((sample.features != nullptr || !with_features) && enabled.contains(sample.info.class_id)) ids.push_back(id);
  }
  return ids;
}

train::Dataset State::ToDataset(bool with_features) const {
  train::Dataset data;
  data.dim = nn::kMobileNetFeatures;
  std::map<int64_t, int> label;
  for (const schema::ClassInfo& c : info.classes) {
    if (!c.enabled) continue;
    label[c.id] = static_cast<int>(data.classes.size());
    data.classes.push_back(c.name);
  }
  for (const int64_t id : DatasetIds(with_features)) {
    const Sample& sample = samples.at(id);
    data.rows.push_back(sample.features);
    data.labels.push_back(label[sample.info.class_id]);
    data.groups.push_back(sample.info.burst ? sample.info.session : "");
    data.copies.push_back(sample.copies);
  }
  return data;
}

}  // namespace handful::engine
