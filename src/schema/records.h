// What commands and events are made of, and the records that a store keeps as JSON (docs/FORMATS.md).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "schema/enums.h"
#include "schema/reflect.h"
#include "schema/train_settings.h"

namespace handful::schema {

struct ClassProbability {
  std::string label;
  double p = 0;
  static constexpr char kName[] = "ClassProbability";
  HANDFUL_FIELDS(ClassProbability, label, p);
};

// The square the network saw, in pixels of the upright picture; reaches beyond it where a border was added.
struct Crop {
  int x = 0, y = 0, side = 0;
  static constexpr char kName[] = "Crop";
  HANDFUL_FIELDS(Crop, x, y, side);
};

struct FoldResult {
  std::string group;
  int n = 0;
  double val_accuracy = 0;
  static constexpr char kName[] = "FoldResult";
  HANDFUL_FIELDS(FoldResult, group, n, val_accuracy);
};

struct ModelInfo {
  std::string title;
  std::string network;  // mobilenet_v2_head | mobilenet_v2_top | finger_cnn | mobilenet_v2_backbone
  std::vector<std::string> classes;
  int input_side = 224;
  double input_scale = 0;  // value = pixel * input_scale + input_offset
  double input_offset = 0;
  CropMode crop_mode = CropMode::kCenter;
  std::string source;  // "Handful", "Teachable Machine (Keras)", …
  std::string backbone_sha256;
  std::string backbone;  // in words, where it stands on one
  int64_t parameters = 0;
  std::map<std::string, std::string> notes;
  static constexpr char kName[] = "ModelInfo";
  HANDFUL_FIELDS(ModelInfo, title, network, classes, input_side, input_scale, input_offset, crop_mode, source,
                 backbone_sha256, backbone, parameters, notes);
};

// ---- projects: also the records that a store keeps, as JSON (docs/FORMATS.md)
// -----------------------------------------

struct ClassInfo {
  int64_t id = 0;  // unique in its project
  std::string name;
  int color = 0;        // index into the palette
  bool enabled = true;  // whether it is trained on
  static constexpr char kName[] = "ClassInfo";
  HANDFUL_FIELDS(ClassInfo, id, name, color, enabled);
};

// One example. The store keeps its upright 224² crop as PNG, a thumbnail as JPEG and its 1280 features beside this
// record.
struct SampleInfo {
  int64_t id = 0;  // unique in its project, ascending in the order they were added
  int64_t class_id = 0;
  std::string name;  // of the file, or of the camera's frame
  SampleSource source = SampleSource::kFile;
  std::string session;  // what was captured in one go: one recording, one drop of files
  bool burst = false;   // its session is a run of alike frames: they never straddle training and validation
  int64_t time_ms = 0;  // since 1970, when it was added
  CropMode crop_mode = CropMode::kCenter;
  bool saved = false;    // the store has acknowledged it
  bool removed = false;  // in the store only: it is kept for Undo
  static constexpr char kName[] = "SampleInfo";
  HANDFUL_FIELDS(SampleInfo, id, class_id, name, source, session, burst, time_ms, crop_mode, saved, removed);
};

// An import that has begun and has not come to its end: found when a project is opened, it was cut short.
struct ImportInfo {
  int64_t id = 0;       // unique in its project
  std::string name;     // of the file
  std::string session;  // of its pictures
  int64_t added = 0;    // so far
  int64_t total = 0;
  static constexpr char kName[] = "ImportInfo";
  HANDFUL_FIELDS(ImportInfo, id, name, session, added, total);
};

struct ProjectInfo {
  std::string id;
  std::string name;
  int64_t created_ms = 0;  // since 1970
  int64_t changed_ms = 0;
  int samples = 0;
  std::vector<ClassInfo> classes;  // in their order
  int64_t next_id = 1;             // for its next class, sample or training
  std::string backbone_sha256;     // which made its samples' features
  int64_t opened_ms = 0;           // when it was last opened, since 1970
  int64_t edit = 0;  // number of the last edit that is in force (EditInfo); those after it can be done again
  std::vector<ImportInfo> imports;  // under way, or cut short
  static constexpr char kName[] = "ProjectInfo";
  HANDFUL_FIELDS(ProjectInfo, id, name, created_ms, changed_ms, samples, classes, next_id, backbone_sha256, opened_ms,
                 edit, imports);
};

// Samples that an edit takes from one class to another; 0: from outside the project, or out of it.
struct EditedSamples {
  int64_t from = 0;
  int64_t to = 0;
  std::vector<int64_t> ids;
  static constexpr char kName[] = "EditedSamples";
  HANDFUL_FIELDS(EditedSamples, from, to, ids);
};

// What an edit does, for whoever says it in words.
struct EditSummary {
  EditKind kind = EditKind::kNone;
  std::string name;  // of the class, as it was before; of samples that move, where they go
  std::string into;  // of the class that a merged one goes into
  int samples = 0;   // added, moved or deleted as such
  static constexpr char kName[] = "EditSummary";
  HANDFUL_FIELDS(EditSummary, kind, name, into, samples);
};

// Something that was done to a project and can be undone.
struct EditInfo {
  int64_t number = 0;  // ascending in the order in which they were done
  EditSummary summary;
  std::string session;  // of added samples: those of one session are one edit
  std::vector<ClassInfo> classes_before;
  std::vector<ClassInfo> classes_after;
  std::vector<EditedSamples> samples;
  static constexpr char kName[] = "EditInfo";
  HANDFUL_FIELDS(EditInfo, number, summary, session, classes_before, classes_after, samples);
};

// One epoch of a curve; the val_ fields are 0 where nothing is held out.
struct EpochPoint {
  int epoch = 0;  // from 1
  double loss = 0;
  double accuracy = 0;
  double val_loss = 0;
  double val_accuracy = 0;
  static constexpr char kName[] = "EpochPoint";
  HANDFUL_FIELDS(EpochPoint, epoch, loss, accuracy, val_loss, val_accuracy);
};

// A picture that goes with a model that leaves.
struct MaterialPicture {
  std::string name;
  std::string label;      // "": unknown
  bool held_out = false;  // the model's training did not learn from it
  static constexpr char kName[] = "MaterialPicture";
  HANDFUL_FIELDS(MaterialPicture, name, label, held_out);
};

// A training of the open project. The store keeps its model and, where it was stopped, its state beside this record.
struct TrainingInfo {
  int64_t id = 0;       // unique in its project, ascending
  int64_t time_ms = 0;  // when it began, since 1970
  TrainSettings settings;
  std::vector<std::string> classes;
  std::vector<int64_t> class_ids;      // theirs: the answers follow a class that is renamed
  int training = 0;                    // samples learned from
  int validation = 0;                  // samples held out
  HeldOutBy split = HeldOutBy::kNone;  // see src/train/split.h
  TrainingState state = TrainingState::kRunning;
  std::string message;  // why it failed
  double seconds = 0;
  double train_accuracy = 0;
  double val_accuracy = 0;
  double val_loss = 0;
  bool resumable = false;    // ResumeTraining can go on with it
  int best_epoch = 0;        // as TrainDone's; 0 in records of before 2026-11-29
  bool ended_early = false;  // as TrainDone's
  bool current = false;      // its model is the one that answers
  // the training that was right more often on the very same held-out pictures, and stayed in use then
  int64_t worse_than = 0;
  std::string backbone_sha256;  // that its head stands on; empty for a network from scratch, and in records of before
                                // 2026-11-26
  std::string backbone;         // in words
  std::string data_sha256;  // which samples with which labels: figures of trainings are compared where it is the same
  std::vector<EpochPoint> curve;
  static constexpr char kName[] = "TrainingInfo";
  HANDFUL_FIELDS(TrainingInfo, id, time_ms, settings, classes, class_ids, training, validation, split, state, message,
                 seconds, train_accuracy, val_accuracy, val_loss, resumable, best_epoch, ended_early, current,
                 worse_than, backbone_sha256, backbone, data_sha256, curve);
};

// ---- project.json of a project's zip (docs/FORMATS.md) ----

struct ArchivedSample {
  SampleInfo sample;
  std::string file;  // its PNG, a path inside the zip
  static constexpr char kName[] = "ArchivedSample";
  HANDFUL_FIELDS(ArchivedSample, sample, file);
};

struct ArchivedTraining {
  TrainingInfo training;
  std::string file;  // its model, a path inside the zip
  static constexpr char kName[] = "ArchivedTraining";
  HANDFUL_FIELDS(ArchivedTraining, training, file);
};

struct ProjectFile {
  std::string format = "handful-project";
  int version = 1;
  ProjectInfo project;
  std::vector<ArchivedSample> samples;  // in the order they were added
  std::vector<ArchivedTraining> trainings;
  static constexpr char kName[] = "ProjectFile";
  HANDFUL_FIELDS(ProjectFile, format, version, project, samples, trainings);
};

}  // namespace handful::schema
