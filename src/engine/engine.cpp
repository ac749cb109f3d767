#include "engine/engine.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <deque>
#include <limits>
#include <optional>

#include "engine/answers.h"
#include "engine/archive.h"
#include "engine/convert.h"
#include "engine/inspected.h"
#include "engine/store_client.h"
#include "engine/trainings.h"
#include "engine/workspace.h"
#include "image/image.h"
#include "nn/mobilenet_v2.h"
#include "nn/registry.h"
#include "nn/model.h"
#include "nn/net.h"
#include "project/import.h"

namespace handful::engine {
namespace {

using schema::Bytes;
using Clock = std::chrono::steady_clock;

constexpr char kVersion[] = "0.2.0";
constexpr char kTrainedHere[] = "trained here";  // the source of a project's own model
constexpr double kMillisecondsBetweenFeatures = 200;  // of FeaturesProgress
constexpr size_t kComputedAtOnce = 8;  // samples whose pixels are read to compute their features

const char* VariantName() {
#if defined(__wasm_relaxed_simd__)
  return "relaxed";
#elif defined(__wasm__)
  return "simd";
#else
  return "native";
#endif
}

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

template <class T>
constexpr bool kIsProjectCommand =
    std::disjunction_v<std::is_same<T, schema::ListProjects>, std::is_same<T, schema::OpenProject>, std::is_same<T, schema::CreateProject>,
                       std::is_same<T, schema::RenameProject>, std::is_same<T, schema::DuplicateProject>, std::is_same<T, schema::DeleteProject>,
                       std::is_same<T, schema::AddClass>, std::is_same<T, schema::EditClass>, std::is_same<T, schema::MoveClass>,
                       std::is_same<T, schema::MergeClasses>, std::is_same<T, schema::DeleteClass>, std::is_same<T, schema::MoveSamples>,
                       std::is_same<T, schema::DeleteSamples>, std::is_same<T, schema::Undo>, std::is_same<T, schema::Redo>,
                       std::is_same<T, schema::GetThumbnails>, std::is_same<T, schema::GetSample>>;

}  // namespace

class Engine::Impl {
 public:
  explicit Impl(EventSink sink) : sink_(std::move(sink)) { Send(schema::Ready{kVersion, VariantName(), nn::GemmKernelName()}); }

  void Post(schema::CommandEnvelope command) {
    if (std::holds_alternative<schema::Stop>(command.message)) {
      stop_wanted_ = trainings_.busy();
      std::erase_if(queue_, [](const auto& c) {
        return std::holds_alternative<schema::Train>(c.message) || std::holds_alternative<schema::ResumeTraining>(c.message);
      });
    } else if (IsStoreAnswer(command.message)) {
      answers_from_store_.push_back(std::move(command));
    } else {
      queue_.push_back(std::move(command));
    }
  }

  // What the store answers goes first, then commands, then what they left to do.
  bool Step() {
    bool worked = true;
    if (stop_wanted_) {
      stop_wanted_ = false;
      trainings_.Stop();
    } else if (!answers_from_store_.empty()) {
      Take(answers_from_store_, answers_from_store_.begin());
    } else if (const auto next = NextCommand(); next != queue_.end()) {
      Take(queue_, next);
    } else {
      worked = ComputeLacking() || imports_.Step() || trainings_.Step();
    }
    workspace_.Flush();
    SayWhoAnswers();
    return worked || stop_wanted_ || !answers_from_store_.empty() || NextCommand() != queue_.end();
  }

 private:
  using Queue = std::deque<schema::CommandEnvelope>;

  static bool IsStoreAnswer(const schema::Command& command) {
    return std::holds_alternative<schema::StoreDone>(command) || std::holds_alternative<schema::StoreData>(command) ||
           std::holds_alternative<schema::StoreLost>(command);
  }

  // Samples wait while too many of them are not kept yet; other commands pass them.
  Queue::iterator NextCommand() {
    if (!workspace_.Overfull()) return queue_.begin();
    return std::ranges::find_if(queue_, [](const auto& c) { return !std::holds_alternative<schema::AddSample>(c.message); });
  }

  void Take(Queue& queue, Queue::iterator which) {
    schema::CommandEnvelope command = std::move(*which);
    queue.erase(which);
    std::visit([&](const auto& c) { Answer(c, command.buffers); }, command.message);
  }

