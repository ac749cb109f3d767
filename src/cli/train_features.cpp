#include "cli/train_features.h"

#include <cstdio>
#include <memory>

#include "cli/exit_code.h"
#include "cli/feature_parts.h"
#include "cli/files.h"
#include "cli/mapped_file.h"
#include "cli/rows.h"
#include "cli/train_report.h"
#include "engine/convert.h"
#include "engine/training.h"
#include "nn/registry.h"

namespace handful::cli {
namespace {

using schema::TrainSettings;

Status Check(const TrainSettings& settings, const FeatureParts& parts) {
  HANDFUL_TRY(schema::CheckNumbers(settings));
  if (nn::LearnsFromPixels(TextOf(settings.network)))
    return Errorf("setting \"network\" is \"%s\", which learns from pictures, not from features",
                  TextOf(settings.network));
  if (settings.augment > 0)
    return Errorf("setting \"augment\" is %d, but features hold no pictures to alter", settings.augment);
  if (settings.input_range != TrainSettings().input_range && settings.input_range != parts.input_range) {
    return Errorf("setting \"input_range\" is \"%s\", but these features were made with \"%s\"",
                  TextOf(settings.input_range), TextOf(parts.input_range));
  }
  return {};
}

// As the engine's training of a project, whose model it gives, bit for bit, for the same rows in the same order.
Result<std::unique_ptr<engine::Training>> Learn(const TrainOptions& options, const TrainSettings& settings,
                                                train::Dataset data, Watched& watched) {
  Result<std::unique_ptr<engine::Training>> training =
      engine::Training::Start({.settings = settings}, std::move(data), nullptr,
                              [&](const schema::Event& event) { Watch(event, options, watched); });
  while (training.ok() && !(*training)->done()) {
    if (const Status step = (*training)->Step(); !step.ok()) return step;
  }
  return training;
}

}  // namespace

int TrainOnFeatures(const TrainOptions& options, const std::optional<GroupPattern>& pattern) {
  EndWhereMappedFilesBreak();
  Result<FeatureParts> parts = OpenFeatureParts(options.features, pattern.has_value() ? &*pattern : nullptr);
  Status status = parts.status();
  if (status.ok()) status = Check(options.settings, *parts);
  if (!status.ok()) {
    std::fprintf(stderr, "%s\n", status.message().c_str());
    return kSomeFailed;
  }
  for (const auto& [name, why] : parts->left_out) PrintFailure(name, why.message(), options.json);
  if (parts->refused > 0) std::fprintf(stderr, "%zu pictures have no features: they were refused\n", parts->refused);

  TrainSettings settings = options.settings;
  settings.input_range = parts->input_range;
  Watched watched;
  Result<std::unique_ptr<engine::Training>> training = Learn(options, settings, std::move(parts->data), watched);
  watched.progress.reset();
  status = training.status();
  if (status.ok() && !options.out.empty())
    status = WriteFile(options.out, nn::WriteModel(engine::TrainedModel(parts->frame, settings, **training)));
  if (!status.ok()) {
    std::fprintf(stderr, "%s\n", status.message().c_str());
    return kSomeFailed;
  }
  PrintSummary((*training)->summary(), (*training)->held_out(), options.json);
  return parts->left_out.empty() ? kAllGood : kSomeFailed;
}

}  // namespace handful::cli
