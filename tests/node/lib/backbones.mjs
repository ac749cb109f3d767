// Backbones for tests that need more than the site carries.
import { createHash } from 'node:crypto';
import { readTensors } from './mobilenet_reference.mjs';
import { readMetadata, writeSafetensors } from './safetensors.mjs';

/** A sound backbone as safetensors, all but like `file` (its tensors in Keras' order) and with a content hash of its own. */
export function anotherBackbone(file) {
  const tensors = Object.fromEntries([...readTensors(file)].map(([name, { shape, values }]) => [name, { shape, values: Float32Array.from(values) }]));
  tensors['Conv_1_bn/beta'].values.forEach((value, i, all) => { all[i] = value + 0.01 * (i % 5); });
  const hash = createHash('sha256');
  for (const { values } of Object.values(tensors)) hash.update(Buffer.from(values.buffer));
  return writeSafetensors(tensors, { ...readMetadata(file), title: 'Another backbone', backbone_sha256: hash.digest('hex') });
}