  void Send(schema::Event event, std::vector<Bytes> buffers = {}) { sink_({std::move(event), std::move(buffers)}); }
  StoreClient::Send Sender() {
    return [this](schema::Event event, std::vector<Bytes> buffers) { Send(std::move(event), std::move(buffers)); };
  }

  // Runs a command's handler; an error becomes the command's Failed event.
  template <class Command>
  void Answer(const Command& command, std::vector<Bytes>& buffers) {
    const Status status = Handle(command, buffers);
    if (status.ok()) return;
    schema::Failed failed;
    failed.command = Command::kType;
    failed.message = status.message();
    if constexpr (requires { command.id; }) failed.id = command.id;
    if constexpr (requires { command.name; }) failed.name = command.name;
    if constexpr (requires { command.names; }) {
      if (!command.names.empty()) failed.name = command.names.front();
    }
    Send(std::move(failed));
  }

  void SayWhoAnswers() {
    const schema::AnswersBy& who = answers_.who();
    if (who.by == said_.by && who.reason == said_.reason) return;
    said_ = who;
    Send(who);
  }

  // ---- models ----

  Status Handle(const schema::LoadBackbone& command, const std::vector<Bytes>& buffers) {
    HANDFUL_TRY(ExpectBuffers(buffers, 1));
    Result<nn::Model> model = nn::ReadModel(buffers[0], command.data_sha256);
    if (!model.ok()) return model.status();
    if (!model->HasBackbone()) return Errorf("this file holds no MobileNetV2 backbone, but a %s", model->network().c_str());
    return AdoptBackbone(command.id, *model);
  }

  Status AdoptBackbone(int64_t id, const nn::Model& model) {
    Result<std::shared_ptr<nn::Backbone>> backbone = nn::Backbone::Create(model);
    if (!backbone.ok()) return backbone.status();
    answers_.UseBackbone(*backbone);
    const std::string& sha256 = (*backbone)->sha256();
    Send(schema::BackboneLoaded{id, sha256, sha256 == nn::kOfficialBackboneSha256,
                                nn::NameOfBackbone(sha256, (*backbone)->title())});
    workspace_.UseBackbone(sha256);
    features_halted_ = false;
    // A head of the project that had to wait for it.
    if (waiting_head_.has_value()) {
      const nn::Model head = *waiting_head_;
      if (const Status adopted = AdoptTrained(0, &head); !adopted.ok()) {
        Send(schema::Failed{0, schema::OpenProject::kType, "", "the project's trained model cannot answer: " + adopted.message()});
      }
    }
    return {};
  }

  Status Handle(const schema::LoadModel& command, std::vector<Bytes>& buffers) {
    HANDFUL_TRY(ExpectBuffers(buffers, command.names.size()));
    std::vector<project::InputFile> files;
    for (size_t i = 0; i < buffers.size(); ++i) files.push_back({command.names[i], std::move(buffers[i])});
    Result<project::ImportedModel> imported = project::ImportModel(files);
    if (!imported.ok()) return imported.status();
    if (imported->model.is_backbone()) return AdoptBackbone(command.id, imported->model);
    HANDFUL_TRY(answers_.UseLoaded(imported->model, command.shipped));
    Send(schema::ModelLoaded{command.id, Describe(imported->model, imported->source), imported->warning});
    crop_mode_ = imported->model.crop_mode;
    if (const nn::Model* trained = answers_.trained(); trained != nullptr && command.shipped) {
      // It came second, but goes before what comes with the page.
      crop_mode_ = trained->crop_mode;
      Send(schema::ModelLoaded{0, Describe(*trained, kTrainedHere), ""});
    }
    return {};
  }

  // The project's own head; null: it has none (any more).
  Status AdoptTrained(int64_t id, const nn::Model* model) {
    if (model == nullptr) {
      waiting_head_.reset();
      answers_.ForgetTrained();
      answers_.ProjectChanged(workspace_.project(), false);
      return {};
    }
    if (answers_.backbone() == nullptr && model->WantsBackbone()) {
      waiting_head_ = *model;
      return {};
    }
    const schema::TrainingInfo* training = trainings_.current();
    if (Status used = answers_.UseTrained(*model, training == nullptr ? std::vector<int64_t>() : training->class_ids); !used.ok()) {
      waiting_head_ = *model;  // its backbone may still come
      return used;
    }
    waiting_head_.reset();
    crop_mode_ = model->crop_mode;
    Send(schema::ModelLoaded{id, Describe(*model, kTrainedHere), ""});
    return {};
  }

