// The models that the site carries: handed to the ui, or what it lacks is said.

import { loadModelIndex, type ModelFile } from '../engine/model_index';
import type { FileStore } from './files';
import type { NamedFile, Ui } from './ui_module';

const kMissingBackbone =
  'The MobileNetV2 backbone is missing, so no picture can be classified yet. Whoever built this page finds one in its sources, ' +
  'models/backbone-handful.safetensors. Or drop one here: a Handful or Keras .h5 file, or a Teachable Machine model.';
const kChoice = 'handful.backbone';  // in localStorage: the file that the visitor chose

export function keepBackbone(file: string): void {
  try {
    localStorage.setItem(kChoice, file);
  } catch { /* storage is refused: the choice lasts as long as the page */ }
}

function keptBackbone(): string | null {
  try {
    return localStorage.getItem(kChoice);
  } catch {
    return null;
  }
}

export async function openShipped(base: URL, ui: Ui, store: FileStore): Promise<void> {
  const { backbones, files } = await loadModelIndex(base);
  const register = (file: ModelFile): NamedFile => ({
    id: store.add({ url: new URL(`models/${file.file}`, base).href, bytes: file.bytes }), name: file.file, bytes: file.bytes,
  });
  const kept = keptBackbone();
  const ordered = [...backbones].sort((a, b) => Number(b.file === kept) - Number(a.file === kept));
  ui.openShipped(ordered.map((backbone) => ({
    weights: register(backbone), head: backbone.head && register(backbone.head), name: backbone.name,
  })));
  if (backbones.some(({ head }) => head)) return;
  const alone = files.find(({ metadata }) => metadata.network === 'finger_cnn');
  if (alone) ui.addFiles([register(alone)], { kind: 'picked' });
  else if (backbones.length === 0) ui.missing(kMissingBackbone);
}
