#include "ui/train/train.h"

#include <vector>

#include "ui/toolkit/words.h"

namespace handful::ui {

using schema::TrainingInfo;

void Train::Apply(const schema::Event& event) {
  backbones.Apply(event);
  run.Apply(event);
  if (const auto* opened = std::get_if<schema::ProjectOpened>(&event)) {
    trainings.Opened(opened->trainings);
    settings.Reset();
    if (const TrainingInfo* last = trainings.last()) settings.TakeOver(last->settings);
  } else if (const auto* changed = std::get_if<schema::TrainingChanged>(&event)) {
    trainings.Changed(changed->training, changed->training.id == run.id());
  } else if (const auto* deleted = std::get_if<schema::TrainingDeleted>(&event)) {
    trainings.Deleted(deleted->training_id);
  }
}

void Train::Start() {
  if (settings.wrong().empty()) run.Start(settings.now());
}

void Train::Restore(int64_t training_id) {
  run.ForgetError();
  trainings.Restore(training_id);
}

void Train::Delete(int64_t training_id) {
  run.ForgetError();
  trainings.Delete(training_id);
}

std::string Train::Obstacle(std::span<const TrainClass> classes) const {
  if (!engine_.ready()) return "The engine is still being loaded.";
  std::vector<const TrainClass*> used, empty;
  for (const TrainClass& c : classes) {
    if (!c.enabled) continue;
    used.push_back(&c);
    if (c.samples == 0) empty.push_back(&c);
  }
  if (classes.empty()) return "Add two classes and show some pictures of each.";
  if (used.empty()) return "All classes are switched off: switch two of them on.";
  if (used.size() == 1) {
    return classes.size() > 1 ? "Switch on a second class: training learns to tell classes apart."
                              : "Add a second class: training learns to tell classes apart.";
  }
  if (empty.size() == 1) return Quoted(empty[0]->name) + " has no pictures yet.";
  if (empty.size() == 2) return Quoted(empty[0]->name) + " and " + Quoted(empty[1]->name) + " have no pictures yet.";
  if (empty.size() > 2) {
    return Quoted(empty[0]->name) + " and " +
           Count(static_cast<int64_t>(empty.size()) - 1, "other class", "other classes") + " have no pictures yet.";
  }
  return settings.wrong();
}

const TrainingInfo* Train::Newest() const {
  if (run.phase() == Run::Phase::kStarting) return nullptr;
  if (const TrainingInfo* now = trainings.Find(run.id()); now != nullptr && run.running()) return now;
  return trainings.last();
}

const TrainingInfo* Train::Headline() const {
  const TrainingInfo* current = trainings.current();
  return run.running() || current == nullptr ? Newest() : current;
}

std::string Train::HeadlineNote() const {
  const TrainingInfo *shown = Headline(), *last = trainings.last();
  if (run.running() || shown == nullptr || shown == last) return {};
  const std::string name = "The last one, " + trainings.NameOf(last->id);
  const std::string in_use = trainings.NameOf(shown->id) + " is in use. ";
  const Outcome outcome = OutcomeOf(*last);
  if (last->state == schema::TrainingState::kFailed) return in_use + name + ", failed: " + outcome.explanation;
  if (last->worse_than == shown->id)
    return in_use + name + ", was right less often on the same pictures: " + outcome.headline + ".";
  return in_use + name +
         (outcome.figure.empty() ? ", was stopped before its first epoch was done." : ": " + outcome.headline + ".");
}

}  // namespace handful::ui