  Status Handle(const schema::SetCropMode& command, const std::vector<Bytes>&) {
    Result<image::CropMode> mode = CropModeOf(command.crop_mode);
    if (!mode.ok()) return mode.status();
    crop_mode_ = *mode;
    return {};
  }

  // ---- pictures ----

  Status Handle(const schema::Classify& command, const std::vector<Bytes>& buffers) {
    if (command.top < 1) return Errorf("field \"top\" is %d, less than 1", command.top);
    if (command.thumbnail_side < 0 || command.thumbnail_side > 4096) {
      return Errorf("field \"thumbnail_side\" is %d, outside 0 … 4096", command.thumbnail_side);
    }
    Result<int> side = answers_.Side();
    if (!side.ok()) return side.status();
    const Clock::time_point start = Clock::now();
    Result<std::optional<image::Decoded>> decoded = Decode(command, buffers);
    if (!decoded.ok()) return decoded.status();
    if (!decoded->has_value()) return {};
    const image::Decoded& picture = **decoded;
    schema::Prediction prediction{.id = command.id, .name = command.name};
    prediction.decode_ms = MillisecondsSince(start);
    HANDFUL_TRY(Predict(picture.image, *side, command.top, prediction));
    prediction.ms = MillisecondsSince(start);
    prediction.warning = picture.warning;
    std::vector<Bytes> answer;
    if (command.thumbnail_side > 0) {
      Result<image::Image> thumbnail = image::Thumbnail(picture.image, command.thumbnail_side);
      if (!thumbnail.ok()) return thumbnail.status();
      prediction.thumbnail_width = thumbnail->width;
      prediction.thumbnail_height = thumbnail->height;
      answer.push_back(Rgba8(*thumbnail));
    }
    Send(std::move(prediction), std::move(answer));
    return {};
  }

  Status Predict(const image::Image& picture, int side, int top, schema::Prediction& prediction) {
    Result<image::Image> square = image::CropAndResize(picture, crop_mode_, side);
    if (!square.ok()) return square.status();
    Result<Answers::Answer> answer = answers_.Classify(*square, top);
    if (!answer.ok()) return answer.status();
    prediction.by = answer->by;
    prediction.top = std::move(answer->top);
    prediction.forward_ms = answer->forward_ms;
    prediction.width = picture.width;
    prediction.height = picture.height;
    const image::CropRect crop = image::CropFor(picture.width, picture.height, crop_mode_);
    prediction.crop = {crop.x, crop.y, crop.side};
    return {};
  }

  Status Handle(const schema::Inspect& command, const std::vector<Bytes>& buffers) {
    Result<int> side = answers_.Side();
    if (!side.ok()) return side.status();
    Result<std::optional<image::Decoded>> decoded = Decode(command, buffers);
    if (!decoded.ok()) return decoded.status();
    if (!decoded->has_value()) return {};
    Result<image::Image> square = image::CropAndResize((*decoded)->image, crop_mode_, *side);
    if (!square.ok()) return square.status();
    Result<Answers::Inspection> inspection = answers_.Inspect(*square);
    if (!inspection.ok()) return inspection.status();
    Result<schema::EventEnvelope> event = ToEvent(command, *inspection);
    if (!event.ok()) return event.status();
    sink_(std::move(*event));
    return {};
  }

  Status Handle(const schema::ComputeFeatures& command, const std::vector<Bytes>& buffers) {
    const Clock::time_point start = Clock::now();
    if (answers_.backbone() == nullptr) return NoBackbone();
    Result<image::InputRange> range = InputRangeOf(command.input_range);
    if (!range.ok()) return range.status();
    Result<std::optional<image::Decoded>> decoded = Decode(command, buffers);
    if (!decoded.ok()) return decoded.status();
    if (!decoded->has_value()) return {};
    schema::Features event{.id = command.id, .name = command.name, .warning = (*decoded)->warning};
    Result<image::Image> square = image::CropAndResize((*decoded)->image, crop_mode_, nn::kMobileNetSide);
    if (!square.ok()) return square.status();
    const Clock::time_point forward = Clock::now();
    Result<std::span<const float>> features = answers_.backbone()->Features(*square, *range);
    if (!features.ok()) return features.status();
    event.forward_ms = MillisecondsSince(forward);
    event.ms = MillisecondsSince(start);
    Send(std::move(event), {BytesOf(*features)});
    return {};
  }

  // ---- samples ----

