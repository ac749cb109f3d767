#include "ui/train/outcome.h"

#include <cmath>

#include "base/status.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

using schema::TrainingInfo;

std::string Duration(double seconds) {
  if (seconds < 10) return Format("%.1f s", seconds);
  if (seconds < 59.5) return Format("%.0f s", seconds);
  const auto whole = static_cast<int64_t>(std::lround(seconds));
  return Format("%lld min %lld s", static_cast<long long>(whole / 60), static_cast<long long>(whole % 60));
}

int EpochsOf(const TrainingInfo& t) { return t.curve.empty() ? 0 : t.curve.back().epoch; }

int64_t Right(double accuracy, int of) { return std::isfinite(accuracy) ? std::llround(accuracy * of) : 0; }

std::string RightOf(double accuracy, int of) {
  return Format("%lld of %d", static_cast<long long>(Right(accuracy, of)), of);
}

const char* HowHeldOut(schema::HeldOutBy split) {
  switch (split) {
    case schema::HeldOutBy::kNone: return "none";
    case schema::HeldOutBy::kRandom: return "at random";
    case schema::HeldOutBy::kGroups: return "whole recordings";
    case schema::HeldOutBy::kEnds: return "the end of each recording";
  }
  return "";
}

}  // namespace

Outcome OutcomeOf(const TrainingInfo& t) {
  if (t.state == schema::TrainingState::kFailed) return {"", "This training failed", Sentence(t.message)};
  if (t.state == schema::TrainingState::kRunning) return {"", "Under way", ""};
  if (t.curve.empty() && t.state == schema::TrainingState::kStopped)
    return {"", "Stopped before the first epoch was done", ""};
  Outcome outcome;
  if (t.validation == 0) {
    outcome.figure = RightOf(t.train_accuracy, t.training);
    outcome.headline =
        outcome.figure + (t.training == 1 ? " picture right" : " pictures right") + " that it learned from";
    outcome.explanation = "None were held out, so this says nothing about new pictures.";
  } else {
    outcome.figure = RightOf(t.val_accuracy, t.validation);
    outcome.headline = outcome.figure + (t.validation == 1 ? " held-out picture right" : " held-out pictures right");
    if (t.split == schema::HeldOutBy::kGroups) {
      outcome.explanation =
          "They are from recordings that training never saw, so expect about as much of new pictures.";
    } else if (t.split == schema::HeldOutBy::kEnds) {
      outcome.explanation =
          "They are the end of each recording, which training never saw. In another place or light it may do worse.";
    } else {
      outcome.explanation =
          "They were drawn at random: training saw pictures much like them, so expect less of new ones.";
    }
    constexpr int kFew = 10;
    if (t.validation < kFew) outcome.explanation += " So few say little.";
  }
  if (t.ended_early) {
    outcome.explanation +=
        Format(" It ended by itself after %s of %d, as it got no better; what it knew after epoch %d is kept.",
               Count(EpochsOf(t), "epoch", "epochs").c_str(), t.settings.epochs, t.best_epoch);
  }
  constexpr double kBetter = 0.1;
  const auto classes = static_cast<double>(t.classes.size());
  if (classes > 1 && t.train_accuracy < 1 / classes + kBetter) {
    outcome.explanation += " It hardly does better than guessing: the classes look alike to it.";
  }
  return outcome;
}

std::vector<Compared> Compare(const TrainingInfo& a, const TrainingInfo& b) {
  std::vector<Compared> rows;
  CompareSettings(a.settings, b.settings, rows);
  const auto setting = [&](std::string name, std::string in_a, std::string in_b) {
    if (in_a != in_b) rows.push_back({std::move(name), std::move(in_a), std::move(in_b), true});
  };
  setting("How held out", HowHeldOut(a.split), HowHeldOut(b.split));
  setting("Learned from", Count(a.training, "picture", "pictures"), Count(b.training, "picture", "pictures"));
  setting("Classes", std::to_string(a.classes.size()), std::to_string(b.classes.size()));

  const auto result = [&](const char* name, const auto& text) { rows.push_back({name, text(a), text(b), false}); };
  if (a.validation > 0 || b.validation > 0) {
    result("Held out, right", [](const TrainingInfo& t) {
      return t.validation > 0 ? RightOf(t.val_accuracy, t.validation) : std::string("–");
    });
    result("Held out, loss",
           [](const TrainingInfo& t) { return t.validation > 0 ? Format("%.3f", t.val_loss) : std::string("–"); });
  }
  result("Training, right", [](const TrainingInfo& t) { return RightOf(t.train_accuracy, t.training); });
  result("Epochs done", [](const TrainingInfo& t) { return std::to_string(EpochsOf(t)); });
  result("Time", [](const TrainingInfo& t) { return Duration(t.seconds); });
  return rows;
}

std::string TimeLeft(double seconds) {
  if (!(seconds >= 0)) return {};
  if (seconds < 1) return "almost done";
  return (seconds < 59.5 ? Format("%.0f s", seconds) : Duration(seconds)) + " left";
}

}  // namespace handful::ui
