// Generated from src/schema/messages.h by `./tools/handful declarations`; do not edit.
// In a command every field but `type` may be left out and takes the default of messages.h.

export interface ClassProbability {
  label: string;
  p: number;
}

export interface Crop {
  x: number;
  y: number;
  side: number;
}

export interface TrainSettings {
  title?: string;
  network?: string;
  recipe?: string;
  epochs?: number;
  batch?: number;
  learning_rate?: number;
  hidden?: number;
  dropout?: number;
  validation?: number;
  patience?: number;
  seed?: number;
  input_range?: string;
  folds?: string;
  model_wanted?: boolean;
}

export interface FoldResult {
  group: string;
  n: number;
  val_accuracy: number;
}

export interface ModelInfo {
  title: string;
  network: string;
  classes: string[];
  input_side: number;
  input_scale: number;
  input_offset: number;
  crop_mode: string;
  source: string;
  backbone_sha256: string;
  parameters: number;
  notes: Record<string, string>;
}

export interface LoadBackbone {
  type: 'LoadBackbone';
  id?: number;
  name?: string;
  data_sha256?: string;
}

export interface LoadModel {
  type: 'LoadModel';
  id?: number;
  names?: string[];
}

export interface SetCropMode {
  type: 'SetCropMode';
  crop_mode?: string;
}

export interface Classify {
  type: 'Classify';
  id?: number;
  name?: string;
  top?: number;
  width?: number;
  height?: number;
  thumbnail_side?: number;
}

export interface ComputeFeatures {
  type: 'ComputeFeatures';
  id?: number;
  name?: string;
  width?: number;
  height?: number;
  input_range?: string;
}

export interface AddSample {
  type: 'AddSample';
  id?: number;
  name?: string;
  label?: string;
  group?: string;
  width?: number;
  height?: number;
  input_range?: string;
}

export interface ClearSamples {
  type: 'ClearSamples';
}

export interface Train {
  type: 'Train';
  id?: number;
  settings?: TrainSettings;
}

export interface Stop {
  type: 'Stop';
}

export type Command = LoadBackbone | LoadModel | SetCropMode | Classify | ComputeFeatures | AddSample | ClearSamples | Train | Stop;

export interface Ready {
  type: 'Ready';
  version: string;
  variant: string;
  kernels: string;
}

export interface BackboneLoaded {
  type: 'BackboneLoaded';
  id: number;
  sha256: string;
  official: boolean;
}

export interface ModelLoaded {
  type: 'ModelLoaded';
  id: number;
  model: ModelInfo;
  warning: string;
}

export interface Prediction {
  type: 'Prediction';
  id: number;
  name: string;
  top: ClassProbability[];
  ms: number;
  decode_ms: number;
  forward_ms: number;
  width: number;
  height: number;
  crop: Crop;
  thumbnail_width: number;
  thumbnail_height: number;
  warning: string;
}

export interface NeedsDecoding {
  type: 'NeedsDecoding';
  id: number;
  name: string;
  message: string;
}

export interface Features {
  type: 'Features';
  id: number;
  name: string;
  ms: number;
  forward_ms: number;
  warning: string;
}

export interface SampleAdded {
  type: 'SampleAdded';
  id: number;
  name: string;
  label: string;
  samples: number;
  warning: string;
}

export interface TrainStarted {
  type: 'TrainStarted';
  id: number;
  training: number;
  validation: number;
  classes: string[];
  fold: string;
}

export interface EpochDone {
  type: 'EpochDone';
  id: number;
  epoch: number;
  epochs: number;
  loss: number;
  accuracy: number;
  val_loss: number;
  val_accuracy: number;
}

export interface TrainDone {
  type: 'TrainDone';
  id: number;
  train_accuracy: number;
  val_accuracy: number;
  val_loss: number;
  seconds: number;
  seed: number;
  stopped: boolean;
  folds: FoldResult[];
  mean_val_accuracy: number;
}

export interface Failed {
  type: 'Failed';
  id: number;
  command: string;
  name: string;
  message: string;
}

export type Event = Ready | BackboneLoaded | ModelLoaded | Prediction | NeedsDecoding | Features | SampleAdded | TrainStarted | EpochDone | TrainDone | Failed;
