// Training: settings, the one under way, those before, and the backbones they stand on. Each model has one job; this is
// where an event finds those that care.
//
//   train.Apply(event);                                              // the host: an event of the engine
//   train.settings.Set(Setting::epochs, 100);
//   if (train.Obstacle(classes).empty()) train.Start();
//   if (const schema::TrainingInfo* t = train.Headline()) Draw(t->curve);
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "schema/messages.h"
#include "ui/base/engine.h"
#include "ui/base/host.h"
#include "ui/base/panel.h"
#include "ui/train/backbones.h"
#include "ui/train/outcome.h"
#include "ui/train/run.h"
#include "ui/train/settings.h"
#include "ui/train/trainings.h"

namespace handful::ui {

// What training needs to know of a class.
struct TrainClass {
  std::string name;
  int64_t samples = 0;
  bool enabled = true;
};

struct Train {
  Train(CommandSink& sink, const EngineState& engine)
      : trainings(sink), run(sink, trainings), backbones(sink), engine_(engine) {}

  void Apply(const schema::Event& event);
  void EngineStopped() { run.EngineStopped(); }
  // Whether it asked for what an event with this id answers, and says itself what became of it.
  bool Owns(int64_t request) const { return run.Owns(request) || trainings.Owns(request); }

  // ---- from the panels
  void Start();
  void Restore(int64_t training_id);
  void Delete(int64_t training_id);

  // ---- what there is to show
  // Why it cannot start yet, as one sentence that names the next step; "" if it can.
  std::string Obstacle(std::span<const TrainClass> classes) const;
  // The one under way, else the last: what can be gone on with.
  const schema::TrainingInfo* Newest() const;
  // The one whose figure stands large: the one under way, else the one whose model answers, else the last.
  const schema::TrainingInfo* Headline() const;
  // Where the last one is not that one: which one it is, and what became of the last; else "".
  std::string HeadlineNote() const;

  TrainingSettings settings;
  Trainings trainings;
  Run run;
  Backbones backbones;

 private:
  const EngineState& engine_;
};

struct TrainPanel : Panel {
  Train& train;
  std::span<const TrainClass> classes;
};

// The Train card: button, progress, charts, advanced settings. Returns the height.
float DrawTrain(TrainPanel& c, Vec2 top_left, float width);
// The settings, unfolded. Returns the height.
float DrawSettings(TrainPanel& c, Vec2 top_left, float width);
// Earlier trainings, two of them compared. Returns the height.
float DrawTrainings(TrainPanel& c, Vec2 top_left, float width);

}  // namespace handful::ui
