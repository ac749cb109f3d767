// What commands and events are made of, and the records that a store keeps as JSON (docs/FORMATS.md).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "schema/reflect.h"

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

struct TrainSettings {
  std::string title;  // of the model; empty: its classes
  std::string network = "mobilenet";  // mobilenet | cnn
  std::string recipe = "default";  // default: capture sessions stay whole in the held-out part | writeup: a random split
  int epochs = 50;
  int batch = 16;
  double learning_rate = 0.001;
  int hidden = 100;  // units of the hidden layer
  double dropout = 0.5;
  double validation = 0.2;  // part of the samples held out, 0 for none
  int patience = 0;  // epochs without improvement before stopping; 0: never
  bool class_weights = false;  // classes with few samples count as much as those with many
  int augment = 0;  // altered copies of each sample of the training part
  bool flip = true;  // of the copies: half of them mirrored
  double rotate = 15;  // of the copies: degrees at most, either way
  double zoom = 0.15;  // of the copies: part of the side at most, either way
  double light = 0.2;  // of the copies: brightness and contrast, part at most
  double color = 0.2;  // of the copies: saturation and tint, part at most
  bool invert = false;  // of the copies: half of them negatives
  int64_t seed = 1;
  std::string input_range = "pm1";  // pm1: [-1, 1]; 01: [0, 1]
  std::string folds;  // "" | "group" | a number: stratified folds that keep groups together
  int size = 224;  // cnn: side of the pictures it sees, in pixels
  std::string dense = "256,128";  // cnn: units of the dense layers before the output, "" for none
  double dropout_dense = 0;  // cnn: after each of them
  double weight_decay = 0;  // cnn: part of each weight that a step takes away, times the learning rate (AdamW)
  double label_smoothing = 0;  // cnn: part of the certainty that is spread over all classes
  std::string schedule = "constant";  // cnn: constant | cosine: the learning rate falls to 0
  bool model_wanted = true;  // with folds: whether a model is trained on everything in the end
  static constexpr char kName[] = "TrainSettings";
  HANDFUL_FIELDS(TrainSettings, title, network, recipe, epochs, batch, learning_rate, hidden, dropout, validation, patience,
                 class_weights, augment, flip, rotate, zoom, light, color, invert, seed, input_range, folds, size, dense,
                 dropout_dense, weight_decay, label_smoothing, schedule, model_wanted);
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
  std::string network;               // mobilenet_v2_head | mobilenet_v2_top | finger_cnn | mobilenet_v2_backbone
  std::vector<std::string> classes;
  int input_side = 224;
  double input_scale = 0;            // value = pixel * input_scale + input_offset
  double input_offset = 0;
  std::string crop_mode = "center";  // center | fit
  std::string source;                // "Handful", "Teachable Machine (Keras)", …
  std::string backbone_sha256;
  std::string backbone;              // in words, where it stands on one
  int64_t parameters = 0;
  std::map<std::string, std::string> notes;
  static constexpr char kName[] = "ModelInfo";
  HANDFUL_FIELDS(ModelInfo, title, network, classes, input_side, input_scale, input_offset, crop_mode, source, backbone_sha256,
                 backbone, parameters, notes);
};

// ---- projects: also the records that a store keeps, as JSON (docs/FORMATS.md) -----------------------------------------

struct ClassInfo {
  int64_t id = 0;  // unique in its project
  std::string name;
  int color = 0;  // index into the palette
  bool enabled = true;  // whether it is trained on
  static constexpr char kName[] = "ClassInfo";
  HANDFUL_FIELDS(ClassInfo, id, name, color, enabled);
};

