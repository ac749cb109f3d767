// The models that the site carries: handed to the ui, or what it lacks is said.

import { loadModelIndex, type ModelFile } from '../engine/model_index';
import type { FileStore } from './files';
import type { NamedFile, Ui } from './ui_module';

const kMissingBackbone =
  'The MobileNetV2 backbone is missing, so no picture can be classified yet. Whoever built this page runs ' +
  './tools/fetch-backbone and builds it again. Or drop the backbone here: the official Keras .h5 file, or a Teachable Machine model.';
const kMissingModel = 'This page was built without a model. Drop one here, for instance a Teachable Machine export as downloaded.';

export async function openShipped(base: URL, ui: Ui, store: FileStore): Promise<void> {
  const index = await loadModelIndex(base);
  const register = (file: ModelFile | null): NamedFile | null => file && {
    id: store.add({ url: new URL(`models/${file.file}`, base).href, bytes: file.bytes }), name: file.file, bytes: file.bytes,
  };
  const alone = index.files.find(({ metadata }) => metadata.network === 'finger_cnn') ?? null;
  if (!index.backbone && alone) {
    ui.openShipped(null, null);
    ui.addFiles([register(alone)!], { kind: 'picked' });
    return;
  }
  ui.openShipped(register(index.backbone), register(index.model));
  if (!index.backbone) ui.missing(kMissingBackbone);
  else if (!index.model) ui.missing(kMissingModel);
}
