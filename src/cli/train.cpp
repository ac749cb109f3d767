#include <cstdio>
#include <optional>

#include "cli/exit_code.h"
#include "cli/files.h"
#include "cli/group_pattern.h"
#include "cli/pictures.h"
#include "cli/progress.h"
#include "cli/rows.h"
#include "cli/session.h"
#include "cli/setting_flags.h"
#include "cli/train_features.h"
#include "cli/train_options.h"
#include "cli/train_report.h"
#include "cli/verbs.h"
#include "nn/registry.h"

namespace handful::cli {
namespace {

// Its flag: a switch that is on by default is switched off.
void TakeSetting(Arguments& arguments, const schema::SettingEntry& entry, schema::TrainSettings& settings) {
  const std::string flag = FlagOf(entry);
  if (flag.empty()) return;
  std::visit(
      [&]<class T>(T schema::TrainSettings::* member) {
        if constexpr (std::is_same_v<T, bool>) {
          if (arguments.Flag(flag)) settings.*member = !(settings.*member);
        } else {
          arguments.Option(flag, settings.*member);
        }
      },
      entry.member);
}

Result<TrainOptions> Parse(Arguments& arguments) {
  TrainOptions o;
  schema::TrainSettings& s = o.settings;
  o.json = arguments.Flag("--json");
  arguments.Option("--out", o.out);
  arguments.Option("--backbone", o.backbone);
  arguments.Option("--features", o.features);
  arguments.Option("--group", o.group_pattern);
  arguments.Option("--network", s.network);
  s = schema::DefaultsOf(s.network);
  for (const schema::SettingEntry& entry : schema::TrainSettingList()) TakeSetting(arguments, entry, s);
  const size_t folders = o.features.empty() ? 1 : 0;
  Result<std::vector<std::string>> directory = arguments.Positional(folders, folders);
  if (!directory.ok()) return directory.status();
  if (o.features.empty()) o.pictures = directory->front();
  if (!o.features.empty() && !o.backbone.empty())
    return Errorf("--backbone does not go with --features: the features say which backbone made them");
  if (o.out.empty() && s.folds.empty()) return Errorf("--out FILE is missing");
  if (s.folds == "group" && o.group_pattern.empty() && !o.pictures.ends_with(".zip")) {
    return Errorf("--folds group needs --group REGEX: a folder does not say which pictures were taken together");
  }
  s.model_wanted = !o.out.empty();
  return o;
}

// Adds every picture; those that fail are named. Returns whether all went well.
bool AddSamples(Session& session, const TrainOptions& options, const LabelledPictures& source,
                const std::optional<GroupPattern>& pattern) {
  bool all_good = true;
  for (const std::string& name : source.classes()) session.Run(schema::AddClass{.name = name});
  Progress progress("features", source.pictures().size());
  for (size_t i = 0; i < source.pictures().size(); ++i) {
    const LabelledPicture& picture = source.pictures()[i];
    Result<std::vector<uint8_t>> bytes = source.Read(i);
    Result<std::string> group =
        pattern.has_value() ? pattern->GroupOf(picture.name) : Result<std::string>(picture.session);
    Status status = bytes.ok() ? group.status() : bytes.status();
    if (status.ok()) {
      session.Run(schema::AddSample{.name = picture.name,
                                    .label = picture.label,
                                    .session = *group,
                                    .burst = pattern.has_value() || picture.burst,
                                    .input_range = options.settings.input_range},
                  {std::move(*bytes)});
      status = session.status();
    }
    if (!status.ok()) {
      PrintFailure(picture.path, status.message(), options.json);
      all_good = false;
    }
    progress.Show(i + 1);
  }
  return all_good;
}

}  // namespace

int Train(Arguments arguments) {
  Result<TrainOptions> options = Parse(arguments);
  if (!options.ok()) return WrongUsage(options.status());
  std::optional<GroupPattern> pattern;
  if (!options->group_pattern.empty()) {
    Result<GroupPattern> compiled = GroupPattern::Compile(options->group_pattern);
    if (!compiled.ok()) return WrongUsage(compiled.status());
    pattern.emplace(std::move(*compiled));
  }
  if (!options->features.empty()) return TrainOnFeatures(*options, pattern);
  Result<LabelledPictures> pictures = LabelledPictures::Open(options->pictures);
  if (!pictures.ok()) {
    std::fprintf(stderr, "%s\n", pictures.status().message().c_str());
    return kSomeFailed;
  }
  Session session;
  const bool from_pixels = nn::LearnsFromPixels(TextOf(options->settings.network));
  if (const Status status = from_pixels ? Status() : session.LoadBackbone(options->backbone); !status.ok()) {
    std::fprintf(stderr, "%s\n", status.message().c_str());
    return kSomeFailed;
  }
  if (from_pixels || options->settings.augment > 0) session.KeepPictures();
  const bool all_good = AddSamples(session, *options, *pictures, pattern);

  Watched watched;
  session.Run(schema::Train{.settings = options->settings}, {},
              [&](const schema::EventEnvelope& event) { Watch(event.message, *options, watched); });
  watched.progress.reset();
  Status status = session.status();
  if (status.ok() && !options->out.empty())
    status = WriteFile(options->out, session.BuffersOf<schema::TrainDone>()->front());
  if (!status.ok()) {
    std::fprintf(stderr, "%s\n", status.message().c_str());
    return kSomeFailed;
  }
  const schema::TrainDone& done = *session.Find<schema::TrainDone>();
  PrintSummary(done, watched.held_out || !done.folds.empty(), options->json);
  return all_good ? kAllGood : kSomeFailed;
}

}  // namespace handful::cli
