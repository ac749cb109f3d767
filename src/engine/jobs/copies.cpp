#include "engine/jobs/copies.h"

#include <algorithm>
#include <cstring>

#include "base/rng.h"
#include "engine/convert.h"
#include "engine/training.h"
#include "image/augment.h"
#include "nn/mobilenet_v2.h"

namespace handful::engine {
namespace {

using schema::Bytes;

constexpr size_t kCopiesAtOnce = 32;  // samples whose kept copies are read together
constexpr size_t kSquaresAtOnce = 8;  // samples whose pixels are in memory

// How copies are made: those made otherwise are made anew.
std::string KeyOf(const schema::TrainSettings& s, const std::string& backbone_sha256) {
  return Format("copies %d flip %d rotate %g zoom %g light %g color %g invert %d seed %lld range %s backbone %s",
                s.augment, s.flip ? 1 : 0, s.rotate, s.zoom, s.light, s.color, s.invert ? 1 : 0,
                static_cast<long long>(s.seed), TextOf(s.input_range), backbone_sha256.c_str());
}

}  // namespace

CopiesJob::CopiesJob(Scope scope, Models& models, const schema::TrainSettings& settings,
                     const std::vector<int64_t>& sample_ids)
    : scope_(std::move(scope)), models_(models), settings_(settings) {
  const auto project = scope_.lock();
  if (project == nullptr) return;
  key_ = KeyOf(settings_, project->state().info.backbone_sha256);
  for (const int64_t id : sample_ids) {
    if (project->state().Find(id)->copies_key != key_) unread_.push_back(id);
  }
  total_ = static_cast<int64_t>(unread_.size());
}

Result<bool> CopiesJob::Step() {
  const auto project = scope_.lock();
  if (project == nullptr || *reading_) return false;
  if (!squares_.empty()) {
    HANDFUL_TRY(Make(*project));
  } else if (!unread_.empty()) {
    ReadKept(*project);
  } else if (!lacking_.empty()) {
    ReadSquares(*project);
  }
  return true;
}

// Made by an earlier training, or by this one before a reload.
void CopiesJob::ReadKept(OpenProject& project) {
  std::vector<int64_t> ids;
  while (!unread_.empty() && ids.size() < kCopiesAtOnce) {
    ids.push_back(unread_.front());
    unread_.pop_front();
  }
  *reading_ = true;
  project.Read("copies", ids,
               [this, weak = std::weak_ptr(reading_), scope = scope_, ids](Result<OpenProject::Records> found) {
                 const auto reading = weak.lock();
                 const auto open = scope.lock();
                 if (reading == nullptr || open == nullptr) return;
                 *reading = false;
                 const std::string line = key_ + "\n";
                 const size_t floats = static_cast<size_t>(settings_.augment) * nn::kMobileNetFeatures;
                 const OpenProject::Records records = found.ok() ? std::move(*found) : OpenProject::Records();
                 for (const int64_t id : ids) {
                   const auto record = records.find(id);
                   if (record == records.end() || record->second.size() != line.size() + floats * sizeof(float) ||
                       !std::equal(line.begin(), line.end(), record->second.begin())) {
                     lacking_.push_back(id);
                     continue;
                   }
                   std::vector<float> copies(floats);
                   std::memcpy(copies.data(), record->second.data() + line.size(), floats * sizeof(float));
                   open->SetCopies(id, train::MakeFeatureRow(copies), key_);
                 }
               });
}

void CopiesJob::ReadSquares(OpenProject& project) {
  std::vector<int64_t> ids;
  while (!lacking_.empty() && ids.size() < kSquaresAtOnce) {
    ids.push_back(lacking_.front());
    lacking_.pop_front();
  }
  *reading_ = true;
  project.ReadSquares(ids, [this, weak = std::weak_ptr(reading_)](OpenProject::Squares squares) {
    const auto reading = weak.lock();
    if (reading == nullptr) return;
    *reading = false;
    squares_ = std::move(squares);
  });
}

Status CopiesJob::Make(OpenProject& project) {
  const auto [id, square] = std::move(squares_.back());
  squares_.pop_back();
  if (project.state().Find(id) == nullptr) return {};  // deleted meanwhile
  const image::AugmentSettings augment = AugmentOf(settings_);
  std::vector<float> copies;
  for (int c = 0; c < settings_.augment; ++c) {
    Rng seeds(static_cast<uint64_t>(settings_.seed), static_cast<uint64_t>(id) * 64 + static_cast<uint64_t>(c));
    Result<image::Image> altered = image::Augment(square, augment, seeds.Next());
    if (!altered.ok()) return altered.status();
    Result<train::FeatureRow> features = models_.Features(*altered);
    if (!features.ok()) return features.status();
    copies.insert(copies.end(), features->get(), features->get() + nn::kMobileNetFeatures);
  }
  project.SetCopies(id, train::MakeFeatureRow(copies), key_);
  Bytes record = BytesOfText(key_ + "\n");
  const Bytes floats = BytesOf(copies);
  record.insert(record.end(), floats.begin(), floats.end());
  project.KeepCopies(id, std::move(record));
  return {};
}

}  // namespace handful::engine
