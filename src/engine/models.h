// Backbones and models as they come and go, and how pictures are cut for them: what is loaded, what the open project
// has trained, and who of them answers (answers.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/answer.h"
#include "engine/answers.h"
#include "engine/workspace.h"
#include "import/import.h"
#include "nn/model.h"
#include "schema/messages.h"

namespace handful::engine {

class Models {
 public:
  Models(Send send, Workspace& workspace, importers::ModelReader read_model)
      : send_(std::move(send)), workspace_(workspace), read_model_(read_model) {}

  Status Handle(const schema::LoadBackbone& command, const std::vector<schema::Bytes>& buffers, const Reply& reply);
  Status Handle(const schema::LoadModel& command, std::vector<schema::Bytes>& buffers, const Reply& reply);
  void Handle(const schema::SetCropMode& command);

  Answers& answers() { return answers_; }
  bool HasBackbone() const { return answers_.backbone() != nullptr; }
  image::CropMode crop_mode() const { return crop_mode_; }
  // Of a square, as the open project's are made.
  Result<train::FeatureRow> Features(const image::Image& square);
  // A model of the present backbone, input range and crop, without weights.
  nn::Model Frame() const;

  // The open project's own model and the classes it knows; null: it has none (any more). Where its backbone is not
  // there, it waits.
  Status Adopt(const nn::Model* model, std::vector<int64_t> class_ids);
  // Another project is open, or none: its current training's model is read and adopted.
  void ProjectOpened();
  void ProjectChanged(bool by_visitor) { answers_.ProjectChanged(workspace_.state(), by_visitor); }
  // The model of a training of the open project, read and adopted. `then` does not come where the project was closed.
  void AdoptFromStore(const schema::TrainingInfo& training, std::function<void(const Status&)> then);
  // Says it where it changed.
  void SayWhoAnswers();

 private:
  Status AdoptBackbone(const nn::Model& model, const Reply& reply);

  Send send_;
  Workspace& workspace_;
  importers::ModelReader read_model_;
  Answers answers_;
  schema::AnswersBy said_;
  image::CropMode crop_mode_ = image::CropMode::kCenter;
  struct Waiting {
    nn::Model model;
    std::vector<int64_t> class_ids;
  };
  std::optional<Waiting> waiting_;  // for its backbone
};

}  // namespace handful::engine
