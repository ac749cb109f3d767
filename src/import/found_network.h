// A network as readers of graphs (ONNX, TensorFlow Lite) find it in a file, and which of ours it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "nn/graph.h"
#include "nn/model.h"

namespace handful::importers {

// One layer, its weights in Handful's layouts (nn/graph.h). Readers see to it that its inputs come before it, that its
// windows are padded as SAME, and that `output` is what follows from its inputs.
struct FoundLayer {
  nn::Operation::Kind kind = nn::Operation::Kind::kConv;
  std::string name = {};         // in the file, for sentences
  std::vector<int> inputs = {};  // layers by their place; kFoundInput: what the network is given
  int kernel = 1, stride = 1;
  nn::Activation activation = nn::Activation::kNone;
  nn::Shape output = {};
  nn::NamedTensor weights = {};                     // kernel; its name does not matter
  std::vector<float> bias = {};                     // empty: it has none
  std::vector<std::vector<float>> batch_norm = {};  // gamma, beta, moving mean, moving variance; or empty
};
inline constexpr int kFoundInput = -1;

struct FoundNetwork {
  nn::Shape input;
  std::vector<FoundLayer> layers;          // the last one's output is made probabilities by softmax
  std::optional<image::InputRange> range;  // where the file says how a pixel becomes a number
  nn::Facts facts;                         // of Handful's own files (AreFacts); else what else is known
};

// The model that it is, of those in the registry, by order, shapes and connections of its layers. Where a file has
// BatchNorm folded into a convolution, one is made up that folds to the very same numbers: γ = 1, β = bias, μ = 0,
// σ² = 1 − ε rounded to float32, whose 1/√(σ²+ε) is 1 − 6.4e-9, less than half of what would change a float32.
// The content hash of such a backbone is its own. Classes, title and crop are the facts', if it has any, else left for
// the caller to fill in. Errors say which layer is another than which.
Result<nn::Model> ModelOf(FoundNetwork found);

}  // namespace handful::importers
