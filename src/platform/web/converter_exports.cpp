// The converter: engine_abi.h's functions, with commands of its own, each answered at once or refused by
// {"type": "Failed", "message", "phrases"}.
//   {"type": "ReadModel", "names": [file names]}, buffers: the files → {"type": "Model", "source", "warning"}, buffers:
//     the model as Handful's own file
//   {"type": "ListTargets"} → {"type": "Targets", "targets": [{"name", "title", "who"}]}
//   {"type": "MakeBundle", "target", "pictures": [{"name", "label", "held_out"}]}, buffers: the model as Handful's own
//     file with its backbone inside, then the pictures' files, then for some targets the site's offline page →
//     {"type": "Bundle", "files": [names], "verification": {…}}, buffers: the files
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
          {"drawn", proof.drawn},
          {"held_out", proof.held_out},
          {"right_before", proof.right_before},
          {"right_after", proof.right_after}};
}

struct Answer {
  const char* type;
  Json body;
  std::vector<Bytes> buffers;
};

Result<Answer> ReadModel(const Json& command, std::vector<Bytes>& buffers) {
  std::vector<handful::importers::InputFile> files;
  for (size_t i = 0; i < buffers.size(); ++i) {
    const Json& names = command["names"];
    const bool named = names.is_array() && i < names.size() && names[i].is_string();
    files.push_back({named ? names[i].get<std::string>() : "", std::move(buffers[i])});
  }
  Result<handful::importers::ImportedModel> imported = handful::importers::ImportModel(files);
  if (!imported.ok()) return imported.status();
  return Answer{"Model",
                {{"source", imported->source}, {"warning", imported->warning}},
                {handful::nn::WriteModel(imported->model)}};
}

Result<Answer> BundleOf(const Json& command, const std::vector<Bytes>& buffers) {
  Result<exporters::Bundle> bundle = MakeBundle(command, buffers);
  if (!bundle.ok()) return bundle.status();
  Answer answer{"Bundle", {{"files", Json::array()}, {"verification", VerificationOf(bundle->verification)}}, {}};
  for (exporters::InputFile& file : bundle->files) {
    answer.body["files"].push_back(file.name);
    answer.buffers.push_back(std::move(file.bytes));
  }
  return answer;
}

Result<Answer> CarryOut(const Json& command, std::vector<Bytes>& buffers) {
  const std::string type = command.is_object() ? TextIn(command, "type") : "";
  if (type == "ReadModel") return ReadModel(command, buffers);
  if (type == "ListTargets") return Answer{"Targets", Targets(), {}};
  if (type == "MakeBundle") return BundleOf(command, buffers);
  return Errorf("the converter does not know this command");
}

Answer Refusal(const Status& why) {
  Json phrases = Json::array();
  for (const handful::Phrase& phrase : why.phrases())
    phrases.push_back({{"code", phrase.code}, {"arguments", phrase.arguments}});
  return {"Failed", {{"message", why.message()}, {"phrases", phrases}}, {}};
}

void Say(Answer answer) {
  answer.body["type"] = answer.type;
  handful::web::Emit(answer.type, 0, answer.body.dump(-1, ' ', false, Json::error_handler_t::replace), answer.buffers);
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE void handful_post(const char* json, size_t json_length, const uint32_t* buffers,
                                       size_t buffer_count) {
  std::vector<Bytes> taken = handful::web::TakeBuffers(buffers, buffer_count);
  Result<Answer> answer = CarryOut(Json::parse(json, json + json_length, nullptr, /*allow_exceptions=*/false), taken);
  Say(answer.ok() ? *std::move(answer) : Refusal(answer.status()));
}

EMSCRIPTEN_KEEPALIVE int handful_step() { return 0; }

}  // extern "C"
