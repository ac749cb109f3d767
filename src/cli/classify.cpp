#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/files.h"
#include "cli/input_files.h"
#include "cli/rows.h"
#include "cli/session.h"
#include "cli/verbs.h"

namespace handful::cli {
namespace {

void PrintPrediction(const std::string& file, const schema::Prediction& prediction, bool json) {
  if (json) {
    nlohmann::ordered_json row = {{"file", file}, {"top", nlohmann::ordered_json::array()}, {"ms", prediction.ms}};
    for (const schema::ClassProbability& c : prediction.top) row["top"].push_back({{"label", c.label}, {"p", c.p}});
    if (!prediction.warning.empty()) row["warning"] = prediction.warning;
    PrintJson(row);
    return;
  }
  std::string line = file + ":";
  for (const schema::ClassProbability& c : prediction.top) line += Format("  %s %.1f %%", c.label.c_str(), 100 * c.p);
  std::printf("%s  (%.1f ms)\n", line.c_str(), prediction.ms);
  if (!prediction.warning.empty()) std::fprintf(stderr, "%s: warning: %s\n", file.c_str(), prediction.warning.c_str());
}

}  // namespace

int Classify(Arguments arguments) {
  std::string model, backbone;
  std::optional<schema::CropMode> crop;
  int top = 3;
  const bool json = arguments.Flag("--json");
  arguments.Option("--model", model);
  arguments.Option("--backbone", backbone);
  arguments.Option("--crop", crop);
  arguments.Option("--top", top);
  Result<std::vector<std::string>> files = InputFiles(arguments);
  if (!files.ok()) return WrongUsage(files.status());
  if (top < 1) return WrongUsage(Errorf("--top is %d, less than 1", top));

  if (model.empty()) model = DefaultModelPath();
  Session session;
  if (const Status status = session.LoadModel(model, backbone); !status.ok()) {
    PrintFailure(model, status.message(), json);
    return kSomeFailed;
  }
  if (crop.has_value()) session.Run(schema::SetCropMode{*crop});

  int exit_code = kAllGood;
  for (const std::string& file : *files) {
    Result<std::vector<uint8_t>> bytes = ReadFile(file);
    Status status = bytes.status();
    if (bytes.ok()) {
      session.Run(schema::Classify{.name = file, .top = top}, {std::move(*bytes)});
      status = session.status();
    }
    if (status.ok()) {
      PrintPrediction(file, *session.Find<schema::Prediction>(), json);
    } else {
      PrintFailure(file, status.message(), json);
      exit_code = kSomeFailed;
    }
  }
  return exit_code;
}

}  // namespace handful::cli