  Status Handle(const schema::AddSample& command, const std::vector<Bytes>& buffers) {
    if (answers_.backbone() == nullptr && !store_.attached()) return NoBackbone();
    HANDFUL_TRY(CheckRange(command.input_range));
    if (command.source != "file" && command.source != "camera" && command.source != "video") {
      return Errorf("field \"source\" is \"%s\", not file, camera or video", command.source.c_str());
    }
    Result<std::optional<image::Decoded>> decoded = Decode(command, buffers);
    if (!decoded.ok()) return decoded.status();
    if (!decoded->has_value()) return {};
    schema::SampleInfo info{.name = command.name, .source = command.source, .session = command.session, .burst = command.burst, .time_ms = command.time_ms};
    info.class_id = command.class_id;
    HANDFUL_TRY(AddPicture(info, command.label, (*decoded)->image, crop_mode_));
    Send(schema::SampleAdded{command.id, command.name, workspace_.project().FindClass(info.class_id)->name, info,
                             static_cast<int>(workspace_.project().samples().size()), (*decoded)->warning});
    if (command.classify) {
      SayWhoAnswers();
      Result<int> side = answers_.Side();
      schema::Prediction prediction{.id = command.id, .name = command.name};
      const Clock::time_point start = Clock::now();
      if (side.ok() && Predict((*decoded)->image, *side, std::max(1, command.top), prediction).ok()) {
        prediction.ms = MillisecondsSince(start);
        Send(std::move(prediction));
      }
    }
    return {};
  }

  Status AddPicture(schema::SampleInfo& info, const std::string& label, const image::Image& picture, image::CropMode crop) {
    Result<image::Image> square = image::CropAndResize(picture, crop, kSampleSide);
    if (!square.ok()) return square.status();
    Result<image::InputRange> range = InputRangeOf(samples_range_);
    train::FeatureRow features;
    if (answers_.backbone() != nullptr) {
      Result<train::FeatureRow> computed = answers_.Features(*square, *range);
      if (!computed.ok()) return computed.status();
      features = std::move(*computed);
    }
    Result<int64_t> class_id = workspace_.ClassFor(info.class_id, label);
    if (!class_id.ok()) return class_id.status();
    info.class_id = *class_id;
    info.crop_mode = crop == image::CropMode::kFit ? "fit" : "center";
    by_visitor_ = true;
    return workspace_.Add(info, &*square, std::move(features));
  }

  // A picture of an archive.
  Status AddFile(schema::SampleInfo info, const std::string& label, const Bytes& file) {
    Result<image::Decoded> decoded = image::Decode(file);
    if (!decoded.ok()) return decoded.status();
    image::CropMode crop = crop_mode_;
    const bool is_square = decoded->image.width == kSampleSide && decoded->image.height == kSampleSide;
    if (Result<image::CropMode> kept = CropModeOf(info.crop_mode); is_square && kept.ok()) crop = *kept;
    HANDFUL_TRY(AddPicture(info, label, decoded->image, crop));
    Send(schema::SampleAdded{0, info.name, workspace_.project().FindClass(info.class_id)->name, info,
                             static_cast<int>(workspace_.project().samples().size()), decoded->warning});
    return {};
  }

  Status Handle(const schema::AddFeatures& command, const std::vector<Bytes>& buffers) {
    HANDFUL_TRY(ExpectBuffers(buffers, 1));
    constexpr size_t kBytes = nn::kMobileNetFeatures * sizeof(float);
    if (buffers[0].size() != kBytes) return Errorf("the buffer has %zu bytes, not %zu: %d float32", buffers[0].size(), kBytes, nn::kMobileNetFeatures);
    if (store_.attached()) return Errorf("features without a picture cannot be kept in a project");
    std::vector<float> features(nn::kMobileNetFeatures);
    std::memcpy(features.data(), buffers[0].data(), kBytes);
    schema::SampleInfo info{.name = command.name, .session = command.session, .burst = command.burst};
    Result<int64_t> class_id = workspace_.ClassFor(0, command.label);
    if (!class_id.ok()) return class_id.status();
    info.class_id = *class_id;
    HANDFUL_TRY(workspace_.Add(info, nullptr, train::MakeFeatureRow(features)));
    Send(schema::SampleAdded{command.id, command.name, command.label, info, static_cast<int>(workspace_.project().samples().size()), ""});
    return {};
  }

  Status Handle(const schema::ClearSamples&, const std::vector<Bytes>&) {
    if (trainings_.busy()) return Errorf("a training is under way: stop it first");
    if (store_.attached()) return Errorf("ClearSamples is for use without a store: delete the project instead");
    workspace_.Clear();
    samples_range_ = "pm1";
    return {};
  }

