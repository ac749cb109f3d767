#include "export/card.h"

#include <cstdlib>

#include "base/sha256.h"
#include "base/version.h"
#include "base/wilson.h"
#include "export/common_files.h"

namespace handful::exporters {
namespace {

std::string Note(const nn::Model& model, const char* key) {
  const auto found = model.notes.find(key);
  return found == model.notes.end() ? "" : found->second;
}

// Whose work the backbone is; "" where that is not known.
std::string LicenceOf(const nn::Model& model) {
  if (model.backbone_sha256 == nn::kOfficialBackboneSha256)
    return "the backbone by Google, Apache License 2.0 (MobileNetV2, α = 0.35, trained on ImageNet)";
  if (model.backbone_title.starts_with("Handful's own")) return "the backbone by Handful, MIT License";
  return "";
}

std::string HeldOut(const nn::Model& model) {
  const int count = std::atoi(Note(model, "held_out").c_str()),
            right = std::atoi(Note(model, "held_out_right").c_str());
  if (count <= 0 || right < 0 || right > count) return "";
  const Interval interval = Wilson(right, count);
  return Format("%d of %d, %.1f %% (95 %% interval: %.1f to %.1f %%)", right, count, 100.0 * right / count,
                100 * interval.low, 100 * interval.high);
}

}  // namespace

std::string ContentHash(const nn::Model& model) {
  Sha256 hash;
  hash.Update(nn::WriteModel(model));
  return hash.HexDigest();
}

std::string ModelCard(const Target& target, const Material& material) {
  const nn::Model& model = material.model;
  std::string text = "# " + (model.title.empty() ? std::string("A model") : model.title) + "\n\n| | |\n|---|---|\n";
  const auto row = [&](const std::string& what, const std::string& value) {
    if (!value.empty()) text += "| " + what + " | " + value + " |\n";
  };
  std::string classes;
  for (const std::string& name : model.classes) classes += (classes.empty() ? "" : ", ") + name;
  row(Format("%zu classes", model.classes.size()), classes);
  row("pictures that it was taught with", Note(model, "samples"));
  row("right, of pictures held out from learning", HeldOut(model));
  row("network", model.architecture->title);
  row("input", PreprocessingInWords(model, target.RangeOf(model)));
  if (!model.backbone_sha256.empty()) row("backbone", nn::NameOfBackbone(model.backbone_sha256, model.backbone_title));
  row("licence", LicenceOf(model));
  row("written", Now().substr(0, 10) + Format(" by Handful %s, as %s", kVersion, target.title));
  row("content hash", "`" + ContentHash(model) + "`");
  text +=
      "\nA figure of pictures held out says how it does on pictures like them: of the same day, place and hands, it "
      "says "
      "little of others.\n";
  for (const char* key : {"settings", "preprocessing"}) {
    if (const std::string note = Note(model, key); !note.empty()) text += Format("\n%s: `", key) + note + "`\n";
  }
  return text;
}

}  // namespace handful::exporters
