// The write-up's CNN: Conv 6@3×3 → MaxPool 2×2 → Conv 16@4×4 → MaxPool 4×4 s2 → Conv 16@5×5 → MaxPool 2×2 → Flatten →
// Dense 256 → Dense 128 → Dense n. All SAME, ReLU between. Other sizes of input and other dense layers run and train,
// too.
#pragma once

#include <vector>

#include "nn/graph.h"

namespace handful::nn {

// Layers "conv1", "pool1", … "dense1", …, "output" (logits). `units`: of the dense layers; the last are the classes.
// Where there are none it ends with "pool3".
Graph FingerCnnGraph(int input_side, const std::vector<int>& units);

}  // namespace handful::nn
