#include "nn/classifier.h"

#include <algorithm>

#include "nn/build.h"

namespace handful::nn {
namespace {

Status CheckSide(const image::Image& square, int side) {
  if (square.width == side && square.height == side) return {};
  return Errorf("the network wants %d × %d pixels, not %d × %d", side, side, square.width, square.height);
}

}  // namespace

Result<std::shared_ptr<Backbone>> Backbone::Create(const Model& model) {
  Result<Net> net = BuildNet(BackboneGraph(*model.architecture), model.weights);
  if (!net.ok()) return net.status();
  return std::shared_ptr<Backbone>(new Backbone(std::move(*net), model));
}

Result<std::span<const float>> Backbone::Features(const image::Image& square, const image::InputRange& range) {
  HANDFUL_TRY(CheckSide(square, side()));
  image::ToTensor(square, range, net_.input());
  HANDFUL_TRY(net_.Run());
  return net_.output();
}

Result<std::unique_ptr<Classifier>> Classifier::Create(const Model& model,
                                                       std::span<const std::shared_ptr<Backbone>> shared) {
  std::unique_ptr<Classifier> classifier(new Classifier);
  classifier->side_ = model.input_side;
  classifier->range_ = model.input_range;
  if (model.is_backbone()) return Errorf("this file holds a backbone, which names no classes: it needs a head");

  if (const Architecture& architecture = *model.architecture; architecture.gives_features()) {
    if (model.input_side != architecture.side) {
      return Errorf("metadata field \"input_side\" is %d; %s runs here at %d", model.input_side, architecture.title,
                    architecture.side);
    }
    const auto fits =
        std::ranges::find(shared, model.backbone_sha256, [](const auto& backbone) { return backbone->sha256(); });
    if (fits != shared.end()) {
      classifier->backbone_ = *fits;
    } else if (model.HasBackbone()) {
      Result<std::shared_ptr<Backbone>> own = Backbone::Create(model);
      if (!own.ok()) return own.status();
      classifier->backbone_ = std::move(*own);
    } else {
      const std::string wanted = NameOfBackbone(model.backbone_sha256, model.backbone_title);
      const std::string here = shared.empty()
                                   ? "none is loaded"
                                   : "the one in use is " + NameOfBackbone(shared[0]->sha256(), shared[0]->title());
      return Errorf(
          "this model stands on the backbone %s, but %s: choose or load that backbone first; ./tools/fetch-backbone "
          "obtains the ImageNet weights",
          wanted.c_str(), here.c_str());
    }
  }
  Result<Net> net = BuildNet(OwnGraph(*model.architecture, model.part, model.input_side, model.weights), model.weights);
  if (!net.ok()) return net.status();
  if (net->output().size() != model.classes.size()) {
    return Errorf("the network has %zu outputs, but there are %zu classes", net->output().size(), model.classes.size());
  }
  classifier->net_.emplace(std::move(*net));
  classifier->probabilities_.resize(model.classes.size());
  return classifier;
}

Result<std::span<const float>> Classifier::Classify(const image::Image& square) {
  HANDFUL_TRY(CheckSide(square, side_));
  if (backbone_ != nullptr) {
    Result<std::span<const float>> features = backbone_->Features(square, range_);
    if (!features.ok()) return features.status();
    std::copy(features->begin(), features->end(), net_->input().begin());
  } else {
    image::ToTensor(square, range_, net_->input());
  }
  HANDFUL_TRY(net_->Run());
  const std::span<const float> logits = net_->output();
  std::copy(logits.begin(), logits.end(), probabilities_.begin());
  Softmax(probabilities_);
  return std::span<const float>(probabilities_);
}

}  // namespace handful::nn