  // All samples' features are made with one range: that of the first.
  Status CheckRange(const std::string& range) {
    if (Result<image::InputRange> known = InputRangeOf(range); !known.ok()) return known.status();
    if (range == samples_range_) return {};
    if (!workspace_.project().samples().empty()) {
      return Errorf("field \"input_range\" is \"%s\", but the samples before were made with \"%s\"", range.c_str(), samples_range_.c_str());
    }
    samples_range_ = range;
    return {};
  }

  // Features of samples that were added before there was a backbone, or made by another one. One sample a step.
  bool ComputeLacking() {
    if (answers_.backbone() == nullptr || !store_.attached() || reading_squares_ || features_halted_) return false;
    if (squares_.empty()) {
      const std::vector<int64_t> ids = workspace_.Lacking(kComputedAtOnce);
      if (ids.empty()) return false;
      SayFeatures(false);
      reading_squares_ = true;
      workspace_.ReadSquares(ids, [this, ids](Workspace::Squares squares) {
        reading_squares_ = false;
        squares_ = std::move(squares);
        for (const int64_t id : ids) {
          const bool is_there = std::ranges::any_of(squares_, [&](const auto& square) { return square.first == id; });
          if (!is_there) workspace_.DropUnreadable(id);
        }
      });
      return true;
    }
    const auto [id, square] = std::move(squares_.back());
    squares_.pop_back();
    Result<image::InputRange> range = InputRangeOf(samples_range_);
    if (Result<train::FeatureRow> features = answers_.Features(square, *range); features.ok()) {
      workspace_.SetFeatures(id, std::move(*features));
      ++features_done_;
    }
    SayFeatures(false);
    return true;
  }

  // How far they are, some times a second, and where nothing is left to do.
  void SayFeatures(bool at_once) {
    if (!at_once && !squares_.empty() && MillisecondsSince(features_said_) < kMillisecondsBetweenFeatures) return;
    const int left = static_cast<int>(workspace_.Lacking(std::numeric_limits<size_t>::max()).size());
    features_said_ = Clock::now();
    Send(schema::FeaturesProgress{features_done_, features_done_ + left, features_halted_});
    if (left == 0) features_done_ = 0;
  }

  Status Handle(const schema::HaltFeatures& command, const std::vector<Bytes>&) {
    features_halted_ = command.halt;
    SayFeatures(true);
    return {};
  }

  // ---- projects ----

  Status Handle(const schema::UseStore&, const std::vector<Bytes>&) {
    store_.Attach();
    return {};
  }
  Status Handle(const schema::StoreDone& command, const std::vector<Bytes>&) {
    store_.Answer(command);
    return {};
  }
  Status Handle(const schema::StoreData& command, std::vector<Bytes>& buffers) {
    store_.Answer(command, std::move(buffers));
    return {};
  }
  Status Handle(const schema::StoreLost& command, const std::vector<Bytes>&) {
    workspace_.Handle(command);
    return {};
  }
  template <class Command>
    requires kIsProjectCommand<Command>
  Status Handle(const Command& command, const std::vector<Bytes>&) {
    by_visitor_ = true;
    return workspace_.Handle(command);
  }
  Status Handle(const schema::ImportArchive& command, const std::vector<Bytes>&) { return imports_.Handle(command); }
  Status Handle(const schema::ExportProject& command, const std::vector<Bytes>&) {
    if (!store_.attached()) return Errorf("ExportProject: pictures are not kept here, so there is nothing to export");
    workspace_.WhenKept([this, id = command.id] { ExportArchive(id, workspace_, trainings_.list(), Sender()); });
    return {};
  }

  void ProjectChanged() {
    answers_.ProjectChanged(workspace_.project(), std::exchange(by_visitor_, false));
  }

  // ---- training ----

