// A picture in, probabilities out: preprocessing, backbone and head, or a whole network, behind one call.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "image/image.h"
#include "nn/model.h"
#include "nn/net.h"

namespace handful::nn {

// A network that gives features, without a top. Shared by every head that was trained on it.
class Backbone {
 public:
  // `model` has backbone tensors, and its backbone_sha256 is theirs: whoever made the Model has seen to that.
  static Result<std::shared_ptr<Backbone>> Create(const Model& model);

  // `square` is side × side. The features stay valid until the next call.
  Result<std::span<const float>> Features(const image::Image& square, const image::InputRange& range);
  int side() const { return architecture_->side; }
  int features() const { return static_cast<int>(net_.output().size()); }  // how many
  const Architecture& architecture() const { return *architecture_; }
  const std::string& sha256() const { return sha256_; }
  const std::string& title() const { return title_; }
  const TensorFile& weights() const { return weights_; }

 private:
  Backbone(Net net, const Model& model)
      : net_(std::move(net)),
        architecture_(model.architecture),
        weights_(model.weights),
        sha256_(model.backbone_sha256),
        title_(model.backbone_title) {}
  Net net_;
  const Architecture* architecture_;
  TensorFile weights_;
  std::string sha256_, title_;
};

class Classifier {
 public:
  // A head runs on the one of `shared` that has the hash it was trained on, else on the backbone inside the model. The
  // error names the backbone that is missing and the first of those that are here.
  static Result<std::unique_ptr<Classifier>> Create(const Model& model,
                                                    std::span<const std::shared_ptr<Backbone>> shared);

  // `square` is side × side; one probability a class, summing to 1. Valid until the next call.
  Result<std::span<const float>> Classify(const image::Image& square);
  int side() const { return side_; }

 private:
  Classifier() = default;
  int side_ = 0;
  image::InputRange range_;
  std::shared_ptr<Backbone> backbone_;  // null for a whole network
  std::optional<Net> net_;              // the head on features, or the whole network on pixels
  std::vector<float> probabilities_;
};

}  // namespace handful::nn
