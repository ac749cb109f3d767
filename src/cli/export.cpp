#include "export/export.h"

#include <cstdio>

#include "cli/exit_code.h"
#include "cli/files.h"
#include "cli/import_files.h"
#include "cli/pictures.h"
#include "cli/shipped.h"
#include "cli/verbs.h"
#include "image/image.h"
#include "import/zip_writer.h"

namespace handful::cli {
namespace {

using exporters::Picture;

// As importers read it: with the backbone that it stands on, from `path` or of those that come with Handful.
Result<nn::Model> WholeModel(const std::vector<std::string>& files, const std::string& backbone_path) {
  Result<importers::ImportedModel> imported = ImportFiles(files);
  if (!imported.ok()) return imported.status().WithContext(files.front());
  std::vector<std::string> candidates;
  if (!backbone_path.empty()) {
    candidates = {backbone_path};
  } else if (imported->model.WantsBackbone()) {
    Result<std::vector<ShippedBackbone>> shipped = ShippedBackbones();
    if (!shipped.ok()) return shipped.status();
    for (const ShippedBackbone& one : *shipped) candidates.push_back(one.file);
  }
  for (const std::string& file : candidates) {
    Result<importers::ImportedModel> backbone = ImportFiles({file});
    if (!backbone.ok()) return backbone.status().WithContext(file);
    Result<nn::Model> whole =
        nn::WithBackbone(imported->model, backbone->model.backbone_sha256, backbone->model.weights);
    if (whole.ok() || &file == &candidates.back()) return whole;
  }
  return std::move(imported->model);
}

Result<Picture> Square(const nn::Model& model, const LabelledPicture& from, const std::vector<uint8_t>& bytes) {
  Result<image::Decoded> decoded = image::Decode(bytes);
  if (!decoded.ok()) return decoded.status().WithContext(from.path);
  Result<image::Image> square = image::CropAndResize(decoded->image, model.crop_mode, model.input_side);
  if (!square.ok()) return square.status().WithContext(from.path);
  return Picture{.name = from.name, .label = from.label, .square = *std::move(square)};
}

// Of a folder or a project's zip; "": none.
Status AddPictures(const nn::Model& model, const std::string& path, bool held_out, std::vector<Picture>& pictures) {
  if (path.empty()) return {};
  Result<LabelledPictures> source = LabelledPictures::Open(path);
  if (!source.ok()) return source.status().WithContext(path);
  for (size_t i = 0; i < source->pictures().size(); ++i) {
    Result<std::vector<uint8_t>> bytes = source->Read(i);
    if (!bytes.ok()) return bytes.status().WithContext(source->pictures()[i].path);
    Result<Picture> picture = Square(model, source->pictures()[i], *bytes);
    if (!picture.ok()) return picture.status();
    picture->held_out = held_out;
    pictures.push_back(*std::move(picture));
  }
  return {};
}

Result<std::vector<Picture>> Pictures(const nn::Model& model, const std::string& learned, const std::string& held_out) {
  std::vector<Picture> pictures;
  HANDFUL_TRY(AddPictures(model, learned, false, pictures));
  HANDFUL_TRY(AddPictures(model, held_out, true, pictures));
  return pictures;
}

// Of the built site; empty where there is none, which the target that wants it says.
std::vector<uint8_t> OfflinePage(const std::string& site) {
  Result<std::vector<uint8_t>> page = ReadFile(site + "/offline.html");
  return page.ok() ? *std::move(page) : std::vector<uint8_t>();
}

}  // namespace

int Export(Arguments arguments) {
  std::string name, out, backbone, folder, held_out, site = "dist";
  arguments.Option("--format", name);
  arguments.Option("--out", out);
  arguments.Option("--backbone", backbone);
  arguments.Option("--pictures", folder);
  arguments.Option("--held-out", held_out);
  arguments.Option("--site", site);
  Result<std::vector<std::string>> files = arguments.Positional(1);
  if (!files.ok()) return WrongUsage(files.status());
  const exporters::Target* target = exporters::FindTarget(name);
  if (target == nullptr) {
    std::string names;
    for (const exporters::Target& one : exporters::Targets())
      names += (names.empty() ? "" : ", ") + std::string(one.name);
    return WrongUsage(Errorf("--format is \"%s\", not %s", name.c_str(), names.c_str()));
  }
  if (out.empty()) return WrongUsage(Errorf("--out FILE.zip is missing"));

  Result<nn::Model> model = WholeModel(*files, backbone);
  Result<std::vector<Picture>> pictures =
      model.ok() ? Pictures(*model, folder, held_out) : Result<std::vector<Picture>>(model.status());
  Result<exporters::Bundle> bundle =
      pictures.ok() ? exporters::Export(*target, *std::move(model), *std::move(pictures), OfflinePage(site))
                    : Result<exporters::Bundle>(pictures.status());
  Status status = bundle.status();
  if (status.ok()) {
    importers::ZipWriter zip;
    for (const exporters::InputFile& file : bundle->files) {
      if (status.ok()) status = zip.Add(file.name, file.bytes);
    }
    if (status.ok()) status = WriteFile(out, zip.Finish());
  }
  if (!status.ok()) {
    std::fprintf(stderr, "%s\n", status.message().c_str());
    return kSomeFailed;
  }
  const exporters::Verification& proof = bundle->verification;
  std::printf("%s: read back, %d of %d %s pictures have the same first answer; largest difference %.2g\n", out.c_str(),
              proof.same_first, proof.golden, proof.drawn ? "drawn" : "golden",
              static_cast<double>(proof.largest_difference));
  if (proof.held_out > 0) {
    std::printf("of %d held-out pictures, the model tells %d right, the exported one %d\n", proof.held_out,
                proof.right_before, proof.right_after);
  }
  return kAllGood;
}

}  // namespace handful::cli
