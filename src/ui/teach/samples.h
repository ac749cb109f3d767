// The samples of the open project, by class. Ten thousand are ordinary: events touch only what they name.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "schema/messages.h"

namespace handful::ui {

class Samples {
 public:
  static constexpr size_t kBalance = 2;  // a class with less than 1/2 of the largest is short of samples

  // ---- from the engine
  void Forget();  // another project is opened
  void Listed() { listed_ = true; }
  void Upsert(std::vector<schema::SampleInfo> samples);
  void Remove(const std::vector<int64_t>& ids);
  void Saved(const std::vector<int64_t>& ids);

  // A name for what is captured in one go, new in this project: "camera 3".
  std::string NextSession(const char* kind);

  // ---- what there is to show
  bool listed() const { return listed_; }  // all samples of the project just opened are here
  int64_t count() const { return static_cast<int64_t>(samples_.size()); }
  const std::vector<int64_t>& Of(int64_t class_id) const;  // ascending ids
  const schema::SampleInfo* Find(int64_t sample_id) const;
  // An enabled one of `classes` with far fewer samples than the largest, for a hint; nullptr if they are alike.
  const schema::ClassInfo* Short(const std::vector<schema::ClassInfo>& classes) const;

 private:
  bool listed_ = false;
  std::unordered_map<int64_t, schema::SampleInfo> samples_;
  std::map<int64_t, std::vector<int64_t>> by_class_;
  std::map<std::string, int64_t, std::less<>> last_session_;  // "camera" → 12
};

}  // namespace handful::ui
