// What the engine says. What each carries in `Envelope::buffers`, in order, is said beside it.
#pragma once

#include <variant>

#include "schema/records.h"
#include "schema/store_messages.h"

namespace handful::schema {

// Part of a sentence, so that a client can say it in another language: sentences are phrases with ": " between them.
struct Phrase {
  std::string code;                    // its key in a catalogue: the English text with printf's conversions
  std::vector<std::string> arguments;  // for these, in order
  static constexpr char kName[] = "Phrase";
  HANDFUL_FIELDS(Phrase, code, arguments);
};

// Sent once, first. `kernels` names what really runs: the microkernels' instruction set.
struct Ready {
  std::string version;
  EngineVariant variant = EngineVariant::kNative;
  std::string kernels;
  static constexpr char kType[] = "Ready";
  HANDFUL_FIELDS(Ready, version, variant, kernels);
};

// It makes features from now on; heads that stand on one loaded before still answer.
struct BackboneLoaded {
  int64_t id = 0;
  std::string sha256;
  bool official = false;  // the ImageNet weights
  std::string title;
  static constexpr char kType[] = "BackboneLoaded";
  HANDFUL_FIELDS(BackboneLoaded, id, sha256, official, title);
};

// The open project's features are computed anew from its pictures, as another backbone made them or none did yet. Sent
// some times a second while it goes on, when it is halted, and at its end (done = total).
struct FeaturesProgress {
  int done = 0;
  int total = 0;
  bool halted = false;  // by HaltFeatures
  static constexpr char kType[] = "FeaturesProgress";
  HANDFUL_FIELDS(FeaturesProgress, done, total, halted);
};

struct ModelLoaded {
  int64_t id = 0;
  ModelInfo model;
  std::string warning;
  static constexpr char kType[] = "ModelLoaded";
  HANDFUL_FIELDS(ModelLoaded, id, model, warning);
};

// Buffers: [0] thumbnail RGBA8 (thumbnail_width × thumbnail_height), where one was wanted.
struct Prediction {
  int64_t id = 0;
  std::string name;
  Answerer by = Answerer::kModel;
  std::vector<ClassProbability> top;
  double ms = 0;  // decode + crop + forward
  double decode_ms = 0;
  double forward_ms = 0;
  int width = 0, height = 0;  // of the upright picture
  Crop crop;
  int thumbnail_width = 0, thumbnail_height = 0;
  std::string warning;
  static constexpr char kType[] = "Prediction";
  HANDFUL_FIELDS(Prediction, id, name, by, top, ms, decode_ms, forward_ms, width, height, crop, thumbnail_width,
                 thumbnail_height, warning);
};

// A layer, and its maps (or the first layer's filters) side by side as one picture.
struct InspectedLayer {
  std::string name;
  int height = 0, width = 0, channels = 0;  // of its output; of a filter
  double ms = 0;
  int shown = 0;                              // maps in the picture
  int columns = 0;                            // in a row of it
  int picture_width = 0, picture_height = 0;  // px
  static constexpr char kName[] = "InspectedLayer";
  HANDFUL_FIELDS(InspectedLayer, name, height, width, channels, ms, shown, columns, picture_width, picture_height);
};

// Buffers: the pictures, RGBA8: the filters', then one a layer. For a single layer there are no filters, and
// `filters.shown` is 0.
struct LayersInspected {
  int64_t id = 0;
  std::string name;
  std::string layer;  // as asked
  InspectedLayer filters;
  std::vector<InspectedLayer> layers;  // in the order in which they run
  static constexpr char kType[] = "LayersInspected";
  HANDFUL_FIELDS(LayersInspected, id, name, layer, filters, layers);
};

// The engine's decoders do not know this format (WebP, AVIF, HEIC): a browser may decode it and send RGBA8 instead.
struct NeedsDecoding {
  int64_t id = 0;
  std::string name;
  std::string message;  // the sentence to show if the browser cannot either
  static constexpr char kType[] = "NeedsDecoding";
  HANDFUL_FIELDS(NeedsDecoding, id, name, message);
};

// Buffers: [0] 1280 float32.
struct Features {
  int64_t id = 0;
  std::string name;
  double ms = 0;          // decode + crop + forward
  double forward_ms = 0;  // the network alone
  std::string warning;
  static constexpr char kType[] = "Features";
  HANDFUL_FIELDS(Features, id, name, ms, forward_ms, warning);
};

struct SampleAdded {
  int64_t id = 0;
  std::string name;
  std::string label;
  SampleInfo sample;  // as it is now; not saved yet
  int samples = 0;    // in all
  std::string warning;
  static constexpr char kType[] = "SampleAdded";
  HANDFUL_FIELDS(SampleAdded, id, name, label, sample, samples, warning);
};

struct TrainStarted {
  int64_t id = 0;
  int64_t training_id = 0;
  int training = 0;    // samples
  int validation = 0;  // samples
  std::vector<std::string> classes;
  std::string fold;  // the group held out, "" for a single training
  HeldOutBy split = HeldOutBy::kNone;
  int epoch = 0;  // done before, of a training that goes on
  static constexpr char kType[] = "TrainStarted";
  HANDFUL_FIELDS(TrainStarted, id, training_id, training, validation, classes, fold, split, epoch);
};

// At most ten times a second.
struct TrainProgress {
  int64_t id = 0;
  TrainPhase phase = TrainPhase::kTraining;
  int64_t done = 0;  // mini-batches or copies
  int64_t total = 0;
  double seconds = 0;        // so far
  double seconds_left = -1;  // below 0: not known yet
  static constexpr char kType[] = "TrainProgress";
  HANDFUL_FIELDS(TrainProgress, id, phase, done, total, seconds, seconds_left);
};

struct EpochDone {
  int64_t id = 0;
  int epoch = 0, epochs = 0;
  double loss = 0, accuracy = 0;          // over the training part, dropout on, as Keras reports them
  double val_loss = 0, val_accuracy = 0;  // 0 where nothing is held out
  static constexpr char kType[] = "EpochDone";
  HANDFUL_FIELDS(EpochDone, id, epoch, epochs, loss, accuracy, val_loss, val_accuracy);
};

// Buffers: [0] the model as a safetensors file; none for a cross-validation that wants none. With folds the accuracies
// are means over them.
struct TrainDone {
  int64_t id = 0;
  double train_accuracy = 0, val_accuracy = 0, val_loss = 0;
  double seconds = 0;
  int64_t seed = 0;
  bool stopped = false;
  std::vector<FoldResult> folds;
  double mean_val_accuracy = 0;
  // whose weights are kept: the last whole one, or the best one that early stopping took back; 0: none
  int best_epoch = 0;
  bool ended_early = false;  // early stopping ended it before its last epoch
  // an earlier training that was right more often on the same held-out pictures: its model stays in use
  int64_t still_answers = 0;
  static constexpr char kType[] = "TrainDone";
  HANDFUL_FIELDS(TrainDone, id, train_accuracy, val_accuracy, val_loss, seconds, seed, stopped, folds,
                 mean_val_accuracy, best_epoch, ended_early, still_answers);
};

// ---- events: projects ----

// Said by whoever keeps the store, after changes.
struct StorageState {
  StorageKind kind = StorageKind::kMemory;
  std::string message;  // why nothing can be kept, or what ran full
  double usage_bytes = 0;
  double quota_bytes = 0;
  bool persisted = false;  // the browser will not clear it by itself
  static constexpr char kType[] = "StorageState";
  HANDFUL_FIELDS(StorageState, kind, message, usage_bytes, quota_bytes, persisted);
};

struct ArchivePart {
  std::string name;   // path inside the archive
  std::string store;  // "": the next buffer is its content
  std::string key;
  static constexpr char kName[] = "ArchivePart";
  HANDFUL_FIELDS(ArchivePart, name, store, key);
};

// Whoever keeps the store makes a zip of these and hands it to the visitor. Buffers: of the parts without a store.
struct WriteArchive {
  int64_t id = 0;
  std::string name;  // of the file
  std::vector<ArchivePart> parts;
  static constexpr char kType[] = "WriteArchive";
  HANDFUL_FIELDS(WriteArchive, id, name, parts);
};

// Buffers: [0] the model that answers, as safetensors with its backbone inside; then the pictures, as they are kept.
struct ModelMaterial {
  int64_t id = 0;
  std::string title;
  std::vector<MaterialPicture> pictures;  // of its project, some of each class; none of a model that was loaded
  static constexpr char kType[] = "ModelMaterial";
  HANDFUL_FIELDS(ModelMaterial, id, title, pictures);
};

struct Projects {
  int64_t id = 0;
  std::vector<ProjectInfo> projects;  // changed last first; without their classes
  std::string current;                // the open one's id
  static constexpr char kType[] = "Projects";
  HANDFUL_FIELDS(Projects, id, projects, current);
};

// Forget the project before. Its samples follow in SamplesChanged, then SamplesListed.
struct ProjectOpened {
  int64_t id = 0;
  ProjectInfo project;
  std::vector<TrainingInfo> trainings;  // oldest first
  static constexpr char kType[] = "ProjectOpened";
  HANDFUL_FIELDS(ProjectOpened, id, project, trainings);
};

// All samples of the project just opened have been said; their features are still being read.
struct SamplesListed {
  int64_t id = 0;
  int samples = 0;
  static constexpr char kType[] = "SamplesListed";
  HANDFUL_FIELDS(SamplesListed, id, samples);
};

// Another tab has it open; OpenProject with `take` takes it over.
struct ProjectBlocked {
  int64_t id = 0;
  std::string project_id;
  std::string name;
  static constexpr char kType[] = "ProjectBlocked";
  HANDFUL_FIELDS(ProjectBlocked, id, project_id, name);
};

// Another tab took it over.
struct ProjectClosed {
  std::string project_id;
  static constexpr char kType[] = "ProjectClosed";
  HANDFUL_FIELDS(ProjectClosed, project_id);
};

// Name, classes, counts or history changed.
struct ProjectChanged {
  ProjectInfo project;
  EditSummary undo;  // what Undo would undo
  EditSummary redo;
  static constexpr char kType[] = "ProjectChanged";
  HANDFUL_FIELDS(ProjectChanged, project, undo, redo);
};

struct SamplesChanged {
  std::vector<SampleInfo> samples;  // new or changed, at most 500
  static constexpr char kType[] = "SamplesChanged";
  HANDFUL_FIELDS(SamplesChanged, samples);
};

struct SamplesRemoved {
  std::vector<int64_t> sample_ids;
  static constexpr char kType[] = "SamplesRemoved";
  HANDFUL_FIELDS(SamplesRemoved, sample_ids);
};

// The store has acknowledged them: they survive whatever happens now.
struct SamplesSaved {
  std::vector<int64_t> sample_ids;
  static constexpr char kType[] = "SamplesSaved";
  HANDFUL_FIELDS(SamplesSaved, sample_ids);
};

// Buffers: one a sample, side × side RGBA8.
struct Thumbnails {
  int64_t id = 0;
  std::vector<int64_t> sample_ids;  // of those that are there
  int side = 0;                     // px
  static constexpr char kType[] = "Thumbnails";
  HANDFUL_FIELDS(Thumbnails, id, sample_ids, side);
};

// Buffers: [0] side × side RGBA8.
struct SamplePixels {
  int64_t id = 0;
  int64_t sample_id = 0;
  int side = 0;  // px
  static constexpr char kType[] = "SamplePixels";
  HANDFUL_FIELDS(SamplePixels, id, sample_id, side);
};

struct ImportProgress {
  int64_t id = 0;
  std::string name;
  int64_t done = 0;  // pictures
  int64_t total = 0;
  static constexpr char kType[] = "ImportProgress";
  HANDFUL_FIELDS(ImportProgress, id, name, done, total);
};

struct ImportFailure {
  std::string name;             // path inside the archive
  std::string message;          // one sentence
  std::vector<Phrase> phrases;  // of it
  static constexpr char kName[] = "ImportFailure";
  HANDFUL_FIELDS(ImportFailure, name, message, phrases);
};

struct ImportDone {
  int64_t id = 0;
  std::string name;
  int64_t added = 0;
  int64_t failed = 0;                   // pictures that could not be read
  std::vector<ImportFailure> failures;  // the first 20 of them
  std::string warning;
  static constexpr char kType[] = "ImportDone";
  HANDFUL_FIELDS(ImportDone, id, name, added, failed, failures, warning);
};

struct TrainingChanged {
  TrainingInfo training;
  static constexpr char kType[] = "TrainingChanged";
  HANDFUL_FIELDS(TrainingChanged, training);
};

struct TrainingDeleted {
  int64_t training_id = 0;
  static constexpr char kType[] = "TrainingDeleted";
  HANDFUL_FIELDS(TrainingDeleted, training_id);
};

struct AnswersBy {
  Answerer by = Answerer::kNobody;  // who answers Classify now
  std::string unknown_class;        // one that the trained model has not learned: the neighbours answer, or cannot yet
  static constexpr char kType[] = "AnswersBy";
  HANDFUL_FIELDS(AnswersBy, by, unknown_class);
};

// A command without an event of its own was carried out, and what it changed is kept.
struct Done {
  int64_t id = 0;
  static constexpr char kType[] = "Done";
  HANDFUL_FIELDS(Done, id);
};

// A command that could not be carried out. Everything else goes on.
struct Failed {
  int64_t id = 0;
  std::string command;          // its type
  std::string name;             // the file, where there is one
  std::string message;          // one sentence, in English
  std::vector<Phrase> phrases;  // of it
  static constexpr char kType[] = "Failed";
  HANDFUL_FIELDS(Failed, id, command, name, message, phrases);
};

using Event = std::variant<Ready, BackboneLoaded, FeaturesProgress, ModelLoaded, Prediction, LayersInspected,
                           NeedsDecoding, Features, SampleAdded, TrainStarted, TrainProgress, EpochDone, TrainDone,
                           StoreWrite, StoreRead, StoreList, StoreLock, StoreUnlock, StorageState, WriteArchive,
                           ModelMaterial, Projects, ProjectOpened, SamplesListed, ProjectBlocked, ProjectClosed,
                           ProjectChanged, SamplesChanged, SamplesRemoved, SamplesSaved, Thumbnails, SamplePixels,
                           ImportProgress, ImportDone, TrainingChanged, TrainingDeleted, AnswersBy, Done, Failed>;

}  // namespace handful::schema
