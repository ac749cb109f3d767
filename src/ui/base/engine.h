// What the engine said of itself: whether it is there, which one it is, which project is open, and who answers. Models
// look it up here.
#pragma once

#include <string>

#include "schema/messages.h"

namespace handful::ui {

class EngineState {
 public:
  void Apply(const schema::Event& event) {
    if (const auto* ready = std::get_if<schema::Ready>(&event)) {
      ready_ = true;
      about_ = *ready;
    } else if (const auto* opened = std::get_if<schema::ProjectOpened>(&event)) {
      project_id_ = opened->project.id;
    } else if (const auto* answers = std::get_if<schema::AnswersBy>(&event)) {
      answers_ = *answers;
    }
  }
  void Stopped() {
    ready_ = false;
    answers_ = {};
  }

  bool ready() const { return ready_; }
  const schema::Ready& about() const { return about_; }  // version, variant, kernels; empty before it was ready
  const std::string& project_id() const {
    return project_id_;
  }  // of the open project; pictures say for which one they are
  schema::Answerer answers_by() const { return answers_.by; }
  // A class that the trained model has not learned; "": it knows all, or there is none.
  const std::string& unknown_class() const { return answers_.unknown_class; }

 private:
  bool ready_ = false;
  schema::Ready about_;
  schema::AnswersBy answers_;
  std::string project_id_;
};

}  // namespace handful::ui
