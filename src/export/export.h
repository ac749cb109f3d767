// A model leaves as a bundle for one target: the model in its format, labels, how a picture becomes its input, golden
// pictures with Handful's own probabilities, a model card, and a sample program that asserts those numbers. Nothing is
// handed out that was not read back first, by a reader that shares no code with the writer, and agreed.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "export/network.h"
#include "image/image.h"
#include "import/import.h"
#include "nn/model.h"

namespace handful::exporters {

using importers::InputFile;
using Files = std::vector<InputFile>;  // names are paths inside the bundle, with / between folders

struct Picture {
  std::string name;       // of its file, for people
  std::string label;      // "": unknown
  image::Image square;    // model.input_side²
  bool held_out = false;  // nothing was learned from it
};

using Squares = std::span<const image::Image* const>;
// Probabilities of one picture, in the order of the classes.
using Probabilities = std::vector<float>;

struct Golden {
  std::string file;  // in the bundle: "golden/03.png"
  std::string label;
  const image::Image* square = nullptr;  // one of Material::pictures
  Probabilities probabilities;           // Handful's own
};

// What a bundle is made of.
struct Material {
  nn::Model model;  // its backbone inside (nn::WithBackbone)
  Network network;
  std::vector<Golden> golden;         // at most kMostGolden
  std::vector<uint8_t> offline_page;  // of the site, for targets that are made from it; else it may be empty
  std::vector<Picture> pictures;      // all there are: int8 is calibrated on those that were learned from
};
inline constexpr size_t kMostGolden = 16;

// A form in which a model leaves, as page and shell offer it. Its row in Targets() is all there is to add for another
// one.
struct Target {
  const char* name;   // --format: "onnx"
  const char* title;  // "ONNX"
  const char* who;    // one sentence: for whom it is
  // Its own files, sample program included.
  Result<Files> (*write)(const Material& material);
  // What the files' model says of each picture, read by somebody else than who wrote them.
  Result<std::vector<Probabilities>> (*read)(const Files& files, Squares squares);
  // What a program that runs it makes of a pixel; null: what the model was taught with.
  image::InputRange (*range)(const nn::Model& model) = nullptr;
  image::InputRange RangeOf(const nn::Model& model) const {
    return range == nullptr ? model.input_range : range(model);
  }
  float tolerance = 1e-3F;  // the largest difference of a probability at which anything is handed out; of int8 it is 1:
                            // there first answers are counted
  bool counts_first_answers() const { return tolerance >= 1; }
};

std::span<const Target> Targets();
// Null: there is none of that name.
const Target* FindTarget(std::string_view name);

inline constexpr size_t kMostHeldOut = 100;

struct Verification {
  float largest_difference = 0;  // of any probability of any golden picture
  int same_first = 0;            // golden pictures with the same first answer
  int golden = 0;
  // These are drawn, since nobody gave pictures: of 8 bits, which are fitted to pictures, it says little.
  bool drawn = false;
  // Where first answers are counted: of the held-out pictures with a label, at most kMostHeldOut evenly chosen, those
  // that are told right, before and after.
  int held_out = 0, right_before = 0, right_after = 0;
};

struct Bundle {
  Files files;
  Verification verification;
};

// `model` has its backbone inside. Without pictures some are drawn. Errors: a picture of another size, what the target
// cannot say, or that what was read back differs by more than the target's tolerance.
Result<Bundle> Export(const Target& target, nn::Model model, std::vector<Picture> pictures,
                      std::vector<uint8_t> offline_page = {});

// A reader for `Target::read`: the model as importers::ImportModel reads it, run as Handful runs it.
Result<std::vector<Probabilities>> ReadByImporting(const Files& files, Squares squares);

}  // namespace handful::exporters
