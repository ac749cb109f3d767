// handful: the engine in the shell.
#include <cstdio>
#include <cstring>

#include "base/version.h"
#include "cli/exit_code.h"
#include "cli/setting_flags.h"
#include "cli/verbs.h"

namespace {

constexpr char kHelp[] = R"(handful: an image classifier taught by a handful of pictures

  handful classify [--model FILE] [--top N] [--crop center|fit] [--json] IMAGE…|--files LIST
  handful features [--out FILE.npy] [--input-range pm1|01] [--json] IMAGE…|--files LIST
      1280 features an image, n × 1280 float32. --files: LIST has a name a line, for more than a command line holds
  handful train DIR|PROJECT.zip|--features DIR --out FILE [--group REGEX] [--json] [SETTINGS]
      DIR has one folder a class. --group: the first capture of the POSIX extended regular expression (\d is known, too)
      on a file's name is its capture session. --folds group holds out one session at a time, --folds K is stratified
      K-fold that keeps sessions together; --out is then optional and gets a model trained on everything.
      --augment learns from N altered copies of each picture, too. A project's zip, as the page exports it, knows its sessions.
      --network cnn trains the write-up's network from scratch, without a backbone; copies are altered anew each epoch then.
      --features DIR: features in parts, as tools/scale makes them of millions of pictures; they need not fit into memory
)";
constexpr char kHelpAfterSettings[] = R"(  handful eval FILE DIR|PROJECT.zip [--json]
  handful info FILE [--json]
  handful layers FILE IMAGE [--out FILE.safetensors]
      every layer's shape and milliseconds; --out keeps what each makes of the image
  handful convert FILE… --out FILE [--backbone-only] [--f16]
      a Keras .h5, a tfjs model.json with its shards, or a Teachable Machine export, into a Handful file
  handful export MODEL --format FORMAT [--pictures DIR|PROJECT.zip] [--held-out DIR|PROJECT.zip] --out FILE.zip
      the model as a bundle for others (docs/FORMATS.md has the formats), proved with the pictures; without them some are drawn. html is made
      from the built site: --site DIR (dist)
  handful example --out FILE.zip
      a small project to open or to train on: drawn pictures of four kinds of fruit, in two recordings
  handful declarations [--pictures]
      the TypeScript declarations of the engine's messages (web/engine/messages.d.ts); --pictures: the kinds of picture there are
      (web/engine/picture_kinds.ts)
  handful --version

All but info, convert and example take --backbone FILE. Results go to stdout, messages to stderr.
Exit code: 0 all good, 1 some inputs failed (each is named with its reason), 2 wrong usage.
)";

struct Verb {
  const char* name;
  int (*run)(handful::cli::Arguments);
};
constexpr Verb kVerbs[] = {
    {"classify", handful::cli::Classify}, {"features", handful::cli::Features},
    {"train", handful::cli::Train},       {"eval", handful::cli::Eval},
    {"info", handful::cli::Info},         {"layers", handful::cli::Layers},
    {"convert", handful::cli::Convert},   {"export", handful::cli::Export},
    {"example", handful::cli::Example},   {"declarations", handful::cli::Declarations},
};

}  // namespace

int main(int argc, char** argv) {
  const char* name = argc > 1 ? argv[1] : "";
  if (std::strcmp(name, "--help") == 0 || std::strcmp(name, "help") == 0) {
    std::printf("%s%s%s", kHelp, handful::cli::SettingsHelp().c_str(), kHelpAfterSettings);
    return handful::cli::kAllGood;
  }
  if (std::strcmp(name, "--version") == 0) {
    std::printf("handful %s\n", handful::kVersion);
    return handful::cli::kAllGood;
  }
  for (const Verb& verb : kVerbs) {
    if (std::strcmp(name, verb.name) == 0) return verb.run(handful::cli::Arguments(argc - 2, argv + 2));
  }
  return handful::cli::WrongUsage(argc > 1 ? handful::Errorf("unknown verb \"%s\"", name)
                                           : handful::Errorf("a verb is missing"));
}