  Status Handle(const schema::Train& command, const std::vector<Bytes>&) {
    const schema::TrainSettings& s = command.settings;
    if (!nn::LearnsFromPixels(s.network) && !workspace_.project().samples().empty() && s.input_range != samples_range_) {
      return Errorf("setting \"input_range\" is \"%s\", but the samples were made with \"%s\"", s.input_range.c_str(), samples_range_.c_str());
    }
    if (nn::FindBySetting(s.network) != nullptr && !nn::LearnsFromPixels(s.network) && answers_.backbone() == nullptr && !workspace_.Lacking(1).empty()) {
      return Errorf("MobileNet's weights are not loaded, so there is nothing to fine-tune: load them, or train a network from scratch (setting \"network\")");
    }
    features_halted_ = false;
    return trainings_.Handle(command);
  }
  Status Handle(const schema::ResumeTraining& command, const std::vector<Bytes>&) {
    features_halted_ = false;
    return trainings_.Handle(command);
  }
  Status Handle(const schema::RestoreTraining& command, const std::vector<Bytes>&) { return trainings_.Handle(command); }
  Status Handle(const schema::DeleteTraining& command, const std::vector<Bytes>&) { return trainings_.Handle(command); }
  // Stop is handled in Post.
  Status Handle(const schema::Stop&, const std::vector<Bytes>&) { return {}; }

  nn::Model ModelFrame() {
    nn::Model model;
    model.crop_mode = crop_mode_;
    if (Result<image::InputRange> range = InputRangeOf(samples_range_); range.ok()) model.input_range = *range;
    if (const nn::Backbone* backbone = answers_.backbone()) {
      model.backbone_sha256 = backbone->sha256();
      model.backbone_title = backbone->title();
      model.architecture = &backbone->architecture();
      model.input_side = backbone->side();
    }
    return model;
  }

  // ---- helpers ----

  static Status NoBackbone() { return Errorf("no MobileNetV2 backbone is loaded: load its file first"); }

  static Status ExpectBuffers(const std::vector<Bytes>& buffers, size_t count) {
    if (count == 0) return Errorf("no file was given");
    return buffers.size() == count ? Status() : Errorf("%zu buffers came with the command, expected %zu", buffers.size(), count);
  }

  // Upright pixels from a command's buffer. A format that only a browser reads is handed back with NeedsDecoding rather than
  // refused: then there is nothing more to do.
  template <class Command>
  Result<std::optional<image::Decoded>> Decode(const Command& command, const std::vector<Bytes>& buffers) {
    HANDFUL_TRY(ExpectBuffers(buffers, 1));
    const Bytes& bytes = buffers[0];
    const bool has_pixels = command.width != 0 || command.height != 0;
    Result<image::Decoded> decoded = has_pixels ? image::FromRgba8(bytes, command.width, command.height) : image::Decode(bytes);
    if (decoded.ok()) return std::optional(std::move(*decoded));
    if (has_pixels || image::SniffSupport(bytes) != image::Support::kBrowserOnly) return decoded.status();
    Send(schema::NeedsDecoding{command.id, command.name, decoded.status().message()});
    return std::optional<image::Decoded>();
  }

  const EventSink sink_;
  Queue queue_, answers_from_store_;
  bool stop_wanted_ = false;

  Answers answers_;
  schema::AnswersBy said_;
  image::CropMode crop_mode_ = image::CropMode::kCenter;
  std::string samples_range_ = "pm1";
  std::optional<nn::Model> waiting_head_;
  bool by_visitor_ = false;  // the change under way is the visitor's

  StoreClient store_{Sender()};
  Workspace workspace_{Sender(), store_,
                       {.changed = [this] { ProjectChanged(); },
                        .opened = [this](std::vector<schema::TrainingInfo> trainings) { trainings_.Opened(std::move(trainings)); }}};
  Trainings trainings_{Sender(), store_, workspace_,
                       {.features =
                            [this](const image::Image& square) {
                              Result<image::InputRange> range = InputRangeOf(samples_range_);
                              return answers_.Features(square, *range);
                            },
                        .frame = [this] { return ModelFrame(); },
                        .adopt = [this](int64_t id, const nn::Model* model) { return AdoptTrained(id, model); }}};
  ArchiveImports imports_{Sender(), store_, workspace_,
                          [this](schema::SampleInfo info, const std::string& label, const Bytes& file) { return AddFile(std::move(info), label, file); },
                          [this](schema::TrainingInfo info) { trainings_.Add(std::move(info)); }};
  bool reading_squares_ = false, features_halted_ = false;
  int features_done_ = 0;  // since there were last none to be computed
  Clock::time_point features_said_;
  Workspace::Squares squares_;
};

Engine::Engine(EventSink sink) : impl_(std::make_unique<Impl>(std::move(sink))) {}
Engine::~Engine() = default;
void Engine::Post(schema::CommandEnvelope command) { impl_->Post(std::move(command)); }
bool Engine::Step() { return impl_->Step(); }

}  // namespace handful::engine
