#include "engine/engine.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>

#include "engine/convert.h"
#include "engine/training.h"
#include "image/image.h"
#include "nn/classifier.h"
#include "nn/mobilenet_v2.h"
#include "nn/model.h"
#include "nn/net.h"
#include "project/import.h"
#include "schema/json.h"
#include "train/dataset.h"

namespace handful::engine {
namespace {

using schema::Bytes;
using Clock = std::chrono::steady_clock;

constexpr char kVersion[] = "0.1.0";

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

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

class Engine::Impl {
 public:
  explicit Impl(EventSink sink) : sink_(std::move(sink)) { Send(schema::Ready{kVersion, VariantName(), nn::GemmKernelName()}); }

  void Post(schema::CommandEnvelope command) {
    if (std::holds_alternative<schema::Stop>(command.message)) {
      stop_wanted_ = training_ != nullptr;
      std::erase_if(queue_, [](const auto& c) { return std::holds_alternative<schema::Train>(c.message); });
    } else {
      queue_.push_back(std::move(command));
    }
  }

  bool Step() {
    if (stop_wanted_) {
      stop_wanted_ = false;
      training_->Stop();
      FinishTraining();
    } else if (!queue_.empty()) {
      schema::CommandEnvelope command = std::move(queue_.front());
      queue_.pop_front();
      std::visit([&](const auto& c) { Answer(c, command.buffers); }, command.message);
    } else if (training_ != nullptr) {
      if (const Status status = training_->Step(); !status.ok()) {
        Send(schema::Failed{training_->summary().id, schema::Train::kType, "", status.message()});
        training_.reset();
      } else if (training_->done()) {
        FinishTraining();
      }
    }
    return !queue_.empty() || training_ != nullptr;
  }

 private:
  void Send(schema::Event event, std::vector<Bytes> buffers = {}) { sink_({std::move(event), std::move(buffers)}); }

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

  // ---- models ----

  Status Handle(const schema::LoadBackbone& command, const std::vector<Bytes>& buffers) {
    HANDFUL_TRY(ExpectBuffers(buffers, 1));
    Result<nn::Model> model = nn::ReadModel(buffers[0], command.data_sha256);
    if (!model.ok()) return model.status();
    if (!model->HasBackbone()) return Errorf("this file holds no MobileNetV2 backbone, but a %s", nn::NetworkToText(model->network));
    return AdoptBackbone(command.id, *model);
  }

  Status AdoptBackbone(int64_t id, const nn::Model& model) {
    Result<std::shared_ptr<nn::Backbone>> backbone = nn::Backbone::Create(model);
    if (!backbone.ok()) return backbone.status();
    backbone_ = std::move(*backbone);
    Send(schema::BackboneLoaded{id, backbone_->sha256(), backbone_->sha256() == nn::kOfficialBackboneSha256});
    return {};
  }

  Status Handle(const schema::LoadModel& command, std::vector<Bytes>& buffers) {
    HANDFUL_TRY(ExpectBuffers(buffers, command.names.size()));
    std::vector<project::InputFile> files;
    for (size_t i = 0; i < buffers.size(); ++i) files.push_back({command.names[i], std::move(buffers[i])});
    Result<project::ImportedModel> imported = project::ImportModel(files);
    if (!imported.ok()) return imported.status();
    if (imported->model.network == nn::Network::kBackbone) return AdoptBackbone(command.id, imported->model);
    return AdoptModel(command.id, imported->model, imported->source, imported->warning);
  }

