#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/pictures.h"
#include "cli/progress.h"
#include "cli/rows.h"
#include "cli/session.h"
#include "cli/verbs.h"

namespace handful::cli {
namespace {

// Rows: the folder's class; columns: what the model said.
using Confusion = std::vector<std::vector<int>>;

void Print(const std::vector<std::string>& labels, const Confusion& confusion, int correct, int n, bool json) {
  const double accuracy = n == 0 ? 0 : static_cast<double>(correct) / n;
  if (json) {
    PrintJson({{"accuracy", accuracy}, {"n", n}, {"labels", labels}, {"confusion", confusion}});
    return;
  }
  std::printf("accuracy %.4f (%d of %d)\n", accuracy, correct, n);
  for (size_t row = 0; row < labels.size(); ++row) {
    std::printf("%16s", labels[row].c_str());
    for (const int count : confusion[row]) std::printf(" %6d", count);
    std::printf("\n");
  }
}

}  // namespace

int Eval(Arguments arguments) {
  std::string backbone;
  const bool json = arguments.Flag("--json");
  arguments.Option("--backbone", backbone);
  Result<std::vector<std::string>> words = arguments.Positional(2, 2);
  if (!words.ok()) return WrongUsage(words.status());
  Session session;
  if (const Status status = session.LoadModel(words->front(), backbone); !status.ok()) {
    PrintFailure(words->front(), status.message(), json);
    return kSomeFailed;
  }
  const std::vector<std::string> labels = session.Find<schema::ModelLoaded>()->model.classes;
  Result<LabelledPictures> source = LabelledPictures::Open(words->back());
  if (!source.ok()) {
    PrintFailure(words->back(), source.status().message(), json);
    return kSomeFailed;
  }
  const std::vector<LabelledPicture>& pictures = source->pictures();

  Confusion confusion(labels.size(), std::vector<int>(labels.size(), 0));
  int n = 0;
  int correct = 0;
  int exit_code = kAllGood;
  Progress progress("eval", pictures.size());
  for (size_t i = 0; i < pictures.size(); ++i) {
    const LabelledPicture& file = pictures[i];
    const auto actual = std::find(labels.begin(), labels.end(), file.label);
    Result<std::vector<uint8_t>> bytes = source->Read(i);
    Status status = bytes.status();
    if (actual == labels.end()) {
      status = Errorf("its class \"%s\" is none of the model's classes", file.label.c_str());
    } else if (bytes.ok()) {
      session.Run(schema::Classify{.name = file.path, .top = 1}, {std::move(*bytes)});
      status = session.status();
    }
    if (status.ok()) {
      const auto predicted =
          std::find(labels.begin(), labels.end(), session.Find<schema::Prediction>()->top.front().label);
      ++confusion[static_cast<size_t>(actual - labels.begin())][static_cast<size_t>(predicted - labels.begin())];
      ++n;
      correct += actual == predicted ? 1 : 0;
    } else {
      PrintFailure(file.path, status.message(), json);
      exit_code = kSomeFailed;
    }
    progress.Show(i + 1);
  }
  Print(labels, confusion, correct, n, json);
  return exit_code;
}

}  // namespace handful::cli
