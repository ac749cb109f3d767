// A model: which network, how its input is made, what its outputs mean, and its weights.
// On disk it is one safetensors file (docs/FORMATS.md); importers of other formats produce the same struct.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "image/image.h"
#include "nn/registry.h"
#include "nn/tensor_file.h"

namespace handful::nn {

struct Model {
  const Architecture* architecture = &MobileNetV2();  // the registry's; never null
  Part part = Part::kHead;                            // what of it this is
  std::string title;                                  // "raised fingers"
  std::vector<std::string> classes;                   // in the order of the outputs; empty for a backbone
  int input_side = 224;
  image::InputRange input_range;  // [-1, 1] unless the file says otherwise
  image::CropMode crop_mode = image::CropMode::kCenter;
  std::string backbone_sha256;  // content hash (BackboneContentHash) of the backbone it was trained on
  std::string backbone_title;   // what that backbone is called, where the file says so; a backbone's own title
  std::map<std::string, std::string> notes;  // how it was made: settings, seed, accuracy, source
  // Its own weights (nn/graph.h). A head-only file has no backbone tensors and runs on the shared backbone whose hash
  // it names.
  TensorFile weights;

  bool is_backbone() const { return part == Part::kBackbone; }
  // Among its weights are those of its backbone.
  bool HasBackbone() const;
  // It cannot answer without a backbone that is not among its weights.
  bool WantsBackbone() const { return (part == Part::kHead || part == Part::kTop) && !HasBackbone(); }
  // In files and messages: "mobilenet_v2_head".
  std::string network() const { return NameOf(*architecture, part); }
};

inline constexpr char kModelFormat[] = "handful-model";  // metadata field "format"

// Handful's own file. Errors name the field: magic, metadata field, tensor, shape, NaN, hash.
// `data_sha256`: SHA-256 (hex) of the bytes after the header, where the caller knows it already (browsers compute it in
// hardware); it is believed, and spares hashing a backbone here. `known`: what "network" may name.
Result<Model> ReadModel(std::span<const uint8_t> safetensors_bytes, const std::string& data_sha256 = "",
                        std::span<const Architecture> known = Architectures());
std::vector<uint8_t> WriteModel(const Model& model, StorageType type = StorageType::kFloat32);

// The same model with the backbone that it stands on inside, so that it needs nothing else; as it is where it needs
// none. `backbone_sha256`, `backbone`: of the one that is here. The error names the one that is missing.
Result<Model> WithBackbone(Model model, const std::string& backbone_sha256, const TensorFile& backbone);

// All of a model but its weights, as strings by the names of docs/FORMATS.md: what its safetensors file has as
// __metadata__, and what files of other formats carry so that it opens again as it was.
using Facts = std::map<std::string, std::string>;
Facts FactsOf(const Model& model);
inline bool AreFacts(const Facts& facts) { return facts.contains("format") && facts.at("format") == kModelFormat; }
// `facts` are AreFacts. The model has no weights, and nobody has checked yet that its classes and hash fit them.
Result<Model> ModelOfFacts(const Facts& facts, std::span<const Architecture> known = Architectures());
// What ReadModel does with what it found in the container: checks that facts and tensors fit.
Result<Model> ModelOf(TensorFile file, const std::string& data_sha256 = "",
                      std::span<const Architecture> known = Architectures());

// A backbone in words: "Handful's own MobileNetV2 0.35 (cea55efc9877…)"; what it is called where that is known, and the
// beginning of its content hash.
std::string NameOfBackbone(const std::string& sha256, const std::string& title);

// sha256 (hex) over the backbone's tensors as float32 little-endian in the order of its graph: of MobileNetV2 260 in
// Keras layer order, kernel, then gamma, beta, moving_mean, moving_variance per BatchNorm. An error names the first
// tensor that is missing or misshapen.
Result<std::string> BackboneContentHash(const Architecture& architecture, const TensorFile& weights);
inline constexpr char kOfficialBackboneSha256[] = "cea55efc9877ca3885be4994427a90914d259e7e8d759d90f36f7bb16e1725a7";

}  // namespace handful::nn
