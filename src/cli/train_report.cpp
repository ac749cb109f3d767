#include "cli/train_report.h"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/rows.h"

namespace handful::cli {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

void Watch(const schema::Event& event, const TrainOptions& options, Watched& watched) {
  if (const auto* started = std::get_if<schema::TrainStarted>(&event)) {
    watched.fold = started->fold;
    watched.held_out = started->validation > 0;
    watched.progress.reset();
    watched.progress.emplace(started->fold.empty() ? "training" : "training without " + started->fold,
                             static_cast<size_t>(options.settings.epochs));
  }
  if (const auto* epoch = std::get_if<schema::EpochDone>(&event)) {
    std::string text = Format("loss %.4f  accuracy %.4f", epoch->loss, epoch->accuracy);
    if (watched.held_out) text += Format("  validation loss %.4f  accuracy %.4f", epoch->val_loss, epoch->val_accuracy);
    watched.progress->Show(static_cast<size_t>(epoch->epoch), text);
    if (options.json) {
      Json row = {{"epoch", epoch->epoch}, {"loss", epoch->loss}, {"accuracy", epoch->accuracy}};
      if (watched.held_out) row.update({{"val_loss", epoch->val_loss}, {"val_accuracy", epoch->val_accuracy}});
      if (!watched.fold.empty()) row["fold"] = watched.fold;
      PrintJson(row);
    }
  }
}

void PrintSummary(const schema::TrainDone& done, bool held_out, bool json) {
  if (json) {
    Json row = {{"train_accuracy", done.train_accuracy}};
    if (held_out) row.update({{"val_accuracy", done.val_accuracy}, {"val_loss", done.val_loss}});
    row.update({{"seconds", done.seconds}, {"seed", done.seed}});
    if (!done.folds.empty()) {
      row["folds"] = Json::array();
      for (const schema::FoldResult& fold : done.folds) {
        row["folds"].push_back({{"group", fold.group}, {"n", fold.n}, {"val_accuracy", fold.val_accuracy}});
      }
      row["mean_val_accuracy"] = done.mean_val_accuracy;
    }
    PrintJson(row);
    return;
  }
  for (const schema::FoldResult& fold : done.folds) {
    std::printf("held out %s (%d pictures): accuracy %.4f\n", fold.group.c_str(), fold.n, fold.val_accuracy);
  }
  const auto seed = static_cast<long long>(done.seed);
  if (!held_out) {
    std::printf("nothing held out, accuracy in training %.4f, in %.1f s with seed %lld\n", done.train_accuracy,
                done.seconds, seed);
    return;
  }
  std::printf("%saccuracy %.4f, training %.4f, loss %.4f, in %.1f s with seed %lld\n",
              done.folds.empty() ? "held-out " : "mean ", done.val_accuracy, done.train_accuracy, done.val_loss,
              done.seconds, seed);
}

}  // namespace handful::cli