  Status AdoptModel(int64_t id, const nn::Model& model, const std::string& source, const std::string& warning) {
    Result<std::unique_ptr<nn::Classifier>> classifier = nn::Classifier::Create(model, backbone_);
    if (!classifier.ok()) return classifier.status();
    classifier_ = std::move(*classifier);
    classes_ = model.classes;
    crop_mode_ = model.crop_mode;
    Send(schema::ModelLoaded{id, Describe(model, source), warning});
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
    if (classifier_ == nullptr) return Errorf("no model is loaded");
    if (command.top < 1) return Errorf("field \"top\" is %d, less than 1", command.top);
    const Clock::time_point start = Clock::now();
    Result<std::optional<image::Decoded>> decoded = Decode(command, buffers);
    if (!decoded.ok() || !decoded->has_value()) return decoded.status();
    const image::Decoded& picture = **decoded;
    schema::Prediction prediction;
    prediction.decode_ms = MillisecondsSince(start);
    Result<image::Image> square = image::CropAndResize(picture.image, crop_mode_, classifier_->side());
    if (!square.ok()) return square.status();
    const Clock::time_point forward_start = Clock::now();
    Result<std::span<const float>> probabilities = classifier_->Classify(*square);
    if (!probabilities.ok()) return probabilities.status();
    prediction.forward_ms = MillisecondsSince(forward_start);
    prediction.ms = MillisecondsSince(start);
    prediction.id = command.id;
    prediction.name = command.name;
    prediction.top = Top(classes_, *probabilities, command.top);
    prediction.width = picture.image.width;
    prediction.height = picture.image.height;
    const image::CropRect crop = image::CropFor(prediction.width, prediction.height, crop_mode_);
    prediction.crop = {crop.x, crop.y, crop.side};
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

  Status Handle(const schema::ComputeFeatures& command, const std::vector<Bytes>& buffers) {
    const Clock::time_point start = Clock::now();
    schema::Features event{.id = command.id, .name = command.name};
    Result<std::span<const float>> features = FeaturesOf(command, buffers, event.forward_ms, event.warning);
    if (!features.ok() || features->empty()) return features.status();
    event.ms = MillisecondsSince(start);
    Send(std::move(event), {BytesOf(*features)});
    return {};
  }

  Status Handle(const schema::AddSample& command, const std::vector<Bytes>& buffers) {
    if (training_ != nullptr) return Errorf("a training is under way: stop it before you add pictures");
    if (!samples_.labels.empty() && command.input_range != samples_range_) {
      return Errorf("field \"input_range\" is \"%s\", but the samples before were made with \"%s\"", command.input_range.c_str(),
                    samples_range_.c_str());
    }
    double forward_ms = 0;
    std::string warning;
    Result<std::span<const float>> features = FeaturesOf(command, buffers, forward_ms, warning);
    if (!features.ok() || features->empty()) return features.status();
    auto label = std::find(samples_.classes.begin(), samples_.classes.end(), command.label);
    if (label == samples_.classes.end()) label = samples_.classes.insert(label, command.label);
    samples_.dim = features->size();
    samples_.rows.push_back(train::MakeFeatureRow(*features));
    samples_.labels.push_back(static_cast<int>(label - samples_.classes.begin()));
    samples_.groups.push_back(command.session);
    samples_range_ = command.input_range;
    Send(schema::SampleAdded{command.id, command.name, command.label, {}, static_cast<int>(samples_.size()), warning});
    return {};
  }

  Status Handle(const schema::ClearSamples&, const std::vector<Bytes>&) {
    if (training_ != nullptr) return Errorf("a training is under way: stop it first");
    samples_ = {};
    return {};
  }

  // ---- training ----

  Status Handle(const schema::Train& command, const std::vector<Bytes>&) {
    if (training_ != nullptr) return Errorf("a training is under way already");
    if (!samples_.labels.empty() && command.settings.input_range != samples_range_) {
      return Errorf("setting \"input_range\" is \"%s\", but the samples were made with \"%s\"", command.settings.input_range.c_str(),
                    samples_range_.c_str());
    }
    Result<std::unique_ptr<Training>> training =
        Training::Start(command, samples_, [this](schema::Event event) { Send(std::move(event)); });
    if (!training.ok()) return training.status();
    training_ = std::move(*training);
    training_settings_ = command.settings;
    return {};
  }

  template <class Command>
  Status Handle(const Command&, const std::vector<Bytes>&) {
    return Errorf("%s is not there yet", Command::kType);
  }

  // Stop is handled in Post.
  Status Handle(const schema::Stop&, const std::vector<Bytes>&) { return {}; }

  void FinishTraining() {
    const std::unique_ptr<Training> finished = std::move(training_);
    const schema::TrainDone& summary = finished->summary();
    if (!finished->weights().has_value()) {
      Send(summary);
      return;
    }
    nn::Model model;
    model.network = nn::Network::kMobileNetV2Head;
    model.title = training_settings_.title.empty() ? Joined(samples_.classes) : training_settings_.title;
    model.classes = samples_.classes;
    model.crop_mode = crop_mode_;
    if (Result<image::InputRange> range = InputRangeOf(samples_range_); range.ok()) model.input_range = *range;
    model.backbone_sha256 = backbone_->sha256();
    model.weights = *finished->weights();
    model.notes = {{"settings", schema::ToJson(training_settings_)},
                   {"samples", Format("%zu", samples_.size())},
                   {"train_accuracy", Format("%.4f", summary.train_accuracy)},
                   {"val_accuracy", Format("%.4f", summary.val_accuracy)}};
    Send(summary, {nn::WriteModel(model)});
    if (const Status status = AdoptModel(summary.id, model, "trained here", ""); !status.ok()) {
      Send(schema::Failed{summary.id, schema::Train::kType, "", status.message()});
    }
  }

  // ---- helpers ----

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

  // The backbone's 1280 features of a picture; empty where it was handed back.
  template <class Command>
  Result<std::span<const float>> FeaturesOf(const Command& command, const std::vector<Bytes>& buffers, double& forward_ms,
                                            std::string& warning) {
    if (backbone_ == nullptr) return Errorf("the MobileNetV2 backbone is not loaded: run ./tools/fetch-backbone, or load its file");
    Result<image::InputRange> range = InputRangeOf(command.input_range);
    if (!range.ok()) return range.status();
    Result<std::optional<image::Decoded>> decoded = Decode(command, buffers);
    if (!decoded.ok()) return decoded.status();
    if (!decoded->has_value()) return std::span<const float>();
    warning = (*decoded)->warning;
    Result<image::Image> square = image::CropAndResize((*decoded)->image, crop_mode_, nn::kMobileNetSide);
    if (!square.ok()) return square.status();
    const Clock::time_point start = Clock::now();
    Result<std::span<const float>> features = backbone_->Features(*square, *range);
    forward_ms = MillisecondsSince(start);
    return features;
  }

  const EventSink sink_;
  std::deque<schema::CommandEnvelope> queue_;
  bool stop_wanted_ = false;

  std::shared_ptr<nn::Backbone> backbone_;
  std::unique_ptr<nn::Classifier> classifier_;
  std::vector<std::string> classes_;
  image::CropMode crop_mode_ = image::CropMode::kCenter;

  train::Dataset samples_;
  std::string samples_range_;
  std::unique_ptr<Training> training_;
  schema::TrainSettings training_settings_;
};

Engine::Engine(EventSink sink) : impl_(std::make_unique<Impl>(std::move(sink))) {}
Engine::~Engine() = default;
void Engine::Post(schema::CommandEnvelope command) { impl_->Post(std::move(command)); }
bool Engine::Step() { return impl_->Step(); }

}  // namespace handful::engine
