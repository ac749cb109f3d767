#include "example/example.h"

#include <cstdio>

#include "cli/exit_code.h"
#include "cli/files.h"
#include "cli/verbs.h"

namespace handful::cli {

int Example(Arguments arguments) {
  std::string out;
  arguments.Option("--out", out);
  if (Result<std::vector<std::string>> none = arguments.Positional(0, 0); !none.ok()) return WrongUsage(none.status());
  if (out.empty()) return WrongUsage(Errorf("--out FILE is missing"));
  Result<std::vector<uint8_t>> zip = example::ProjectZip();
  const Status status = zip.ok() ? WriteFile(out, *zip) : zip.status();
  if (status.ok()) return kAllGood;
  std::fprintf(stderr, "%s\n", status.message().c_str());
  return kSomeFailed;
}

}  // namespace handful::cli
