#include "export/export.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "example/example.h"
#include "export/common_files.h"
#include "nn/classifier.h"

namespace handful::exporters {
namespace {

Result<std::vector<Probabilities>> Answers(const nn::Model& model, Squares squares) {
  std::vector<std::shared_ptr<nn::Backbone>> inside;
  if (model.HasBackbone()) {
    Result<std::shared_ptr<nn::Backbone>> backbone = nn::Backbone::Create(model);
    if (!backbone.ok()) return backbone.status();
    inside.push_back(*std::move(backbone));
  }
  Result<std::unique_ptr<nn::Classifier>> classifier = nn::Classifier::Create(model, inside);
  if (!classifier.ok()) return classifier.status();
  std::vector<Probabilities> answers;
  for (const image::Image* square : squares) {
    Result<std::span<const float>> probabilities = (*classifier)->Classify(*square);
    if (!probabilities.ok()) return probabilities.status();
    answers.emplace_back(probabilities->begin(), probabilities->end());
  }
  return answers;
}

// So many of each class, in turn, as there are: the first ones that were held out, then others.
std::vector<const Picture*> ChooseGolden(const nn::Model& model, const std::vector<Picture>& pictures) {
  std::vector<std::vector<const Picture*>> of_class(model.classes.size() + 1);  // the last: of none of them
  for (const bool held_out : {true, false}) {
    for (const Picture& picture : pictures) {
      if (picture.held_out != held_out) continue;
      const auto at = std::ranges::find(model.classes, picture.label) - model.classes.begin();
      of_class[static_cast<size_t>(at)].push_back(&picture);
    }
  }
  std::vector<const Picture*> chosen;
  for (size_t turn = 0; turn < pictures.size() && chosen.size() < kMostGolden; ++turn) {
    for (const auto& one : of_class) {
      if (turn < one.size() && chosen.size() < kMostGolden) chosen.push_back(one[turn]);
    }
  }
  return chosen;
}

// Where nobody gives pictures: any will do, since it is not their answers that matter but that they are the same.
Result<std::vector<Picture>> DrawnPictures(const nn::Model& model) {
  std::vector<Picture> pictures;
  for (size_t i = 0; i < kMostGolden; ++i) {
    Result<image::Image> picture = example::AnyPicture(static_cast<int>(i));
    if (!picture.ok()) return picture.status();
    Result<image::Image> square = image::CropAndResize(*picture, model.crop_mode, model.input_side);
    if (!square.ok()) return square.status();
    pictures.push_back({.name = Format("drawn %zu", i + 1), .label = "", .square = *std::move(square)});
  }
  return pictures;
}

Result<Material> MaterialOf(nn::Model model, std::vector<Picture> pictures) {
  if (pictures.empty()) {
    Result<std::vector<Picture>> drawn = DrawnPictures(model);
    if (!drawn.ok()) return drawn.status();
    pictures = *std::move(drawn);
  }
  for (const Picture& picture : pictures) {
    if (picture.square.width == model.input_side && picture.square.height == model.input_side) continue;
    return Errorf("picture %s has %d × %d pixels, not %d × %d", picture.name.c_str(), picture.square.width,
                  picture.square.height, model.input_side, model.input_side);
  }
  Result<Network> network = NetworkOf(model);
  if (!network.ok()) return network.status();
  Material material{std::move(model), *std::move(network), {}, {}, {}};
  std::vector<const image::Image*> squares;
  for (const Picture* picture : ChooseGolden(material.model, pictures)) {
    material.golden.push_back({GoldenFile(material.golden.size()), picture->label, &picture->square, {}});
    squares.push_back(&picture->square);
  }
  Result<std::vector<Probabilities>> answers = Answers(material.model, squares);
  if (!answers.ok()) return answers.status();
  for (size_t i = 0; i < answers->size(); ++i) material.golden[i].probabilities = (*answers)[i];
  material.pictures = std::move(pictures);
  return material;
}

size_t First(const Probabilities& probabilities) {
  return static_cast<size_t>(std::ranges::max_element(probabilities) - probabilities.begin());
}

// How many of the held-out pictures are told right, by the model and by what was written.
Status CountHeldOut(const Target& target, const Files& files, const Material& material, Verification& verification) {
  std::vector<const Picture*> held_out;
  for (const Picture& picture : material.pictures) {
    const bool labelled = std::ranges::find(material.model.classes, picture.label) != material.model.classes.end();
    if (picture.held_out && labelled) held_out.push_back(&picture);
  }
  const size_t count = std::min(kMostHeldOut, held_out.size());
  std::vector<const image::Image*> squares;
  for (size_t i = 0; i < count; ++i) {
    held_out[i] = held_out[i * held_out.size() / count];
    squares.push_back(&held_out[i]->square);
  }
  Result<std::vector<Probabilities>> before = Answers(material.model, squares), after = target.read(files, squares);
  for (const auto* answers : {&before, &after}) {
    if (!answers->ok()) return answers->status();
  }
  const auto right = [&](const std::vector<Probabilities>& answers, size_t i) {
    return i < answers.size() && material.model.classes[First(answers[i])] == held_out[i]->label ? 1 : 0;
  };
  for (size_t i = 0; i < count; ++i) {
    verification.right_before += right(*before, i);
    verification.right_after += right(*after, i);
  }
  verification.held_out = static_cast<int>(count);
  return {};
}

Result<Verification> Verify(const Target& target, const Files& files, const Material& material) {
  Verification verification;
  std::vector<const image::Image*> squares;
  for (const Golden& picture : material.golden) squares.push_back(picture.square);
  Result<std::vector<Probabilities>> read = target.read(files, squares);
  if (!read.ok()) return read.status().WithContextf("what was written cannot be read back");
  for (size_t i = 0; i < material.golden.size(); ++i) {
    const Probabilities& expected = material.golden[i].probabilities;
    if (i >= read->size() || (*read)[i].size() != expected.size()) return Errorf("what was written answers otherwise");
    for (size_t c = 0; c < expected.size(); ++c) {
      const float difference = std::fabs(expected[c] - (*read)[i][c]);
      if (!(difference <= target.tolerance)) {
        return Errorf("read back, the model says %g of %s where Handful says %g, so it is not handed out",
                      static_cast<double>((*read)[i][c]), material.golden[i].file.c_str(),
                      static_cast<double>(expected[c]));
      }
      verification.largest_difference = std::max(verification.largest_difference, difference);
    }
    ++verification.golden;
    verification.same_first += First(expected) == First((*read)[i]) ? 1 : 0;
  }
  if (target.counts_first_answers()) HANDFUL_TRY(CountHeldOut(target, files, material, verification));
  return verification;
}

}  // namespace

const Target* FindTarget(std::string_view name) {
  const auto found = std::ranges::find(Targets(), name, &Target::name);
  return found == Targets().end() ? nullptr : &*found;
}

Result<std::vector<Probabilities>> ReadByImporting(const Files& files, Squares squares) {
  Result<importers::ImportedModel> imported = importers::ImportModel(files);
  if (!imported.ok()) return imported.status();
  return Answers(imported->model, squares);
}

Result<Bundle> Export(const Target& target, nn::Model model, std::vector<Picture> pictures,
                      std::vector<uint8_t> offline_page) {
  const bool drawn = pictures.empty();
  Result<Material> material = MaterialOf(std::move(model), std::move(pictures));
  if (!material.ok()) return material.status();
  material->offline_page = std::move(offline_page);
  Result<Files> own = target.write(*material);
  if (!own.ok()) return own.status();
  Result<Verification> verification = Verify(target, *own, *material);
  if (!verification.ok()) return verification.status();
  verification->drawn = drawn;
  Result<Files> common = CommonFiles(target, *material);
  if (!common.ok()) return common.status();
  Bundle bundle{*std::move(own), *verification};
  std::ranges::move(*common, std::back_inserter(bundle.files));
  return bundle;
}

}  // namespace handful::exporters
