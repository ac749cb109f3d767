// The squares of a project's samples for a session that learns from pixels: read from the store a few ahead, forgotten
// when they were used, so that never more than some dozens are in memory.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "engine/open_project.h"
#include "train/pictures.h"

namespace handful::engine {

class StoredPictures final : public train::PictureSource {
 public:
  // `ids`: of the samples, by their index in the dataset.
  StoredPictures(Scope scope, std::vector<int64_t> ids) : scope_(std::move(scope)), ids_(std::move(ids)) {}
  void Expect(std::span<const int> samples) override;
  Result<const image::Image*> Find(int sample) override;

 private:
  // Outlives this object while the store has not answered.
  struct Squares {
    std::map<int64_t, image::Image> there;
    std::set<int64_t> asked, missing;
  };
  const Scope scope_;
  const std::vector<int64_t> ids_;
  const std::shared_ptr<Squares> squares_ = std::make_shared<Squares>();
};

}  // namespace handful::engine
