#include "export/common_files.h"

#include <cmath>
#include <cstdlib>
#include <ctime>

#include <nlohmann/json.hpp>

#include "base/version.h"
#include "export/card.h"
#include "image/encode.h"

namespace handful::exporters {
namespace {

using Json = nlohmann::ordered_json;

// The shortest decimal that reads back to the same float32.
double Decimal(float value) {
  for (int digits = 1; digits < 9; ++digits) {
    const double shorter = std::strtod(Format("%.*g", digits, static_cast<double>(value)).c_str(), nullptr);
    if (static_cast<float>(shorter) == value) return shorter;
  }
  return std::strtod(Format("%.9g", static_cast<double>(value)).c_str(), nullptr);
}

Json Preprocessing(const nn::Model& model, const image::InputRange& range) {
  return {{"side", model.input_side},
          {"channels", "RGB"},
          {"crop", model.crop_mode == image::CropMode::kFit ? "fit" : "center"},
          {"scale", Decimal(range.scale)},
          {"offset", Decimal(range.offset)},
          {"words", PreprocessingInWords(model, range)}};
}

}  // namespace

std::string DescriptionJson(const char* target, const image::InputRange& range, const Material& material) {
  const nn::Model& model = material.model;
  Json golden = Json::array();
  for (const Golden& picture : material.golden) {
    Json probabilities = Json::array();
    for (const float p : picture.probabilities) probabilities.push_back(Decimal(p));
    golden.push_back({{"file", picture.file}, {"label", picture.label}, {"probabilities", probabilities}});
  }
  const Json description = {{"format", "handful-bundle"},
                            {"version", 1},
                            {"made_by", std::string("Handful ") + kVersion},
                            {"target", target},
                            {"title", model.title},
                            {"network", model.network()},
                            {"model_sha256", ContentHash(model)},
                            {"classes", model.classes},
                            {"preprocessing", Preprocessing(model, range)},
                            {"backbone_sha256", model.backbone_sha256},
                            {"golden", golden}};
  return description.dump(2) + "\n";
}

std::string GoldenFile(size_t index) { return Format("golden/%02zu.png", index); }

std::string Now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  char text[32] = "";
  if (gmtime_r(&now, &utc) != nullptr) std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  return text;
}

InputFile TextFile(std::string name, const std::string& text) {
  return {std::move(name), std::vector<uint8_t>(text.begin(), text.end())};
}

std::string PreprocessingInWords(const nn::Model& model, const image::InputRange& range) {
  const char* crop = model.crop_mode == image::CropMode::kFit ? "all of the picture with a grey border (128)"
                                                              : "the largest square in the middle";
  return Format("%s, resized to %d × %d, RGB, value = pixel × %.9g %s %.9g", crop, model.input_side, model.input_side,
                Decimal(range.scale), range.offset < 0 ? "−" : "+", std::fabs(Decimal(range.offset)));
}

Result<Files> CommonFiles(const Target& target, const Material& material) {
  std::string labels;
  for (const std::string& name : material.model.classes) labels += name + "\n";
  Files files = {TextFile("labels.txt", labels),
                 TextFile("handful.json", DescriptionJson(target.name, target.RangeOf(material.model), material)),
                 TextFile("MODEL_CARD.md", ModelCard(target, material))};
  for (const Golden& picture : material.golden) {
    Result<std::vector<uint8_t>> png = image::EncodePng(*picture.square);
    if (!png.ok()) return png.status();
    files.push_back({picture.file, *std::move(png)});
  }
  return files;
}

}  // namespace handful::exporters
