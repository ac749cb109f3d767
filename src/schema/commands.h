// What the engine can be told. A command with an id is answered once, by the event of its own that is named beside it,
// by Done or by Failed, and the answer repeats the id. What each carries in `Envelope::buffers`, in order, is said
// beside it. What changes the open project waits until all of it is read, and fails where it was said to another one.
#pragma once

#include <variant>

#include "schema/records.h"
#include "schema/store_messages.h"

namespace handful::schema {

// The shared backbone. Buffers: [0] a safetensors file (tools/fetch-backbone writes it).
struct LoadBackbone {
  int64_t id = 0;
  std::string name;
  std::string data_sha256;  // of the bytes after the header, where the sender knows it: believed, and spares hashing
  static constexpr char kType[] = "LoadBackbone";
  HANDFUL_FIELDS(LoadBackbone, id, name, data_sha256);
};

// A model of ours or somebody else's. Buffers: one a name.
struct LoadModel {
  int64_t id = 0;
  std::vector<std::string> names;
  bool shipped = false;  // comes with the page: what a project has learned answers before it
  // Of ModelLoaded, where the sender turned somebody else's model into ours.
  std::string source;
  std::string warning;
  static constexpr char kType[] = "LoadModel";
  HANDFUL_FIELDS(LoadModel, id, names, shipped, source, warning);
};

// For what follows, until said again.
struct SetCropMode {
  CropMode crop_mode = CropMode::kCenter;
  static constexpr char kType[] = "SetCropMode";
  HANDFUL_FIELDS(SetCropMode, crop_mode);
};

// Whether features of the open project that are still to be computed wait (FeaturesProgress answers); Train lets them
// go on.
struct HaltFeatures {
  bool halt = true;
  static constexpr char kType[] = "HaltFeatures";
  HANDFUL_FIELDS(HaltFeatures, halt);
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
  HANDFUL_FIELDS(Classify, id, name, top, width, height, thumbnail_side);
};

// What every layer of the model in use makes of a picture; where the nearest samples answer, of the backbone. Buffers
// as for Classify.
struct Inspect {
  int64_t id = 0;
  std::string name;
  int width = 0;
  int height = 0;
  std::string layer;  // all maps of this one; "": those that vary most of every layer, and the first layer's filters
  int most = 8;       // of a layer's maps, where `layer` is ""
  static constexpr char kType[] = "Inspect";
  HANDFUL_FIELDS(Inspect, id, name, width, height, layer, most);
};

// The 1280 features of a picture. Buffers as for Classify.
struct ComputeFeatures {
  int64_t id = 0;
  std::string name;
  int width = 0;
  int height = 0;
  InputRange input_range = InputRange::kMinusOneToOne;
  static constexpr char kType[] = "ComputeFeatures";
  HANDFUL_FIELDS(ComputeFeatures, id, name, width, height, input_range);
};

// One example of a class. Buffers as for Classify. May come while a training runs: that one goes on without it.
struct AddSample {
  int64_t id = 0;
  std::string name;
  int64_t class_id = 0;  // 0: the class called `label`, made where there is none
  std::string label;
  std::string project_id;  // "": the open one; another one than the open one is an error
  SampleSource source = SampleSource::kFile;
  std::string session;  // what is captured in one go; "" stands for a session of its own
  bool burst = false;   // as SampleInfo
  int64_t time_ms = 0;  // since 1970; 0: now
  int width = 0;
  int height = 0;
  InputRange input_range = InputRange::kMinusOneToOne;
  bool classify = false;  // whether a Prediction is wanted, too
  int top = 5;            // of that Prediction
  static constexpr char kType[] = "AddSample";
  HANDFUL_FIELDS(AddSample, id, name, class_id, label, project_id, source, session, burst, time_ms, width, height,
                 input_range, classify, top);
};

// One example of which only the features are known: it can be trained on, but not shown or kept. Buffers: [0] 1280
// float32.
struct AddFeatures {
  int64_t id = 0;
  std::string name;
  std::string label;
  std::string session;
  bool burst = false;
  static constexpr char kType[] = "AddFeatures";
  HANDFUL_FIELDS(AddFeatures, id, name, label, session, burst);
};

// The project is empty again: no classes, no samples. Cannot be undone.
struct ClearSamples {
  static constexpr char kType[] = "ClearSamples";
  static constexpr auto kFields = std::tuple{};
};

struct Train {
  int64_t id = 0;
  TrainSettings settings;
  static constexpr char kType[] = "Train";
  HANDFUL_FIELDS(Train, id, settings);
};

// Ends a training after the mini-batch under way.
struct Stop {
  static constexpr char kType[] = "Stop";
  static constexpr auto kFields = std::tuple{};
};

// Goes on with a training that was stopped, bit for bit as if it had not been.
struct ResumeTraining {
  int64_t id = 0;
  int64_t training_id = 0;
  int epochs = 0;  // in all; 0: as its settings say
  static constexpr char kType[] = "ResumeTraining";
  HANDFUL_FIELDS(ResumeTraining, id, training_id, epochs);
};

// Its model answers from now on.
struct RestoreTraining {
  int64_t id = 0;
  int64_t training_id = 0;
  static constexpr char kType[] = "RestoreTraining";
  HANDFUL_FIELDS(RestoreTraining, id, training_id);
};

struct DeleteTraining {
  int64_t id = 0;
  int64_t training_id = 0;
  static constexpr char kType[] = "DeleteTraining";
  HANDFUL_FIELDS(DeleteTraining, id, training_id);
};

// ---- commands: projects. Each change is kept as it happens: where somebody else keeps a store, there; else (the
// shell) in memory, and then without pictures.

// Sent first, by whoever answers StoreWrite, StoreRead, StoreList and StoreLock.
struct UseStore {
  // how often a training under way is kept, so that it can go on when it is cut short
  double seconds_between_states = 20;
  static constexpr char kType[] = "UseStore";
  HANDFUL_FIELDS(UseStore, seconds_between_states);
};

struct ListProjects {
  int64_t id = 0;
  static constexpr char kType[] = "ListProjects";
  HANDFUL_FIELDS(ListProjects, id);
};

struct OpenProject {
  int64_t id = 0;
  std::string project_id;  // "": the one that was open last, or a new one where there is none
  bool take = false;       // even if another tab has it open
  static constexpr char kType[] = "OpenProject";
  HANDFUL_FIELDS(OpenProject, id, project_id, take);
};

// A new one, and open it.
struct CreateProject {
  int64_t id = 0;
  std::string name;
  static constexpr char kType[] = "CreateProject";
  HANDFUL_FIELDS(CreateProject, id, name);
};

struct RenameProject {
  int64_t id = 0;
  std::string project_id;
  std::string name;
  static constexpr char kType[] = "RenameProject";
  HANDFUL_FIELDS(RenameProject, id, project_id, name);
};

struct DuplicateProject {
  int64_t id = 0;
  std::string project_id;
  std::string name;
  static constexpr char kType[] = "DuplicateProject";
  HANDFUL_FIELDS(DuplicateProject, id, project_id, name);
};

// For good.
struct DeleteProject {
  int64_t id = 0;
  std::string project_id;
  static constexpr char kType[] = "DeleteProject";
  HANDFUL_FIELDS(DeleteProject, id, project_id);
};

// Changes of the open project. Each can be undone, also after it was closed. Done comes when the change is kept.

struct AddClass {
  int64_t id = 0;
  std::string name;
  static constexpr char kType[] = "AddClass";
  HANDFUL_FIELDS(AddClass, id, name);
};

struct EditClass {
  int64_t id = 0;
  int64_t class_id = 0;
  std::string name;
  int color = 0;
  bool enabled = true;
  static constexpr char kType[] = "EditClass";
  HANDFUL_FIELDS(EditClass, id, class_id, name, color, enabled);
};

struct MoveClass {
  int64_t id = 0;
  int64_t class_id = 0;
  int index = 0;  // its new place
  static constexpr char kType[] = "MoveClass";
  HANDFUL_FIELDS(MoveClass, id, class_id, index);
};

struct MergeClasses {
  int64_t id = 0;
  int64_t from = 0;  // a class, gone afterwards
  int64_t into = 0;
  static constexpr char kType[] = "MergeClasses";
  HANDFUL_FIELDS(MergeClasses, id, from, into);
};

struct DeleteClass {
  int64_t id = 0;
  int64_t class_id = 0;
  static constexpr char kType[] = "DeleteClass";
  HANDFUL_FIELDS(DeleteClass, id, class_id);
};

struct MoveSamples {
  int64_t id = 0;
  std::vector<int64_t> sample_ids;
  int64_t class_id = 0;
  static constexpr char kType[] = "MoveSamples";
  HANDFUL_FIELDS(MoveSamples, id, sample_ids, class_id);
};

struct DeleteSamples {
  int64_t id = 0;
  std::vector<int64_t> sample_ids;
  static constexpr char kType[] = "DeleteSamples";
  HANDFUL_FIELDS(DeleteSamples, id, sample_ids);
};

struct Undo {
  int64_t id = 0;
  static constexpr char kType[] = "Undo";
  HANDFUL_FIELDS(Undo, id);
};

struct Redo {
  int64_t id = 0;
  static constexpr char kType[] = "Redo";
  HANDFUL_FIELDS(Redo, id);
};

struct GetThumbnails {
  int64_t id = 0;
  std::vector<int64_t> sample_ids;
  static constexpr char kType[] = "GetThumbnails";
  HANDFUL_FIELDS(GetThumbnails, id, sample_ids);
};

// Its pixels.
struct GetSample {
  int64_t id = 0;
  int64_t sample_id = 0;
  static constexpr char kType[] = "GetSample";
  HANDFUL_FIELDS(GetSample, id, sample_id);
};

struct ArchiveEntry {
  std::string name;   // its path inside
  int64_t bytes = 0;  // unpacked
  static constexpr char kName[] = "ArchiveEntry";
  HANDFUL_FIELDS(ArchiveEntry, name, bytes);
};

// Pictures from a zip: a project of ours, a Teachable Machine project (.tm) or folders of pictures. A project opens as
// a new one; others are added to the open one. An archive of the name of one that was cut short adds what was missing.
struct ImportArchive {
  int64_t id = 0;
  std::string name;        // the file's
  int64_t class_id = 0;    // everything into this class; 0: folders are classes
  std::string project_id;  // as AddSample's
  std::string session;
  // where StoreRead finds the entries, by their names; whoever answers StoreRead fills this and the next in
  std::string store;
  std::vector<ArchiveEntry> entries;
  static constexpr char kType[] = "ImportArchive";
  HANDFUL_FIELDS(ImportArchive, id, name, class_id, project_id, session, store, entries);
};

// An import that was cut short is not spoken of any more (ProjectInfo.imports). Answered by Done.
struct DismissImport {
  int64_t id = 0;
  int64_t import_id = 0;
  static constexpr char kType[] = "DismissImport";
  HANDFUL_FIELDS(DismissImport, id, import_id);
};

// The open project as one zip; WriteArchive says what goes into it.
// What it takes to make bundles (src/export) of the model that answers. ModelMaterial.
struct GatherModel {
  int64_t id = 0;
  static constexpr char kType[] = "GatherModel";
  HANDFUL_FIELDS(GatherModel, id);
};

struct ExportProject {
  int64_t id = 0;
  static constexpr char kType[] = "ExportProject";
  HANDFUL_FIELDS(ExportProject, id);
};

using Command = std::variant<LoadBackbone, LoadModel, SetCropMode, HaltFeatures, Classify, Inspect, ComputeFeatures,
                             AddSample, AddFeatures, ClearSamples, Train, Stop, ResumeTraining, RestoreTraining,
                             DeleteTraining, UseStore, StoreDone, StoreData, StoreLost, ListProjects, OpenProject,
                             CreateProject, RenameProject, DuplicateProject, DeleteProject, AddClass, EditClass,
                             MoveClass, MergeClasses, DeleteClass, MoveSamples, DeleteSamples, Undo, Redo,
                             GetThumbnails, GetSample, ImportArchive, DismissImport, GatherModel, ExportProject>;

}  // namespace handful::schema
