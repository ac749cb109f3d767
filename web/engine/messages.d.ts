// Generated from src/schema/messages.h by `./tools/handful declarations`; do not edit.
// In a command every field but `type` may be left out and takes the default of messages.h.

export type CropMode =
  /** the largest square in the middle */
  | 'center'
  /** all of the picture, with a border */
  | 'fit';

export type InputRange =
  /** [-1, 1] */
  | 'pm1'
  /** [0, 1] */
  | '01';

export type SampleSource =
  /** a picture's file */
  | 'file'
  /** a frame of the camera */
  | 'camera'
  /** a frame of a video's file */
  | 'video';

export type Network =
  /** a new head on MobileNet's features: fast, and a few pictures are enough */
  | 'mobilenet'
  /** a small network from scratch: sees only these pictures, and wants hundreds of them */
  | 'cnn';

export type Recipe =
  /** capture sessions stay whole in the held-out part */
  | 'default'
  /** a random split: neighbours of one recording stand on both sides */
  | 'writeup';

export type Schedule =
  /** the learning rate stays */
  | 'constant'
  /** it falls to 0 along half a cosine */
  | 'cosine';

export type HeldOutBy =
  /** nothing is held out */
  | 'none'
  /** samples at random */
  | 'random'
  /** whole capture sessions */
  | 'groups'
  /** the end of each capture session */
  | 'ends';

export type TrainingState =
  /** under way */
  | 'running'
  /** it came to its end */
  | 'done'
  /** it was stopped, and has a model all the same */
  | 'stopped'
  /** it has no model; its message says why */
  | 'failed';

export type TrainPhase =
  /** altered copies are being looked at */
  | 'copies'
  /** a network from scratch learns */
  | 'pictures'
  /** a head learns */
  | 'training';

export type Answerer =
  /** there is nothing to answer with */
  | ''
  /** the model in use */
  | 'model'
  /** the nearest samples of the open project */
  | 'neighbours';

export type EngineVariant =
  /** compiled for this machine */
  | 'native'
  /** WebAssembly: the same bits everywhere */
  | 'simd'
  /** WebAssembly with relaxed SIMD */
  | 'relaxed';

export type EditKind =
  /** nothing */
  | 'none'
  /** a class is added */
  | 'add-class'
  /** a class is called otherwise */
  | 'rename-class'
  /** a class is trained on */
  | 'switch-class-on'
  /** a class is not trained on */
  | 'switch-class-off'
  /** a class has another colour */
  | 'recolor-class'
  /** a class has another place */
  | 'move-class'
  /** a class goes into another */
  | 'merge-classes'
  /** a class is gone, with its samples */
  | 'delete-class'
  /** samples are added */
  | 'add-samples'
  /** samples go to another class */
  | 'move-samples'
  /** samples are gone */
  | 'delete-samples';

export type StorageKind =
  /** gone with the page */
  | 'memory'
  /** the browser's database */
  | 'indexeddb';

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
  /** Of the model; empty: its classes. */
  title?: string;
  /** What learns. */
  network?: Network;
  /** How often all pictures are gone through. 1 … 100000. */
  epochs?: number;
  /** Pictures between two steps. 1 … 4096. */
  batch?: number;
  /** The size of a step. 1e-06 … 10. */
  learning_rate?: number;
  /** The width of the layer that is trained. 1 … 4096. With network mobilenet. */
  hidden?: number;
  /** The part of the hidden units left out at each step, against learning by heart. 0 … 0.95. With network mobilenet. */
  dropout?: number;
  /** Smaller pictures train faster and show less. 16 … 224. With network cnn. */
  size?: number;
  /** Their units, with commas between; none is possible, too. With network cnn. */
  dense?: string;
  /** The part of each dense layer left out at each step, against learning by heart. 0 … 0.95. With network cnn. */
  dropout_dense?: number;
  /** How strongly weights are drawn to 0. 0 … 100. With network cnn. */
  weight_decay?: number;
  /** How unsure it is asked to stay. 0 … 0.9. With network cnn. */
  label_smoothing?: number;
  /** Whether it falls. With network cnn. */
  schedule?: Schedule;
  /** Classes with few pictures count as much as those with many. */
  class_weights?: boolean;
  /** The same seed and pictures give the same model. 0 … 9007199254740991. */
  seed?: number;
  /** Pictures kept from training, to see how it does on new ones. 0 … 0.9. */
  validation?: number;
  /** Which pictures are held out. */
  recipe?: Recipe;
  /** Ends when held-out pictures do no better for so long, and keeps the best; 0: never. 0 … 100000. */
  patience?: number;
  /** Learned from beside each picture; the first time takes a while. 0 … 20. */
  augment?: number;
  /** Not where left and right matter. Where augment > 0. */
  flip?: boolean;
  /** Where light and dark may trade places, as before a window. Where augment > 0. */
  invert?: boolean;
  /** At most, either way. 0 … 180. Where augment > 0. */
  rotate?: number;
  /** At most, either way. 0 … 0.5. Where augment > 0. */
  zoom?: number;
  /** Brightness and contrast, at most. 0 … 1. Where augment > 0. */
  light?: number;
  /** Saturation and tint, at most. 0 … 1. Where augment > 0. */
  color?: number;
  /** What a pixel is to the network. */
  input_range?: InputRange;
  /** Of a cross-validation: "group", or how many; empty: none. */
  folds?: string;
  /** With folds: whether a model is trained on everything in the end. */
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
  crop_mode: CropMode;
  source: string;
  backbone_sha256: string;
  backbone: string;
  parameters: number;
  notes: Record<string, string>;
}

