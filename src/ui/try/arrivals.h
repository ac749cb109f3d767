// What is still on its way when the page opens, and what of its own files is missing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/messages.h"

namespace handful::ui {

struct Download {
  std::string what;  // "engine", "backbone", "model"
  int64_t loaded = 0, total = 0;
};

class Arrivals {
 public:
  void Apply(const schema::Event& event);
  void SetDownload(const std::string& what, int64_t loaded, int64_t total);
  // The page's own files are not there; `sentence` says which and how to get them.
  void SetMissing(const std::string& sentence);
  void EngineStopped() { downloads_.clear(); }

  const std::string& missing() const { return missing_; }
  const std::vector<Download>& downloads() const { return downloads_; }

 private:
  void End(const std::string& what);

  std::string missing_;
  std::vector<Download> downloads_;
};

}  // namespace handful::ui
