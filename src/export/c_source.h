// A model as C99: a table of layers, the weights, and plain loops that need no library but expf.
#pragma once

#include "export/export.h"

namespace handful::exporters {

// handful_model.h, handful_model.c (BatchNorm folded, float32), sample.c with golden.bin, sample.ino, README.md.
Result<Files> WriteC(const Material& material);

// Reads table, constants and weights out of the text of handful_model.c, by nothing but C's syntax, and runs them on
// XNNPACK. It also follows the scratch memory: a layer that reads what another has written over is an error. What it
// does not prove is the loops: they are the same text for every model, and tests run them as gcc compiles them.
Result<std::vector<Probabilities>> ReadC(const Files& files, Squares squares);

// The parts of the files that are the same for every model.
extern const char kCTypes[];
extern const char kCLoops[];
extern const char kCSample[];
extern const char kCSketch[];

}  // namespace handful::exporters
