// Which command may be carried out before others that were posted earlier. Files take long to read and look at, and the
// visitor shall not wait for them: what a hand does on the page is done between two files.
//
//   overtakes             what waits
//   Stop                  everything but a training, which it may be meant for
//   edits and look-ups,   files of pictures, archives, trainings, exports, the crop mode; an edit, but no picture, also the
//   square frames         backbone's download. DeleteClass and MergeClasses follow the files of that class
//   projects              the backbone's download
//   all else              nothing
//
// What overtakes the same things keeps its own order. A square frame comes from a camera, already cropped, so that the crop
// mode does not concern it.
import type { Envelope } from './envelope';
import type { AddSample, Classify, Command, ComputeFeatures, DeleteClass, Inspect, MergeClasses } from './messages';

type Picture = Classify | Inspect | ComputeFeatures | AddSample;
type Types = ReadonlySet<Command['type']>;

const kEdits: Types = new Set<Command['type']>([
  'AddClass', 'EditClass', 'MoveClass', 'MergeClasses', 'DeleteClass', 'MoveSamples', 'DeleteSamples', 'Undo', 'Redo',
  'GetThumbnails', 'GetSample', 'RestoreTraining', 'DeleteTraining', 'RenameProject', 'DuplicateProject', 'ListProjects']);
const kProjects: Types = new Set<Command['type']>(['OpenProject', 'CreateProject', 'DeleteProject']);
const kPictures: Types = new Set<Command['type']>(['Classify', 'Inspect', 'ComputeFeatures', 'AddSample']);
const kTrainings: Types = new Set<Command['type']>(['Train', 'ResumeTraining']);
const kPatient: Types = new Set<Command['type']>(['Train', 'ResumeTraining', 'ExportProject', 'ImportArchive', 'SetCropMode']);

export interface Waiting {
  command: Envelope<Command>;
  /** Its content is to be read or downloaded. */
  slow: boolean;
}

export function mayOvertake(item: Waiting, waiting: Waiting): boolean {
  const { command: { type } } = item;
  const other = waiting.command.type;
  if (type === 'Stop') return !kTrainings.has(other);
  if (kProjects.has(type)) return other === 'LoadBackbone';
  const edit = kEdits.has(type);
  if (!edit && !isSquareFrame(item)) return false;
  if (edit && other === 'LoadBackbone') return true;
  if (isPicture(waiting.command)) return waiting.slow && !removesClassOf(item.command, waiting.command);
  return kPatient.has(other);
}

export function isPicture(command: Envelope<Command>): command is Envelope<Picture> {
  return kPictures.has(command.type);
}

function isSquareFrame({ command, slow }: Waiting): boolean {
  if (slow || !isPicture(command)) return false;
  const { width = 0, height = 0 } = command.message;
  return width > 0 && width === height;
}

function removesClassOf(edit: Envelope<Command>, sample: Envelope<Picture>): boolean {
  if (sample.type !== 'AddSample' || (edit.type !== 'DeleteClass' && edit.type !== 'MergeClasses')) return false;
  const { class_id: meant = 0 } = sample.message as AddSample;
  const gone = edit.type === 'DeleteClass' ? (edit.message as DeleteClass).class_id : (edit.message as MergeClasses).from;
  return meant === 0 || meant === gone;  // 0: by its label
}
