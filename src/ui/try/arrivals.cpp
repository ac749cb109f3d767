#include "ui/try/arrivals.h"

#include <algorithm>

namespace handful::ui {

void Arrivals::Apply(const schema::Event& event) {
  if (std::holds_alternative<schema::Ready>(event)) {
    End("engine");
  } else if (std::holds_alternative<schema::BackboneLoaded>(event)) {
    missing_.clear();
    End("backbone");
  } else if (std::holds_alternative<schema::ModelLoaded>(event)) {
    missing_.clear();
    End("model");
  } else if (const auto* failed = std::get_if<schema::Failed>(&event)) {
    if (failed->command == schema::LoadBackbone::kType) End("backbone");
    if (failed->command == schema::LoadModel::kType) End("model");
  }
}

void Arrivals::SetDownload(const std::string& what, int64_t loaded, int64_t total) {
  if (total > 0 && loaded >= total) return End(what);
  auto it = std::find_if(downloads_.begin(), downloads_.end(), [&](const Download& d) { return d.what == what; });
  if (it == downloads_.end()) it = downloads_.insert(it, Download{what, 0, 0});
  it->loaded = loaded;
  it->total = total;
}

void Arrivals::End(const std::string& what) {
  std::erase_if(downloads_, [&what](const Download& download) { return download.what == what; });
}

void Arrivals::SetMissing(const std::string& sentence) {
  missing_ = sentence;
  downloads_.clear();
}

}  // namespace handful::ui