export interface ClassInfo {
  id: number;
  name: string;
  color: number;
  enabled: boolean;
}

export interface SampleInfo {
  id: number;
  class_id: number;
  name: string;
  source: SampleSource;
  session: string;
  burst: boolean;
  time_ms: number;
  crop_mode: CropMode;
  saved: boolean;
  removed: boolean;
}

export interface ImportInfo {
  id: number;
  name: string;
  session: string;
  added: number;
  total: number;
}

export interface ProjectInfo {
  id: string;
  name: string;
  created_ms: number;
  changed_ms: number;
  samples: number;
  classes: ClassInfo[];
  next_id: number;
  backbone_sha256: string;
  opened_ms: number;
  edit: number;
  imports: ImportInfo[];
}

export interface EpochPoint {
  epoch: number;
  loss: number;
  accuracy: number;
  val_loss: number;
  val_accuracy: number;
}

export interface TrainingInfo {
  id: number;
  time_ms: number;
  settings: TrainSettings;
  classes: string[];
  class_ids: number[];
  training: number;
  validation: number;
  split: HeldOutBy;
  state: TrainingState;
  message: string;
  seconds: number;
  train_accuracy: number;
  val_accuracy: number;
  val_loss: number;
  resumable: boolean;
  best_epoch: number;
  ended_early: boolean;
  current: boolean;
  worse_than: number;
  backbone_sha256: string;
  backbone: string;
  data_sha256: string;
  curve: EpochPoint[];
}

export interface EditSummary {
  kind: EditKind;
  name: string;
  into: string;
  samples: number;
}

export interface ArchiveEntry {
  name: string;
  bytes: number;
}

export interface StorePut {
  store: string;
  key: string;
}

export interface InspectedLayer {
  name: string;
  height: number;
  width: number;
  channels: number;
  ms: number;
  shown: number;
  columns: number;
  picture_width: number;
  picture_height: number;
}

export interface Phrase {
  code: string;
  arguments: string[];
}

export interface ImportFailure {
  name: string;
  message: string;
  phrases: Phrase[];
}

export interface MaterialPicture {
  name: string;
  label: string;
  held_out: boolean;
}

export interface ArchivePart {
  name: string;
  store: string;
  key: string;
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
  shipped?: boolean;
  source?: string;
  warning?: string;
}

export interface SetCropMode {
  type: 'SetCropMode';
  crop_mode?: CropMode;
}

