// The exporter in a Worker: engine_abi.h's functions, with two commands of its own.
//   {"type": "ListTargets", "id"} → {"type": "Targets", "id", "targets": [{"name", "title", "who"}]}
//   {"type": "MakeBundle", "id", "target", "pictures": [{"name", "label", "held_out"}]}, buffers: the model as
//   safetensors with
//     its backbone inside, then the pictures' files, then for some targets the site's offline page → {"type": "Bundle",
//     "id", "files": [names], "verification": {…}} with the files as buffers, or {"type": "Failed", "id", "message"}
#include <emscripten.h>
#include <nlohmann/json.hpp>

#include "example/example.h"
#include "export/export.h"
#include "import/import.h"
#include "platform/web/boundary.h"

namespace {

using handful::Errorf;
using handful::Result;
using handful::Status;
using handful::web::Bytes;
using Json = nlohmann::json;
namespace exporters = handful::exporters;
namespace image = handful::image;

std::string TextIn(const Json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json Targets() {
  Json list = Json::array();
  for (const exporters::Target& target : exporters::Targets()) {
    list.push_back({{"name", target.name}, {"title", target.title}, {"who", target.who}});
  }
  return {{"targets", list}};
}

Result<std::vector<exporters::Picture>> Pictures(const Json& command, const handful::nn::Model& model,
                                                 const std::vector<Bytes>& buffers) {
  std::vector<exporters::Picture> pictures;
  const Json& described = command["pictures"];
  for (size_t i = 0; described.is_array() && i < described.size() && i + 1 < buffers.size(); ++i) {
    Result<image::Decoded> decoded = image::Decode(buffers[i + 1]);
    if (!decoded.ok()) continue;  // one picture less to prove it with
    Result<image::Image> square = image::CropAndResize(decoded->image, model.crop_mode, model.input_side);
    if (!square.ok()) return square.status();
    const Json& held_out = described[i]["held_out"];
    pictures.push_back({TextIn(described[i], "name"), TextIn(described[i], "label"), *std::move(square),
                        held_out.is_boolean() && held_out.get<bool>()});
  }
  return pictures;
}

Result<exporters::Bundle> MakeBundle(const Json& command, const std::vector<Bytes>& buffers) {
  const exporters::Target* target = exporters::FindTarget(TextIn(command, "target"));
  if (target == nullptr) return Errorf("there is no target \"%s\"", TextIn(command, "target").c_str());
  if (buffers.empty()) return Errorf("there is no model among the buffers");
  Result<handful::nn::Model> model = handful::nn::ReadModel(buffers[0]);
  if (!model.ok()) return model.status();
  Result<std::vector<exporters::Picture>> pictures = Pictures(command, *model, buffers);
  if (!pictures.ok()) return pictures.status();
  const size_t taken = 1 + (command["pictures"].is_array() ? command["pictures"].size() : 0);
  std::vector<uint8_t> page = buffers.size() > taken ? buffers.back() : Bytes();
  return exporters::Export(*target, *std::move(model), *std::move(pictures), std::move(page));
}

Json VerificationOf(const exporters::Verification& proof) {
  return {{"largest_difference", proof.largest_difference},
          {"same_first", proof.same_first},
          {"golden", proof.golden},
          {"held_out", proof.held_out},
          {"right_before", proof.right_before},
          {"right_after", proof.right_after}};
}

void Say(const char* type, int64_t id, Json body, const std::vector<Bytes>& buffers) {
  body["type"] = type;
  body["id"] = id;
  handful::web::Emit(type, id, body.dump(-1, ' ', false, Json::error_handler_t::replace), buffers);
}

void Answer(const Json& command, const std::vector<Bytes>& buffers) {
  const int64_t id = command.is_object() && command.contains("id") && command["id"].is_number_integer()
                         ? command["id"].get<int64_t>()
                         : 0;
  if (command.is_object() && TextIn(command, "type") == "ListTargets") return Say("Targets", id, Targets(), {});
  Result<exporters::Bundle> bundle = command.is_object() && TextIn(command, "type") == "MakeBundle"
                                         ? MakeBundle(command, buffers)
                                         : Result<exporters::Bundle>(Errorf("the exporter does not know this command"));
  if (!bundle.ok()) return Say("Failed", id, {{"message", bundle.status().message()}}, {});
  Json names = Json::array();
  std::vector<Bytes> files;
  for (exporters::InputFile& file : bundle->files) {
    names.push_back(file.name);
    files.push_back(std::move(file.bytes));
  }
  Say("Bundle", id, {{"files", names}, {"verification", VerificationOf(bundle->verification)}}, files);
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE void handful_post(const char* json, size_t json_length, const uint32_t* buffers,
                                       size_t buffer_count) {
  const std::vector<Bytes> taken = handful::web::TakeBuffers(buffers, buffer_count);
  Answer(Json::parse(json, json + json_length, nullptr, /*allow_exceptions=*/false), taken);
}

EMSCRIPTEN_KEEPALIVE int handful_step() { return 0; }

}  // extern "C"
