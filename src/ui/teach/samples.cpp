#include "ui/teach/samples.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <unordered_set>

#include "base/status.h"

namespace handful::ui {

void Samples::Forget() {
  samples_.clear();
  by_class_.clear();
  last_session_.clear();
  listed_ = false;
}

void Samples::Upsert(std::vector<schema::SampleInfo> samples) {
  if (samples.empty()) return;
  std::map<int64_t, std::unordered_set<int64_t>> left;
  std::set<int64_t> unordered;
  for (schema::SampleInfo& sample : samples) {
    const int64_t id = sample.id, class_id = sample.class_id;
    const auto [it, created] = samples_.try_emplace(id);
    const bool moved = !created && it->second.class_id != class_id;
    if (moved) left[it->second.class_id].insert(id);
    // "camera 12": the next one is 13.
    if (const size_t space = sample.session.find(' '); created && space != std::string::npos) {
      const int64_t n = std::strtoll(sample.session.c_str() + space + 1, nullptr, 10);
      int64_t& last = last_session_[sample.session.substr(0, space)];
      last = std::max(last, n);
    }
    it->second = std::move(sample);
    if (!created && !moved) continue;
    std::vector<int64_t>& ids = by_class_[class_id];
    if (!ids.empty() && ids.back() > id) unordered.insert(class_id);
    ids.push_back(id);
  }
  for (const auto& [class_id, gone] : left) {
    const auto moved_on = [&, from = class_id, &those = gone](int64_t id) {
      return those.contains(id) && samples_[id].class_id != from;
    };
    std::erase_if(by_class_[class_id], moved_on);
  }
  for (const int64_t class_id : unordered) {
    std::vector<int64_t>& ids = by_class_[class_id];
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
}

void Samples::Remove(const std::vector<int64_t>& ids) {
  std::map<int64_t, std::unordered_set<int64_t>> left;
  for (const int64_t id : ids) {
    const auto it = samples_.find(id);
    if (it == samples_.end()) continue;
    left[it->second.class_id].insert(id);
    samples_.erase(it);
  }
  for (const auto& [class_id, gone] : left) {
    std::erase_if(by_class_[class_id], [&those = gone](int64_t id) { return those.contains(id); });
  }
}

void Samples::Saved(const std::vector<int64_t>& ids) {
  for (const int64_t id : ids) {
    if (const auto it = samples_.find(id); it != samples_.end()) it->second.saved = true;
  }
}

std::string Samples::NextSession(const char* kind) {
  int64_t& last = last_session_[kind];
  return Format("%s %lld", kind, static_cast<long long>(++last));
}

const std::vector<int64_t>& Samples::Of(int64_t class_id) const {
  static const std::vector<int64_t> kNone;
  const auto it = by_class_.find(class_id);
  return it == by_class_.end() ? kNone : it->second;
}

const schema::SampleInfo* Samples::Find(int64_t sample_id) const {
  const auto it = samples_.find(sample_id);
  return it == samples_.end() ? nullptr : &it->second;
}

const schema::ClassInfo* Samples::Short(const std::vector<schema::ClassInfo>& classes) const {
  size_t most = 0, least = SIZE_MAX;
  const schema::ClassInfo* shortest = nullptr;
  for (const schema::ClassInfo& info : classes) {
    if (!info.enabled) continue;
    const size_t n = Of(info.id).size();
    most = std::max(most, n);
    if (n < least) {
      least = n;
      shortest = &info;
    }
  }
  return shortest != nullptr && least > 0 && least * kBalance < most ? shortest : nullptr;
}

}  // namespace handful::ui
