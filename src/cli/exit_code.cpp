#include "cli/exit_code.h"

#include <cstdio>

namespace handful::cli {

int WrongUsage(const Status& status) {
  std::fprintf(stderr, "handful: %s (handful --help tells more)\n", status.message().c_str());
  return kWrongUsage;
}

}  // namespace handful::cli
