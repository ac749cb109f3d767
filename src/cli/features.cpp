#include <cstdio>
#include <cstring>

#include <nlohmann/json.hpp>

#include "base/version.h"
#include "cli/exit_code.h"
#include "cli/files.h"
#include "cli/import_files.h"
#include "cli/input_files.h"
#include "cli/npy.h"
#include "cli/rows.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "nn/registry.h"

namespace handful::cli {
namespace {

// The last row of --json: what the rows are, and what made them.
void PrintSummary(size_t rows, const nn::Model& backbone, schema::InputRange input_range) {
  PrintJson({{"rows", rows},
             {"columns", nn::FeatureCount(*backbone.architecture)},
             {"handful", kVersion},
             {"backbone_sha256", backbone.backbone_sha256},
             {"backbone", backbone.backbone_title},
             {"network", nn::NameOf(*backbone.architecture, nn::Part::kBackbone)},
             {"crop_mode", TextOf(schema::CropMode::kCenter)},
             {"input_range", TextOf(input_range)}});
}

}  // namespace

int Features(Arguments arguments) {
  std::string out, backbone;
  schema::InputRange input_range = schema::InputRange::kMinusOneToOne;
  arguments.Option("--out", out);
  arguments.Option("--backbone", backbone);
  arguments.Option("--input-range", input_range);
  const bool json = arguments.Flag("--json");
  Result<std::vector<std::string>> files = InputFiles(arguments);
  if (!files.ok()) return WrongUsage(files.status());

  Session session;
  Status loaded = session.LoadBackbone(backbone);
  Result<importers::ImportedModel> described =
      loaded.ok() ? ImportFiles({session.backbone_file()}) : Result<importers::ImportedModel>(loaded);
  if (!described.ok()) {
    std::fprintf(stderr, "%s\n", described.status().message().c_str());
    return kSomeFailed;
  }
  int exit_code = kAllGood;
  std::vector<uint8_t> rows;
  size_t good = 0;
  for (const std::string& file : *files) {
    Result<std::vector<uint8_t>> bytes = ReadFile(file);
    Status status = bytes.status();
    if (bytes.ok()) {
      session.Run(schema::ComputeFeatures{.name = file, .input_range = input_range}, {std::move(*bytes)});
      status = session.status();
    }
    if (!status.ok()) {
      PrintFailure(file, status.message(), json);
      exit_code = kSomeFailed;
      continue;
    }
    const schema::Bytes& features = session.BuffersOf<schema::Features>()->front();
    nlohmann::ordered_json row = {{"file", file}};
    ++good;
    if (out.empty()) {
      row["features"] = nlohmann::ordered_json::array();
      for (size_t i = 0; i < features.size(); i += sizeof(float)) {
        float value = 0;
        std::memcpy(&value, features.data() + i, sizeof value);
        row["features"].push_back(value);
      }
    } else {
      rows.insert(rows.end(), features.begin(), features.end());
    }
    const std::string& warning = session.Find<schema::Features>()->warning;
    if (json && !warning.empty()) row["warning"] = warning;
    if (json || out.empty()) PrintJson(row);
  }
  const auto columns = static_cast<size_t>(nn::FeatureCount(*described->model.architecture));
  if (const Status status = out.empty() ? Status() : WriteFile(out, NpyFile(rows, good, columns)); !status.ok()) {
    std::fprintf(stderr, "%s\n", status.message().c_str());
    return kSomeFailed;
  }
  if (json) PrintSummary(good, described->model, input_range);
  return exit_code;
}

}  // namespace handful::cli