// One example. The store keeps its upright 224² crop as PNG, a thumbnail as JPEG and its 1280 features beside this record.
struct SampleInfo {
  int64_t id = 0;  // unique in its project, ascending in the order they were added
  int64_t class_id = 0;
  std::string name;  // of the file, or of the camera's frame
  std::string source = "file";  // file | camera | video
  std::string session;  // what was captured in one go: one recording, one drop of files
  bool burst = false;  // its session is a run of alike frames: they never straddle training and validation
  int64_t time_ms = 0;  // since 1970, when it was added
  std::string crop_mode = "center";  // center | fit
  bool saved = false;  // the store has acknowledged it
  bool removed = false;  // in the store only: it is kept for Undo
  static constexpr char kName[] = "SampleInfo";
  HANDFUL_FIELDS(SampleInfo, id, class_id, name, source, session, burst, time_ms, crop_mode, saved, removed);
};

// An import that has begun and has not come to its end: found when a project is opened, it was cut short.
struct ImportInfo {
  int64_t id = 0;  // unique in its project
  std::string name;  // of the file
  std::string session;  // of its pictures
  int64_t added = 0;  // so far
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
  int64_t next_id = 1;  // for its next class, sample or training
  std::string backbone_sha256;  // which made its samples' features
  int64_t opened_ms = 0;  // when it was last opened, since 1970
  int64_t edit = 0;  // number of the last edit that is in force (EditInfo); those after it can be done again
  std::vector<ImportInfo> imports;  // under way, or cut short
  static constexpr char kName[] = "ProjectInfo";
  HANDFUL_FIELDS(ProjectInfo, id, name, created_ms, changed_ms, samples, classes, next_id, backbone_sha256, opened_ms, edit, imports);
};

// Samples that an edit takes from one class to another; 0: from outside the project, or out of it.
struct EditedSamples {
  int64_t from = 0;
  int64_t to = 0;
  std::vector<int64_t> ids;
  static constexpr char kName[] = "EditedSamples";
  HANDFUL_FIELDS(EditedSamples, from, to, ids);
};

// Something that was done to a project and can be undone.
struct EditInfo {
  int64_t number = 0;  // ascending in the order in which they were done
  std::string label;  // "delete 3 pictures"
  std::string session;  // of added samples: those of one session are one edit
  std::vector<ClassInfo> classes_before;
  std::vector<ClassInfo> classes_after;
  std::vector<EditedSamples> samples;
  static constexpr char kName[] = "EditInfo";
  HANDFUL_FIELDS(EditInfo, number, label, session, classes_before, classes_after, samples);
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

// A training of the open project. The store keeps its model and, where it was stopped, its state beside this record.
struct TrainingInfo {
  int64_t id = 0;  // unique in its project, ascending
  int64_t time_ms = 0;  // when it began, since 1970
  TrainSettings settings;
  std::vector<std::string> classes;
  std::vector<int64_t> class_ids;  // theirs: the answers follow a class that is renamed
  int training = 0;  // samples learned from
  int validation = 0;  // samples held out
  std::string split;  // none | random | groups | ends: which samples were held out, see src/train/split.h
  std::string state = "running";  // running | done | stopped | failed
  std::string message;  // why it failed
  double seconds = 0;
  double train_accuracy = 0;
  double val_accuracy = 0;
  double val_loss = 0;
  bool resumable = false;  // ResumeTraining can go on with it
  int best_epoch = 0;  // as TrainDone's; 0 in records of before 2026-11-29
  bool ended_early = false;  // as TrainDone's
  bool current = false;  // its model is the one that answers
  int64_t worse_than = 0;  // the training that was right more often on the very same held-out pictures, and stayed in use then
  std::string backbone_sha256;  // that its head stands on; empty for a network from scratch, and in records of before 2026-11-26
  std::string backbone;  // in words
  std::string data_sha256;  // which samples with which labels: figures of trainings are compared where it is the same
  std::vector<EpochPoint> curve;
  static constexpr char kName[] = "TrainingInfo";
  HANDFUL_FIELDS(TrainingInfo, id, time_ms, settings, classes, class_ids, training, validation, split, state, message, seconds,
                 train_accuracy, val_accuracy, val_loss, resumable, best_epoch, ended_early, current, worse_than, backbone_sha256, backbone,
                 data_sha256, curve);
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
