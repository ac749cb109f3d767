// Commands and events: the one language between page, worker, shell and other people's pages.
// On the web a message crosses postMessage as one JSON string {"type": "...", fields…} plus transferred buffers;
// inline (CLI, desktop) it is passed as the struct itself. web/engine/messages.d.ts is generated from this file.
//
// Buffers: what each message carries in `Envelope::buffers`, in order, is said beside it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "schema/reflect.h"

namespace handful::schema {

// ---- shared pieces -------------------------------------------------------------------------------------------------

struct ClassProbability {
  std::string label;
  double p = 0;
  static constexpr char kName[] = "ClassProbability";
  static constexpr auto kFields = std::tuple{Field{"label", &ClassProbability::label}, Field{"p", &ClassProbability::p}};
};

// The square the network saw, in pixels of the upright picture; reaches beyond it where a border was added.
struct Crop {
  int x = 0, y = 0, side = 0;
  static constexpr char kName[] = "Crop";
  static constexpr auto kFields = std::tuple{Field{"x", &Crop::x}, Field{"y", &Crop::y}, Field{"side", &Crop::side}};
};

struct TrainSettings {
  std::string title;                   // of the model; empty: its classes
  std::string network = "mobilenet";   // mobilenet | cnn
  std::string recipe = "default";      // default: capture sessions stay whole in the held-out part | writeup: a random split
  int epochs = 50;
  int batch = 16;
  double learning_rate = 0.001;
  int hidden = 100;                    // units of the hidden layer
  double dropout = 0.5;
  double validation = 0.2;             // part of the samples held out, 0 for none
  int patience = 0;                    // epochs without improvement before stopping; 0: never
  int64_t seed = 1;
  std::string input_range = "pm1";     // pm1: [-1, 1]; 01: [0, 1]
  std::string folds;                   // "" | "group" | a number: stratified folds that keep groups together
  bool model_wanted = true;            // with folds: whether a model is trained on everything in the end
  static constexpr char kName[] = "TrainSettings";
  static constexpr auto kFields =
      std::tuple{Field{"title", &TrainSettings::title},           Field{"network", &TrainSettings::network},       Field{"recipe", &TrainSettings::recipe},
                 Field{"epochs", &TrainSettings::epochs},         Field{"batch", &TrainSettings::batch},
                 Field{"learning_rate", &TrainSettings::learning_rate},
                 Field{"hidden", &TrainSettings::hidden},         Field{"dropout", &TrainSettings::dropout},
                 Field{"validation", &TrainSettings::validation}, Field{"patience", &TrainSettings::patience},
                 Field{"seed", &TrainSettings::seed},             Field{"input_range", &TrainSettings::input_range},
                 Field{"folds", &TrainSettings::folds},           Field{"model_wanted", &TrainSettings::model_wanted}};
};

struct FoldResult {
  std::string group;
  int n = 0;
  double val_accuracy = 0;
  static constexpr char kName[] = "FoldResult";
  static constexpr auto kFields = std::tuple{Field{"group", &FoldResult::group}, Field{"n", &FoldResult::n},
                                             Field{"val_accuracy", &FoldResult::val_accuracy}};
};

struct ModelInfo {
  std::string title;
  std::string network;               // mobilenet_v2_head | mobilenet_v2_top | finger_cnn | mobilenet_v2_backbone
  std::vector<std::string> classes;
  int input_side = 224;
  double input_scale = 0;            // value = pixel * input_scale + input_offset
  double input_offset = 0;
  std::string crop_mode = "center";  // center | fit
  std::string source;                // "Handful", "Teachable Machine (Keras)", …
  std::string backbone_sha256;
  int64_t parameters = 0;
  std::map<std::string, std::string> notes;
  static constexpr char kName[] = "ModelInfo";
  static constexpr auto kFields =
      std::tuple{Field{"title", &ModelInfo::title},           Field{"network", &ModelInfo::network},
                 Field{"classes", &ModelInfo::classes},       Field{"input_side", &ModelInfo::input_side},
                 Field{"input_scale", &ModelInfo::input_scale}, Field{"input_offset", &ModelInfo::input_offset},
                 Field{"crop_mode", &ModelInfo::crop_mode},   Field{"source", &ModelInfo::source},
                 Field{"backbone_sha256", &ModelInfo::backbone_sha256},
                 Field{"parameters", &ModelInfo::parameters}, Field{"notes", &ModelInfo::notes}};
};

// ---- commands ------------------------------------------------------------------------------------------------------
// Every command may carry an id; events that answer it repeat it.

// The shared backbone. Buffers: [0] a safetensors file (tools/fetch-backbone writes it).
struct LoadBackbone {
  int64_t id = 0;
  std::string name;
  std::string data_sha256;  // of the bytes after the header, where the sender knows it: believed, and spares hashing
  static constexpr char kType[] = "LoadBackbone";
  static constexpr auto kFields = std::tuple{Field{"id", &LoadBackbone::id}, Field{"name", &LoadBackbone::name},
                                             Field{"data_sha256", &LoadBackbone::data_sha256}};
};

// A model of ours or somebody else's. Buffers: one a name.
struct LoadModel {
  int64_t id = 0;
  std::vector<std::string> names;
  static constexpr char kType[] = "LoadModel";
  static constexpr auto kFields = std::tuple{Field{"id", &LoadModel::id}, Field{"names", &LoadModel::names}};
};

// For what follows, until said again. center | fit.
struct SetCropMode {
  std::string crop_mode = "center";
  static constexpr char kType[] = "SetCropMode";
  static constexpr auto kFields = std::tuple{Field{"crop_mode", &SetCropMode::crop_mode}};
};

// Buffers: [0] the file's bytes, or width × height × 4 RGBA8 where width > 0 (somebody else decoded it).
struct Classify {
  int64_t id = 0;
  std::string name;
  int top = 5;
  int width = 0;
  int height = 0;
  int thumbnail_side = 0;  // 0: none wanted
  static constexpr char kType[] = "Classify";
  static constexpr auto kFields =
      std::tuple{Field{"id", &Classify::id},         Field{"name", &Classify::name},     Field{"top", &Classify::top},
                 Field{"width", &Classify::width},   Field{"height", &Classify::height},
                 Field{"thumbnail_side", &Classify::thumbnail_side}};
};

// The 1280 features of a picture. Buffers as for Classify.
struct ComputeFeatures {
  int64_t id = 0;
  std::string name;
  int width = 0;
  int height = 0;
  std::string input_range = "pm1";
  static constexpr char kType[] = "ComputeFeatures";
  static constexpr auto kFields =
      std::tuple{Field{"id", &ComputeFeatures::id}, Field{"name", &ComputeFeatures::name},
                 Field{"width", &ComputeFeatures::width}, Field{"height", &ComputeFeatures::height},
                 Field{"input_range", &ComputeFeatures::input_range}};
};

// One example of a class. Buffers as for Classify.
struct AddSample {
  int64_t id = 0;
  std::string name;
  std::string label;
  std::string group;  // capture session: samples of one group never straddle training and validation folds
  int width = 0;
  int height = 0;
  std::string input_range = "pm1";
  static constexpr char kType[] = "AddSample";
  static constexpr auto kFields =
      std::tuple{Field{"id", &AddSample::id},       Field{"name", &AddSample::name},   Field{"label", &AddSample::label},
                 Field{"group", &AddSample::group}, Field{"width", &AddSample::width}, Field{"height", &AddSample::height},
                 Field{"input_range", &AddSample::input_range}};
};

struct ClearSamples {
  static constexpr char kType[] = "ClearSamples";
  static constexpr auto kFields = std::tuple{};
};

struct Train {
  int64_t id = 0;
  TrainSettings settings;
  static constexpr char kType[] = "Train";
  static constexpr auto kFields = std::tuple{Field{"id", &Train::id}, Field{"settings", &Train::settings}};
};

// Ends a training after the mini-batch under way.
struct Stop {
  static constexpr char kType[] = "Stop";
  static constexpr auto kFields = std::tuple{};
};

using Command = std::variant<LoadBackbone, LoadModel, SetCropMode, Classify, ComputeFeatures, AddSample, ClearSamples,
                             Train, Stop>;

// ---- events --------------------------------------------------------------------------------------------------------

// Sent once, first. `kernels` names what really runs: the microkernels' instruction set.
struct Ready {
  std::string version;
  std::string variant;  // native | simd | relaxed
  std::string kernels;
  static constexpr char kType[] = "Ready";
  static constexpr auto kFields = std::tuple{Field{"version", &Ready::version}, Field{"variant", &Ready::variant},
                                             Field{"kernels", &Ready::kernels}};
};

struct BackboneLoaded {
  int64_t id = 0;
  std::string sha256;
  bool official = false;
  static constexpr char kType[] = "BackboneLoaded";
  static constexpr auto kFields = std::tuple{Field{"id", &BackboneLoaded::id}, Field{"sha256", &BackboneLoaded::sha256},
                                             Field{"official", &BackboneLoaded::official}};
};

struct ModelLoaded {
  int64_t id = 0;
  ModelInfo model;
  std::string warning;
  static constexpr char kType[] = "ModelLoaded";
  static constexpr auto kFields = std::tuple{Field{"id", &ModelLoaded::id}, Field{"model", &ModelLoaded::model},
                                             Field{"warning", &ModelLoaded::warning}};
};

// Buffers: [0] thumbnail RGBA8 (thumbnail_width × thumbnail_height), where one was wanted.
struct Prediction {
  int64_t id = 0;
  std::string name;
  std::vector<ClassProbability> top;
  double ms = 0;          // decode + crop + forward
  double decode_ms = 0;
  double forward_ms = 0;
  int width = 0, height = 0;  // of the upright picture
  Crop crop;
  int thumbnail_width = 0, thumbnail_height = 0;
  std::string warning;
  static constexpr char kType[] = "Prediction";
  static constexpr auto kFields =
      std::tuple{Field{"id", &Prediction::id},         Field{"name", &Prediction::name},
                 Field{"top", &Prediction::top},       Field{"ms", &Prediction::ms},
                 Field{"decode_ms", &Prediction::decode_ms}, Field{"forward_ms", &Prediction::forward_ms},
                 Field{"width", &Prediction::width},   Field{"height", &Prediction::height},
                 Field{"crop", &Prediction::crop},     Field{"thumbnail_width", &Prediction::thumbnail_width},
                 Field{"thumbnail_height", &Prediction::thumbnail_height}, Field{"warning", &Prediction::warning}};
};

// The engine's decoders do not know this format (WebP, AVIF, HEIC): a browser may decode it and send RGBA8 instead.
struct NeedsDecoding {
  int64_t id = 0;
  std::string name;
  std::string message;  // the sentence to show if the browser cannot either
  static constexpr char kType[] = "NeedsDecoding";
  static constexpr auto kFields = std::tuple{Field{"id", &NeedsDecoding::id}, Field{"name", &NeedsDecoding::name},
                                             Field{"message", &NeedsDecoding::message}};
};

// Buffers: [0] 1280 float32.
struct Features {
  int64_t id = 0;
  std::string name;
  double ms = 0;          // decode + crop + forward
  double forward_ms = 0;  // the network alone
  std::string warning;
  static constexpr char kType[] = "Features";
  static constexpr auto kFields = std::tuple{Field{"id", &Features::id}, Field{"name", &Features::name},
                                             Field{"ms", &Features::ms}, Field{"forward_ms", &Features::forward_ms},
                                             Field{"warning", &Features::warning}};
};

struct SampleAdded {
  int64_t id = 0;
  std::string name;
  std::string label;
  int samples = 0;  // in all
  std::string warning;
  static constexpr char kType[] = "SampleAdded";
  static constexpr auto kFields =
      std::tuple{Field{"id", &SampleAdded::id}, Field{"name", &SampleAdded::name}, Field{"label", &SampleAdded::label},
                 Field{"samples", &SampleAdded::samples}, Field{"warning", &SampleAdded::warning}};
};

struct TrainStarted {
  int64_t id = 0;
  int training = 0, validation = 0;  // samples
  std::vector<std::string> classes;
  std::string fold;  // the group held out, "" for a single training
  static constexpr char kType[] = "TrainStarted";
  static constexpr auto kFields =
      std::tuple{Field{"id", &TrainStarted::id}, Field{"training", &TrainStarted::training},
                 Field{"validation", &TrainStarted::validation}, Field{"classes", &TrainStarted::classes},
                 Field{"fold", &TrainStarted::fold}};
};

struct EpochDone {
  int64_t id = 0;
  int epoch = 0, epochs = 0;
  double loss = 0, accuracy = 0;          // over the training part, dropout on, as Keras reports them
  double val_loss = 0, val_accuracy = 0;  // 0 where nothing is held out
  static constexpr char kType[] = "EpochDone";
  static constexpr auto kFields =
      std::tuple{Field{"id", &EpochDone::id},       Field{"epoch", &EpochDone::epoch}, Field{"epochs", &EpochDone::epochs},
                 Field{"loss", &EpochDone::loss},   Field{"accuracy", &EpochDone::accuracy},
                 Field{"val_loss", &EpochDone::val_loss}, Field{"val_accuracy", &EpochDone::val_accuracy}};
};

// Buffers: [0] the model as a safetensors file; none for a cross-validation that wants none. With folds the accuracies are
// means over them.
struct TrainDone {
  int64_t id = 0;
  double train_accuracy = 0, val_accuracy = 0, val_loss = 0;
  double seconds = 0;
  int64_t seed = 0;
  bool stopped = false;
  std::vector<FoldResult> folds;
  double mean_val_accuracy = 0;
  static constexpr char kType[] = "TrainDone";
  static constexpr auto kFields =
      std::tuple{Field{"id", &TrainDone::id}, Field{"train_accuracy", &TrainDone::train_accuracy},
                 Field{"val_accuracy", &TrainDone::val_accuracy}, Field{"val_loss", &TrainDone::val_loss},
                 Field{"seconds", &TrainDone::seconds}, Field{"seed", &TrainDone::seed},
                 Field{"stopped", &TrainDone::stopped}, Field{"folds", &TrainDone::folds},
                 Field{"mean_val_accuracy", &TrainDone::mean_val_accuracy}};
};

// A command that could not be carried out. Everything else goes on.
struct Failed {
  int64_t id = 0;
  std::string command;  // its type
  std::string name;     // the file, where there is one
  std::string message;  // one sentence
  static constexpr char kType[] = "Failed";
  static constexpr auto kFields = std::tuple{Field{"id", &Failed::id}, Field{"command", &Failed::command},
                                             Field{"name", &Failed::name}, Field{"message", &Failed::message}};
};

using Event = std::variant<Ready, BackboneLoaded, ModelLoaded, Prediction, NeedsDecoding, Features, SampleAdded,
                           TrainStarted, EpochDone, TrainDone, Failed>;

// ---- transport -----------------------------------------------------------------------------------------------------

using Bytes = std::vector<uint8_t>;

template <class Message>
struct Envelope {
  Message message;
  std::vector<Bytes> buffers;
};
using CommandEnvelope = Envelope<Command>;
using EventEnvelope = Envelope<Event>;

}  // namespace handful::schema
