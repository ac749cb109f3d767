// What `handful` can be asked to do. Each takes the words after its name and returns an exit code.
#pragma once

#include "cli/arguments.h"

namespace handful::cli {

int Classify(Arguments arguments);
int Features(Arguments arguments);
int Train(Arguments arguments);
int Eval(Arguments arguments);
int Info(Arguments arguments);
int Layers(Arguments arguments);
int Convert(Arguments arguments);
int Export(Arguments arguments);
int Example(Arguments arguments);
int Declarations(Arguments arguments);

}  // namespace handful::cli
