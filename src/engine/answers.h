// Who answers a picture: the head trained on the open project; until there is one that knows all its classes, its
// nearest samples; else the model that was loaded. Holds the backbones, which all of them share.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/project/state.h"
#include "insight/neighbours.h"
#include "nn/classifier.h"
#include "nn/inspect.h"
#include "schema/messages.h"
#include "train/dataset.h"

namespace handful::engine {

class Answers {
 public:
  struct Answer {
    schema::Answerer by = schema::Answerer::kNobody;
    std::vector<schema::ClassProbability> top;
    double forward_ms = 0;
  };

  // ---- backbones
  // This one makes features from now on. Those used before stay for the heads that stand on them.
  void UseBackbone(std::shared_ptr<nn::Backbone> backbone);
  // The one in use; null: none was loaded.
  nn::Backbone* backbone() const { return backbones_.empty() ? nullptr : backbones_.front().get(); }
  Result<train::FeatureRow> Features(const image::Image& square, const image::InputRange& range);

  // ---- models
  // `shipped`: it answers only while the project has nothing to say; else it answers until the project changes.
  Status UseLoaded(const nn::Model& model, bool shipped);
  Status UseTrained(const nn::Model& model, std::vector<int64_t> class_ids);
  void ForgetTrained() { trained_.reset(), inspector_.reset(); }
  // Null: there is none.
  const nn::Model* trained() const { return trained_ ? &trained_->model : nullptr; }

  // The one that answers, its backbone inside. Errors: none does, or the nearest samples.
  Result<nn::Model> WholeModel() const;
  bool answers_trained() const { return !who_is_loaded_ && who_.by == schema::Answerer::kModel; }

  // ---- the project
  // Its samples or classes changed; `by_visitor`: what was loaded does not go first any more.
  void ProjectChanged(const State& project, bool by_visitor);

  // As AnswersBy says it.
  const schema::AnswersBy& who() const { return who_; }
  // The side of the square Classify wants.
  Result<int> Side() const;
  Result<Answer> Classify(const image::Image& square, int top);
  // Under the hood of whoever answers, for a square as Classify wants it; the neighbours have the backbone's.
  struct Inspection {
    nn::Filters filters;  // the first layer's
    std::vector<nn::LayerOutput> layers;
  };
  Result<Inspection> Inspect(const image::Image& square);

 private:
  struct Known {
    std::unique_ptr<nn::Classifier> classifier;
    nn::Model model;                 // of a trained one with its classes as they are called now
    std::vector<int64_t> class_ids;  // of a trained one
  };
  void Decide(const State& project);
  const Known* Model() const {
    return who_is_loaded_ ? (loaded_ ? &*loaded_ : nullptr) : trained_ ? &*trained_ : nullptr;
  }

  std::vector<std::shared_ptr<nn::Backbone>> backbones_;  // the one in use first
  std::optional<Known> loaded_, trained_;
  bool loaded_first_ = false, who_is_loaded_ = true;
  schema::AnswersBy who_;
  const State* project_ = nullptr;
  std::optional<insight::Neighbours> neighbours_;  // made when they are asked
  image::InputRange range_;
  std::optional<nn::Inspector> inspector_;  // of whoever answers; made when it is asked
};

}  // namespace handful::engine