export interface HaltFeatures {
  type: 'HaltFeatures';
  halt?: boolean;
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

export interface Inspect {
  type: 'Inspect';
  id?: number;
  name?: string;
  width?: number;
  height?: number;
  layer?: string;
  most?: number;
}

export interface ComputeFeatures {
  type: 'ComputeFeatures';
  id?: number;
  name?: string;
  width?: number;
  height?: number;
  input_range?: InputRange;
}

export interface AddSample {
  type: 'AddSample';
  id?: number;
  name?: string;
  class_id?: number;
  label?: string;
  project_id?: string;
  source?: SampleSource;
  session?: string;
  burst?: boolean;
  time_ms?: number;
  width?: number;
  height?: number;
  input_range?: InputRange;
  classify?: boolean;
  top?: number;
}

export interface AddFeatures {
  type: 'AddFeatures';
  id?: number;
  name?: string;
  label?: string;
  session?: string;
  burst?: boolean;
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

export interface ResumeTraining {
  type: 'ResumeTraining';
  id?: number;
  training_id?: number;
  epochs?: number;
}

export interface RestoreTraining {
  type: 'RestoreTraining';
  id?: number;
  training_id?: number;
}

export interface DeleteTraining {
  type: 'DeleteTraining';
  id?: number;
  training_id?: number;
}

export interface UseStore {
  type: 'UseStore';
  seconds_between_states?: number;
}

export interface StoreDone {
  type: 'StoreDone';
  ticket?: number;
  error?: string;
}

export interface StoreData {
  type: 'StoreData';
  ticket?: number;
  keys?: string[];
  more?: boolean;
  error?: string;
}

export interface StoreLost {
  type: 'StoreLost';
  lock?: string;
}

export interface ListProjects {
  type: 'ListProjects';
  id?: number;
}

export interface OpenProject {
  type: 'OpenProject';
  id?: number;
  project_id?: string;
  take?: boolean;
}

export interface CreateProject {
  type: 'CreateProject';
  id?: number;
  name?: string;
}

export interface RenameProject {
  type: 'RenameProject';
  id?: number;
  project_id?: string;
  name?: string;
}

export interface DuplicateProject {
  type: 'DuplicateProject';
  id?: number;
  project_id?: string;
  name?: string;
}

export interface DeleteProject {
  type: 'DeleteProject';
  id?: number;
  project_id?: string;
}

export interface AddClass {
  type: 'AddClass';
  id?: number;
  name?: string;
}

export interface EditClass {
  type: 'EditClass';
  id?: number;
  class_id?: number;
  name?: string;
  color?: number;
  enabled?: boolean;
}

export interface MoveClass {
  type: 'MoveClass';
  id?: number;
  class_id?: number;
  index?: number;
}

export interface MergeClasses {
  type: 'MergeClasses';
  id?: number;
  from?: number;
  into?: number;
}

export interface DeleteClass {
  type: 'DeleteClass';
  id?: number;
  class_id?: number;
}

export interface MoveSamples {
  type: 'MoveSamples';
  id?: number;
  sample_ids?: number[];
  class_id?: number;
}

export interface DeleteSamples {
  type: 'DeleteSamples';
  id?: number;
  sample_ids?: number[];
}

export interface Undo {
  type: 'Undo';
  id?: number;
}

export interface Redo {
  type: 'Redo';
  id?: number;
}

export interface GetThumbnails {
  type: 'GetThumbnails';
  id?: number;
  sample_ids?: number[];
}

export interface GetSample {
  type: 'GetSample';
  id?: number;
  sample_id?: number;
}

export interface ImportArchive {
  type: 'ImportArchive';
  id?: number;
  name?: string;
  class_id?: number;
  project_id?: string;
  session?: string;
  store?: string;
  entries?: ArchiveEntry[];
}

export interface DismissImport {
  type: 'DismissImport';
  id?: number;
  import_id?: number;
}

export interface GatherModel {
  type: 'GatherModel';
  id?: number;
}

export interface ExportProject {
  type: 'ExportProject';
  id?: number;
}

export type Command = LoadBackbone | LoadModel | SetCropMode | HaltFeatures | Classify | Inspect | ComputeFeatures | AddSample | AddFeatures | ClearSamples | Train | Stop | ResumeTraining | RestoreTraining | DeleteTraining | UseStore | StoreDone | StoreData | StoreLost | ListProjects | OpenProject | CreateProject | RenameProject | DuplicateProject | DeleteProject | AddClass | EditClass | MoveClass | MergeClasses | DeleteClass | MoveSamples | DeleteSamples | Undo | Redo | GetThumbnails | GetSample | ImportArchive | DismissImport | GatherModel | ExportProject;

export interface Ready {
  type: 'Ready';
  version: string;
  variant: EngineVariant;
  kernels: string;
}

export interface BackboneLoaded {
  type: 'BackboneLoaded';
  id: number;
  sha256: string;
  official: boolean;
  title: string;
}

export interface FeaturesProgress {
  type: 'FeaturesProgress';
  done: number;
  total: number;
  halted: boolean;
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
  by: Answerer;
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

export interface LayersInspected {
  type: 'LayersInspected';
  id: number;
  name: string;
  layer: string;
  filters: InspectedLayer;
  layers: InspectedLayer[];
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
  sample: SampleInfo;
  samples: number;
  warning: string;
}

export interface TrainStarted {
  type: 'TrainStarted';
  id: number;
  training_id: number;
  training: number;
  validation: number;
  classes: string[];
  fold: string;
  split: HeldOutBy;
  epoch: number;
}

export interface TrainProgress {
  type: 'TrainProgress';
  id: number;
  phase: TrainPhase;
  done: number;
  total: number;
  seconds: number;
  seconds_left: number;
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
  best_epoch: number;
  ended_early: boolean;
  still_answers: number;
}

export interface StoreWrite {
  type: 'StoreWrite';
  ticket: number;
  puts: StorePut[];
  removes: StorePut[];
  remove_prefixes: StorePut[];
  copy_from: string;
  copy_to: string;
}

export interface StoreRead {
  type: 'StoreRead';
  ticket: number;
  store: string;
  keys: string[];
}

export interface StoreList {
  type: 'StoreList';
  ticket: number;
  store: string;
  prefix: string;
  after: string;
  limit: number;
  values: boolean;
}

export interface StoreLock {
  type: 'StoreLock';
  ticket: number;
  name: string;
  take: boolean;
}

export interface StoreUnlock {
  type: 'StoreUnlock';
  name: string;
}

export interface StorageState {
  type: 'StorageState';
  kind: StorageKind;
  message: string;
  usage_bytes: number;
  quota_bytes: number;
  persisted: boolean;
}

export interface WriteArchive {
  type: 'WriteArchive';
  id: number;
  name: string;
  parts: ArchivePart[];
}

export interface ModelMaterial {
  type: 'ModelMaterial';
  id: number;
  title: string;
  pictures: MaterialPicture[];
}

export interface Projects {
  type: 'Projects';
  id: number;
  projects: ProjectInfo[];
  current: string;
}

export interface ProjectOpened {
  type: 'ProjectOpened';
  id: number;
  project: ProjectInfo;
  trainings: TrainingInfo[];
}

export interface SamplesListed {
  type: 'SamplesListed';
  id: number;
  samples: number;
}

export interface ProjectBlocked {
  type: 'ProjectBlocked';
  id: number;
  project_id: string;
  name: string;
}

export interface ProjectClosed {
  type: 'ProjectClosed';
  project_id: string;
}

export interface ProjectChanged {
  type: 'ProjectChanged';
  project: ProjectInfo;
  undo: EditSummary;
  redo: EditSummary;
}

export interface SamplesChanged {
  type: 'SamplesChanged';
  samples: SampleInfo[];
}

export interface SamplesRemoved {
  type: 'SamplesRemoved';
  sample_ids: number[];
}

export interface SamplesSaved {
  type: 'SamplesSaved';
  sample_ids: number[];
}

export interface Thumbnails {
  type: 'Thumbnails';
  id: number;
  sample_ids: number[];
  side: number;
}

export interface SamplePixels {
  type: 'SamplePixels';
  id: number;
  sample_id: number;
  side: number;
}

export interface ImportProgress {
  type: 'ImportProgress';
  id: number;
  name: string;
  done: number;
  total: number;
}

export interface ImportDone {
  type: 'ImportDone';
  id: number;
  name: string;
  added: number;
  failed: number;
  failures: ImportFailure[];
  warning: string;
}

export interface TrainingChanged {
  type: 'TrainingChanged';
  training: TrainingInfo;
}

export interface TrainingDeleted {
  type: 'TrainingDeleted';
  training_id: number;
}

export interface AnswersBy {
  type: 'AnswersBy';
  by: Answerer;
  unknown_class: string;
}

export interface Done {
  type: 'Done';
  id: number;
}

export interface Failed {
  type: 'Failed';
  id: number;
  command: string;
  name: string;
  message: string;
  phrases: Phrase[];
}

export type Event = Ready | BackboneLoaded | FeaturesProgress | ModelLoaded | Prediction | LayersInspected | NeedsDecoding | Features | SampleAdded | TrainStarted | TrainProgress | EpochDone | TrainDone | StoreWrite | StoreRead | StoreList | StoreLock | StoreUnlock | StorageState | WriteArchive | ModelMaterial | Projects | ProjectOpened | SamplesListed | ProjectBlocked | ProjectClosed | ProjectChanged | SamplesChanged | SamplesRemoved | SamplesSaved | Thumbnails | SamplePixels | ImportProgress | ImportDone | TrainingChanged | TrainingDeleted | AnswersBy | Done | Failed;
