#include "engine/models.h"

#include "engine/convert.h"

namespace handful::engine {
namespace {

constexpr char kTrainedHere[] = "trained here";  // the source of a project's own model

}  // namespace

// ---- what is loaded ------------------------------------------------------------------------------------------------

Status Models::Handle(const schema::LoadBackbone& command, const std::vector<schema::Bytes>& buffers,
                      const Reply& reply) {
  HANDFUL_TRY(ExpectBuffers(buffers, 1));
  Result<nn::Model> model = nn::ReadModel(buffers[0], command.data_sha256);
  if (!model.ok()) return model.status();
  if (!model->HasBackbone())
    return Errorf("this file holds no MobileNetV2 backbone, but a %s", model->network().c_str());
  return AdoptBackbone(*model, reply);
}

Status Models::AdoptBackbone(const nn::Model& model, const Reply& reply) {
  Result<std::shared_ptr<nn::Backbone>> backbone = nn::Backbone::Create(model);
  if (!backbone.ok()) return backbone.status();
  answers_.UseBackbone(*backbone);
  const std::string& sha256 = (*backbone)->sha256();
  reply->Say(schema::BackboneLoaded{reply->id(), sha256, sha256 == nn::kOfficialBackboneSha256,
                                    nn::NameOfBackbone(sha256, (*backbone)->title())});
  workspace_.UseBackbone(sha256);
  // A head of the project that had to wait for it.
  if (waiting_.has_value()) {
    const Waiting waiting = *waiting_;
    if (const Status adopted = Adopt(&waiting.model, waiting.class_ids); !adopted.ok()) {
      Complain(send_, schema::OpenProject::kType, adopted.WithContextf("the project's trained model cannot answer"));
    }
  }
  return {};
}

Status Models::Handle(const schema::LoadModel& command, std::vector<schema::Bytes>& buffers, const Reply& reply) {
  HANDFUL_TRY(ExpectBuffers(buffers, command.names.size()));
  std::vector<importers::InputFile> files;
  for (size_t i = 0; i < buffers.size(); ++i) files.push_back({command.names[i], std::move(buffers[i])});
  Result<importers::ImportedModel> imported = read_model_(files);
  if (!imported.ok()) return imported.status();
  if (imported->model.is_backbone()) return AdoptBackbone(imported->model, reply);
  HANDFUL_TRY(answers_.UseLoaded(imported->model, command.shipped));
  const std::string& source = command.source.empty() ? imported->source : command.source;
  const std::string& warning = command.warning.empty() ? imported->warning : command.warning;
  reply->Say(schema::ModelLoaded{reply->id(), Describe(imported->model, source), warning});
  crop_mode_ = imported->model.crop_mode;
  if (const nn::Model* trained = answers_.trained(); trained != nullptr && command.shipped) {
    // It came second, but goes before what comes with the page.
    crop_mode_ = trained->crop_mode;
    send_(schema::ModelLoaded{0, Describe(*trained, kTrainedHere), ""}, {});
  }
  return {};
}

void Models::Handle(const schema::SetCropMode& command) { crop_mode_ = CropModeOf(command.crop_mode); }

Result<train::FeatureRow> Models::Features(const image::Image& square) {
  return answers_.Features(square, InputRangeOf(workspace_.state().input_range));
}

nn::Model Models::Frame() const {
  nn::Model model;
  model.crop_mode = crop_mode_;
  model.input_range = InputRangeOf(workspace_.state().input_range);
  if (const nn::Backbone* backbone = answers_.backbone()) {
    model.backbone_sha256 = backbone->sha256();
    model.backbone_title = backbone->title();
    model.architecture = &backbone->architecture();
    model.input_side = backbone->side();
  }
  return model;
}

// ---- what the project has trained ----------------------------------------------------------------------------------

Status Models::Adopt(const nn::Model* model, std::vector<int64_t> class_ids) {
  if (model == nullptr) {
    waiting_.reset();
    answers_.ForgetTrained();
    ProjectChanged(false);
    return {};
  }
  if (!HasBackbone() && model->WantsBackbone()) {
    waiting_ = {*model, std::move(class_ids)};
    return {};
  }
  if (Status used = answers_.UseTrained(*model, class_ids); !used.ok()) {
    waiting_ = {*model, std::move(class_ids)};  // its backbone may still come
    return used;
  }
  waiting_.reset();
  crop_mode_ = model->crop_mode;
  send_(schema::ModelLoaded{0, Describe(*model, kTrainedHere), ""}, {});
  return {};
}

void Models::ProjectOpened() {
  (void)Adopt(nullptr, {});
  OpenProject* project = workspace_.project();
  const schema::TrainingInfo* current = project == nullptr ? nullptr : project->trainings().current();
  if (current == nullptr) return;
  AdoptFromStore(*current, [this](const Status& adopted) {
    if (!adopted.ok()) Complain(send_, schema::OpenProject::kType, adopted);
  });
}

void Models::AdoptFromStore(const schema::TrainingInfo& training, std::function<void(const Status&)> then) {
  auto take = [this, then = std::move(then), id = training.id, class_ids = training.class_ids,
               scope = workspace_.scope()](const Result<schema::Bytes>& bytes) {
    const auto project = scope.lock();
    if (project == nullptr) return;
    const schema::TrainingInfo* current = project->trainings().current();
    if (current == nullptr || current->id != id) {
      then(Errorf("another training was chosen meanwhile"));
      return;
    }
    Result<nn::Model> model = bytes.ok() ? nn::ReadModel(*bytes) : Result<nn::Model>(bytes.status());
    then(model.ok() ? Adopt(&*model, class_ids) : model.status());
  };
  workspace_.project()->trainings().ReadModel(training.id, take);
}

void Models::SayWhoAnswers() {
  const schema::AnswersBy& who = answers_.who();
  if (who.by == said_.by && who.unknown_class == said_.unknown_class) return;
  said_ = who;
  send_(who, {});
}

}  // namespace handful::engine
